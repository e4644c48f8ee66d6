"""How views are counted, and what is kept of readers, for readers."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.portal.kept_pages import kept
from articles.portal.pages import channel_tree, fresh
from articles.visits import ledger, recognition, salts

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@require_safe
@kept()
@fresh
def privacy(request: HttpRequest) -> HttpResponse:
    context = {
        "channels": channel_tree().children(),
        "gap": recognition.GAP // MINUTE,
        "longest": recognition.LONGEST // HOUR,
        "ledger_days": ledger.LIFE.days,
        "salt_hours": salts.LIFE // HOUR,
        "counts_staff": settings.COUNT_STAFF,
    }
    return render(request, "articles/privacy.html", context)
