"""Rows on shelves, and the numbers kept of them: neither changes without the other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db import connection
from django.db.models import F

from articles.models import ShelfMonth, ShelvedStory
from newsroom import bulk

COLUMNS = (
    "shelf_id",
    "article_id",
    "published_at",
    "month",
    "expires_at",
    "channel_id",
    "department_id",
)


def add(rows: Iterable[ShelvedStory]) -> None:
    """Puts them on their shelves; none stands there yet."""
    rows = list(rows)
    adapt = connection.ops.adapt_datetimefield_value
    values = (
        (
            row.shelf_id,
            row.article_id,
            adapt(row.published_at),
            row.month,
            adapt(row.expires_at),
            row.channel_id,
            row.department_id,
        )
        for row in rows
    )
    bulk.insert(ShelvedStory._meta.db_table, COLUMNS, values)
    count(Counter((row.shelf_id, row.month) for row in rows))


def take_away(rows: Iterable[ShelvedStory]) -> None:
    """Takes them from their shelves, where all of them stand."""
    rows = list(rows)
    by_article: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        by_article[row.article_id].append(row.shelf_id)
    for article_id, shelves in by_article.items():
        ShelvedStory.objects.filter(article_id=article_id, shelf_id__in=shelves).delete()
    numbers = Counter((row.shelf_id, row.month) for row in rows)
    count(Counter({key: -n for key, n in numbers.items()}))


def count(changes: Counter[tuple[int, int]]) -> None:
    """Adds to the numbers of stories; (shelf, month) → how many more, or fewer."""
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for (shelf, month), n in changes.items():
        alike[month, n].append(shelf)
    for (month, n), shelves in sorted(alike.items()):
        rows = ShelfMonth.objects.filter(month=month, shelf_id__in=shelves)
        if rows.update(stories=F("stories") + n) < len(shelves):
            known = set(rows.values_list("shelf_id", flat=True))
            ShelfMonth.objects.bulk_create(
                ShelfMonth(shelf_id=shelf, month=month, stories=n)
                for shelf in shelves
                if shelf not in known
            )
