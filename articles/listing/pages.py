"""The pages of a list, found without reading what lies before them.

The numbers of stories kept for each month say in which month a page begins; from there on the
index is read. A list of one shelf costs the same whether it holds a hundred stories or a
million. Where several shelves are combined the smallest is gone through once, in the index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from articles.models import Edition, Shelf, ShelfMonth, ShelvedStory

PAGE_SIZE = 20

# What is kept, less what is scheduled and what has expired and was not swept yet.
STORIES_A_MONTH = """
    SELECT month, stories FROM articles_shelfmonth WHERE shelf_id = %s
    UNION ALL SELECT month, -COUNT(*) FROM articles_shelvedstory
        WHERE shelf_id = %s AND published_at > %s GROUP BY month
    UNION ALL SELECT month, -COUNT(*) FROM articles_shelvedstory
        WHERE shelf_id = %s AND expires_at <= %s GROUP BY month
"""


@dataclass(frozen=True)
class Period:
    """A year, or a month of it; without a year all there is."""

    year: int | None = None
    month: int | None = None

    def __contains__(self, month: int) -> bool:
        return (self.year is None or month // 100 == self.year) and (
            self.month is None or month % 100 == self.month
        )


@dataclass(frozen=True)
class Selection:
    """What a list holds: stories that stand on all of these shelves, of this period."""

    shelves: tuple[Shelf, ...]
    period: Period = Period()


@dataclass(frozen=True)
class Listing:
    """A page of a list, and how many stories the list holds for each month of any period."""

    page: Page
    months: dict[int, int]


def shelves(wanted: Iterable[dict[str, Any]]) -> list[Shelf] | None:
    """The shelves with these columns, None when there is one on which nothing ever stood."""
    wanted = list(wanted)
    named = Q()
    for columns in wanted:
        named |= Q(**columns)
    found = list(Shelf.objects.filter(named))
    return found if len(found) == len(wanted) else None


def is_there(columns: dict[str, Any], now: datetime) -> bool:
    """Whether anything that stands on the shelf with these columns is live."""
    shelf = Shelf.objects.filter(**columns).first()
    return shelf is not None and _Stories(shelf, now).rows().exists()


def page_of(selection: Selection | None, number: str, *, now: datetime) -> Listing | None:
    """The page of that number, the last one when there are fewer; None for what is no number."""
    if not re.fullmatch(r"[1-9][0-9]*", number):
        return None
    if selection is None:
        return Listing(_page([], 1, 0), {})
    stories = narrowed(selection.shelves, now)
    months = stories.months()
    within = {month: n for month, n in months.items() if month in selection.period}
    total = sum(within.values())
    last = max(1, -(-total // PAGE_SIZE))
    wanted = min(int(number), last) if len(number) < 10 else last
    shown = stories.read(within, (wanted - 1) * PAGE_SIZE)
    return Listing(_page(shown, wanted, total), months)


def _page(stories: list[Edition], number: int, total: int) -> Page:
    paginator: Paginator[Edition] = Paginator([], PAGE_SIZE)
    paginator.count = total
    return paginator.page(1) if not total else Page(stories, number, paginator)


class _Stories:
    """What stands on one shelf at a moment."""

    def __init__(self, shelf: Shelf, now: datetime):
        self.shelf = shelf
        self.now = now

    def rows(self, before: datetime | None = None) -> QuerySet[ShelvedStory]:
        """What is live, and was published before that moment.

        One upper end only: of two, SQLite walks the index from the later one.
        """
        rows = ShelvedStory.objects.filter(
            Q(expires_at=None) | Q(expires_at__gt=self.now), shelf_id=self.shelf.pk
        )
        if before and before <= self.now:
            return rows.filter(published_at__lt=before)
        return rows.filter(published_at__lte=self.now)

    def months(self) -> dict[int, int]:
        """month → how many stories, newest first."""
        now = connection.ops.adapt_datetimefield_value(self.now)
        shelf = self.shelf.pk
        months: dict[int, int] = {}
        with connection.cursor() as cursor:
            cursor.execute(STORIES_A_MONTH, [shelf, shelf, now, shelf, now])
            for month, n in cursor.fetchall():
                months[month] = months.get(month, 0) + n
        return {month: months[month] for month in sorted(months, reverse=True) if months[month]}

    def read(self, months: dict[int, int], start: int) -> list[Edition]:
        """A page of stories of these months, from that place in the list on."""
        newest, start = _where(months, start)
        if newest is None:
            return []
        rows = self.rows(before=beginning_of(following(newest)))
        rows = rows.filter(published_at__gte=beginning_of(min(months)))
        rows = rows.order_by("-published_at", "-article_id")[start : start + PAGE_SIZE]
        # Read first: with the rows as a subquery SQLite walks all editions by date instead.
        ids = list(rows.values_list("article_id", flat=True))
        editions = Edition.objects.live(self.now).filter(pk__in=ids).for_lists().in_bulk()
        return [editions[pk] for pk in ids if pk in editions]


class _CombinedStories(_Stories):
    """What stands on this shelf and on others as well."""

    def __init__(self, shelf: Shelf, now: datetime, others: list[Shelf]):
        super().__init__(shelf, now)
        self.others = others

    def rows(self, before: datetime | None = None) -> QuerySet[ShelvedStory]:
        rows = super().rows(before)
        for shelf in self.others:
            if shelf.kind == Shelf.Kind.CHANNEL:
                rows = rows.filter(channel_id__in=_within(shelf, "channel_id"))
            elif shelf.kind == Shelf.Kind.UNIT:
                rows = rows.filter(department_id__in=_within(shelf, "unit_id"))
            else:
                there = ShelvedStory.objects.filter(
                    shelf_id=shelf.pk, article_id=OuterRef("article_id")
                )
                rows = rows.filter(Exists(there))
        return rows

    def months(self) -> dict[int, int]:
        counted = self.rows().order_by().values("month").annotate(n=Count("*"))
        return dict(counted.order_by("-month").values_list("month", "n"))


def _where(months: dict[int, int], start: int) -> tuple[int | None, int]:
    """The month in which a place of the list lies, and the place within it."""
    for month, n in months.items():
        if start < n:
            return month, start
        start -= n
    return None, 0


def narrowed(shelves: tuple[Shelf, ...], now: datetime) -> _Stories:
    """What stands on all of these shelves."""
    if len(shelves) == 1:
        return _Stories(shelves[0], now)
    rows = ShelfMonth.objects.filter(shelf__in=shelves).values_list("shelf_id", "stories")
    sizes: dict[int, int] = {}
    for shelf_id, n in rows:
        sizes[shelf_id] = sizes.get(shelf_id, 0) + n
    smallest, *others = sorted(shelves, key=lambda shelf: (sizes.get(shelf.pk, 0), shelf.pk))
    return _CombinedStories(smallest, now, others)


def _within(shelf: Shelf, column: str) -> list[int]:
    """The channels or units whose stories stand on this shelf."""
    beneath: dict[int | None, list[tuple[int, int]]] = {}
    rows = Shelf.objects.filter(kind=shelf.kind).values_list("pk", "above_id", column)
    for pk, above, node in rows:
        beneath.setdefault(above, []).append((pk, node))
    found, nodes = [shelf.pk], [getattr(shelf, column)]
    for pk in found:
        for below, node in beneath.get(pk, ()):
            found.append(below)
            nodes.append(node)
    return nodes


def following(month: int) -> int:
    """202701 after 202612."""
    return month + 1 if month % 100 < 12 else month + 89


def beginning_of(month: int) -> datetime:
    """Its first moment, where readers are."""
    return datetime(month // 100, month % 100, 1, tzinfo=timezone.get_default_timezone())
