"""The desk for links to other sites."""

from __future__ import annotations

from django.contrib import admin

from articles.admin.base import SafeModelAdmin
from articles.admin.seen import SeenRows
from articles.models import SiteLink


@admin.register(SiteLink)
class SiteLinkAdmin(SeenRows, SafeModelAdmin):
    list_display = ("name", "address", "order")
