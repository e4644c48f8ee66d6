"""Single stories of a period: all, those of one unit, author, topic and so on, and the unread."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from articles.models import Edition
from articles.models.tree import Tree
from articles.statistics import sums, topics
from articles.statistics.nodes import Nodes, read
from articles.statistics.periods import Comparison
from articles.statistics.ranking import Measure
from articles.statistics.sums import Figures, Pair
from articles.statistics.tables import Line

# Columns no table shows.
WIDE = ("body", "plain_text", "summary", "attachments", "cover")


@dataclass(frozen=True)
class Narrowing:
    """Which stories are looked at; a unit or channel with those beneath it, 0 being without one,
    and "" being without a name."""

    unit: int | None = None
    channel: int | None = None
    topic: int | None = None
    author: str | None = None
    photographer: str | None = None
    tag: str | None = None
    only_new: bool = False

    @property
    def asks_for_nodes(self) -> bool:
        return any(each is not None for each in (self.unit, self.channel, self.topic))


@dataclass(frozen=True)
class Unread:
    """A story published in the period, with its views until the end of it."""

    article_id: int
    views: int
    days: int

    @property
    def per_day(self) -> Fraction:
        return Fraction(self.views, self.days)


# A column of the facts, and what its value must be like.
Condition = tuple[str, Callable[[Any], bool]]


class StoryLines(Sequence[Line]):
    """A line an article, the largest first. Only those that are asked for are made; labels are
    added to those that are shown."""

    def __init__(self, rows: Iterable[tuple[Any, ...]], keys: int, measure: Measure):
        self._keys = keys
        self._value = _value_in(measure, keys)
        self._value_before = _value_in(measure, keys + len(sums.SUMS))
        self._rows = sorted(rows, key=lambda row: (-self._value(row), -row[0]))
        self._values = [self._value(row) for row in reversed(self._rows)]
        self._values_before = sorted(map(self._value_before, self._rows))

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self._line(row) for row in self._rows[place]]
        return self._line(self._rows[place])

    def total(self) -> Pair:
        columns = list(zip(*(row[self._keys :] for row in self._rows), strict=True))
        return sums.as_row(tuple(map(sum, columns)), 0).pair if columns else sums.nothing()

    def _line(self, row: tuple[Any, ...]) -> Line:
        pair = sums.as_row(row, self._keys).pair
        return Line(
            str(row[0]),
            "",
            pair,
            pair,
            rank=_rank(self._values, self._value(row)),
            rank_before=_rank(self._values_before, self._value_before(row)),
        )


def by_article(
    comparison: Comparison, measure: Measure, narrowing: Narrowing, nodes: Nodes | None = None
) -> StoryLines:
    """The stories published or read in either period. `nodes` are read unless given, where the
    narrowing asks for them."""
    if narrowing.asks_for_nodes:
        nodes = nodes or read()
    conditions = list(_conditions(narrowing, nodes))
    wanted = topics.KEYS if narrowing.topic is not None else ("article_id",)
    places = list(dict.fromkeys((*wanted, *(column for column, _fits in conditions))))
    rows: Iterable[tuple[Any, ...]] = sums.tuples(comparison, *places)
    if narrowing.topic is not None and nodes:
        rows = topics.gather(rows, nodes, narrowing.topic)[narrowing.topic]
    for column, fits in conditions:
        rows = _fitting(rows, places.index(column), fits)
    if narrowing.only_new:
        # The first two figures: published, withdrawn.
        first = len(places)
        rows = (row for row in rows if row[first] or row[first + 1])
    return StoryLines(rows, len(places), measure)


def _fitting(
    rows: Iterable[tuple[Any, ...]], place: int, fits: Callable[[Any], bool]
) -> Iterator[tuple[Any, ...]]:
    return (row for row in rows if fits(row[place]))


def _value_in(measure: Measure, start: int) -> Callable[[tuple[Any, ...]], int | float]:
    """What a measure is in a row whose figures begin there."""
    if measure is Measure.PER_ARTICLE:
        return lambda row: measure.of(Figures(*row[start : start + len(sums.SUMS)]))
    place = start + [field.name for field in fields(Figures)].index(measure.value)
    return lambda row: int(row[place])


def _rank(ascending: list[Any], value: Any) -> int | None:
    return len(ascending) - bisect_right(ascending, value) + 1 if value > 0 else None


def editions(article_ids: list[int]) -> dict[int, Edition]:
    """The editions of what a page shows, for titles and dates."""
    rows = Edition.objects.filter(pk__in=article_ids).select_related("channel", "department")
    return {row.pk: row for row in rows.defer(*WIDE)}


def unread(comparison: Comparison) -> list[Unread]:
    """Stories published in the period that readers may still see, fewest views a day first."""
    found = []
    for row in sums.tuples(comparison, "article_id", "published_on", "expires_on"):
        article_id, published_on, expires_on, published, *_rest = row
        if published:
            last = comparison.now.last
            if expires_on:
                last = min(last, sums.day_of(expires_on))
            days = (last - sums.day_of(published_on)).days + 1
            views = sums.as_row(row, 3).pair.now.views
            found.append(Unread(article_id, views, max(days, 1)))
    return sorted(
        found, key=lambda story: (story.views / story.days, -story.days, story.article_id)
    )


def _conditions(narrowing: Narrowing, nodes: Nodes | None) -> Iterator[Condition]:
    if narrowing.unit is not None and nodes:
        yield "department_id", _within(nodes.units, narrowing.unit)
    if narrowing.channel is not None and nodes:
        yield "channel_id", _within(nodes.channels, narrowing.channel)
    for column, name in (
        ("authors", narrowing.author),
        ("photographers", narrowing.photographer),
        ("tags", narrowing.tag),
    ):
        if name is not None:
            yield column, _holds(name)


def _within(tree: Tree, number: int) -> Callable[[Any], bool]:
    if number == 0:
        return lambda value: value not in tree.rows
    ids = set(tree.ids_within(number))
    return lambda value: value in ids


def _holds(name: str) -> Callable[[Any], bool]:
    return lambda names: name in names.split("\n")
