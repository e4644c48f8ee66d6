"""The salts of days: one for all processes, gone after 48 hours."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles.models import DaySalt
from articles.visits import salts
from tests.conftest import NOON
from tests.visits.looking import THREADS, at_once

DAY = NOON.date()


@pytest.mark.django_db
class TestSalts:
    def test_last_for_a_day(self):
        first = salts.of(DAY)
        assert len(first) == 32
        salts.forget()
        assert salts.of(DAY) == first
        assert salts.of(DAY + timedelta(days=1)) != first

    def test_are_asked_for_once_a_process(self, django_assert_num_queries):
        salts.of(DAY)
        with django_assert_num_queries(0):
            salts.of(DAY)

    def test_of_two_days_take_turns_around_midnight(self):
        first, second = salts.of(DAY), salts.of(DAY + timedelta(days=1))
        assert (salts.of(DAY), salts.of(DAY + timedelta(days=1))) == (first, second)

    @pytest.mark.parametrize(
        ("hours_after_the_day", "destroyed"), [(0, 0), (47, 0), (48, 1), (49, 1), (9999, 1)]
    )
    def test_are_destroyed_48_hours_after_their_day(self, hours_after_the_day, destroyed):
        salts.of(DAY)
        end = NOON.replace(hour=0) + timedelta(days=1)
        assert salts.destroy_old(end + timedelta(hours=hours_after_the_day)) == destroyed
        assert DaySalt.objects.count() == 1 - destroyed


@pytest.mark.django_db(transaction=True)
def test_one_salt_is_made_for_all():
    assert len(set(at_once(lambda _thread: salts.of(DAY), range(THREADS)))) == 1
