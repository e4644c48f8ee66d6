"""A measured table, and how it is printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True)
class Line:
    """What was measured, once a round, as ratio; `aside` holds absolute figures."""

    name: str
    ratios: list[float]
    aside: str = ""

    def __str__(self) -> str:
        spread = f"{min(self.ratios):.3g} to {max(self.ratios):.3g}"
        return f"{self.name:<28}{median(self.ratios):>8.3g}   {spread:<20}{self.aside}".rstrip()


@dataclass
class Report:
    title: str
    reference: str
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        heading = f"{'':<28}{'ratio':>8}   {'rounds':<20}for orientation"
        parts = [f"== {self.title}", f"1 = {self.reference}", heading, *map(str, self.lines)]
        parts += self.notes
        parts += [f"FAULT: {fault}" for fault in self.faults]
        return "\n".join(parts)
