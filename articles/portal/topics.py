"""The pages of topics: one of them, and all there are."""

from __future__ import annotations

import re

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Topic
from articles.portal.kept_pages import kept, not_kept
from articles.portal.pages import RECENT, channel_tree, fresh
from articles.topics import composing

TOPICS_A_PAGE = 24


@require_safe
@kept(life=RECENT)
@fresh
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """One that ended stays readable; one not opened yet is not there."""
    now = timezone.now()
    row = get_object_or_404(Topic.objects.readable(now).select_related("banner"), slug=slug)
    context = {"channels": channel_tree().children(), "shown": composing.compose(row, now)}
    return render(request, "articles/topic.html", context)


@require_safe
@kept("page")
@fresh
def topics(request: HttpRequest) -> HttpResponse:
    """All topics, the newest first; those that are over say so."""
    number = request.GET.get("page", "1")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", number):
        raise Http404
    now = timezone.now()
    rows = Topic.objects.readable(now).select_related("banner").order_by("-starts_at", "-id")
    paginator = Paginator(rows, TOPICS_A_PAGE)
    page = paginator.get_page(number)
    context = {
        "channels": channel_tree().children(),
        "page": page,
        "page_numbers": paginator.get_elided_page_range(page.number, on_each_side=2),
        "topics": [
            (row, banner, row.is_over(now))
            for row, banner in composing.with_banners(page.object_list)
        ],
    }
    response = render(request, "articles/topics.html", context)
    return response if str(page.number) == number else not_kept(response)
