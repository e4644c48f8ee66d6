"""Decaying views: each weighs half as much after two days. Pure.

Kept as a logarithm that counts from a fixed day: a view at time t adds 2^(t/half-life), so that
nothing has to be recomputed while it cools, and the order of two articles changes only when one
of them is read. (Reddit's ranking and Forward Decay of Cormode et al., 2009, rest on the same.)
"""

from __future__ import annotations

from datetime import date
from math import log2

HALF_LIFE = 2  # days
BEGINNING = date(2020, 1, 1)
# Of an article nobody has read; less than any view since the beginning.
NONE = 0.0


def of_views(n: int, day: date, hour: int) -> float:
    """The heat of n views in one hour of a day."""
    return ((day - BEGINNING).days + hour / 24) / HALF_LIFE + log2(n)


def added(one: float, other: float) -> float:
    """The heat of both together."""
    if NONE in (one, other):
        return max(one, other)
    return max(one, other) + log2(1 + 2 ** -abs(one - other))
