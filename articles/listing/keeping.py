"""Puts stories on their shelves, in the transaction that prints or withdraws them.

Whoever changes a shelf calls `freshness.changed` first: it makes changes wait for each other, so
that a channel is not moved while a story is put into it, and the numbers are always exact.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, cast

from django.apps import AppConfig
from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.db.models.signals import post_migrate, post_save
from django.utils import timezone

from articles import freshness, text
from articles.listing import neighbours
from articles.models import Channel, Department, Edition, Shelf, ShelfMonth, ShelvedStory
from articles.models.tree import TreeNode
from newsroom import bulk

BATCH = 5_000
TREES = (Shelf.Kind.CHANNEL, Shelf.Kind.UNIT)
LONGEST_NAME = 100

# Within the transaction of whoever calls, without a savepoint of its own.
in_transaction = transaction.atomic(savepoint=False)

COLUMNS = (
    "shelf_id",
    "article_id",
    "published_at",
    "month",
    "expires_at",
    "channel_id",
    "department_id",
)
COPY = """
    INSERT INTO articles_shelvedstory
        (shelf_id, article_id, published_at, month, expires_at, channel_id, department_id)
    SELECT %s, article_id, published_at, month, expires_at, channel_id, department_id
    FROM articles_shelvedstory WHERE shelf_id = %s
"""


def month_of(moment: datetime) -> int:
    """202603 for a day of March 2026, where readers are."""
    local = timezone.localtime(moment)
    return local.year * 100 + local.month


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
        _take_away(before.values())
        _add(rows.values())


@in_transaction
def unshelve(article_id: int) -> None:
    """Takes a story from all lists."""
    freshness.changed(freshness.NO_MARK)
    rows = list(ShelvedStory.objects.filter(article_id=article_id))
    freshness.changed(_touched(article_id, rows))
    _take_away(rows)


@in_transaction
def shelve_new(editions: Iterable[Edition]) -> None:
    """Puts many stories that stand nowhere yet on their shelves."""
    freshness.changed()
    editions = list(editions)
    shelves = Shelves(editions)
    _add([row for edition in editions for row in shelves.rows_of(edition)])


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
        _count(Counter({(gone, month): -n for month, n in months.items()}))
    for come in new - old:
        with connection.cursor() as cursor:
            cursor.execute(COPY, [come, shelf.pk])
        _count(Counter({(come, month): n for month, n in months.items()}))
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
        _take_away(rows)
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


class Shelves:
    """The shelves of channels and units, and those these editions stand on besides."""

    def __init__(self, editions: Iterable[Edition] = ()) -> None:
        self.by_id: dict[int, Shelf] = {}
        self.by_channel: dict[int, Shelf] = {}
        self.by_unit: dict[int, Shelf] = {}
        self.by_name: dict[tuple[str, str], Shelf] = {}
        names = {name for edition in editions for name in _names_of(edition)}
        self._read(names)
        if missing := names - set(self.by_name):
            made = [Shelf(kind=kind, name=name) for kind, name in sorted(missing)]
            Shelf.objects.bulk_create(made, ignore_conflicts=True)
            self._read(names)

    def _read(self, names: set[tuple[str, str]]) -> None:
        named = Q(channel=None, unit=None, name__in={name for _kind, name in names})
        for shelf in Shelf.objects.filter(Q(kind__in=TREES) | named):
            self._know(shelf)

    def _know(self, shelf: Shelf) -> Shelf:
        self.by_id[shelf.pk] = shelf
        if shelf.channel_id:
            self.by_channel[shelf.channel_id] = shelf
        elif shelf.unit_id:
            self.by_unit[shelf.unit_id] = shelf
        else:
            self.by_name[shelf.kind, shelf.name] = shelf
        return shelf

    def of_node(self, node: TreeNode) -> Shelf:
        """The shelf of a channel or a unit, made beneath that of its parent when first needed."""
        known = (self.by_channel if isinstance(node, Channel) else self.by_unit).get(node.pk)
        if known:
            return known
        above = self.of_node(node.parent) if node.parent else None
        if isinstance(node, Channel):
            made = Shelf(kind=Shelf.Kind.CHANNEL, channel=node, above=above)
        else:
            made = Shelf(kind=Shelf.Kind.UNIT, unit_id=node.pk, above=above)
        made.save()
        return self._know(made)

    def path(self, shelf: Shelf) -> list[int]:
        """The shelf and those above it."""
        path: list[int] = []
        row: Shelf | None = shelf
        while row is not None and row.pk not in path:
            path.append(row.pk)
            row = self.by_id.get(row.above_id) if row.above_id else None
        return path

    def rows_of(self, edition: Edition) -> list[ShelvedStory]:
        month = month_of(edition.published_at)
        return [
            ShelvedStory(
                shelf_id=shelf_id,
                article_id=edition.pk,
                published_at=edition.published_at,
                month=month,
                expires_at=edition.expires_at,
                channel_id=edition.channel_id,
                department_id=edition.department_id,
            )
            for shelf_id in dict.fromkeys(self._ids_of(edition))
        ]

    def _ids_of(self, edition: Edition) -> Iterator[int]:
        known = self.by_channel.get(edition.channel_id) or self.of_node(edition.channel)
        yield from self.path(known)
        if edition.department_id:
            unit = self.by_unit.get(edition.department_id)
            yield from self.path(unit or self.of_node(cast(Department, edition.department)))
        for name in _names_of(edition):
            yield self.by_name[name].pk


def _names_of(edition: Edition) -> Iterator[tuple[str, str]]:
    """(kind, name) of the shelves that are no place in a tree."""
    yield Shelf.Kind.EVERYTHING, ""
    if edition.cover:
        yield Shelf.Kind.PICTURES, ""
    for name in edition.tag_names:
        yield Shelf.Kind.TAG, name[:LONGEST_NAME]
    for name in text.split_byline(edition.byline):
        yield Shelf.Kind.AUTHOR, name


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


def _add(rows: Iterable[ShelvedStory]) -> None:
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
    _count(Counter((row.shelf_id, row.month) for row in rows))


def _take_away(rows: Iterable[ShelvedStory]) -> None:
    rows = list(rows)
    by_article: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        by_article[row.article_id].append(row.shelf_id)
    for article_id, shelves in by_article.items():
        ShelvedStory.objects.filter(article_id=article_id, shelf_id__in=shelves).delete()
    numbers = Counter((row.shelf_id, row.month) for row in rows)
    _count(Counter({key: -n for key, n in numbers.items()}))


def _count(changes: Counter[tuple[int, int]]) -> None:
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


def _batches(editions: Iterator[Edition]) -> Iterator[list[Edition]]:
    batch: list[Edition] = []
    for edition in editions:
        batch.append(edition)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
