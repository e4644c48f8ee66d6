"""The blocks of two bodies side by side: kept, changed, come, gone, moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from articles.comparing import blocks, facts, looks, sequences
from articles.comparing.blocks import CELL_END, ROW, Block
from articles.comparing.facts import Content, FieldChange
from articles.comparing.pieces import (
    DELETE,
    EQUAL,
    INSERT,
    Budget,
    Piece,
    joined,
    pieces,
    split_at,
)

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"
REFORMATTED, MOVED, MOVED_AWAY = "reformatted", "moved", "moved away"
# Shorter texts stand in many places; they are not followed.
SHORTEST_MOVED = 4


@dataclass(frozen=True)
class BlockChange:
    """A block of the text; its words as pieces, its looks as sentences, a figure's facts."""

    kind: str
    block: Block
    pieces: tuple[Piece, ...] = ()
    notes: tuple[str, ...] = ()
    facts: tuple[FieldChange, ...] = ()
    # What it is called, for example “Picture 3”.
    label: str = ""

    @property
    def is_changed(self) -> bool:
        return self.kind != SAME

    @property
    def cells(self) -> list[tuple[Piece, ...]]:
        """The words of a row of a table, cell by cell."""
        return split_at(self.pieces, CELL_END)

    @property
    def css(self) -> str:
        """Names for the style sheet."""
        names = (self.kind, self.block.type)
        return " ".join("is-" + name.replace(" ", "-") for name in names)


def compare(old: Content, new: Content, budget: Budget) -> list[BlockChange]:
    """Every block of the new body, and those of the old one that are gone, where they stood."""
    left, right = blocks.read(old.raw.get("body", "")), blocks.read(new.raw.get("body", ""))
    sides = _Sides(old, new, budget)
    changes = list(_aligned(left, right, sides))
    return _with_moves(changes, sides)


@dataclass(frozen=True)
class _Sides:
    old: Content
    new: Content
    budget: Budget

    def kept(self, before: Block, after: Block) -> BlockChange:
        """A block that stands on both sides, whether it reads the same or not."""
        if after.is_figure:
            return self._figure(before, after)
        if before.key == after.key:
            return BlockChange(SAME, after, (Piece(EQUAL, after.text),), label=self._label(after))
        found = _pieces(before, after, self.budget)
        notes = looks.notes(before, after, found)
        kind = REFORMATTED if before.text == after.text else CHANGED
        return BlockChange(kind, after, found, notes, label=self._label(after))

    def come(self, block: Block) -> BlockChange:
        return self._one_sided(ADDED, INSERT, block, None, self.new)

    def gone(self, block: Block) -> BlockChange:
        return self._one_sided(REMOVED, DELETE, block, self.old, None)

    def _one_sided(
        self, kind: str, piece: str, block: Block, old: Content | None, new: Content | None
    ) -> BlockChange:
        found = (Piece(piece, block.text),) if block.text else ()
        return BlockChange(
            kind, block, found, facts=self._facts(block, old, new), label=self._label(block, new)
        )

    def _figure(self, before: Block, after: Block) -> BlockChange:
        notes = []
        if before.images != after.images:
            notes = list(self._membership(before, after))
        found = self._facts(after, self.old, self.new)
        changed = notes or any(fact.is_changed for fact in found)
        return BlockChange(
            CHANGED if changed else SAME,
            after,
            notes=tuple(notes),
            facts=found,
            label=self._label(after),
        )

    def _membership(self, before: Block, after: Block) -> Iterator[str]:
        for image in after.images:
            if image not in before.images:
                name = self.new.picture_name(image)
                yield _("%(picture)s was added to the group") % {"picture": name}
        for image in before.images:
            if image not in after.images:
                name = self.old.picture_name(image)
                yield _("%(picture)s (before) was taken out of the group") % {"picture": name}
        common = [image for image in before.images if image in after.images]
        if common != [image for image in after.images if image in before.images]:
            yield _("The order of the pictures changed")

    def _facts(
        self, block: Block, old: Content | None, new: Content | None
    ) -> tuple[FieldChange, ...]:
        if block.video:
            return facts.of_video(block.video, old, new, self.budget)
        return facts.of_pictures(block.images, old, new, self.budget)

    def _label(self, block: Block, content: Content | None = None) -> str:
        if block.images:
            shown = content or (self.new if block.images[0] in self.new.places else self.old)
            names = [shown.picture_name(image) for image in block.images]
            return "、".join(names)
        return str(looks.TYPES[block.type])


def _aligned(left: list[Block], right: list[Block], sides: _Sides) -> Iterator[BlockChange]:
    effort = sides.budget.effort
    same = sequences.same_items([each.key for each in left], [each.key for each in right], effort)
    pairs = list(same)
    for before, after in sequences.gaps(same, len(left), len(right)):
        old_words = [left[place].words for place in before]
        new_words = [right[place].words for place in after]
        for one, other in sequences.alike(old_words, new_words, effort):
            pair = (before[one], after[other])
            if left[pair[0]].is_figure == right[pair[1]].is_figure:
                pairs.append(pair)
    pairs.sort()
    place = target = 0
    for one, other in [*pairs, (len(left), len(right))]:
        yield from (sides.gone(block) for block in left[place:one])
        yield from (sides.come(block) for block in right[target:other])
        if one < len(left):
            yield sides.kept(left[one], right[other])
        place, target = one + 1, other + 1


def _with_moves(changes: list[BlockChange], sides: _Sides) -> list[BlockChange]:
    """What is gone here and came there is told as moved."""
    gone: dict[str, list[int]] = defaultdict(list)
    for place, change in enumerate(changes):
        block = change.block
        if change.kind == REMOVED and (block.is_figure or len(block.text) >= SHORTEST_MOVED):
            gone[block.key].append(place)
    for place, change in enumerate(changes):
        if change.kind != ADDED or not gone.get(change.block.key):
            continue
        origin = gone[change.block.key].pop(0)
        kept = sides.kept(changes[origin].block, change.block)
        where = _("Moved here from above") if origin < place else _("Moved here from below")
        changes[place] = replace(kept, kind=MOVED, notes=(where, *kept.notes))
        changes[origin] = replace(
            changes[origin],
            kind=MOVED_AWAY,
            pieces=(Piece(EQUAL, change.block.text),) if change.block.text else (),
            facts=(),
            notes=(_("Moved down from here") if origin < place else _("Moved up from here"),),
        )
    return changes


def _pieces(before: Block, after: Block, budget: Budget) -> tuple[Piece, ...]:
    """Rows are compared cell by cell, so that no change runs across a border."""
    if not before.type == after.type == ROW:
        return pieces(before.text, after.text, budget)
    old, new = before.text.split(CELL_END), after.text.split(CELL_END)
    if len(old) == len(new):
        pairs = [(place, place) for place in range(len(old))]
    else:
        pairs = sequences.same_items(old, new, budget.effort)
    found: list[Piece] = []
    place = target = 0
    for one, other in [*pairs, (len(old), len(new))]:
        for cell in range(place, one):
            found.append(Piece(DELETE, CELL_END * bool(cell) + old[cell]))
        for cell in range(target, other):
            found.append(Piece(INSERT, CELL_END * bool(cell) + new[cell]))
        if one < len(old):
            kind = EQUAL if one and other else DELETE if one else INSERT
            found += [Piece(kind, CELL_END)] if one or other else []
            found += pieces(old[one], new[other], budget)
        place, target = one + 1, other + 1
    return joined(found)
