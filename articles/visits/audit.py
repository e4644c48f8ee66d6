"""Recounts days from the ledger and compares them with the sums that are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet, Sum

from articles.models import (
    ArticleViews,
    DailyViews,
    Outcome,
    ViewCorrection,
    ViewHold,
    ViewInbox,
    ViewLedger,
)
from articles.visits import ledger


@dataclass(frozen=True)
class Difference:
    """Two ways of counting the same that do not agree. `day` is None for a sum of all days."""

    article_id: int
    day: date | None
    counted: int
    shown: int


def recount(day: date) -> list[Difference]:
    """Views of a day by the ledger, against the day's sums and what waits for a drain."""
    with _still():
        counted = Counter(_in_ledger(day))
        shown = Counter(_by_article(DailyViews.objects.filter(day=day), "views"))
        waiting = ViewInbox.objects.filter(day=day, outcome=Outcome.COUNTED)
        shown.update(_by_article(waiting, "n"))
    return [
        Difference(article_id, day, counted[article_id], shown[article_id])
        for article_id in sorted(counted | shown)
        if counted[article_id] != shown[article_id]
    ]


def recount_totals() -> list[Difference]:
    """Totals against the sum of all days, and corrections against those that stand."""
    with _still():
        days = Counter(_by_article(DailyViews.objects.all(), "views"))
        totals = dict(ArticleViews.objects.values_list("article_id", "total"))
        standing = Counter(_by_article(ViewCorrection.objects.filter(reversed_at=None), "n"))
        corrected = dict(ArticleViews.objects.values_list("article_id", "corrected"))
    found = []
    for counted, shown in ((days, totals), (standing, corrected)):
        for article_id in sorted(set(counted) | set(shown)):
            pair = counted.get(article_id, 0), shown.get(article_id, 0)
            if pair[0] != pair[1]:
                found.append(Difference(article_id, None, *pair))
    return found


def days_to_audit(today: date) -> list[date]:
    """The days whose ledger is kept whole, the oldest first."""
    # The ledger goes by the day the visit began, the day before at the earliest.
    days = ledger.LIFE.days - 1
    return [today - timedelta(days=back) for back in range(days, -1, -1)]


def counted_on(day: date) -> QuerySet[ViewLedger]:
    """What of the ledger counts on this day; a visit may have begun the day before."""
    released = ViewHold.objects.filter(verdict=ViewHold.Verdict.RELEASED).values("pk")
    return ViewLedger.objects.filter(
        Q(hold_id=None) | Q(hold_id__in=released),
        visit_day__in=(day, day - timedelta(days=1)),
        counted_on=day,
    )


def _in_ledger(day: date) -> dict[int, int]:
    rows = counted_on(day)
    return dict(rows.order_by().values_list("article_id").annotate(n=Count("*")))


def _by_article(rows, field: str) -> dict[int, int]:  # type: ignore[no-untyped-def]
    return dict(rows.order_by().values_list("article_id").annotate(sum=Sum(F(field))))


@contextmanager
def _still() -> Iterator[None]:
    """One state of all tables while readers go on."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
