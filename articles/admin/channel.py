"""The desk for channels."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles.admin.base import SafeModelAdmin
from articles.admin.choices import TreeChoiceField
from articles.models import Channel


@admin.register(Channel)
class ChannelAdmin(SafeModelAdmin):
    fields = ("name", "slug", "description", "parent", "order", "owner")
    list_display = ("name", "slug", "parent", "owner", "order")
    list_select_related = ("parent", "owner")
    search_fields = ("name", "slug")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("form_class", TreeChoiceField)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
