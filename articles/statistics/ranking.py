"""Measures that rows are compared by, and their ranks."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from articles.statistics.sums import Figures

Key = TypeVar("Key", bound=Hashable)


class Measure(StrEnum):
    VIEWS = "views"
    PUBLISHED = "published"
    WORDS = "words"
    PICTURES = "pictures"
    PER_ARTICLE = "per-article"

    def of(self, figures: Figures) -> int | float:
        """What is compared; the quotient of two whole numbers is the same float whenever it is
        the same number."""
        if self is Measure.PER_ARTICLE:
            return figures.read / figures.published if figures.published else 0
        return int(getattr(figures, self.value))


def ranks(values: Mapping[Key, Any]) -> dict[Key, int]:
    """The largest is first; equal ones share a rank, and the next one's counts them all (1, 2, 2,
    4). Nothing has no rank."""
    ranked: dict[Key, int] = {}
    rank, last = 0, None
    in_order = sorted(
        ((value, key) for key, value in values.items() if value > 0),
        key=lambda pair: pair[0],
        reverse=True,
    )
    for place, (value, key) in enumerate(in_order, start=1):
        if value != last:
            rank, last = place, value
        ranked[key] = rank
    return ranked
