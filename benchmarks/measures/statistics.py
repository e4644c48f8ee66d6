"""The statistics of a year, from sums that are kept, against the same figures from the ledger.

Both are asked through the same code, in one run; only where views are read differs. Their figures
must agree. A year of rows is made for the occasion: real ledgers are kept for 35 days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from random import Random
from statistics import median
from time import perf_counter, process_time
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction
from django.db.models import Count
from django.db.models.functions import ExtractHour
from django.utils import timezone

from articles.models import DailyViews, Edition, EditionFacts, HourlyViews, ViewLedger
from articles.statistics import bulletin, days, periods, stories, sums, tables
from articles.statistics.periods import Against, Comparison, Kind, Period
from articles.statistics.ranking import Measure
from articles.statistics.stories import Narrowing
from benchmarks import scratch
from benchmarks.plan import Plan
from benchmarks.report import Line, Report
from newsroom import bulk

DAYS = 365
# Of all stories those read on one day, and how often at most: 8,200 of 50,000, three million days.
SHARE, MOST = 0.164, 7
LEAST = 5.0
# Among fewer, what does not grow with rows takes most of the time.
ENOUGH = 10_000
HOUR = 9
FEW_DAYS = 7
LEDGER_COLUMNS = (
    "visit_day",
    "article_id",
    "visit_id",
    "counted_on",
    "counted_at",
    "network",
    "is_first",
)
LEDGER = """
    SELECT article_id, {views}, 0, 0 FROM articles_viewledger WHERE visit_day BETWEEN %s AND %s
"""


def measure(plan: Plan) -> Report:
    scratch.stock(plan.articles, fast=True)
    _fill()
    rows, views = DailyViews.objects.count(), ViewLedger.objects.count()
    report = Report(
        f"statistics, {Edition.objects.count():,} articles, {rows:,} days, {views:,} views",
        "the same figures from the rows of the ledger, computations per second",
    )
    for name, compute in _pages().items():
        ratios, aside = [], ""
        for _ in range(plan.rounds):
            kept, figures = _timed(compute)
            with _from_ledger():
                raw, others = _timed(compute)
            if figures != others:
                report.faults.append(f"{name}: the ledger says otherwise")
            ratios.append(raw / kept)
            aside = f"{kept * 1000:.0f} ms, from the ledger {raw * 1000:.0f} ms"
        report.lines.append(Line(name, ratios, aside))
        if plan.articles >= ENOUGH and median(ratios) < LEAST:
            report.faults.append(f"{name}: less than {LEAST:g} times as fast as the ledger")
    return report


def _pages() -> dict[str, Callable[[], Any]]:
    today = timezone.localdate()

    def compared(kind: Kind) -> Comparison:
        return periods.compare(periods.of_kind(kind, today), Against.BEFORE, today)

    year = periods.compare(_months_over(today), Against.BEFORE, today)
    month, views = compared(Kind.LAST_MONTH), Measure.VIEWS
    # Of one or two days the ledger has hardly anything to count.
    running = compared(Kind.THIS_MONTH) if today.day > FEW_DAYS else month
    return {
        "overview of a year": lambda: (sums.rows(year), days.course(year)),
        "units, last month": lambda: tables.by_unit(month, views),
        "units, running month": lambda: tables.by_unit(running, views),
        "units, a year": lambda: tables.by_unit(year, views),
        "authors, a year": lambda: tables.by_author(year, views),
        "tags, a year": lambda: tables.by_tag(year, views),
        "topics, a year": lambda: tables.by_topic(year, views),
        "articles, a year": lambda: stories.by_article(year, views, Narrowing())[:50],
        "unread, a year": lambda: stories.unread(year),
        "hours of a year": lambda: days.hours(year.now).views,
        "bulletin of a month": lambda: bulletin.compose(month),
    }


def _months_over(today: date) -> Period:
    """The twelve months before this one."""
    end = today.replace(day=1) - timedelta(days=1)
    return Period(date(today.year - 1, today.month, 1), end)


def _timed(compute: Callable[[], Any]) -> tuple[float, Any]:
    # SQLite works in this process, whose own time no busy neighbour lengthens.
    clock = process_time if connection.vendor == "sqlite" else perf_counter
    start = clock()
    found = compute()
    return clock() - start, found


@contextmanager
def _from_ledger() -> Iterator[None]:
    """Views are counted in the ledger meanwhile: of articles, of days, of hours."""

    def parts(
        published: Period, read: Period, places: str, new: tuple[int, int]
    ) -> Iterator[tuple[str, list[Any]]]:
        yield sums.PUBLISHED.format(is_new=new[0], was_new=new[1]), sums._days(published)
        yield LEDGER.format(views=places.format("1")), sums._days(read)

    def views_by_day(comparison: Comparison) -> Counter[date]:
        rows = ViewLedger.objects.filter(days._in_either(comparison, "visit_day"))
        return Counter(dict(rows.order_by().values_list("visit_day").annotate(n=Count("*"))))

    def views_by_hour(period: Period) -> Iterator[tuple[date, int, int]]:
        rows = ViewLedger.objects.filter(visit_day__range=(period.first, period.last))
        by_hour = rows.annotate(hour=ExtractHour("counted_at")).order_by()
        return iter(by_hour.values_list("visit_day", "hour").annotate(n=Count("*")))

    with (
        patch.object(sums, "_parts", parts),
        patch.object(days, "_views_by_day", views_by_day),
        patch.object(days, "_views_by_hour", views_by_hour),
    ):
        yield


def _fill() -> None:
    """A year of days, of hours and of the ledger, whose rows tell the same."""
    chance = Random(DAYS)
    articles = list(EditionFacts.objects.order_by("pk").values_list("pk", flat=True))
    today = timezone.localdate()
    with transaction.atomic():
        for back in range(DAYS):
            read = sorted(chance.sample(articles, int(len(articles) * SHARE)))
            views = {article: chance.randint(1, MOST) for article in read}
            _add_day(today - timedelta(days=back), views)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # No page asks the ledger for as much as we do, nor tidies up as autovacuum would.
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM ANALYZE")
        else:
            # What maintenance tells the planner; without it SQLite chooses better by luck.
            cursor.execute("ANALYZE")


def _add_day(day: date, views: dict[int, int]) -> None:
    """All of it at HOUR o'clock: for the speed of sums it makes no difference when."""
    at = datetime.combine(day, time(HOUR), timezone.get_default_timezone())
    moment, typed = connection.ops.adapt_datetimefield_value(at), sums.adapted(day)
    rows = ((article, typed, n, 0) for article, n in views.items())
    bulk.insert(DailyViews._meta.db_table, ("article_id", "day", "views", "from_hot"), rows)
    HourlyViews.objects.create(day=day, hour=HOUR, views=sum(views.values()))
    counted = (
        (typed, article, f"{number:032x}", typed, moment, "", False)
        for article, n in views.items()
        for number in range(n)
    )
    bulk.insert(ViewLedger._meta.db_table, LEDGER_COLUMNS, counted)
