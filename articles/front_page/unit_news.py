"""News of the units: all of them, or those of one that a reader chooses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef

from articles.models import Channel, Department, Edition
from articles.models.edition import EditionQuerySet
from articles.models.tree import Tree

STORIES = 12


@dataclass(frozen=True)
class UnitNews:
    """The units that published something, the chosen one of them, and the newest stories."""

    units: list[Department] = field(default_factory=list)
    chosen: Department | None = None
    channel: Channel | None = None
    stories: list[Edition] = field(default_factory=list)


@dataclass(frozen=True)
class Units:
    """The departments as readers choose between them: beneath the group, or beside it."""

    tree: Tree
    chosen: Department | None

    @property
    def top(self) -> Department | None:
        """The group: the one department at the top that has others beneath it."""
        tops = [row for row in self.tree.children() if self.tree.children(row.pk)]
        return tops[0] if len(tops) == 1 else None

    @property
    def offered(self) -> list[Department]:
        rows, top = self.tree.rows, self.top
        beneath = self.tree.children(top.pk) if top else []
        return [
            unit
            for unit in beneath + [row for row in self.tree.children() if row != top]
            if any(rows[pk].has_published for pk in self.tree.ids_within(unit.pk))
        ]

    def stories(self, live: EditionQuerySet, ids_of_channel: list[int]) -> EditionQuerySet:
        """Stories of the chosen unit; else of the channel for unit news, else of any unit."""
        if self.chosen:
            return live.filter(department__in=self.tree.ids_within(self.chosen.pk))
        if ids_of_channel:
            return live.filter(channel__in=ids_of_channel)
        units = live.exclude(department=None)
        return units.exclude(department=self.top) if self.top else units

    def has(self, edition: Edition, ids_of_channel: list[int]) -> bool:
        """The same rule as `stories`, for one row."""
        if self.chosen:
            return edition.department_id in self.tree.ids_within(self.chosen.pk)
        if ids_of_channel:
            return edition.channel_id in ids_of_channel
        top = self.top.pk if self.top else None
        return edition.department_id not in (None, top)


def read(at: datetime, wanted: str = "") -> Units:
    """All units in one query; `wanted` is the number of one, anything else chooses none."""
    published = Edition.objects.live(at).filter(department=OuterRef("pk"))
    tree = Tree(Department.objects.annotate(has_published=Exists(published)))
    number = int(wanted) if re.fullmatch(r"[1-9][0-9]{0,17}", wanted) else 0
    return Units(tree, tree.rows.get(number))
