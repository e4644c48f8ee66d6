"""Two revisions of an article side by side: the facts first, then the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.comparing import amounts, bodies, facts, sequences
from articles.comparing.bodies import MOVED, MOVED_AWAY, BlockChange
from articles.comparing.facts import Content, FieldChange
from articles.comparing.pieces import DELETE, INSERT, Budget, Piece
from articles.models import Article, Channel, ContentClass, Department

TYPED_FIELDS = (
    "kicker",
    "title",
    "subtitle",
    "outside_source",
    "byline",
    "short_title",
    "summary",
)
# In the order of the form. Names of what is chosen are looked up.
FIELDS = (
    "kicker",
    "title",
    "subtitle",
    "channel_id",
    "content_class_id",
    "source_department_id",
    "outside_source",
    "byline",
    "tags",
    "related",
    "short_title",
    "summary",
    "cover_id",
    "attachments",
)
# What is chosen among rows with names.
CHOSEN: dict[str, type[models.Model]] = {
    "channel_id": Channel,
    "content_class_id": ContentClass,
    "source_department_id": Department,
}
# A save waits for its amount.
SECONDS_FOR_AMOUNT = 0.1
STEPS_FOR_AMOUNT = 1_000_000
# Unchanged blocks shown beside a change; the rest of a longer stretch is folded.
NEARBY = 1


@dataclass(frozen=True)
class Amount:
    """How much changed, in characters of the words a reader or editor sees."""

    added: int = 0
    removed: int = 0


class Changeable(Protocol):
    @property
    def is_changed(self) -> bool: ...


T = TypeVar("T", bound=Changeable)


@dataclass(frozen=True)
class Stretch(Generic[T]):
    """Neighbouring blocks; folded when none of them changed and they are many."""

    blocks: list[T]
    is_folded: bool = False


@dataclass(frozen=True)
class Comparison:
    fields: list[FieldChange]
    blocks: list[BlockChange]

    @property
    def changed_fields(self) -> list[FieldChange]:
        return [field for field in self.fields if field.is_changed]

    @property
    def is_same(self) -> bool:
        return not self.changed_fields and not any(block.is_changed for block in self.blocks)

    @property
    def changes(self) -> int:
        """How many places there are to look at."""
        return len(self.changed_fields) + sum(block.is_changed for block in self.blocks)

    @property
    def stretches(self) -> list[Stretch[BlockChange]]:
        return list(folded(self.blocks))

    @property
    def amount(self) -> Amount:
        added = removed = 0
        for piece in self._pieces():
            added += len(piece.text) if piece.kind == INSERT else 0
            removed += len(piece.text) if piece.kind == DELETE else 0
        return Amount(added, removed)

    def _pieces(self) -> Iterator[Piece]:
        for field in self.fields:
            if field.name not in CHOSEN and field.name != "cover_id":
                yield from field.pieces
        for block in self.blocks:
            if block.kind not in (MOVED, MOVED_AWAY):
                yield from block.pieces
            for fact in block.facts:
                if fact.name in facts.TYPED:
                    yield from fact.pieces


def folded(blocks: list[T]) -> Iterator[Stretch[T]]:
    """Changes with what stands beside them, and between them what did not change."""
    near = [False] * len(blocks)
    for place, block in enumerate(blocks):
        if block.is_changed:
            for beside in range(max(place - NEARBY, 0), min(place + NEARBY + 1, len(blocks))):
                near[beside] = True
    start = 0
    for place in range(1, len(blocks) + 1):
        if place == len(blocks) or near[place] != near[start]:
            run = blocks[start:place]
            yield Stretch(run, is_folded=not near[start] and len(run) > 1)
            start = place


def compare(
    old: dict[str, Any], new: dict[str, Any], *, budget: Budget | None = None
) -> Comparison:
    """What lies between two revisions' contents; {} is the content of no revision."""
    budget = budget or Budget()
    names = {name: _names(model, old.get(name), new.get(name)) for name, model in CHOSEN.items()}
    before, after = Content(old), Content(new)
    fields = [_field(name, before, after, names, budget) for name in FIELDS]
    return Comparison(fields, bodies.compare(before, after, budget))


