"""Grams in SQLite: an FTS5 table without content, whose row numbers are in order of time.

The triggers that keep it (migration 0008) ask `newsroom_grams`, so that a row that goes takes
its grams along, whatever deletes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from articles.searching import grams
from articles.searching.backends import Entry, Expression

ENTRIES = ("articles_editionentry", "articles_articleentry")
LIVE = """
    FROM articles_editionentry_grams WHERE articles_editionentry_grams MATCH %s
    AND rowid NOT IN (
        SELECT place FROM articles_editionentry WHERE expires_at <= %s
        UNION ALL SELECT place FROM articles_editionentry WHERE published_at > %s
    )
"""
ARTICLES = (
    "SELECT rowid FROM articles_articleentry_grams WHERE articles_articleentry_grams MATCH %s"
)


def teach(connection: Any) -> None:
    """Gives a new connection the function that its triggers ask for."""
    connection.connection.create_function("newsroom_grams", 3, grams.of_entry, deterministic=True)


def add(entries: Sequence[Entry]) -> None:
    type(entries[0])._default_manager.bulk_create(entries)


def count(expressions: Sequence[Expression], at: datetime) -> list[int]:
    selected = ", ".join(f"(SELECT count(*) {LIVE})" for _expression in expressions)
    parameters = [value for each in expressions for value in _parameters(each, at)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {selected}", parameters)
        return list(cursor.fetchone())


def places(expression: Expression, at: datetime, start: int, stop: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid {LIVE} ORDER BY rowid DESC LIMIT %s OFFSET %s",
            [*_parameters(expression, at), stop - start, start],
        )
        return [row[0] for row in cursor.fetchall()]


def articles(expression: Expression) -> RawSQL:
    return RawSQL(ARTICLES, [_written(expression)])  # noqa: S611 -- a constant


@transaction.atomic
def clear() -> None:
    """Away with everything. Its trigger would take the grams away one entry at a time."""
    with connection.cursor() as cursor:
        for table in ENTRIES:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [f"{table}_gone"])
            (trigger,) = cursor.fetchone()
            cursor.execute(f"DROP TRIGGER {table}_gone")
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 -- ours
            cursor.execute(f"INSERT INTO {table}_grams ({table}_grams) VALUES ('delete-all')")  # noqa: S608 -- ours
            cursor.execute(trigger)


def tidy() -> None:
    """After very many changes: one piece instead of many, so that a search reads one."""
    with connection.cursor() as cursor:
        for table in ENTRIES:
            cursor.execute(f"INSERT INTO {table}_grams ({table}_grams) VALUES ('optimize')")  # noqa: S608 -- ours
        cursor.execute("ANALYZE")


def _parameters(expression: Expression, at: datetime) -> list[Any]:
    adapt = connection.ops.adapt_datetimefield_value
    return [_written(expression), adapt(at), adapt(expression.published_by(at))]


def _written(expression: Expression) -> str:
    """In the language of FTS5. Each word is in quotes, and no normal form holds one."""
    wanted = [_all(expression.grams), *(_any(values) for values in expression.facets)]
    written = " AND ".join(wanted)
    if expression.but_not:
        written = f"({written}) NOT {_all(expression.but_not)}"
    return written


def _all(words: list[str]) -> str:
    return f"({' AND '.join(map(_quoted, words))})"


def _any(words: list[str]) -> str:
    return f"({' OR '.join(_quoted(grams.FACET + word) for word in words)})"


def _quoted(word: str) -> str:
    return f'"{word}"'
