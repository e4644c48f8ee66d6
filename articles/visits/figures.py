"""人气: the public figures, each read in one statement.

A figure is what was drained, what was counted elsewhere before, the corrections that stand, and
what still waits in the inbox.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F, Sum

from articles.models import ArticleViews, Outcome, ViewInbox

# Bare statements: every page of a story that is rendered asks the first, every beacon the second.
# Outcome 0 is COUNTED.
VIEWS = """
    SELECT total + base + corrected + COALESCE((
        SELECT SUM(n) FROM articles_viewinbox
        WHERE article_id = %s AND outcome = 0), 0)
    FROM articles_articleviews WHERE article_id = %s
"""
# Of the stories readers may see (the rule of `EditionQuerySet.live`). `among` tells which, three
# times: where each table is asked for the few, no plan reads all of it. The moment is compared
# within a CASE, which no index answers: a plan made while there are few would read all by date.
LIVE = """
    SELECT edition.article_id,
        COALESCE(total + base + corrected, 0) + COALESCE(inbox.n, 0) AS views,
        COALESCE(inbox.waiting, 0) AS waiting
    FROM articles_edition AS edition
    LEFT JOIN (
        SELECT article_id, total, base, corrected FROM articles_articleviews
        WHERE article_id {among}) AS sums
        ON sums.article_id = edition.article_id
    LEFT JOIN (
        SELECT article_id, SUM(n) AS n, COUNT(*) AS waiting FROM articles_viewinbox
        WHERE article_id {among} AND outcome = 0 GROUP BY article_id) AS inbox
        ON inbox.article_id = edition.article_id
    WHERE edition.article_id {among} AND withdrawn_at IS NULL
        AND CASE WHEN published_at <= %s THEN 1 ELSE 0 END = 1
        AND (expires_at IS NULL OR expires_at > %s)
"""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a beacon has to know of a live story: its figure, and how many rows wait to be
    drained."""

    views: int
    waiting: int


def sights(article_ids: Collection[int], now: datetime) -> dict[int, Sight]:
    """In one statement; those that readers may not see now are missing."""
    at = connection.ops.adapt_datetimefield_value(now)
    statement = LIVE.format(among=f"IN ({', '.join(['%s'] * len(article_ids))})")
    with connection.cursor() as cursor:
        cursor.execute(statement, [*article_ids, *article_ids, *article_ids, at, at])
        rows = cursor.fetchall()
    return {article_id: Sight(int(views), waiting) for article_id, views, waiting in rows}


def views(article_id: int) -> int:
    """The figure of an article; 0 for one that was never published."""
    with connection.cursor() as cursor:
        cursor.execute(VIEWS, [article_id, article_id])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def views_of(article_ids: Collection[int]) -> dict[int, int]:
    """The figures of several articles; those never published are missing."""
    sums = ArticleViews.objects.filter(article_id__in=article_ids).order_by()
    waiting = _waiting(article_ids)
    rows = sums.values_list("article_id", _SUM).union(
        waiting.values_list("article_id", "n"), all=True
    )
    found: dict[int, int] = {}
    for article_id, n in rows:
        found[article_id] = found.get(article_id, 0) + n
    return found


def views_together(article_ids: Collection[int]) -> int:
    """The figures of several articles added up, in one statement however many they are."""
    return sum(views_of(article_ids).values())


_SUM = F("total") + F("base") + F("corrected")


def _waiting(article_ids: Collection[int]):  # type: ignore[no-untyped-def]
    """What waits for a drain, a row an article."""
    rows = ViewInbox.objects.filter(article_id__in=article_ids, outcome=Outcome.COUNTED)
    return rows.order_by().values("article_id").annotate(n=Sum("n"))
