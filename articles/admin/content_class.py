"""The desk for content classes: what kinds of stories are reviewed differently."""

from __future__ import annotations

from django.contrib import admin

from articles.admin.base import SafeModelAdmin
from articles.admin.seen import SeenRows
from articles.models import ContentClass


@admin.register(ContentClass)
class ContentClassAdmin(SeenRows, SafeModelAdmin):
    fields = ("name", "order")
    list_display = ("name", "order")
    search_fields = ("name",)
