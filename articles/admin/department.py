"""The desk for departments."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles.admin.base import SafeModelAdmin
from articles.admin.choices import TreeChoiceField
from articles.models import Department


@admin.register(Department)
class DepartmentAdmin(SafeModelAdmin):
    fields = ("name", "short_name", "parent", "order")
    list_display = ("name", "short_name", "parent", "order")
    list_select_related = ("parent",)
    search_fields = ("name", "short_name")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("form_class", TreeChoiceField)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