def amount(old: dict[str, Any], new: dict[str, Any]) -> Amount:
    """How much lies between two revisions' contents; {} is the content of no revision."""
    before, after = Content(old), Content(new)
    budget = Budget(SECONDS_FOR_AMOUNT, sequences.Effort(STEPS_FOR_AMOUNT))
    fields = [_field(name, before, after, {}, budget) for name in FIELDS]
    parts = amounts.changed_part(old.get("body", ""), new.get("body", ""))
    if amounts.is_long(*parts):
        facts_alone = Comparison(fields, []).amount
        added, removed = amounts.by_blocks(before, after, parts)
        return Amount(facts_alone.added + added, facts_alone.removed + removed)
    before, after = Content(old | {"body": parts[0]}), Content(new | {"body": parts[1]})
    return Comparison(fields, bodies.compare(before, after, budget)).amount


def field_label(name: str) -> str:
    if name == "attachments":
        return str(_("Attachments"))
    column = Article._meta.get_field(name.removesuffix("_id"))
    return capfirst(str(column.verbose_name))  # type: ignore[union-attr]


def spoken_field(
    name: str, content: dict[str, Any], names: dict[str, dict[int, str]] | None = None
) -> str:
    """A field of a revision's content in words; rows by their names."""
    value = content.get(name)
    if name == "tags":
        return "、".join(value or [])
    if name == "attachments":
        return "\n".join(row["title"] for row in value or [])
    if name == "related":
        return "\n".join(_titles(value or ""))
    if name == "cover_id":
        return Content(content).picture_name(value)
    if name in CHOSEN:
        if not value:
            return ""
        if names is None:
            names = {name: _names(CHOSEN[name], value)}
        unknown = _("deleted meanwhile (number %(row)d)") % {"row": value}
        return names.get(name, {}).get(value, unknown)
    return str(value or "")


def _field(
    name: str, old: Content, new: Content, names: dict[str, dict[int, str]], budget: Budget
) -> FieldChange:
    before, after = spoken_field(name, old.raw, names), spoken_field(name, new.raw, names)
    if name in ("tags", "attachments", "related"):
        return FieldChange(name, field_label(name), _listed(name, old, new))
    if name == "cover_id" and old.raw.get(name) == new.raw.get(name):
        # The same picture, though it may stand in another place now.
        before = after
    elif name == "cover_id" and before == after:
        after = _("%(picture)s (another one)") % {"picture": after}
    return facts.change(name, field_label(name), before, after, budget, typed=name in TYPED_FIELDS)


def _listed(name: str, old: Content, new: Content) -> tuple[Piece, ...]:
    """Whole names: what stayed, what is gone, what came; a new order is shown as such."""
    if name == "tags":
        left, right = old.raw.get(name) or [], new.raw.get(name) or []
    elif name == "related":
        left, right = _titles(old.raw.get(name) or ""), _titles(new.raw.get(name) or "")
    else:
        left, right = list(old.attachments.values()), list(new.attachments.values())
    return listed(left, right)


def listed(left: list[str], right: list[str]) -> tuple[Piece, ...]:
    """The way from one list of names to the other, a piece for each name."""
    same = sequences.same_items(left, right)
    found: list[Piece] = []
    place = target = 0
    for one, other in [*same, (len(left), len(right))]:
        found += [Piece(DELETE, each) for each in left[place:one]]
        found += [Piece(INSERT, each) for each in right[target:other]]
        found += [Piece("equal", left[one])] if one < len(left) else []
        place, target = one + 1, other + 1
    return tuple(found)


def _titles(numbers: str) -> list[str]:
    """The stories of a list of numbers, each by number and title."""
    wanted = [int(number) for number in numbers.split()]
    found = _names(Article, *wanted)
    return [f"{number} {found.get(number, '')}".strip() for number in wanted]


def _names(model: type[models.Model], *rows: int | None) -> dict[int, str]:
    known = [row for row in rows if row]
    if not known:
        return {}
    found = model._default_manager.filter(pk__in=known)
    return {row.pk: str(row) for row in found}
