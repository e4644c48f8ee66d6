"""The desk for appointments: who holds which role in which unit and channel."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.forms.models import ModelFormMetaclass
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import appointing
from articles.admin.base import TreeModelAdmin
from articles.admin.seen import SeenRows
from articles.models import Appointment
from articles.models.people import display_name


class PersonField(forms.ModelChoiceField):
    """People by name, as they are called in the house, with their account."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{display_name(obj)}（{obj.get_username()}）"


class AppointmentForm(forms.ModelForm):
    # Who appoints, and nobody else's account; set for each request.
    appointer: User

    class Meta:
        model = Appointment
        fields = ("user", "role", "department", "channel")

    def clean_user(self) -> User:
        person: User = self.cleaned_data["user"]
        before = [self.instance.user] if self.instance.pk else []
        for each in [person, *before]:
            if sentence := appointing.refusal(each, by=self.appointer):
                raise ValidationError(sentence)
        return person


@admin.register(Appointment)
class AppointmentAdmin(SeenRows, TreeModelAdmin):
    form = AppointmentForm
    list_display = ("person", "role", "department", "channel")
    list_display_links = ("person",)
    list_select_related = ("user", "department", "channel")
    list_filter = ("role",)
    allowed_lookups = ("role__exact", "user__id__exact")
    search_fields = ("user__username", "user__last_name", "user__first_name")
    ordering = ("user__username", "role", "id")

    @admin.display(description=gettext_lazy("person"), ordering="user__username")
    def person(self, appointment: Appointment) -> str:
        return display_name(appointment.user)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return ModelFormMetaclass(form.__name__, (form,), {"appointer": request.user})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            # Whoever may not log in to the desk can do nothing there, whatever they are.
            people = User.objects.filter(is_active=True, is_staff=True)
            kwargs |= {"form_class": PersonField, "queryset": people.order_by("username")}
            kwargs["help_text"] = _(
                "Accounts that may log in to the desk. The group of the role comes by itself."
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _may(request, obj)

    def save_model(
        self, request: HttpRequest, obj: Appointment, form: forms.ModelForm, change: bool
    ) -> None:
        appointing.appoint(obj, by=cast(User, request.user))

    def delete_model(self, request: HttpRequest, obj: Appointment) -> None:
        appointing.dismiss(obj, by=cast(User, request.user))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """One by one: taking many roles away in one click is nobody's daily work."""
        return {}

    def response_add(
        self, request: HttpRequest, obj: Appointment, post_url_continue: str | None = None
    ) -> HttpResponse:
        facts = {"name": display_name(obj.user), "group": appointing.GROUPS[obj.role]}
        sentence = _("%(name)s is in the group “%(group)s” now.") % facts
        self.message_user(request, sentence, messages.INFO)
        return super().response_add(request, obj, post_url_continue)


def _may(request: HttpRequest, obj: Appointment | None) -> bool:
    return obj is None or not appointing.refusal(obj.user, by=cast(User, request.user))
