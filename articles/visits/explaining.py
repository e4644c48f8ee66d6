"""“Why was this not counted?”: what the figure of an article is made of, and its days."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from articles.models import (
    ArticleViews,
    DailyViews,
    Outcome,
    UncountedViews,
    ViewHold,
    ViewInbox,
    ViewLedger,
)

# Days shown one by one, as many as the ledger knows; what is older is shown by month.
DAYS = 35
Verdict = ViewHold.Verdict


@dataclass(frozen=True)
class Parts:
    """What the figure is made of. `held` and `struck` are no part of it: they are views of the
    last 35 days that wait for a decision, or were decided against."""

    counted: int = 0
    base: int = 0
    corrected: int = 0
    waiting: int = 0
    held: int = 0
    struck: int = 0

    @property
    def figure(self) -> int:
        return self.counted + self.base + self.corrected + self.waiting


@dataclass(frozen=True)
class Line:
    """What became of an article's beacons from one day to another."""

    first: date
    last: date
    outcomes: Counter[int]

    @property
    def is_day(self) -> bool:
        return self.first == self.last

    @property
    def counted(self) -> int:
        return self.outcomes[Outcome.COUNTED]

    @property
    def uncounted(self) -> int:
        return self.outcomes.total() - self.counted

    @property
    def cells(self) -> list[int]:
        """The numbers in the order of `Outcome`."""
        return [self.outcomes[outcome] for outcome in Outcome]


def parts_of(article_id: int) -> Parts:
    """Two statements; the parts of the figure are read in the first, so that they add up."""
    inbox = ViewInbox.objects.filter(article_id=OuterRef("pk"), outcome=Outcome.COUNTED)
    summed = inbox.order_by().values("article_id").annotate(sum=Sum("n")).values("sum")
    sums = ArticleViews.objects.filter(pk=article_id).annotate(
        waiting=Coalesce(Subquery(summed), 0)
    )
    row = sums.values_list("total", "base", "corrected", "waiting").first()
    counted, base, corrected, waiting = row or (0, 0, 0, 0)
    held = _by_verdict(article_id)
    return Parts(counted, base, corrected, waiting, held[Verdict.OPEN], held[Verdict.STRUCK])


def _by_verdict(article_id: int) -> Counter[str]:
    """The article's views that came into a hold, by what was decided."""
    holds = ViewHold.objects.filter(pk=OuterRef("hold_id"))
    rows = ViewLedger.objects.filter(Exists(holds), article_id=article_id)
    verdicts = rows.annotate(verdict=Subquery(holds.values("verdict")))
    return Counter(verdicts.order_by().values_list("verdict", flat=True))


def lines_of(article_id: int, today: date) -> tuple[list[Line], list[Line]]:
    """The last 35 days one by one, and what is older by month, each the newest first.

    Days before the first beacon are left out. What waits for a drain stands under its day.
    """
    outcomes: dict[date, Counter[int]] = defaultdict(Counter)
    for day, outcome, n in _rows_of(article_id):
        outcomes[day][outcome] += n
    if not outcomes:
        return [], []
    first = max(today - timedelta(days=DAYS - 1), min(outcomes))
    days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    lines = [Line(day, day, outcomes[day]) for day in reversed(days)]
    return lines, _months({day: n for day, n in outcomes.items() if day < first})


def _rows_of(article_id: int) -> Iterable[tuple[date, int, int]]:
    """(day, outcome, number)"""
    for day, n in _of(DailyViews.objects, article_id).values_list("day", "views"):
        yield day, Outcome.COUNTED, n
    for rows in (UncountedViews.objects, ViewInbox.objects):
        yield from _of(rows, article_id).values_list("day", "outcome", "n")


def _of(rows, article_id: int) -> QuerySet:  # type: ignore[no-untyped-def]
    return rows.filter(article_id=article_id).order_by()


def _months(outcomes: dict[date, Counter[int]]) -> list[Line]:
    """A line a month, from its first day that is older to the last."""
    months: dict[tuple[int, int], list[date]] = defaultdict(list)
    for day in sorted(outcomes, reverse=True):
        months[day.year, day.month].append(day)
    return [
        Line(days[-1], days[0], sum((outcomes[day] for day in days), Counter()))
        for days in months.values()
    ]
