"""The desk for what readers searched for in vain: what to write about, or which words to use."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from articles.admin.base import SafeModelAdmin
from articles.models import SearchMiss


@admin.register(SearchMiss)
class SearchMissAdmin(SafeModelAdmin):
    list_display = ("phrase", "day", "times")
    list_display_links = None
    search_fields = ("phrase",)
    search_help_text = gettext_lazy("Words that were searched for")
    ordering = ("-day", "-times", "phrase")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SearchMiss | None = None) -> bool:
        return False
