"""The desk for departments."""

from __future__ import annotations

from django.contrib import admin

from articles.admin.base import TreeModelAdmin
from articles.admin.seen import SeenRows
from articles.models import Department


@admin.register(Department)
class DepartmentAdmin(SeenRows, TreeModelAdmin):
    fields = ("name", "short_name", "parent", "order")
    list_display = ("name", "short_name", "parent", "order")
    list_select_related = ("parent",)
    search_fields = ("name", "short_name")
