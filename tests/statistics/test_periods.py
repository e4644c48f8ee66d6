"""Periods of whole days and what they are compared with."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.statistics.periods import (
    Against,
    Kind,
    Period,
    compare,
    month_of,
    of_kind,
)

DAYS = st.dates(date(2001, 1, 1), date(2098, 12, 31))
TODAY = date(2026, 6, 15)


def days_of(period: Period) -> list[date]:
    return [period.first + timedelta(days=number) for number in range(period.days)]


@st.composite
def periods(draw):
    first = draw(DAYS)
    return Period(first, first + timedelta(days=draw(st.integers(0, 800))))


class TestPeriod:
    @given(periods())
    def test_is_its_whole_months_and_its_loose_days(self, period):
        found = [day for part in period.loose_days for day in days_of(part)]
        if months := period.whole_months:
            number = months[0]
            while number <= months[1]:
                found += days_of(month_of(number))
                number += 89 if number % 100 == 12 else 1
        assert sorted(found) == days_of(period)

    @pytest.mark.parametrize(
        ("first", "last", "months"),
        [
            (date(2026, 2, 1), date(2026, 2, 28), (202602, 202602)),
            (date(2024, 2, 1), date(2024, 2, 28), None),
            (date(2025, 12, 2), date(2026, 2, 28), (202601, 202602)),
            (date(2026, 1, 1), date(2026, 12, 31), (202601, 202612)),
            (date(2026, 1, 31), date(2026, 2, 1), None),
        ],
    )
    def test_knows_its_whole_months(self, first, last, months):
        assert Period(first, last).whole_months == months


class TestOfKind:
    @pytest.mark.parametrize(
        ("kind", "first", "last"),
        [
            (Kind.THIS_MONTH, date(2026, 6, 1), date(2026, 6, 30)),
            (Kind.LAST_MONTH, date(2026, 5, 1), date(2026, 5, 31)),
            (Kind.THIS_QUARTER, date(2026, 4, 1), date(2026, 6, 30)),
            (Kind.LAST_QUARTER, date(2026, 1, 1), date(2026, 3, 31)),
            (Kind.THIS_YEAR, date(2026, 1, 1), date(2026, 12, 31)),
            (Kind.LAST_YEAR, date(2025, 1, 1), date(2025, 12, 31)),
        ],
    )
    def test_goes_to_its_last_day(self, kind, first, last):
        assert of_kind(kind, TODAY) == Period(first, last)


class TestCompare:
    @pytest.mark.parametrize(
        ("asked", "against", "before"),
        [
            # A month by a month, whatever their lengths.
            (("2026-03-01", "2026-03-31"), Against.BEFORE, ("2026-02-01", "2026-02-28")),
            (("2026-01-01", "2026-03-31"), Against.BEFORE, ("2025-10-01", "2025-12-31")),
            (("2025-01-01", "2025-12-31"), Against.BEFORE, ("2024-01-01", "2024-12-31")),
            (("2026-03-02", "2026-03-31"), Against.BEFORE, ("2026-01-31", "2026-03-01")),
            (("2025-02-01", "2025-02-28"), Against.YEAR_AGO, ("2024-02-01", "2024-02-29")),
            (("2024-02-10", "2024-02-29"), Against.YEAR_AGO, ("2023-02-10", "2023-02-28")),
            # What still runs by as many days.
            (("2026-06-01", "2026-06-30"), Against.BEFORE, ("2026-05-01", "2026-05-15")),
            (("2026-06-01", "2026-06-30"), Against.YEAR_AGO, ("2025-06-01", "2025-06-15")),
            (("2026-01-01", "2026-12-31"), Against.BEFORE, ("2025-01-01", "2025-06-15")),
        ],
    )
    def test_takes_what_is_like_it(self, asked, against, before):
        period = Period(*map(date.fromisoformat, asked))
        found = compare(period, against, TODAY)
        assert found.before == Period(*map(date.fromisoformat, before))
        assert found.now.last == min(period.last, TODAY)

    @given(periods(), st.sampled_from(Against), DAYS)
    def test_never_overlaps_a_period_before(self, period, against, today):
        found = compare(period, against, today)
        assert found.now.first == period.first
        assert found.before.first <= found.before.last
        if against is Against.BEFORE:
            assert found.before.last < period.first
