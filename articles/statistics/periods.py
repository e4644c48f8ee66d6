"""Periods of whole days, where readers are, and what they are compared with."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FIRST_YEAR, LAST_YEAR = 2000, 2099
# Five years and a day: what one page can be asked for.
LONGEST = timedelta(days=5 * 366)


class Kind(StrEnum):
    THIS_MONTH = "this-month"
    LAST_MONTH = "last-month"
    THIS_QUARTER = "this-quarter"
    LAST_QUARTER = "last-quarter"
    THIS_YEAR = "this-year"
    LAST_YEAR = "last-year"
    CUSTOM = "custom"


class Against(StrEnum):
    """What a period is compared with."""

    BEFORE = "before"
    YEAR_AGO = "year-ago"


# Kind → months it lasts, and how many such periods ago it began.
CALENDAR = {
    Kind.THIS_MONTH: (1, 0),
    Kind.LAST_MONTH: (1, 1),
    Kind.THIS_QUARTER: (3, 0),
    Kind.LAST_QUARTER: (3, 1),
    Kind.THIS_YEAR: (12, 0),
    Kind.LAST_YEAR: (12, 1),
}


@dataclass(frozen=True)
class Period:
    """Days from first to last, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def whole_months(self) -> tuple[int, int] | None:
        """The first and the last month that lie in it whole, such as (202602, 202604)."""
        start = self.first if self.first.day == 1 else _later(self.first, 1)
        after = self.last + timedelta(days=1)
        if start >= after.replace(day=1):
            return None
        return month_number(start), month_number(_later(after, -1))

    @property
    def loose_days(self) -> list[Period]:
        """What lies before and behind the whole months; all of it where there is none."""
        months = self.whole_months
        if months is None:
            return [self]
        start, end = month_of(months[0]).first, month_of(months[1]).last
        one = timedelta(days=1)
        ends = (self.first, start - one), (end + one, self.last)
        return [Period(first, last) for first, last in ends if first <= last]

    def until(self, day: date) -> Period:
        """The part that has come by that day; the first day at least."""
        return Period(self.first, max(self.first, min(self.last, day)))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Comparison:
    """A period as far as it has come, and the one it is compared with.

    `whole`: to its last day, which may not have come yet. Nothing is read on days to come, and
    whole months are summed already.
    """

    whole: Period
    now: Period
    before: Period


def month_number(day: date) -> int:
    return day.year * 100 + day.month


def month_of(number: int) -> Period:
    """The month of a number such as 202603."""
    first = date(number // 100, number % 100, 1)
    return Period(first, _later(first, 1) - timedelta(days=1))


def of_kind(kind: Kind, today: date) -> Period:
    """A calendar period, to its last day though that may not have come yet."""
    months, ago = CALENDAR[kind]
    first = date(today.year, today.month - (today.month - 1) % months, 1)
    first = _later(first, -months * ago)
    return Period(first, _later(first, months) - timedelta(days=1))


def compare(period: Period, against: Against, today: date) -> Comparison:
    """The period up to today, and as many days of the one before, or of a year ago.

    A month is preceded by a month, whatever their lengths, a quarter by a quarter; any other
    stretch of days by as many days. A period that still runs is compared with the same days of
    the other one, else it would always seem to fall behind.
    """
    before = _year_ago(period) if against == Against.YEAR_AGO else _preceding(period)
    now = period.until(today)
    if now.last < period.last:
        before = before.until(before.first + timedelta(days=now.days - 1))
    return Comparison(period, now, before)


def _preceding(period: Period) -> Period:
    end = period.first - timedelta(days=1)
    months = period.whole_months
    if months and not period.loose_days:
        count = _months_between(*months) + 1
        return Period(_later(period.first, -count), end)
    return Period(end - timedelta(days=period.days - 1), end)


def _year_ago(period: Period) -> Period:
    """The same days of the year before; the last of February stays the last of February."""
    if period.whole_months and not period.loose_days:
        return Period(_later(period.first, -12), _later(period.last, -11) - timedelta(days=1))
    return Period(_a_year_before(period.first), _a_year_before(period.last))


def _a_year_before(day: date) -> date:
    longest = monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, min(day.day, longest))


def _months_between(first: int, last: int) -> int:
    return (last // 100 - first // 100) * 12 + last % 100 - first % 100


def _later(day: date, months: int) -> date:
    """The first of the month so many months later."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
