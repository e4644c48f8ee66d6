"""Puts stories on their shelves, in the transaction that prints or withdraws them.

Whoever changes a shelf calls `freshness.changed` first: it makes changes wait for each other, so
that a channel is not moved while a story is put into it, and the numbers are always exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.apps import AppConfig
from django.db import connection, transaction
from django.db.models import Count
from django.db.models.signals import post_migrate, post_save
from django.utils import timezone

from articles import freshness
from articles.listing import neighbours
from articles.listing.rows import add, count, take_away
from articles.listing.shelves import Shelves
from articles.models import Channel, Department, Edition, Shelf, ShelfMonth, ShelvedStory

BATCH = 5_000

# Within the transaction of whoever calls, without a savepoint of its own.
in_transaction = transaction.atomic(savepoint=False)

COPY = """
    INSERT INTO articles_shelvedstory
        (shelf_id, article_id, published_at, month, expires_at, channel_id, department_id)
    SELECT %s, article_id, published_at, month, expires_at, channel_id, department_id
    FROM articles_shelvedstory WHERE shelf_id = %s
"""


@in_transaction
def shelve(edition: Edition) -> None:
    """Puts a printed story where it belongs, and takes it from where it no longer does."""
    freshness.changed(freshness.NO_MARK)
    rows = {row.shelf_id: row for row in Shelves([edition]).rows_of(edition)}
    stands = ShelvedStory.objects.filter(article_id=edition.pk)
    before = {row.shelf_id: row for row in stands}
    freshness.changed(_touched(edition.pk, [*before.values(), *rows.values()]))
    if {shelf: _facts(row) for shelf, row in rows.items()} != {
        shelf: _facts(row) for shelf, row in before.items()
    }:
        take_away(before.values())
        add(rows.values())


@in_transaction
def unshelve(article_id: int) -> None:
    """Takes a story from all lists."""
    freshness.changed(freshness.NO_MARK)
    rows = list(ShelvedStory.objects.filter(article_id=article_id))
    freshness.changed(_touched(article_id, rows))
    take_away(rows)


@in_transaction
def shelve_new(editions: Iterable[Edition]) -> None:
    """Puts many stories that stand nowhere yet on their shelves."""
    freshness.changed()
    editions = list(editions)
    shelves = Shelves(editions)
    add([row for edition in editions for row in shelves.rows_of(edition)])


@in_transaction
def arrange(node: Channel | Department) -> None:
    """Moves what stands beneath a channel or a department after it got another place."""
    freshness.changed()
    shelves = Shelves()
    shelf = shelves.of_node(node)
    above = shelves.of_node(node.parent) if node.parent else None
    if shelf.above_id == (above.pk if above else None):
        return
    old = set(shelves.path(shelf)) - {shelf.pk}
    new = set(shelves.path(above)) - {shelf.pk} if above else set()
    months = dict(shelf.months.values_list("month", "stories"))
    stories = ShelvedStory.objects.filter(shelf_id=shelf.pk).values("article_id")
    for gone in old - new:
        ShelvedStory.objects.filter(shelf_id=gone, article_id__in=stories).delete()
        count(Counter({(gone, month): -n for month, n in months.items()}))
    for come in new - old:
        with connection.cursor() as cursor:
            cursor.execute(COPY, [come, shelf.pk])
        count(Counter({(come, month): n for month, n in months.items()}))
    shelf.above = above
    shelf.save(update_fields=["above"])


@in_transaction
def rebuild() -> None:
    """Empties all shelves and puts every story in its place again."""
    freshness.changed()
    ShelvedStory.objects.all().delete()
    Shelf.objects.update(above=None)
    Shelf.objects.all().delete()
    editions = Edition.objects.filter(withdrawn_at=None).defer("body", "plain_text")
    for batch in _batches(editions.order_by("pk").iterator(chunk_size=BATCH)):
        shelve_new(batch)


@in_transaction
def recount() -> None:
    """Counts what stands on every shelf anew, after rows were copied in bulk."""
    freshness.changed()
    numbers = ShelvedStory.objects.values_list("shelf_id", "month").annotate(n=Count("*"))
    ShelfMonth.objects.all().delete()
    ShelfMonth.objects.bulk_create(
        (ShelfMonth(shelf_id=shelf, month=month, stories=n) for shelf, month, n in numbers),
        batch_size=BATCH,
    )


def rebuild_if_missing() -> None:
    """For a newsroom whose stories were printed before there were shelves."""
    if Edition.objects.exists() and not Shelf.objects.exists():
        rebuild()


@in_transaction
def clear_expired(now: datetime) -> int:
    """Takes what has expired from the shelves; returns how many rows. Lists show none of it
    anyway, but have to look past it."""
    rows = list(ShelvedStory.objects.filter(expires_at__lte=now)[:BATCH])
    if rows:
        freshness.changed(freshness.NO_MARK)
        take_away(rows)
    return len(rows)


def watch(app: AppConfig) -> None:
    """Follows channels and departments through their trees."""
    for model in (Channel, Department):
        post_save.connect(_node_saved, sender=model, dispatch_uid=f"shelves of {model}")
    post_migrate.connect(_migrated, sender=app, dispatch_uid="shelves")


def _node_saved(instance: Channel | Department, *, raw: bool, **_facts: Any) -> None:
    if not raw:
        arrange(instance)


def _migrated(plan: list[Any] | None = None, **_facts: Any) -> None:
    if plan:
        rebuild_if_missing()


def _touched(article_id: int, rows: Iterable[ShelvedStory]) -> set[str]:
    """The marks of all that says something of a story that stands so, or stood so: itself, the
    lists, and the stories whose page names it as their neighbour."""
    marks, now = {freshness.story(article_id)}, timezone.now()
    places = set()
    for row in rows:
        marks.add(freshness.shelf(row.shelf_id))
        places.add((row.channel_id, row.published_at))
    for channel_id, published_at in places:
        here = Edition(article_id=article_id, channel_id=channel_id, published_at=published_at)
        marks |= {freshness.story(row.pk) for row in neighbours.of(here, now) if row}
    return marks


def _facts(row: ShelvedStory) -> tuple[object, ...]:
    return row.published_at, row.expires_at, row.month, row.channel_id, row.department_id


def _batches(editions: Iterator[Edition]) -> Iterator[list[Edition]]:
    batch: list[Edition] = []
    for edition in editions:
        batch.append(edition)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
