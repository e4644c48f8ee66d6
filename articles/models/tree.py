"""Trees of a few hundred rows: read in one query, walked in memory.

Departments and channels are small and change once a month; a nested-set library would buy
nothing but a second truth to keep.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


def number_or_none(name: str) -> Coalesce:
    """A reference as part of what must be unique: without one is one value like others.

    NULLS NOT DISTINCT would say it, which neither SQLite nor PostgreSQL before 15 knows.
    """
    return Coalesce(name, 0, output_field=models.BigIntegerField())


class TreeNode(models.Model):
    """A row that may stand beneath another of its kind."""

    parent_id: int | None
    parent = models.ForeignKey(
        "self",
        verbose_name=_("beneath"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text=_("Leave empty for the top of the tree."),
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers come first among neighbours.")
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.pk and self.parent_id and self.pk in self._ids_above():
            raise ValidationError(
                {
                    "parent": _(
                        "This would put the entry beneath itself. Choose another one above it."
                    )
                }
            )

    def _ids_above(self) -> set[int]:
        rows: Any = type(self)._default_manager
        parents = dict(rows.values_list("pk", "parent_id"))
        above: set[int] = set()
        node = self.parent_id
        while node and node not in above:
            above.add(node)
            node = parents.get(node)
        return above


class Tree:
    """All rows of one kind, or some of them, arranged.

    What has nobody above it among the rows stands at the top. Rows of a broken ring are left out
    of `walk`.
    """

    def __init__(self, rows: Iterable[Any]):
        self.rows = {row.pk: row for row in rows}
        self._beneath: dict[int | None, list[Any]] = defaultdict(list)
        for row in self.rows.values():
            above = row.parent_id if row.parent_id in self.rows else None
            self._beneath[above].append(row)
        for siblings in self._beneath.values():
            siblings.sort(key=lambda row: (row.order, row.pk))

    def children(self, row_id: int | None = None) -> list[Any]:
        return list(self._beneath.get(row_id, ()))

    def path_to(self, row_id: int) -> list[Any]:
        """The row and those above it, topmost first."""
        path: list[Any] = []
        row = self.rows.get(row_id)
        while row is not None and row not in path:
            path.insert(0, row)
            row = self.rows.get(row.parent_id)
        return path

    def ids_within(self, row_id: int) -> list[int]:
        """The row itself and all beneath it, each once even in a broken ring."""
        ids = [row_id]
        for above in ids:
            ids += [row.pk for row in self.children(above) if row.pk not in ids]
        return ids

    def walk(self, row_id: int | None = None, depth: int = 0) -> Iterator[tuple[int, Any]]:
        """(depth, row) in reading order."""
        for row in self._beneath.get(row_id, ()):
            yield depth, row
            yield from self.walk(row.pk, depth + 1)
