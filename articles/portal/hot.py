"""What was read most: of a day, a week, a month and of late, on one page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.portal.kept_pages import kept
from articles.portal.pages import RECENT, channel_tree, fresh
from articles.visits import hot as hot_stories
from articles.visits.hot import Hot

STORIES = 20


@require_safe
@kept(life=RECENT)
@fresh
def hot(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    named = {
        Hot.DAY: _("today"),
        Hot.WEEK: _("last 7 days"),
        Hot.MONTH: _("last 30 days"),
        Hot.LATELY: _("of late"),
    }
    lists = [(row, name, hot_stories.stories(row, today, STORIES)) for row, name in named.items()]
    context = {"channels": channel_tree().children(), "lists": lists}
    return render(request, "articles/hot.html", context)
