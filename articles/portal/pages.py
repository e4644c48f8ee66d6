"""The pages readers open. They set no cookie and touch no session: any proxy may keep them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles import attachments, freshness, related
from articles.front_page import composing
from articles.listing import neighbours
from articles.models import Channel, Correction, Edition, Installment
from articles.models.tree import Tree
from articles.portal.kept_pages import kept, not_kept, once, shows
from articles.topics import installments
from articles.topics.installments import PlaceInSeries
from articles.visits import figures

# Without a word on caching browsers guess, and go on showing “withdrawn” for days. A proxy may
# keep a page, but has to ask.
fresh = cache_control(no_cache=True)
# Numbers of views and downloads change without making a page old. Readers without script see
# them as they were when it was rendered; the script of a story shows its number as it is.
RECENT = timedelta(minutes=10)
RECENT_FOR_STORIES = timedelta(hours=1)


def channel_tree() -> Tree:
    """All channels, read once a generation; nobody changes what it holds."""
    return once("channels", lambda: Tree(Channel.objects.all()))


def corrections_of(article_id: int) -> list[Correction]:
    """The notes on a story, newest first; few stories have any, and asking each would cost."""
    corrected = once("corrected", lambda: set(_corrected()))
    return list(Correction.objects.filter(edition=article_id)) if article_id in corrected else []


def _corrected() -> QuerySet[Correction, int]:
    return Correction.objects.order_by().values_list("edition_id", flat=True)


def series_of(article_id: int, at: datetime) -> PlaceInSeries | None:
    """The place of a story in its series; most belong to none, which is known at once."""
    numbered = once("numbered", lambda: set(_numbered()))
    return installments.of_story(article_id, at) if article_id in numbered else None


def _numbered() -> QuerySet[Installment, int]:
    return Installment.objects.order_by().values_list("edition_id", flat=True)


@require_safe
@kept("unit", life=RECENT)
@fresh
def home(request: HttpRequest) -> HttpResponse:
    channels, unit = channel_tree(), request.GET.get("unit", "")
    front = composing.compose(channels, unit=unit)
    context = {"channels": channels.children(), "front": front}
    response = render(request, "articles/home.html", context)
    return not_kept(response) if unit and not front.unit_news.chosen else response


@require_safe
@kept(life=RECENT_FOR_STORIES)
@fresh
def article(request: HttpRequest, article_id: int) -> HttpResponse:
    edition = get_object_or_404(Edition, pk=article_id)
    channels = channel_tree()
    edition.channel = channels.rows[edition.channel_id]
    context = {
        "channels": channels.children(),
        "path": channels.path_to(edition.channel_id),
        "edition": edition,
    }
    if edition.is_gone:
        shows(freshness.story(article_id))
        return render(request, "articles/withdrawn.html", context, status=410)
    if not edition.is_live():
        raise Http404
    edition.attachments = attachments.listed(edition)
    now = timezone.now()
    newer, older = neighbours.of(edition, now)
    place = series_of(article_id, now)
    if place is None:
        shows(*map(freshness.shelf, related.shelves_of(edition)))
        shows(*map(freshness.story, [article_id, *edition.related_ids]))
    named = [row.pk for row in (newer, older) if row] + (place.numbers if place else [])
    context |= {
        "views": figures.views(article_id),
        "newer": newer,
        "older": older,
        "corrections": corrections_of(article_id),
        "series": place,
        "related": related.stories(edition, now, besides=named),
    }
    return render(request, "articles/article.html", context)
