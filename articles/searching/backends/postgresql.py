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
    model = type(entries[0])
    rows: Any = model._default_manager.bulk_create(entries)
    statement = (
        f"UPDATE {model._meta.db_table} SET grams = array_to_tsvector(%s) "  # noqa: S608 -- ours
        f"WHERE {model._meta.pk.column} = %s"
    )
    with connection.cursor() as cursor:
        for row in rows:
            words = grams.of_entry(row.title, row.text, row.facets).split()
            cursor.execute(statement, [words, row.pk])


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
    """Away with everything."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {'; DELETE FROM '.join(ENTRIES)}")  # noqa: S608 -- ours


def tidy() -> None:
    """After very many changes: what waits is put into the index, and the planner told."""
    with connection.cursor() as cursor:
        for table in ENTRIES:
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
