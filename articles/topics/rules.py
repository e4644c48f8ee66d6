"""What the rules of sections find: stretches of the indexes that lists are read from, too.

A rule with several conditions walks the shelf with the fewest stories, newest first, and asks
of each story whether it stands on the other shelves as well: nothing is sorted, and a rule over
a hundred thousand stories costs what one over a hundred does. One statement answers for all
sections of a topic.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, Sum
from django.utils import timezone

from articles.models import Shelf, TopicSection

# Of a rule that finds more, the newest: as many as are counted for the statistics.
MOST_FOUND = 500

# What names the shelf of one condition: kind, and the columns that tell it from others.
ShelfName = tuple[tuple[str, Any], ...]

NEWEST = """
    SELECT * FROM (
        SELECT {section} AS section_id, article_id, department_id
        FROM articles_shelvedstory AS story
        WHERE shelf_id = %s AND published_at <= %s AND (expires_at IS NULL OR expires_at > %s)
            AND published_at >= %s AND published_at < %s {others}
        ORDER BY published_at DESC, article_id DESC LIMIT {limit}
    ) AS section_{section}
"""
ON_THE_OTHER = """
    AND EXISTS (
        SELECT 1 FROM articles_shelvedstory AS other
        WHERE other.article_id = story.article_id AND other.shelf_id = %s
    )
"""
# Before the first newspaper, after the last one.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 1, 1)


@dataclass(frozen=True)
class Found:
    """A story in a section."""

    section_id: int
    article_id: int
    department_id: int | None


def find(
    sections: Iterable[TopicSection], at: datetime, *, until: datetime | None = None
) -> list[Found]:
    """Stories of these rules that readers may see at a moment, newest first in each section.

    `until`: nothing published from then on is found. Two statements however many rules.
    """
    rules = [(section, _shelf_names(section)) for section in sections]
    shelves = _shelves({name for _section, names in rules for name in names})
    parts: list[str] = []
    values: list[Any] = []
    for section, names in rules:
        if not all(name in shelves for name in names):
            continue
        smallest, *others = sorted((shelves[name] for name in names), key=_size)
        parts.append(
            NEWEST.format(
                # A section that is tried out has no row yet.
                section=section.pk or 0,
                others=ON_THE_OTHER * len(others),
                limit=MOST_FOUND,
            )
        )
        moments = [_adapted(moment) for moment in (at, at, *_period(section, until))]
        values += [smallest.pk, *moments, *(shelf.pk for shelf in others)]
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return [Found(*row) for row in cursor.fetchall()]


def _shelf_names(section: TopicSection) -> list[ShelfName]:
    """The shelves a story has to stand on; what is on the shelf of everything is everything."""
    names: list[ShelfName] = []
    if section.channel_id:
        names.append((("channel_id", section.channel_id),))
    if section.unit_id:
        names.append((("unit_id", section.unit_id),))
    if section.tag:
        names.append((("kind", Shelf.Kind.TAG), ("name", section.tag)))
    return names or [(("kind", Shelf.Kind.EVERYTHING), ("name", ""))]


def _shelves(names: Iterable[ShelfName]) -> dict[ShelfName, Shelf]:
    """The shelves there are of these, each with how many stories it holds."""
    wanted = Q(pk=None)
    for name in names:
        wanted |= Q(**dict(name))
    found = Shelf.objects.filter(wanted).annotate(size=Sum("months__stories"))
    shelves: dict[ShelfName, Shelf] = {}
    for shelf in found:
        for name in names:
            if all(getattr(shelf, column) == value for column, value in name):
                shelves[name] = shelf
    return shelves


def _size(shelf: Any) -> tuple[int, int]:
    return shelf.size or 0, shelf.pk


def _period(section: TopicSection, until: datetime | None) -> tuple[datetime, datetime]:
    """From the first moment of the first day to the end of the last one, where readers are."""
    start = _midnight(max(section.since or FIRST_DAY, FIRST_DAY))
    end = _midnight(min(section.until or LAST_DAY, LAST_DAY) + timedelta(days=1))
    return start, min(end, until) if until else end


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())


def _adapted(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
