"""One text against the base: which blocks it kept or rewrote, took out, moved, put in."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from articles.comparing import blocks, sequences


@dataclass(eq=False)
class Coming:
    """A block that stands where the base has none."""

    block: str
    # Where it stood in the base; None for what was put in.
    origin: int | None = None


@dataclass
class Side:
    # Place in the base → how that block reads now.
    kept: dict[int, str] = field(default_factory=dict)
    # Place in the base → where its block stands now, word for word.
    moved: dict[int, Coming] = field(default_factory=dict)
    # Place in the base → what came in before it; behind all for the place after the last.
    come: dict[int, list[Coming]] = field(default_factory=dict)

    def takes_out(self, place: int) -> bool:
        return place not in self.kept and place not in self.moved

    def exchange(self, standing: int, taken_out: int) -> None:
        """Takes one of two equal blocks for the other."""
        if standing in self.kept:
            self.kept[taken_out] = self.kept.pop(standing)
        else:
            coming = self.moved.pop(standing)
            coming.origin = taken_out
            self.moved[taken_out] = coming

    def all_come(self) -> Iterator[Coming]:
        for come in self.come.values():
            yield from come


def read(base: list[str], text: list[str]) -> Side:
    """What became of the base in a text.

    Moves are found before rewritings, so that what only moved is never taken for another block
    rewritten.
    """
    effort = sequences.Effort()
    same = sequences.same_items(base, text, effort)
    stretches = list(sequences.gaps(same, len(base), len(text)))
    origins = _origins(base, text, stretches)
    gone = set(origins.values())
    pairs = list(same)
    for before, after in stretches:
        old = [place for place in before if place not in gone]
        new = [place for place in after if place not in origins]
        alike = sequences.alike(
            [_words(base[place]) for place in old], [_words(text[place]) for place in new], effort
        )
        pairs += [(old[one], new[other]) for one, other in alike]
    return _side(base, text, sorted(pairs), origins)


def _origins(
    base: list[str], text: list[str], stretches: list[tuple[range, range]]
) -> dict[int, int]:
    """Place in the text → place in the base of what stands elsewhere now, word for word."""
    missing: dict[str, deque[int]] = defaultdict(deque)
    for before, _after in stretches:
        for place in before:
            missing[base[place]].append(place)
    found = {}
    for _before, after in stretches:
        for place in after:
            if missing.get(text[place]):
                found[place] = missing[text[place]].popleft()
    return found


def _side(
    base: list[str], text: list[str], pairs: list[tuple[int, int]], origins: dict[int, int]
) -> Side:
    side = Side()
    place = target = 0
    for one, other in [*pairs, (len(base), len(text))]:
        if target < other:
            side.come[place] = [Coming(text[at], origins.get(at)) for at in range(target, other)]
        if one < len(base):
            side.kept[one] = text[other]
        place, target = one + 1, other + 1
    for coming in side.all_come():
        if coming.origin is not None:
            side.moved[coming.origin] = coming
    return side


def _words(block: str) -> str:
    return "\n".join(each.words for each in blocks.read(block)) or block
