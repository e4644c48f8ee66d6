"""Files the beacons of one moment: each look once a visit, with a row in the inbox.

Whoever writes together shares statements as well as the commit. On PostgreSQL one statement asks
whether the stories are live, files the looks, tells the inbox and reads the figures: it is its own
transaction and one way to the server. On SQLite, which has no way to go, and where somebody
is to be held, the same steps are taken one after the other.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction

from articles.models import Outcome
from articles.visits import clock, figures, holds, networks
from articles.visits.prepared import Prepared
from articles.visits.recognition import Visit

NOTHING: tuple[list[Any], ...] = ([], [], [])
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
# One value, however many they are. 0 is COUNTED, 1 is REPEAT.
ASKED = {
    "place": "int",
    "article_id": "bigint",
    "visit_id": "text",
    "visit_day": "date",
    "other_day": "date",
    "day": "date",
    "at": "timestamptz",
    "hour": "smallint",
    "network": "text",
    "is_first": "boolean",
    "outcome": "smallint",
    "from_hot": "boolean",
}
AT_ONCE = f"""
    WITH asked AS (
        SELECT * FROM json_to_recordset(%s::json)
            AS asked ({", ".join(f"{name} {kind}" for name, kind in ASKED.items())})),
    live AS ({figures.LIVE.format(among="= ANY(%s::bigint[])")}),
    seen AS MATERIALIZED (
        SELECT visit_day, article_id, visit_id FROM articles_viewledger
        WHERE visit_day = ANY(%s::date[]) AND article_id = ANY(%s::bigint[])
            AND visit_id = ANY(%s::text[])),
    filed AS (
        INSERT INTO articles_viewledger
            (visit_day, article_id, visit_id, counted_on, counted_at, network, is_first)
        SELECT visit_day, article_id, visit_id, day, at, network, is_first
        FROM asked JOIN live USING (article_id)
        WHERE outcome = 0 AND NOT EXISTS (
            SELECT 1 FROM seen WHERE seen.visit_day = asked.other_day
                AND seen.article_id = asked.article_id AND seen.visit_id = asked.visit_id)
        ORDER BY article_id, visit_id
        ON CONFLICT DO NOTHING RETURNING article_id, visit_id),
    told AS (
        SELECT asked.*, live.views, live.waiting, filed.visit_id IS NOT NULL AS is_new
        FROM asked JOIN live USING (article_id) LEFT JOIN filed USING (article_id, visit_id)),
    noted AS (
        INSERT INTO articles_viewinbox (article_id, day, hour, outcome, from_hot, n)
        SELECT article_id, day, hour, CASE WHEN outcome = 0 AND NOT is_new THEN 1 ELSE outcome END,
            from_hot AND is_new, COUNT(*)
        FROM told GROUP BY 1, 2, 3, 4, 5)
    SELECT place, views, waiting, is_new FROM told
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a beacon. `views`: the story's figure with this look in it; `waiting`: how
    many rows of its wait to be drained."""

    outcome: Outcome
    views: int
    waiting: int


@dataclass(slots=True)
class Entry:
    """A beacon on its way into the ledger; one without a visit is only tallied.

    `budget`: new visits a minute its network may bring. Without a receipt, once it is written,
    readers may not see the story.
    """

    article_id: int
    at: datetime
    wanted: Outcome
    visit: Visit | None = None
    network: str = ""
    budget: int | None = None
    from_hot: bool = False
    receipt: Receipt | None = None
    day: date = field(init=False)
    hour: int = field(init=False)

    def __post_init__(self) -> None:
        local = clock.local(self.at)
        self.day, self.hour = local.date(), local.hour


@dataclass(slots=True)
class _Case:
    """An entry and what is found out about it; found out anew when it is written again."""

    entry: Entry
    outcome: Outcome
    sight: figures.Sight | None = None
    # The visit may be filed under either.
    visit_day: date = field(init=False)
    other_day: date = field(init=False)

    def __post_init__(self) -> None:
        visit, day = self.entry.visit, self.entry.day
        self.visit_day, self.other_day = visit.possible_days() if visit else (day, day)

    @property
    def is_look(self) -> bool:
        return self.outcome in (Outcome.COUNTED, Outcome.HELD)

    @property
    def key(self) -> tuple[int, str]:
        return self.entry.article_id, self.entry.visit.id if self.entry.visit else ""


def write(entries: list[Entry]) -> None:
    """Commits them and gives each its receipt.

    Whether the connection still stands is found out by using it: to ask before would take as long
    as all the rest. What was filed before it broke is a repeat the second time.
    """
    backend: Any = connection
    backend.health_check_done = True
    try:
        _write(entries)
    except (OperationalError, InterfaceError):
        if not _is_cut_off():
            raise
        connection.close()
        _write(entries)


def _is_cut_off() -> bool:
    """Whether PostgreSQL is gone, or was; a transaction that others began cannot go on."""
    link = connection.connection
    is_open = link is not None and not getattr(link, "closed", False)
    return connection.vendor == "postgresql" and not is_open and not connection.in_atomic_block


def _write(entries: list[Entry]) -> None:
    cases = _cases(entries)
    asked = {case.key for case in cases if case.is_look}
    if connection.vendor == "postgresql" and all(case.outcome != Outcome.HELD for case in cases):
        _at_once(cases)
    else:
        _step_by_step(cases)
    views = _figures(cases, asked)
    for case in cases:
        if case.sight:
            number = views[case.entry.article_id]
            case.entry.receipt = Receipt(case.outcome, number, case.sight.waiting)


def _cases(entries: list[Entry]) -> list[_Case]:
    """What shall become of them, should the ledger not know them yet."""
    over_budget = _over_budget(entries)
    cases, seen = [], set()
    for entry in entries:
        case = _Case(entry, entry.wanted)
        if visit := entry.visit:
            if case.key in seen:
                case.outcome = Outcome.REPEAT
            elif visit.is_held or (not visit.has_counted and entry.network in over_budget):
                case.outcome = Outcome.HELD
            seen.add(case.key)
        cases.append(case)
    return cases


def _over_budget(entries: list[Entry]) -> set[str]:
    asked = {
        entry.network: entry
        for entry in entries
        if entry.budget is not None and entry.visit and not entry.visit.has_counted
    }
    return {
        network
        for network, entry in asked.items()
        if entry.budget is not None and networks.is_over_budget(network, entry.budget, entry.at)
    }


def _figures(cases: list[_Case], asked: set[tuple[int, str]]) -> dict[int, int]:
    """The figures of their stories with all that was filed now."""
    cases = [case for case in cases if case.sight]
    views = {case.entry.article_id: case.sight.views for case in cases if case.sight}
    for case in cases:
        views[case.entry.article_id] += case.outcome == Outcome.COUNTED
    if connection.vendor == "postgresql":
        # Another process may have been quicker with the same visit, after the figure was read.
        beaten = {
            case.entry.article_id
            for case in cases
            if case.outcome == Outcome.REPEAT and case.key in asked
        }
        if beaten:
            views |= figures.views_of(beaten)
    return views


def _at_once(cases: list[_Case]) -> None:
    at = max(case.entry.at for case in cases)
    stories = _stories(cases)
    # Filed under the day before; the insert itself finds those of the same day.
    other = [(case.other_day, *case.key) for case in cases if case.other_day != case.visit_day]
    days, articles, visits = (
        (sorted(set(column)) for column in zip(*other, strict=True)) if other else NOTHING
    )
    values = [
        json.dumps([_asked(place, case) for place, case in enumerate(cases)]),
        *(stories, stories, stories, at, at, days, articles, visits),
    ]
    with connection.cursor() as cursor:
        _FILE_AT_ONCE.execute(cursor, values)
        rows = cursor.fetchall()
    for place, views, waiting, is_new in rows:
        case = cases[place]
        case.sight = figures.Sight(int(views), waiting)
        if case.is_look and not is_new:
            case.outcome = Outcome.REPEAT


def _asked(place: int, case: _Case) -> dict[str, Any]:
    entry, visit = case.entry, case.entry.visit
    return {
        "place": place,
        "article_id": entry.article_id,
        "visit_id": visit.id if visit else "",
        "visit_day": case.visit_day.isoformat(),
        "other_day": case.other_day.isoformat(),
        "day": entry.day.isoformat(),
        "at": entry.at.isoformat(),
        "hour": entry.hour,
        "network": entry.network,
        "is_first": bool(visit and not visit.has_counted),
        "outcome": case.outcome.value,
        "from_hot": entry.from_hot and case.is_look,
    }


def _step_by_step(cases: list[_Case]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        sights = figures.sights(_stories(cases), max(case.entry.at for case in cases))
        for case in cases:
            case.sight = sights.get(case.entry.article_id)
        cases = [case for case in cases if case.sight]
        gathering = _open_holds(cursor, cases)
        looks = [case for case in cases if case.is_look]
        if looks:
            rows = [_ledger_row(case, gathering) for case in looks]
            statement = FILE.format(rows=", ".join([_row(9)] * len(rows)))
            cursor.execute(statement, [value for row in rows for value in row])
            new = set(cursor.fetchall())
            for case in looks:
                if case.key not in new:
                    case.outcome = Outcome.REPEAT
        cursor.executemany(INBOX, list(_inbox_rows(cases)))


def _open_holds(cursor: Any, cases: list[_Case]) -> dict[tuple[str, date], int]:
    """The holds these views are gathered by, each with its network and day; none is opened for
    what was seen before."""
    for case in cases:
        if case.outcome == Outcome.HELD:
            cursor.execute(IS_FILED, [*case.key, *_days(case)])
            if cursor.fetchone():
                case.outcome = Outcome.REPEAT
    held = {(case.entry.network, case.entry.day) for case in cases if case.outcome == Outcome.HELD}
    return {(network, day): holds.open_hold(network, day) for network, day in sorted(held)}


def _ledger_row(case: _Case, gathering: dict[tuple[str, date], int]) -> Iterable[Any]:
    entry, visit = case.entry, case.entry.visit
    is_held = case.outcome == Outcome.HELD
    return (
        *case.key,
        *_days(case),
        connection.ops.adapt_datefield_value(entry.day),
        connection.ops.adapt_datetimefield_value(entry.at),
        entry.network,
        bool(visit and not visit.has_counted),
        gathering[entry.network, entry.day] if is_held else 0,
    )


def _days(case: _Case) -> list[Any]:
    adapt = connection.ops.adapt_datefield_value
    return [adapt(case.visit_day), adapt(case.other_day)]


def _inbox_rows(cases: list[_Case]) -> Iterator[tuple[Any, ...]]:
    rows: Counter[tuple[int, date, int, int, bool]] = Counter()
    for case in cases:
        entry, is_counted = case.entry, case.outcome == Outcome.COUNTED
        from_hot = entry.from_hot and is_counted
        rows[entry.article_id, entry.day, entry.hour, case.outcome.value, from_hot] += 1
    adapt_day = connection.ops.adapt_datefield_value
    for (article_id, day, *rest), n in rows.items():
        yield article_id, adapt_day(day), *rest, n


def _stories(cases: list[_Case]) -> list[int]:
    return sorted({case.entry.article_id for case in cases})


def _row(columns: int) -> str:
    return f"({', '.join(['%s'] * columns)})"


_FILE_AT_ONCE = Prepared(AT_ONCE, parameters=9)
