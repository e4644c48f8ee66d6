"""The shelves there are, and those an edition stands on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import cast

from django.db.models import Q
from django.utils import timezone

from articles import text
from articles.models import Channel, Department, Edition, Shelf, ShelvedStory
from articles.models.tree import TreeNode

TREES = (Shelf.Kind.CHANNEL, Shelf.Kind.UNIT)
LONGEST_NAME = 100


def month_of(moment: datetime) -> int:
    """202603 for a day of March 2026, where readers are."""
    local = timezone.localtime(moment)
    return local.year * 100 + local.month


class Shelves:
    """The shelves of channels and units, and those these editions stand on besides."""

    def __init__(self, editions: Iterable[Edition] = ()) -> None:
        self.by_id: dict[int, Shelf] = {}
        self.by_channel: dict[int, Shelf] = {}
        self.by_unit: dict[int, Shelf] = {}
        self.by_name: dict[tuple[str, str], Shelf] = {}
        names = {name for edition in editions for name in names_of(edition)}
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
        for name in names_of(edition):
            yield self.by_name[name].pk


def names_of(edition: Edition) -> Iterator[tuple[str, str]]:
    """(kind, name) of the shelves that are no place in a tree."""
    yield Shelf.Kind.EVERYTHING, ""
    if edition.cover:
        yield Shelf.Kind.PICTURES, ""
    for name in edition.tag_names:
        yield Shelf.Kind.TAG, name[:LONGEST_NAME]
    for name in text.split_byline(edition.byline):
        yield Shelf.Kind.AUTHOR, name
