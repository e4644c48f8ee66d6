"""A beacon on its way into the ledger, and what is found out about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from articles.models import Outcome
from articles.visits import clock, figures, networks
from articles.visits.recognition import Visit


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a beacon. `views`: the story's figure with this look in it; `waiting`: how
    many rows of its wait to be drained."""

    outcome: Outcome
    views: int
    waiting: int


@dataclass(slots=True)
class Entry:
    """A beacon on its way into the ledger; one without a visit is only tallied.

    `budget`: new visits a minute its network may bring. Without a receipt, once it is written,
    readers may not see the story.
    """

    article_id: int
    at: datetime
    wanted: Outcome
    visit: Visit | None = None
    network: str = ""
    budget: int | None = None
    from_hot: bool = False
    receipt: Receipt | None = None
    day: date = field(init=False)
    hour: int = field(init=False)

    def __post_init__(self) -> None:
        local = clock.local(self.at)
        self.day, self.hour = local.date(), local.hour


@dataclass(slots=True)
class Case:
    """An entry and what is found out about it; found out anew when it is written again."""

    entry: Entry
    outcome: Outcome
    sight: figures.Sight | None = None
    # The visit may be filed under either.
    visit_day: date = field(init=False)
    other_day: date = field(init=False)

    def __post_init__(self) -> None:
        visit, day = self.entry.visit, self.entry.day
        self.visit_day, self.other_day = visit.possible_days() if visit else (day, day)

    @property
    def is_look(self) -> bool:
        return self.outcome in (Outcome.COUNTED, Outcome.HELD)

    @property
    def key(self) -> tuple[int, str]:
        return self.entry.article_id, self.entry.visit.id if self.entry.visit else ""


def open_cases(entries: list[Entry]) -> list[Case]:
    """What shall become of them, should the ledger not know them yet."""
    over_budget = _over_budget(entries)
    cases, seen = [], set()
    for entry in entries:
        case = Case(entry, entry.wanted)
        if visit := entry.visit:
            if case.key in seen:
                case.outcome = Outcome.REPEAT
            elif visit.is_held or (not visit.has_counted and entry.network in over_budget):
                case.outcome = Outcome.HELD
            seen.add(case.key)
        cases.append(case)
    return cases


def _over_budget(entries: list[Entry]) -> set[str]:
    asked = {
        entry.network: entry
        for entry in entries
        if entry.budget is not None and entry.visit and not entry.visit.has_counted
    }
    return {
        network
        for network, entry in asked.items()
        if entry.budget is not None and networks.is_over_budget(network, entry.budget, entry.at)
    }


def stories_of(cases: list[Case]) -> list[int]:
    return sorted({case.entry.article_id for case in cases})
