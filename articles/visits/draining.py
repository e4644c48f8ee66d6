"""Moves what waits in the inbox into totals, days, hours and tallies.

Rows are consumed, never “all ids after the last one”: ids are given out before commit. Nothing
depends on when it is done, or on whether it is done twice at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from time import monotonic
from typing import Any

from django.db import connection, transaction

from articles.models import ArticleViews, Outcome, ViewInbox
from articles.visits import heat

# Rows one drain takes in one transaction.
BATCH = 5_000
# A beacon that finds this many rows waiting for its article drains the inbox.
LONG_INBOX = 200
# Without a long inbox, the first beacon of a process after so many seconds does.
PERIOD = 60

TOTALS = """
    INSERT INTO articles_articleviews (article_id, total, base, corrected, heat)
    VALUES (%s, %s, 0, 0, 0)
    ON CONFLICT (article_id) DO UPDATE SET total = articles_articleviews.total + EXCLUDED.total
"""
DAYS = """
    INSERT INTO articles_dailyviews (article_id, day, views, from_hot) VALUES (%s, %s, %s, %s)
    ON CONFLICT (day, article_id) DO UPDATE SET
        views = articles_dailyviews.views + EXCLUDED.views,
        from_hot = articles_dailyviews.from_hot + EXCLUDED.from_hot
"""
HOURS = """
    INSERT INTO articles_hourlyviews (day, hour, views) VALUES (%s, %s, %s)
    ON CONFLICT (day, hour) DO UPDATE SET views = articles_hourlyviews.views + EXCLUDED.views
"""
UNCOUNTED = """
    INSERT INTO articles_uncountedviews (article_id, day, outcome, n) VALUES (%s, %s, %s, %s)
    ON CONFLICT (article_id, day, outcome) DO UPDATE SET
        n = articles_uncountedviews.n + EXCLUDED.n
"""


@dataclass
class _Clock:
    """When this process drained last."""

    drained_at: float = field(default_factory=monotonic)

    def is_due(self) -> bool:
        return monotonic() - self.drained_at >= PERIOD


_clock = _Clock()


def is_due(waiting: int) -> bool:
    """Whether a beacon whose article has so many rows waiting should drain."""
    return waiting >= LONG_INBOX or _clock.is_due()


def drain() -> int:
    """Returns how many rows it moved. Safe to run twice at once."""
    _clock.drained_at = monotonic()
    moved = 0
    while batch := _drain_batch():
        moved += batch
    return moved


@transaction.atomic
def _drain_batch() -> int:
    rows = list(
        ViewInbox.objects.select_for_update(skip_locked=True)
        .order_by("id")
        .values_list("id", "article_id", "day", "hour", "outcome", "from_hot", "n")[:BATCH]
    )
    sums = _Sums()
    for _id, article_id, day, hour, outcome, from_hot, n in rows:
        sums.add(article_id, day, hour, outcome, from_hot, n)
    sums.write()
    ViewInbox.objects.filter(id__in=[row[0] for row in rows]).delete()
    return len(rows)


class _Sums:
    """What a batch adds to each row of sums."""

    def __init__(self) -> None:
        self.totals: Counter[int] = Counter()
        self.days: Counter[tuple[int, date]] = Counter()
        self.days_from_hot: Counter[tuple[int, date]] = Counter()
        self.hours: Counter[tuple[date, int]] = Counter()
        self.uncounted: Counter[tuple[int, date, int]] = Counter()
        self.heat: dict[int, float] = {}

    def add(
        self, article_id: int, day: date, hour: int, outcome: int, from_hot: bool, n: int
    ) -> None:
        if outcome != Outcome.COUNTED:
            self.uncounted[article_id, day, outcome] += n
            return
        self.totals[article_id] += n
        self.days[article_id, day] += n
        self.hours[day, hour] += n
        if from_hot:
            self.days_from_hot[article_id, day] += n
        else:
            known = self.heat.get(article_id, heat.NONE)
            self.heat[article_id] = heat.added(known, heat.of_views(n, day, hour))

    def write(self) -> None:
        """Sorted, so that two drains lock rows in one order."""
        day_of = connection.ops.adapt_datefield_value
        _add(TOTALS, sorted(self.totals.items()))
        self._add_heat()
        _add(
            DAYS,
            (
                (article_id, day_of(day), n, self.days_from_hot[article_id, day])
                for (article_id, day), n in sorted(self.days.items())
            ),
        )
        _add(HOURS, ((day_of(day), hour, n) for (day, hour), n in sorted(self.hours.items())))
        _add(
            UNCOUNTED,
            (
                (article_id, day_of(day), outcome, n)
                for (article_id, day, outcome), n in sorted(self.uncounted.items())
            ),
        )

    def _add_heat(self) -> None:
        """The rows are locked since their totals were added to."""
        rows = list(ArticleViews.objects.filter(article_id__in=self.heat))
        for row in rows:
            row.heat = heat.added(row.heat, self.heat[row.article_id])
        ArticleViews.objects.bulk_update(rows, ["heat"], batch_size=500)


def _add(statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(rows))
