"""A clock set back an hour: what was acknowledged is counted, once, and the audit agrees."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles.models import ViewLedger
from articles.visits import audit, draining, figures
from tests.conftest import NOON
from tests.visits.looking import HOUR, MINUTE, browser, key, look

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def differences() -> list[audit.Difference]:
    days = [NOON.date() + timedelta(days=shift) for shift in (-1, 0, 1)]
    return [row for day in days for row in audit.recount(day)] + audit.recount_totals()


@pytest.mark.parametrize("hour", [12, 0], ids=["at noon", "after midnight"])
@pytest.mark.parametrize("drains", [False, True])
def test_nobody_is_counted_twice_or_lost(story, time_machine, hour, drains):
    start = NOON.replace(hour=hour, minute=20)
    readers = [browser() for _ in range(3)]
    for number, reader in enumerate(readers):
        time_machine.move_to(start + number * MINUTE)
        assert look(story, reader, key(number)).json() == {"views": number + 1}
    if drains:
        draining.drain()
    time_machine.move_to(start - HOUR)
    for reader in readers:
        assert look(story, reader).json() == {"views": 3}
    assert look(story, browser(), key(9)).json() == {"views": 4}
    # It is right again.
    time_machine.move_to(start + 5 * MINUTE)
    for reader in readers:
        assert look(story, reader).json() == {"views": 4}
    assert ViewLedger.objects.count() == figures.views(story.pk) == 4
    draining.drain()
    assert differences() == []
    assert figures.views(story.pk) == 4


@pytest.mark.parametrize("drains", [False, True])
def test_nor_who_keeps_no_cookie(story, time_machine, drains):
    """Known by the key alone, whose first view is filed under a day that has not come again yet."""
    start = NOON.replace(hour=0, minute=20)
    time_machine.move_to(start)
    assert look(story, browser(), key(1)).json() == {"views": 1}
    if drains:
        draining.drain()
    for back in (HOUR, 21 * MINUTE, -5 * MINUTE):
        time_machine.move_to(start - back)
        assert look(story, browser(), key(1)).json() == {"views": 1}
    assert look(story, browser(), key(2)).json() == {"views": 2}
    draining.drain()
    assert differences() == []


def test_a_visit_goes_on_as_long_as_it_may(story, time_machine):
    reader = browser()
    look(story, reader)
    time_machine.move_to(NOON - HOUR)
    look(story, reader)
    # By the time that was promised first; then 30 minutes are over.
    time_machine.move_to(NOON + 29 * MINUTE)
    assert look(story, reader).json() == {"views": 1}
    time_machine.move_to(NOON + 60 * MINUTE)
    assert look(story, reader).json() == {"views": 2}
