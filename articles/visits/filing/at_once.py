"""All that is filed at one moment, in one statement of PostgreSQL's.

It asks whether the stories are live, files the looks, tells the inbox and reads the figures. It is
its own transaction and one way to the server.
"""

from __future__ import annotations

import json
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from articles.models import Outcome
from articles.visits import figures
from articles.visits.filing.cases import Case, stories_of
from articles.visits.prepared import Prepared

NOTHING: tuple[list[Any], ...] = ([], [], [])
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


_STATEMENT = Prepared(AT_ONCE, parameters=9)


def file(database: BaseDatabaseWrapper, cases: list[Case]) -> None:
    at = max(case.entry.at for case in cases)
    stories = stories_of(cases)
    # Filed under the day before; the insert itself finds those of the same day.
    other = [(case.other_day, *case.key) for case in cases if case.other_day != case.visit_day]
    days, articles, visits = (
        (sorted(set(column)) for column in zip(*other, strict=True)) if other else NOTHING
    )
    values = [
        json.dumps([_asked(place, case) for place, case in enumerate(cases)]),
        *(stories, stories, stories, at, at, days, articles, visits),
    ]
    with database.cursor() as cursor:
        _STATEMENT.execute(cursor, values)
        rows = cursor.fetchall()
    for place, views, waiting, is_new in rows:
        case = cases[place]
        case.sight = figures.Sight(int(views), waiting)
        if case.is_look and not is_new:
            case.outcome = Outcome.REPEAT


def _asked(place: int, case: Case) -> dict[str, Any]:
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
