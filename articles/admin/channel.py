"""The desk for channels."""

from __future__ import annotations

from django.contrib import admin

from articles.admin.base import TreeModelAdmin
from articles.admin.seen import SeenRows
from articles.models import Channel


@admin.register(Channel)
class ChannelAdmin(SeenRows, TreeModelAdmin):
    fields = ("name", "slug", "description", "parent", "order", "owner", "block")
    list_display = ("name", "slug", "parent", "owner", "order")
    list_select_related = ("parent", "owner")
    search_fields = ("name", "slug")
