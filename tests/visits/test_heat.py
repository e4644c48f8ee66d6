"""Decaying views: what the logarithm says is what the sum of decayed views says."""

from __future__ import annotations

from datetime import date, timedelta
from math import isclose, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.visits import heat

DAY = date(2026, 6, 15)
MOMENTS = st.tuples(st.integers(min_value=0, max_value=400), st.integers(min_value=0, max_value=23))
VIEWS = st.lists(st.tuples(st.integers(min_value=1, max_value=100_000), MOMENTS), max_size=20)
CLOSE = {"rel_tol": 1e-9, "abs_tol": 1e-9}


def of(views) -> float:
    total = heat.NONE
    for n, (day, hour) in views:
        total = heat.added(total, heat.of_views(n, DAY + timedelta(days=day), hour))
    return total


def age_in_days(moment, now) -> float:
    return (now[0] - moment[0]) + (now[1] - moment[1]) / 24


class TestHeat:
    @given(VIEWS.filter(bool))
    def test_is_the_logarithm_of_decayed_views(self, views):
        """At any later moment a view weighs half after two days, a quarter after four."""
        now = (401, 0)
        decayed = sum(n * 0.5 ** (age_in_days(moment, now) / heat.HALF_LIFE) for n, moment in views)
        at_now = heat.of_views(1, DAY + timedelta(days=now[0]), now[1])
        assert isclose(of(views), at_now + log2(decayed), **CLOSE)

    @given(VIEWS, st.randoms(use_true_random=False))
    def test_does_not_depend_on_the_order(self, views, chance):
        shuffled = list(views)
        chance.shuffle(shuffled)
        assert isclose(of(views), of(shuffled), **CLOSE)

    @given(VIEWS, VIEWS, VIEWS)
    def test_may_be_added_in_parts(self, one, two, three):
        apart = heat.added(of(one), heat.added(of(two), of(three)))
        assert isclose(apart, heat.added(heat.added(of(one), of(two)), of(three)), **CLOSE)
        assert isclose(apart, of([*one, *two, *three]), **CLOSE)

    @given(VIEWS, VIEWS.filter(bool))
    def test_never_falls(self, views, more):
        assert of([*views, *more]) >= of(views)

    @given(st.integers(min_value=1, max_value=10**9), MOMENTS)
    def test_of_one_hour_is_that_of_its_views_one_by_one(self, n, moment):
        halves = heat.added(of([(n, moment)]), of([(n, moment)]))
        assert isclose(halves, of([(2 * n, moment)]), **CLOSE)

    @pytest.mark.parametrize(("days", "views"), [(0, 1), (2, 2), (4, 4), (20, 1024)])
    def test_of_so_many_views_then_equals_one_now(self, days, views):
        then = heat.of_views(views, DAY - timedelta(days=days), 12)
        assert isclose(then, heat.of_views(1, DAY, 12), **CLOSE)

    def test_of_nothing_is_less_than_any(self):
        assert heat.added(heat.NONE, heat.NONE) == heat.NONE
        first_hour = heat.of_views(1, heat.BEGINNING, 1)
        assert first_hour > heat.NONE
        assert heat.added(heat.NONE, first_hour) == heat.added(first_hour, heat.NONE) == first_hour

    def test_stays_a_number_for_a_century(self):
        late = heat.of_views(10**9, date(2120, 1, 1), 23)
        assert heat.added(late, heat.of_views(1, DAY, 0)) == late
