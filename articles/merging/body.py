"""Two texts on one base as parts, in the order of the text: in turn a gap and a block of the base.

A paragraph both rewrote is for a person to decide, since two halves of a sentence may fit and
still say something wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import zip_longest

from articles.comparing import blocks
from articles.merging import sides
from articles.merging.parts import Part
from articles.merging.places import Rows, disputed
from articles.merging.sides import Coming
from articles.merging.standing import Standing, same_comings

# Blocks put in one after the other, and the standing one behind them.
Run = tuple[tuple[str, ...], Part | None]


def parts(
    base: str,
    mine: str,
    theirs: str,
    out_of_mine: Rows = frozenset(),
    out_of_theirs: Rows = frozenset(),
) -> list[Part]:
    before = blocks.split(base)
    one, other = (sides.read(before, blocks.split(text)) for text in (mine, theirs))
    standing = Standing(before, one, other)
    found: list[Part] = []
    for place in range(len(before) + 1):
        found += _gap(standing, one.come.get(place, []), other.come.get(place, []))
        if place < len(before):
            left, right = (
                (side.kept[place],) if place in side.kept else () for side in (one, other)
            )
            found.append(Part("", (before[place],), left, right, is_text=True))
    found = [disputed(part, out_of_mine, out_of_theirs) for part in found]
    return _keyed(found)


def _gap(standing: Standing, mine: list[Coming], theirs: list[Coming]) -> Iterator[Part]:
    """What came in at one place; what stands in both is no question."""
    place = target = 0
    for one, other in [*same_comings(mine, theirs), (len(mine), len(theirs))]:
        runs = zip_longest(
            _runs(standing, mine[place : one + 1]),
            _runs(standing, theirs[target : other + 1]),
            fillvalue=((), None),
        )
        for (left, its_end), (right, other_end) in runs:
            if left or right:
                yield Part("", (), left, right, is_text=True)
            yield from filter(None, (its_end, other_end))
        place, target = one + 1, other + 1


def _runs(standing: Standing, come: list[Coming]) -> list[Run]:
    runs: list[Run] = []
    new: list[str] = []
    for coming in come:
        if coming not in standing.parts:
            new.append(coming.block)
        elif part := standing.parts[coming]:
            runs.append((tuple(new), part))
            new = []
    return [*runs, (tuple(new), None)] if new else runs


def _keyed(found: list[Part]) -> list[Part]:
    """Named for what they hold: a choice never lands on another block."""
    seen: Counter[str] = Counter()
    keyed = []
    for part in found:
        held = repr((part.base, part.mine, part.theirs))
        name = sha256(held.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        seen[name] += 1
        keyed.append(replace(part, key=f"block-{name}-{seen[name]}"))
    return keyed
