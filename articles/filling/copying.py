"""Copies of stories row by row, each a little later than its original."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from taggit.models import TaggedItem

from articles.filling.making import next_id
from articles.listing.pages import beginning_of, following
from articles.listing.shelves import month_of
from articles.models import (
    Article,
    ArticleViews,
    Edition,
    EditionFacts,
    Revision,
    ShelvedStory,
)
from newsroom import bulk

# What a story consists of, and which column names it there; what copies of it have of their own.
COPIED: dict[type[Model], str] = {
    Article: "id",
    Revision: "article_id",
    Edition: "article_id",
    EditionFacts: "article_id",
    ArticleViews: "article_id",
    TaggedItem: "object_id",
    ShelvedStory: "article_id",
}
NUMBERS = ("id", "article_id", "revision_id", "object_id")
MOMENTS = ("published_at", "reprinted_at")
# The day of `published_at`, where readers are.
DAY = "published_on"


class Copies:
    """Copies of the newest stories, row by row: the same words, each a little later in its month.

    Nothing is made up and no object is built, so that a million takes minutes. Search does not
    know them.
    """

    def __init__(self, originals: int, now: datetime, *, of: int):
        self.originals = originals
        self.last = next_id(Article) - 1
        self.tables = [_Table(model, self.last - originals) for model in COPIED]
        rows = Edition.objects.filter(pk__gt=self.last - originals)
        self.steps = {
            article: (min(now, _end_of_month(moment)) - moment) / (of + 1)
            for article, moment in rows.values_list("pk", "published_at")
        }

    @transaction.atomic
    def add(self, number: int, count: int) -> None:
        """The copy of that number, of the first `count` stories."""
        shift = number * self.originals
        end = self.last - self.originals + count
        for table in self.tables:
            bulk.insert(table.name, table.columns, table.copies(shift, number, end, self.steps))


class _Table:
    """What the originals have in one table."""

    def __init__(self, model: type[Model], after: int):
        columns = [str(field.column) for field in model._meta.concrete_fields]
        if model is TaggedItem:
            columns.remove("id")
        self.name = model._meta.db_table
        self.columns = columns
        self.article = columns.index(COPIED[model])
        self.numbers = [columns.index(name) for name in NUMBERS if name in columns]
        self.moments = [columns.index(name) for name in MOMENTS if name in columns]
        self.day = columns.index(DAY) if DAY in columns else None
        names = ", ".join(map(connection.ops.quote_name, columns))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {names} FROM {self.name} WHERE {COPIED[model]} > %s",  # noqa: S608
                [after],
            )
            self.rows = cursor.fetchall()

    def copies(
        self, shift: int, number: int, end: int, steps: dict[int, timedelta]
    ) -> Iterator[list[Any]]:
        for row in self.rows:
            article = row[self.article]
            if article > end:
                continue
            copy = list(row)
            for place in self.numbers:
                copy[place] += shift
            for place in self.moments:
                moment = copy[place]
                if isinstance(moment, str):
                    moment = datetime.fromisoformat(moment)
                # SQLite knows no zones.
                moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
                moment += number * steps[article]
                copy[place] = connection.ops.adapt_datetimefield_value(moment)
                if self.day is not None:
                    copy[self.day] = str(timezone.localdate(moment))
            yield copy


def _end_of_month(moment: datetime) -> datetime:
    return beginning_of(following(month_of(moment)))
