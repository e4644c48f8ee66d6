"""The desk for days of mourning."""

from __future__ import annotations

from django.contrib import admin

from articles.admin.base import SafeModelAdmin
from articles.models import GreyPeriod


@admin.register(GreyPeriod)
class GreyPeriodAdmin(SafeModelAdmin):
    list_display = ("__str__", "starts_at", "ends_at")
