"""The search page, and the sign it gives when it found nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from articles import text
from articles.models import Channel, Department, Edition, Shelf, ShelfMonth
from articles.models.tree import Tree
from articles.portal import listing
from articles.portal.beacon import is_from_our_page, is_prefetch
from articles.portal.listing import Way
from articles.portal.lists import INDENT
from articles.portal.pages import channel_tree, fresh
from articles.searching import entries, excerpts, finding, misses, suggestions
from articles.searching.excerpts import Piece
from articles.searching.query import LONGEST_QUESTION, Query, parse
from articles.visits.robots import is_robot

# In the order its addresses have them.
PARAMETERS = ("q", "channel", "unit", "year")
SUMMARY_WIDTH = 160


@dataclass(frozen=True)
class Hit:
    """A story, and where in it the words stand."""

    story: Edition
    channel: Channel | None
    title: list[Piece]
    excerpt: list[Piece]


class AskedSearch:
    """A search as its address says it; raises Http404 for what no filter can be."""

    def __init__(self, request: HttpRequest, channels: Tree):
        self.channels = channels
        self.departments = Tree(Department.objects.all())
        given = {name: request.GET.get(name, "") for name in PARAMETERS}
        self.asked = {name: value for name, value in given.items() if value}
        self.asked["q"] = given["q"][:LONGEST_QUESTION]
        self.channel = listing.channel_of(channels, given["channel"]) if given["channel"] else None
        self.unit = self._unit(given["unit"]) if given["unit"] else None
        self.year = _year(given["year"]) if given["year"] else None
        self.query = self._query()
        self.found, self.page = self._find(request.GET.get("page", "1"))

    def _unit(self, number: str) -> Department:
        row = self.departments.rows.get(int(number)) if _is_number(number) else None
        if row is None:
            raise Http404
        return row

    def _query(self) -> Query:
        channels = self.channels.ids_within(self.channel.pk) if self.channel else []
        departments = self.departments.ids_within(self.unit.pk) if self.unit else []
        return parse(
            self.asked["q"],
            channels=tuple(channels),
            departments=tuple(departments),
            year=self.year,
        )

    def _find(self, number: str) -> tuple[finding.Found, Page]:
        """The page of that number, the last one when there are fewer."""
        if not _is_number(number):
            raise Http404
        now = timezone.now()
        found = finding.find(self.query, min(int(number), finding.LAST_PAGE), at=now)
        paginator = Paginator(range(found.total), finding.PAGE_SIZE)
        page = paginator.page(min(int(number), paginator.num_pages))
        if page.number != min(int(number), finding.LAST_PAGE):
            found = finding.find(self.query, page.number, at=now)
        return found, page

    @property
    def hits(self) -> list[Hit]:
        return [self._hit(story) for story in self.found.editions]

    def _hit(self, story: Edition) -> Hit:
        phrases = self.query.phrases
        summary = [Piece(text.cut_to_width(story.summary, SUMMARY_WIDTH))]
        return Hit(
            story=story,
            channel=self.channels.rows.get(story.channel_id),
            title=excerpts.marked(story.title, phrases),
            excerpt=excerpts.excerpt(_words_of(story), phrases) or summary,
        )

    @property
    def page_numbers(self) -> Iterator[int | str]:
        return self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2)

    @property
    def address(self) -> str:
        """Of the first page, with all filters."""
        return self._address()

    def _address(self, **changes: str) -> str:
        kept = self.asked | changes
        given = {name: kept[name] for name in PARAMETERS if kept.get(name)}
        return f"{reverse('search')}?{urlencode(given)}" if given else reverse("search")

    @property
    def is_narrowed(self) -> bool:
        return bool(self.channel or self.unit or self.year)

    @property
    def without_filters(self) -> str:
        return self._address(channel="", unit="", year="")

    def ways_back(self) -> list[Way]:
        """Each filter that is set, with the search without it."""
        ways = []
        if self.channel:
            ways.append(Way(self.channel.name, self._address(channel="")))
        if self.unit:
            ways.append(Way(self.unit.short_name, self._address(unit="")))
        if self.year:
            ways.append(Way(_year_label(self.year), self._address(year="")))
        return ways

    def channel_ways(self) -> list[Way]:
        """Channels to narrow the search to: the topmost, or those beneath the one chosen."""
        rows = self.channels.children(self.channel.pk if self.channel else None)
        return [Way(row.name, self._address(channel=row.slug)) for row in rows]

    def years(self) -> list[Way]:
        """Years in which anything was published, newest first."""
        now = timezone.localtime()
        # Scheduled stories are counted on shelves, too; no reader is told of their year.
        begun = ShelfMonth.objects.filter(month__lte=now.year * 100 + now.month, stories__gt=0)
        everything = begun.filter(shelf__kind=Shelf.Kind.EVERYTHING)
        months = everything.values_list("month", flat=True)
        return [
            Way(_year_label(year), self._address(year=str(year)), is_here=year == self.year)
            for year in sorted({month // 100 for month in months}, reverse=True)
        ]

    def units(self) -> list[tuple[str, str]]:
        """(number, name) of all units, indented by depth."""
        walk = self.departments.walk()
        return [(str(row.pk), INDENT * depth + row.short_name) for depth, row in walk]

    def hidden_fields(self) -> list[tuple[str, str]]:
        """What the form that chooses a unit sends along."""
        return [(name, value) for name, value in self.asked.items() if value and name != "unit"]

    def single_words(self) -> list[Way]:
        """Each of several words by itself."""
        if len(self.query.phrases) < 2:
            return []
        return [Way(phrase, self._address(q=phrase)) for phrase in self.query.phrases]


@require_safe
@fresh
def search(request: HttpRequest) -> HttpResponse:
    channels = channel_tree()
    asked = AskedSearch(request, channels)
    is_found = bool(asked.found.editions)
    context: dict[str, Any] = {
        "channels": channels.children(),
        "search": asked,
        "hits": asked.hits,
        "hot_tags": [] if is_found else suggestions.hot_tags(),
    }
    return render(request, "articles/search.html", context)


@csrf_exempt
@require_POST
def missed(request: HttpRequest) -> HttpResponse:
    """A page tells that it found nothing; believed when that is so. GET never counts."""
    if not is_from_our_page(request):
        return HttpResponse(status=403)
    response = HttpResponse(status=204)
    query = parse(request.POST.get("q", "").replace("\0", ""))
    if is_prefetch(request) or is_robot(request.headers.get("User-Agent", "")):
        return response
    if query.phrases and not finding.find(query).total:
        try:
            misses.record(query, timezone.localdate())
        except DatabaseError:
            return HttpResponse(status=503)
    return response


def _words_of(story: Edition) -> Iterator[str]:
    yield story.plain_text
    yield from entries.captions_in(story.body)
    yield from (story.summary, story.subtitle, story.kicker, story.byline, story.source_name)
    yield from story.tag_names


def _is_number(value: str) -> bool:
    return bool(re.fullmatch(r"[1-9][0-9]{0,17}", value))


def _year(value: str) -> int:
    if not re.fullmatch(r"[12][0-9]{3}", value):
        raise Http404
    return int(value)


def _year_label(year: int) -> str:
    return listing.period_label(listing.Period(year))
