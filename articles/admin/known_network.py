"""The desk for networks many readers share, such as a proxy of the company."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.base import SafeModelAdmin
from articles.admin.seen import SeenRows
from articles.models import KnownNetwork
from articles.models.view_review import validate_network
from articles.visits import networks


class KnownNetworkForm(ModelForm):
    class Meta:
        help_texts = {
            "network": _(
                "One address, such as 203.0.113.7, or a network: 10.1.0.0/16 is everything from "
                "10.1.0.0 to 10.1.255.255. Of networks that overlap the narrowest one decides."
            ),
            "budget": _(
                "More than these are held for review. Empty: as many as come. Elsewhere it is "
                "%(budget)d, for each network of 256 addresses."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "budget" in self.fields:
            words = str(self.fields["budget"].help_text)
            self.fields["budget"].help_text = words % {"budget": settings.VISIT_BUDGET}

    def clean_network(self) -> str:
        typed = self.cleaned_data["network"]
        validate_network(typed)
        return networks.tidy(typed)


@admin.register(KnownNetwork)
class KnownNetworkAdmin(SeenRows, SafeModelAdmin):
    form = KnownNetworkForm
    fields = ("network", "budget", "note")
    list_display = ("network", "allowed", "note")
    search_fields = ("network", "note")
    search_help_text = _("Network or note")

    @admin.display(description=_("new visits a minute"), ordering="budget")
    def allowed(self, row: KnownNetwork) -> Any:
        return _("as many as come") if row.budget is None else row.budget

    def save_model(self, request: HttpRequest, obj: KnownNetwork, *args: Any) -> None:
        super().save_model(request, obj, *args)
        networks.forget()

    def delete_model(self, request: HttpRequest, obj: KnownNetwork) -> None:
        super().delete_model(request, obj)
        networks.forget()
