"""What stands in the merged text whatever is chosen: moved blocks, and what both put in.

Such a block is a part of its own, so that no choice about what stands beside it takes it away.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque

from articles.comparing import sequences
from articles.merging.parts import Part
from articles.merging.places import rows_of
from articles.merging.sides import Coming, Side

# Shorter blocks, lines and blank paragraphs stand in many places: two of them are two.
SHORTEST_KNOWN = len("<p>四个字的</p>")


class Standing:
    """Coming blocks → their parts; None for one that stands elsewhere."""

    def __init__(self, base: list[str], mine: Side, theirs: Side):
        self.base, self.mine, self.theirs = base, mine, theirs
        self.parts: dict[Coming, Part | None] = {}
        self._agree_on_duplicates()
        self._put_in_by_both()
        self._written_elsewhere(mine, theirs)
        self._written_elsewhere(theirs, mine)
        self._written_in_a_conflict(mine, theirs)
        self._written_in_a_conflict(theirs, mine)
        self._moved(mine, theirs)
        self._moved(theirs, mine)
        self._out_of_groups(mine, theirs)
        self._out_of_groups(theirs, mine)

    def _part(self, side: Side, base: str, here: str, other: str, **given: bool) -> Part:
        """The part of a block that stands on this side."""
        values = [(block,) if block else () for block in (here, other)]
        mine, theirs = values if side is self.mine else reversed(values)
        return Part("", (base,) if base else (), mine, theirs, is_text=True, **given)

    def _agree_on_duplicates(self) -> None:
        """Each took one out of blocks that read the same: they mean the same one."""
        spared: dict[str, deque[int]] = defaultdict(deque)
        for place, block in enumerate(self.base):
            stands = self.theirs.kept.get(place) == block or place in self.theirs.moved
            if stands and self.mine.takes_out(place) and is_known_by_itself(block):
                spared[block].append(place)
        for place, block in enumerate(self.base):
            is_out = self.theirs.takes_out(place) and not self.mine.takes_out(place)
            if is_out and spared.get(block):
                self.theirs.exchange(spared[block].popleft(), place)

    def _put_in_by_both(self) -> None:
        """Stands once, where mine has it."""
        for gap, mine in self.mine.come.items():
            theirs = self.theirs.come.get(gap, [])
            for one, other in same_comings(mine, theirs):
                origins = {mine[one].origin, theirs[other].origin} - {None}
                if len(origins) < 2:
                    self._as_one(mine[one], theirs[other])
        for place, coming in self.mine.moved.items():
            twin = self.theirs.moved.get(place)
            if twin and coming not in self.parts and twin not in self.parts:
                self._as_one(coming, twin)
        waiting: dict[str, deque[Coming]] = defaultdict(deque)
        for coming in self.theirs.all_come():
            if coming not in self.parts and coming.origin is None:
                waiting[coming.block].append(coming)
        for coming in self.mine.all_come():
            is_new = coming not in self.parts and coming.origin is None
            if is_new and waiting.get(coming.block) and is_known_by_itself(coming.block):
                self._as_one(coming, waiting[coming.block].popleft())

    def _written_elsewhere(self, side: Side, other: Side) -> None:
        """What one put in and the other made of a block the first left as it was stands once."""
        written = Counter(
            now
            for place, now in other.kept.items()
            if now != self.base[place] and self._leaves(side, place)
        )
        for coming in side.all_come():
            is_new = coming not in self.parts and coming.origin is None
            if is_new and written[coming.block] and is_known_by_itself(coming.block):
                written[coming.block] -= 1
                self.parts[coming] = None

    def _written_in_a_conflict(self, side: Side, other: Side) -> None:
        """What one put in and the other made of a block both changed stands where it was put in.

        Then only the other words for that block are left to ask about.
        """
        written: dict[str, deque[int]] = defaultdict(deque)
        for place, now in other.kept.items():
            is_own = now not in (self.base[place], side.kept.get(place))
            if is_own and not self._leaves(side, place):
                written[now].append(place)
        for coming in side.all_come():
            is_new = coming not in self.parts and coming.origin is None
            if is_new and written[coming.block] and is_known_by_itself(coming.block):
                del other.kept[written[coming.block].popleft()]
                self.parts[coming] = self._part(side, "", coming.block, coming.block)

    def _leaves(self, side: Side, place: int) -> bool:
        """Whether the other side's words for a block are taken unasked."""
        moved = side.moved.get(place)
        return side.kept.get(place) == self.base[place] or bool(moved and moved not in self.parts)

    def _as_one(self, mine: Coming, theirs: Coming) -> None:
        self.parts[theirs] = None
        self.parts[mine] = self._part(self.mine, "", mine.block, mine.block)

    def _moved(self, mover: Side, other: Side) -> None:
        """Taken as it reads on the other side; what the other took out is asked."""
        for place, coming in mover.moved.items():
            if coming in self.parts:
                continue
            block, now = self.base[place], other.kept.get(place)
            if other.takes_out(place):
                self.parts[coming] = self._part(mover, block, block, "", is_disputed=True)
            elif now is None or now == block:
                self.parts[coming] = self._part(mover, "", block, "")
            else:
                # At the old place nothing is left to tell but that it moved away.
                self.parts[coming] = self._part(mover, block, block, now)
                other.kept[place] = block

    def _out_of_groups(self, side: Side, other: Side) -> None:
        """Pictures of the base that stand in another figure now are moved as well."""
        known = {row for block in self.base for row in rows_of(block)}
        for coming in side.all_come():
            if coming not in self.parts and known.intersection(rows_of(coming.block)):
                self.parts[coming] = self._part(side, "", coming.block, "")


def same_comings(mine: list[Coming], theirs: list[Coming]) -> list[tuple[int, int]]:
    return sequences.same_items([each.block for each in mine], [each.block for each in theirs])


def is_known_by_itself(block: str) -> bool:
    """Whether two such blocks are surely one."""
    return len(block) >= SHORTEST_KNOWN
