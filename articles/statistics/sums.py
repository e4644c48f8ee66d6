"""The one statement all tables are made of: what a period and the one before it hold.

An article counts when it was published in one of the two periods or read in them. Its views are
whole months (`MonthlyViews`), the days before and behind them (`DailyViews`), and the corrections
of those days that stand. The rows come grouped by whatever columns of `EditionFacts` are asked for;
what has to be told apart further, a tree or several names in one column, is small by then.

Roads not taken: grouping three million rows of days by article takes a year's page ten times as
long, and SQLite's planner makes it forty times as soon as it knows its tables (ANALYZE).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from django.db import connection

from articles.statistics.periods import Comparison, Period

STATEMENT = """
    SELECT {keys} {sums} FROM ({seen}) AS seen
    JOIN articles_editionfacts AS facts ON facts.article_id = seen.article_id {grouping}
"""
# SQLite looks the facts up row by row, so it adds the months of a story up first. `+ 0`: it would
# else walk an index by article, ten times the rows of a month. PostgreSQL joins by a hash, with
# several processes, and would write the stories to disk.
BY_STORY = """
    SELECT article_id + 0 AS article_id, SUM(views) AS views, SUM(views_before) AS views_before,
        SUM(is_new) AS is_new, SUM(was_new) AS was_new
    FROM ({parts}) AS part GROUP BY article_id + 0
"""
# Each part tells views of the period, of the one before, publications in either.
PUBLISHED = """
    SELECT article_id, 0 AS views, 0 AS views_before, {is_new} AS is_new, {was_new} AS was_new
    FROM articles_editionfacts WHERE published_on BETWEEN %s AND %s
"""
# PostgreSQL adds integers up twice as fast as it does bigint, whose sums are numeric.
MONTHS = """
    SELECT article_id, {views}, 0, 0 FROM articles_monthlyviews WHERE month BETWEEN %s AND %s
"""
DAYS = "SELECT article_id, {views}, 0, 0 FROM articles_dailyviews WHERE day BETWEEN %s AND %s"
CORRECTIONS = """
    SELECT article_id, {corrections}, 0, 0 FROM articles_viewcorrection
    WHERE reversed_at IS NULL AND day BETWEEN %s AND %s
"""
# In the order of the fields of `Figures`; {new} and {views} are those of either period. What is
# summed under a condition costs nothing where it does not hold: most stories are read, not new.
SUMS = (
    "COUNT(*) FILTER (WHERE {new} = 1 AND NOT is_withdrawn)",
    "COUNT(*) FILTER (WHERE {new} = 1 AND is_withdrawn)",
    "SUM(words) FILTER (WHERE {new} = 1 AND NOT is_withdrawn)",
    "SUM(pictures) FILTER (WHERE {new} = 1 AND NOT is_withdrawn)",
    "SUM({views})",
    "SUM({views}) FILTER (WHERE published_on BETWEEN %s AND %s AND NOT is_withdrawn)",
)
COLUMNS = frozenset(
    "article_id channel_id department_id authors tags photographers published_at published_on "
    "expires_on is_withdrawn".split()
)


@dataclass(slots=True)
class Figures:
    """What a period holds. Stories that were withdrawn count as `withdrawn` and nowhere else, but
    for their views, which were read. `read`: views of the stories published in the period."""

    published: int = 0
    withdrawn: int = 0
    words: int = 0
    pictures: int = 0
    views: int = 0
    read: int = 0

    def values(self) -> tuple[int, ...]:
        return self.published, self.withdrawn, self.words, self.pictures, self.views, self.read

    def include(self, other: Figures) -> None:
        self.include_values(*other.values())

    def include_values(
        self, published: int, withdrawn: int, words: int, pictures: int, views: int, read: int
    ) -> None:
        """Adds in place: thousands of rows make no thousands of objects."""
        self.published += published
        self.withdrawn += withdrawn
        self.words += words
        self.pictures += pictures
        self.views += views
        self.read += read

    @property
    def per_article(self) -> Fraction | None:
        """Views of a story published in the period, on average."""
        return Fraction(self.read, self.published) if self.published else None


@dataclass(slots=True)
class Pair:
    """The figures of a period and of the one it is compared with."""

    now: Figures
    before: Figures

    def include(self, other: Pair) -> None:
        self.now.include(other.now)
        self.before.include(other.before)


@dataclass(slots=True)
class Row:
    """The figures of all stories that have these keys."""

    keys: tuple[Any, ...]
    pair: Pair


def nothing() -> Pair:
    return Pair(Figures(), Figures())


def total(pairs: Iterable[Pair]) -> Pair:
    found = nothing()
    for pair in pairs:
        found.include(pair)
    return found


def rows(comparison: Comparison, *keys: str) -> list[Row]:
    """Figures grouped by columns of the facts; without any, one row of everything."""
    return [as_row(row, len(keys)) for row in tuples(comparison, *keys)]


def tuples(comparison: Comparison, *keys: str) -> list[tuple[Any, ...]]:
    """The same as the database gives it: keys, figures now, figures before."""
    unknown = set(keys) - COLUMNS
    if unknown:
        raise ValueError(f"No columns of the facts: {unknown}")
    statement, values = _statement(comparison, keys)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def as_row(values: tuple[Any, ...], keys: int) -> Row:
    middle = keys + len(SUMS)
    return Row(values[:keys], Pair(Figures(*values[keys:middle]), Figures(*values[middle:])))


def _statement(comparison: Comparison, keys: Sequence[str]) -> tuple[str, list[Any]]:
    parts: list[str] = []
    values = _days(comparison.now) + _days(comparison.before)
    for published, read, places, new in (
        (comparison.now, comparison.whole, "{}, 0", (1, 0)),
        (comparison.before, comparison.before, "0, {}", (0, 1)),
    ):
        for part, bounds in _parts(published, read, places, new):
            parts.append(part)
            values += bounds
    sums = [
        f"CAST(COALESCE({each.format(new=new, views=views)}, 0) AS bigint)"
        for new, views in (("is_new", "views"), ("was_new", "views_before"))
        for each in SUMS
    ]
    columns = ", ".join(f"facts.{key}" for key in keys)
    seen = " UNION ALL ".join(parts)
    if connection.vendor == "sqlite":
        seen = BY_STORY.format(parts=seen)
    text = STATEMENT.format(
        seen=seen,
        keys=f"{columns}," if keys else "",
        sums=", ".join(sums),
        grouping=f"GROUP BY {columns}" if keys else "",
    )
    return text, values


def _parts(
    published: Period, read: Period, places: str, new: tuple[int, int]
) -> Iterable[tuple[str, list[Any]]]:
    """(statement, its values): what was published, and where the views of a period stand."""
    yield PUBLISHED.format(is_new=new[0], was_new=new[1]), _days(published)
    if months := read.whole_months:
        yield MONTHS.format(views=places.format("CAST(views AS integer)")), list(months)
    for days in read.loose_days:
        yield DAYS.format(views=places.format("views")), _days(days)
    yield CORRECTIONS.format(corrections=places.format("n")), _days(read)


def _days(period: Period) -> list[Any]:
    return [adapted(period.first), adapted(period.last)]


def day_of(value: date | str) -> date:
    """A day as SQLite or PostgreSQL give it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def moment_of(value: datetime | str) -> datetime:
    """A moment as SQLite, which knows no zones, or PostgreSQL give it."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def adapted(day: date) -> Any:
    return connection.ops.adapt_datefield_value(day)
