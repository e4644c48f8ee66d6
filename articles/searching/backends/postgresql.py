"""Grams in PostgreSQL: a column of vectors with a GIN index (migration 0008).

The planner reckons that reading a table is cheap and does not know that each of its vectors has
to be unpacked: for common words it would leave the index alone. It is told not to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from articles.searching import grams
from articles.searching.backends import Entry, Expression

ENTRIES = ("articles_editionentry", "articles_articleentry")
LIVE = """
    FROM articles_editionentry WHERE grams @@ %s::tsquery
    AND published_at <= %s AND (expires_at IS NULL OR expires_at > %s)
"""
ARTICLES = "SELECT article_id FROM articles_articleentry WHERE grams @@ %s::tsquery"


def add(entries: Sequence[Entry]) -> None:
    fields: list[Any] = list(entries[0]._meta.concrete_fields)
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    values = ", ".join(["%s"] * len(fields))
    statement = (
        f"INSERT INTO {entries[0]._meta.db_table} ({columns}, grams) "  # noqa: S608 -- ours
        f"VALUES ({values}, array_to_tsvector(%s))"
    )
    with connection.cursor() as cursor:
        for entry in entries:
            row: list[Any] = [
                field.get_db_prep_save(field.pre_save(entry, add=True), connection)
                for field in fields
            ]
            words = grams.of_entry(entry.title, entry.text, entry.facets).split()
            cursor.execute(statement, [*row, words])


def count(expressions: Sequence[Expression], at: datetime) -> list[int]:
    selected = ", ".join(f"(SELECT count(*) {LIVE})" for _expression in expressions)
    parameters = [value for each in expressions for value in _parameters(each, at)]
    with _by_index() as cursor:
        cursor.execute(f"SELECT {selected}", parameters)
        return list(cursor.fetchone())


def places(expression: Expression, at: datetime, start: int, stop: int) -> list[int]:
    """All matches first, then their order: walking through time would unpack every vector."""
    with _by_index() as cursor:
        cursor.execute(
            f"WITH found AS MATERIALIZED (SELECT place {LIVE}) "  # noqa: S608 -- our own statement
            "SELECT place FROM found ORDER BY place DESC LIMIT %s OFFSET %s",
            [*_parameters(expression, at), stop - start, start],
        )
        return [row[0] for row in cursor.fetchall()]


def articles(expression: Expression) -> RawSQL:
    with _by_index() as cursor:
        cursor.execute(ARTICLES, [_written(expression)])
        found = [row[0] for row in cursor.fetchall()]
    return RawSQL("SELECT unnest(%s::bigint[])", [found])


def clear() -> None:
    """Away with everything, the index too: made at the end (`tidy`) it is there ten times as
    fast as kept with each of very many entries."""
    with connection.cursor() as cursor:
        for table in ENTRIES:
            cursor.execute(f"DELETE FROM {table}; DROP INDEX IF EXISTS {table}_grams")  # noqa: S608


def tidy() -> None:
    """After very many changes: the index is whole, and the planner told."""
    with transaction.atomic(), connection.cursor() as cursor:
        # However long it takes; it is nobody's page.
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL maintenance_work_mem = '256MB'")
        # No index is made while references wait for the commit to be checked.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ENTRIES:
            cursor.execute(f"CREATE INDEX IF NOT EXISTS {table}_grams ON {table} USING gin (grams)")
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [f"{table}_grams"])
            cursor.execute(f"ANALYZE {table}")


@contextmanager
def _by_index() -> Iterator[Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        yield cursor
        # The caller's transaction, if there is one, goes on as it was.
        cursor.execute("SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = on")


def _parameters(expression: Expression, at: datetime) -> list[Any]:
    return [_written(expression), expression.published_by(at), at]


def _written(expression: Expression) -> str:
    """In the language of tsquery. Each word is in quotes, and no normal form holds one."""
    wanted = [_all(expression.grams), *(_any(values) for values in expression.facets)]
    if expression.but_not:
        wanted.append(f"!{_all(expression.but_not)}")
    return " & ".join(wanted)


def _all(words: list[str]) -> str:
    return f"({' & '.join(map(_quoted, words))})"


def _any(words: list[str]) -> str:
    return f"({' | '.join(_quoted(grams.FACET + word) for word in words)})"


def _quoted(word: str) -> str:
    return f"'{word}'"
