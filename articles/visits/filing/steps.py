"""What is filed at one moment, a step after the other in one transaction.

On SQLite, which has no way to go, and wherever somebody is to be held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations

from articles.models import Outcome
from articles.visits import figures, holds
from articles.visits.filing.cases import Case, stories_of

# A view may have been filed under the day before (`Visit.possible_days`).
UNLESS_FILED = """
    NOT EXISTS (
        SELECT 1 FROM articles_viewledger AS filed WHERE filed.visit_day = asked.other_day
            AND filed.article_id = asked.article_id AND filed.visit_id = asked.visit_id)
"""
# In one order, so that two processes with the same visits do not wait for each other.
FILE = f"""
    WITH asked (article_id, visit_id, visit_day, other_day, day, at, network, is_first, hold_id)
        AS (VALUES {{rows}})
    INSERT INTO articles_viewledger
        (visit_day, article_id, visit_id, counted_on, counted_at, network, is_first, hold_id)
    SELECT visit_day, article_id, visit_id, day, at, network, is_first, NULLIF(hold_id, 0)
    FROM asked WHERE {UNLESS_FILED} ORDER BY article_id, visit_id
    ON CONFLICT DO NOTHING RETURNING article_id, visit_id
"""  # noqa: S608 - our own words
IS_FILED = """
    SELECT 1 FROM articles_viewledger
    WHERE article_id = %s AND visit_id = %s AND visit_day IN (%s, %s)
"""
INBOX = """
    INSERT INTO articles_viewinbox (article_id, day, hour, outcome, from_hot, n)
    VALUES (%s, %s, %s, %s, %s, %s)
"""


def file(database: BaseDatabaseWrapper, cases: list[Case]) -> None:
    with transaction.atomic(), database.cursor() as cursor:
        sights = figures.sights(stories_of(cases), max(case.entry.at for case in cases))
        for case in cases:
            case.sight = sights.get(case.entry.article_id)
        cases = [case for case in cases if case.sight]
        rows = _Rows(database.ops)
        gathering = _open_holds(cursor, cases, rows)
        looks = [case for case in cases if case.is_look]
        if looks:
            values = [rows.ledger(case, gathering) for case in looks]
            statement = FILE.format(rows=", ".join([_row(9)] * len(values)))
            cursor.execute(statement, [value for row in values for value in row])
            new = set(cursor.fetchall())
            for case in looks:
                if case.key not in new:
                    case.outcome = Outcome.REPEAT
        cursor.executemany(INBOX, list(rows.inbox(cases)))


def _open_holds(cursor: Any, cases: list[Case], rows: _Rows) -> dict[tuple[str, date], int]:
    """The holds these views are gathered by, each with its network and day; none is opened for
    what was seen before."""
    for case in cases:
        if case.outcome == Outcome.HELD:
            cursor.execute(IS_FILED, [*case.key, *rows.days(case)])
            if cursor.fetchone():
                case.outcome = Outcome.REPEAT
    held = {(case.entry.network, case.entry.day) for case in cases if case.outcome == Outcome.HELD}
    return {(network, day): holds.open_hold(network, day) for network, day in sorted(held)}


class _Rows:
    """Values as the database wants them."""

    def __init__(self, ops: BaseDatabaseOperations):
        self._day, self._moment = ops.adapt_datefield_value, ops.adapt_datetimefield_value

    def days(self, case: Case) -> list[Any]:
        return [self._day(case.visit_day), self._day(case.other_day)]

    def ledger(self, case: Case, gathering: dict[tuple[str, date], int]) -> Iterable[Any]:
        entry, visit = case.entry, case.entry.visit
        is_held = case.outcome == Outcome.HELD
        return (
            *case.key,
            *self.days(case),
            self._day(entry.day),
            self._moment(entry.at),
            entry.network,
            bool(visit and not visit.has_counted),
            gathering[entry.network, entry.day] if is_held else 0,
        )

    def inbox(self, cases: list[Case]) -> Iterator[tuple[Any, ...]]:
        rows: Counter[tuple[int, date, int, int, bool]] = Counter()
        for case in cases:
            entry, is_counted = case.entry, case.outcome == Outcome.COUNTED
            from_hot = entry.from_hot and is_counted
            rows[entry.article_id, entry.day, entry.hour, case.outcome.value, from_hot] += 1
        for (article_id, day, *rest), n in rows.items():
            yield article_id, self._day(day), *rest, n


def _row(columns: int) -> str:
    return f"({', '.join(['%s'] * columns)})"
