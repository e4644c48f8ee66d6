"""Bar charts drawn by the server: rectangles for an SVG, sized in a box of its own units.

A chart shows what the table under it says; no script is needed, and colours are the sheet's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

HEIGHT = 100
# Of each bar's width, what is left empty.
GAP = 0.25
# What the top of a chart may be, times a power of ten.
ROUND = (1, 2, 5, 10)


@dataclass(frozen=True)
class Part:
    """A piece of a bar; `kind` names its colour in the sheet."""

    kind: str
    y: float
    height: float


@dataclass(frozen=True)
class Bar:
    label: str
    x: float
    width: float
    parts: list[Part]


@dataclass(frozen=True)
class Chart:
    """`top`: the number its upper edge stands for. `marks`: labels under it, evenly spread."""

    width: int
    height: int
    top: int
    bars: list[Bar]
    marks: list[str]


def chart(kinds: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """`rows`: the label of each bar and the sizes of its pieces, the first one at the bottom."""
    top = _round_top(max((sum(sizes) for _label, sizes in rows), default=0))
    bars = [
        Bar(label, number + GAP / 2, 1 - GAP, _stacked(kinds, sizes, top))
        for number, (label, sizes) in enumerate(rows)
    ]
    return Chart(len(bars), HEIGHT, top, bars, _marks([label for label, _sizes in rows]))


def _stacked(kinds: Sequence[str], sizes: Sequence[int], top: int) -> list[Part]:
    parts, below = [], 0
    for kind, size in zip(kinds, sizes, strict=True):
        below += size
        if size:
            parts.append(Part(kind, _scaled(top - below, top), _scaled(size, top)))
    return parts


def _scaled(size: int, top: int) -> float:
    return round(size * HEIGHT / top, 2)


def _round_top(most: int) -> int:
    """The next round number: 7 → 10, 130 → 200."""
    if most <= 1:
        return 1
    power = 10 ** int(log10(most))
    return next(power * each for each in ROUND if power * each >= most)


def _marks(labels: list[str]) -> list[str]:
    """The first label, the middle one and the last."""
    return labels if len(labels) < 3 else [labels[0], labels[len(labels) // 2], labels[-1]]
