"""The desk for days of mourning."""

from __future__ import annotations

from django.contrib import admin

from articles.admin.base import SafeModelAdmin
from articles.admin.seen import SeenRows
from articles.models import GreyPeriod


@admin.register(GreyPeriod)
class GreyPeriodAdmin(SeenRows, SafeModelAdmin):
    list_display = ("__str__", "starts_at", "ends_at")
