"""The desk for points: what earns how many in the monthly bulletin."""

from __future__ import annotations

from django.contrib import admin

from articles.admin.base import SafeModelAdmin
from articles.models import PointRule


@admin.register(PointRule)
class PointRuleAdmin(SafeModelAdmin):
    list_display = ("name", "counted", "points", "order")
    fields = ("name", "counted", "points", "order")
