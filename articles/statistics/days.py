"""The course of a period: views and publications by day, by month when it is long; best hours.

Views by day and hour are sums over all stories. They are read from the hours, of which a year
holds nine thousand, where the days of single stories are millions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Count, Q, Sum

from articles.models import EditionFacts, HourlyViews, ViewCorrection
from articles.statistics.periods import Comparison, Period

# More days than this are drawn and told by month.
MOST_DAYS = 366
HOURS, WEEKDAYS, LEVELS = 24, 7, 9


@dataclass(frozen=True)
class Point:
    """A day, or a month by its first day."""

    day: date
    views: int
    published: int


@dataclass(frozen=True)
class Course:
    now: list[Point]
    before: list[Point]
    is_by_month: bool


@dataclass(frozen=True)
class Hour:
    """One hour of one weekday: all views, and those of such an hour on average; `level` 0 to 9."""

    weekday: int
    hour: int
    views: int
    mean: Fraction
    level: int


@dataclass(frozen=True)
class Hours:
    """`week`: Monday first, 24 hours each; `best`: the busiest, five at most."""

    week: list[list[Hour]]
    best: list[Hour]
    views: int


def course(comparison: Comparison) -> Course:
    """Both periods, in three statements."""
    views = _views_by_day(comparison)
    published = _published_by_day(comparison)
    is_by_month = max(comparison.now.days, comparison.before.days) > MOST_DAYS

    def points(period: Period) -> list[Point]:
        found: dict[date, list[int]] = {}
        for day in _days_of(period):
            sums = found.setdefault(day.replace(day=1) if is_by_month else day, [0, 0])
            sums[0] += views[day]
            sums[1] += published[day]
        return [Point(day, *sums) for day, sums in found.items()]

    return Course(points(comparison.now), points(comparison.before), is_by_month)


def hours(period: Period) -> Hours:
    """When stories are read, in one statement. Corrections have no hour and are left out."""
    found: Counter[tuple[int, int]] = Counter()
    for day, hour, views in _views_by_hour(period):
        found[day.weekday(), hour] += views
    days = Counter(day.weekday() for day in _days_of(period))
    means = {slot: Fraction(n, days[slot[0]]) for slot, n in found.items() if days[slot[0]]}
    most = max(means.values(), default=Fraction(0))
    week = [
        [_hour(weekday, hour, found, means, most) for hour in range(HOURS)]
        for weekday in range(WEEKDAYS)
    ]
    busiest = sorted((hour for row in week for hour in row if hour.views), key=_busy)
    return Hours(week, busiest[:5], sum(found.values()))


def _busy(hour: Hour) -> tuple[Fraction, int, int]:
    return -hour.mean, hour.weekday, hour.hour


def _hour(
    weekday: int,
    hour: int,
    views: Counter[tuple[int, int]],
    means: dict[tuple[int, int], Fraction],
    most: Fraction,
) -> Hour:
    mean = means.get((weekday, hour), Fraction(0))
    level = -(-mean * LEVELS // most) if most else 0
    return Hour(weekday, hour, views[weekday, hour], mean, int(level))


def _views_by_day(comparison: Comparison) -> Counter[date]:
    counted = HourlyViews.objects.filter(_in_either(comparison, "day"))
    found = Counter(dict(counted.order_by().values_list("day").annotate(n=Sum("views"))))
    corrections = ViewCorrection.objects.filter(_in_either(comparison, "day"), reversed_at=None)
    for day, n in corrections.order_by().values_list("day").annotate(sum=Sum("n")):
        found[day] += n
    return found


def _views_by_hour(period: Period) -> Iterable[tuple[date, int, int]]:
    rows = HourlyViews.objects.filter(day__range=(period.first, period.last))
    return rows.values_list("day", "hour", "views")


def _published_by_day(comparison: Comparison) -> Counter[date]:
    facts = EditionFacts.objects.filter(_in_either(comparison, "published_on"), is_withdrawn=False)
    by_day = facts.order_by().values_list("published_on").annotate(n=Count("*"))
    return Counter(dict(by_day))


def _in_either(comparison: Comparison, column: str) -> Q:
    wanted = Q()
    for period in (comparison.now, comparison.before):
        wanted |= Q(**{f"{column}__range": (period.first, period.last)})
    return wanted


def _days_of(period: Period) -> list[date]:
    return [period.first + timedelta(days=number) for number in range(period.days)]
