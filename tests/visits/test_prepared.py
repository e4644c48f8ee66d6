"""A statement that PostgreSQL plans once a connection, with and without a pooler between."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from articles.visits.filing.at_once import AT_ONCE
from articles.visits.prepared import Prepared

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans in no time"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def statement():
    yield Prepared("SELECT %s::int + %s::int", parameters=2)
    _run("DEALLOCATE ALL")


@pytest.fixture
def added(statement):
    """Asks for one and two."""

    def add() -> int:
        with connection.cursor() as cursor:
            statement.execute(cursor, [1, 2])
            return cursor.fetchone()[0]

    return add


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_is_planned_once(added, django_assert_num_queries):
    with django_assert_num_queries(3) as asked:
        assert [added(), added()] == [3, 3]
    first, *later = [query["sql"] for query in asked.captured_queries]
    assert first.startswith("PREPARE")
    assert all("; EXECUTE " in each for each in later)


def test_is_planned_for_tables_that_grow():
    """However small the table is at first, no plan reads all of it."""
    asked = Prepared("SELECT current_setting('enable_seqscan') || %s::text", parameters=1)
    with connection.cursor() as cursor:
        asked.execute(cursor, [""])
        assert cursor.fetchone() == ("off",)
        cursor.execute("SHOW enable_seqscan; ")
        assert cursor.fetchone() == ("on",)
    _run("DEALLOCATE ALL")


def test_beacons_are_planned_by_their_stories_however_few_there_are():
    """A plan by date, made today, would read all stories of the years to come."""
    asked = Prepared(AT_ONCE, parameters=9)
    _run(asked._prepare)
    _run("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan")
    name, values = (
        asked._prepare.split()[1],
        "'[]', '{}', '{}', '{}', now(), now(), '{}', '{}', '{}'",
    )
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN EXECUTE {name} ({values})")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    _run("RESET enable_seqscan; RESET plan_cache_mode; DEALLOCATE ALL")
    assert "articles_edition" in plan
    assert "edition_by_date" not in plan
    assert "Seq Scan" not in plan


def test_goes_on_when_the_name_is_missing(added):
    assert added() == 3
    _run("DEALLOCATE ALL")
    assert [added(), added()] == [3, 3]


def test_goes_on_when_the_name_is_taken(added, statement):
    _run(statement._prepare)
    assert [added(), added()] == [3, 3]


def test_ends_no_transaction_that_others_began(added, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(1):
        assert added() == 3


def test_hides_no_other_error(added):
    broken = Prepared("SELECT 1 / %s::int", parameters=1)
    with pytest.raises(DatabaseError, match="division by zero"), connection.cursor() as cursor:
        broken.execute(cursor, [0])
