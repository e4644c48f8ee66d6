"""Stories in order, from a place on: for feeds and for programs that read page after page.

A place is a moment and a number, so what is published meanwhile moves nothing, and a step deep
into the archive costs what the first one costs.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q

from articles.listing import pages
from articles.models import Edition, Shelf
from articles.models.edition import EditionQuerySet

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# Longer ones were made up: 17 digits are the year 5138, 18 every number of a row.
_PLACE = re.compile(r"([0-9]{1,17})\.([1-9][0-9]{0,17})", re.ASCII)
LONGEST_CURSOR = 60


@dataclass(frozen=True)
class Place:
    """Just behind this story."""

    published_at: datetime
    article_id: int

    def __str__(self) -> str:
        moment = (self.published_at - EPOCH) // MICROSECOND
        return base64.urlsafe_b64encode(f"{moment}.{self.article_id}".encode()).decode().rstrip("=")


class NoPlace(ValueError):
    """A cursor that nobody was given."""


def read_place(cursor: str) -> Place:
    """The place a cursor means; raises NoPlace."""
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise NoPlace
        padding = "=" * (-len(cursor) % 4)
        text = base64.b64decode(cursor.encode() + padding.encode(), b"-_", validate=True).decode()
    except ValueError as error:
        raise NoPlace from error
    if not (found := _PLACE.fullmatch(text)):
        raise NoPlace
    place = Place(EPOCH + int(found[1]) * MICROSECOND, int(found[2]))
    if str(place) != cursor:
        raise NoPlace
    return place


@dataclass(frozen=True)
class Stretch:
    """Some stories of a list, newest first, and where the next ones begin, if there are any."""

    editions: list[Edition]
    next: Place | None = None


def read(
    shelves: Iterable[Shelf],
    count: int,
    *,
    now: datetime,
    behind: Place | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    editions: EditionQuerySet | None = None,
) -> Stretch:
    """The newest `count` stories that stand on all of these shelves, behind a place.

    `since` is within the period, `until` is not. `editions` says which columns are read.
    """
    ends = [until] if until else []
    if behind:
        ends.append(behind.published_at + MICROSECOND)
    rows = pages.narrowed(tuple(shelves), now).rows(min(ends, default=None))
    if since:
        rows = rows.filter(published_at__gte=since)
    if behind:
        same = Q(published_at=behind.published_at, article_id__lt=behind.article_id)
        rows = rows.filter(Q(published_at__lt=behind.published_at) | same)
    rows = rows.order_by("-published_at", "-article_id")
    found = list(rows.values_list("published_at", "article_id")[: count + 1])
    shown = found[:count]
    if editions is None:
        editions = Edition.objects.for_lists()
    chosen = editions.live(now).filter(pk__in=[article_id for _at, article_id in shown])
    return Stretch(
        list(chosen.newest_first()),
        Place(*shown[-1]) if len(found) > count else None,
    )
