"""The obvious way to count views: a row that removes duplicates, then a counter that is raised."""

from __future__ import annotations

from django.db import connection, transaction

TABLES = (
    "CREATE TABLE benchmark_seen (article_id bigint, visit varchar(64),"
    " PRIMARY KEY (article_id, visit))",
    "CREATE TABLE benchmark_counter (article_id bigint PRIMARY KEY, views bigint NOT NULL)",
)
SEEN = "INSERT INTO benchmark_seen (article_id, visit) VALUES (%s, %s) ON CONFLICT DO NOTHING"
RAISE = "UPDATE benchmark_counter SET views = views + 1 WHERE article_id = %s"


def set_up(article_id: int) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(table)
        cursor.execute("INSERT INTO benchmark_counter VALUES (%s, 0)", [article_id])


def count(article_id: int, visit: str) -> None:
    """Once a visit; committed when this returns."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SEEN, [article_id, visit])
        if cursor.rowcount:
            cursor.execute(RAISE, [article_id])


def counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT views FROM benchmark_counter")
        return int(cursor.fetchone()[0])
