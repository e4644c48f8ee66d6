"""The rules of visits and visitors, one class each, named by their numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from articles.models import ViewHold, ViewInbox, ViewLedger
from articles.visits import figures
from tests.factories import make_edition
from tests.visits.looking import HOUR, MINUTE, SECOND, browser, days, key, look

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


class TestV01GapOfHalfAnHour:
    @pytest.mark.parametrize(
        ("quiet", "visits"),
        [
            (timedelta(0), 1),
            (29 * MINUTE + 59 * SECOND, 1),
            (30 * MINUTE, 2),
            (30 * MINUTE + SECOND, 2),
            (-5 * MINUTE, 1),
        ],
    )
    def test_ends_a_visit(self, story, reader, noon, time_machine, quiet, visits):
        look(story, reader, key())
        time_machine.move_to(noon + quiet, tick=False)
        assert look(story, reader).json() == {"views": visits}

    def test_is_measured_from_the_latest_beacon(self, story, reader, noon, time_machine):
        for minutes in (0, 29, 58, 87):
            time_machine.move_to(noon + minutes * MINUTE, tick=False)
            assert look(story, reader).json() == {"views": 1}


class TestV02AnyPage:
    def test_extends_the_visit(self, story, reader, noon, time_machine):
        look(story, reader, key())
        time_machine.move_to(noon + 20 * MINUTE, tick=False)
        assert reader.post(reverse("visit")).status_code == 204
        time_machine.move_to(noon + 49 * MINUTE, tick=False)
        assert look(story, reader).json() == {"views": 1}

    def test_may_begin_the_visit(self, story, noon):
        first, second = browser(), browser()
        first.post(reverse("visit"), {"key": key()})
        look(story, first)
        assert look(story, second, key()).json() == {"views": 1}


class TestV03TwelveHours:
    @pytest.mark.parametrize(("last", "visits"), [(12 * HOUR - SECOND, 1), (12 * HOUR, 2)])
    def test_end_a_visit_whatever_happens(self, story, reader, noon, time_machine, last, visits):
        look(story, reader, key())
        for step in range(1, 36):
            time_machine.move_to(noon + step * 20 * MINUTE, tick=False)
            reader.post(reverse("visit"))
        time_machine.move_to(noon + last, tick=False)
        assert look(story, reader).json() == {"views": visits}


class TestV04Recognition:
    def test_prefers_the_cookie_to_the_key(self, story, reader):
        look(story, reader, key(1))
        assert look(story, reader, key(2)).json() == {"views": 1}

    def test_goes_by_the_key_before_there_is_a_cookie(self, story):
        first, second, third = browser(), browser(), browser()
        look(story, first, key(1))
        assert look(story, second, key(1)).json() == {"views": 1}
        assert look(story, third, key(2)).json() == {"views": 2}

    def test_agrees_on_parallel_first_beacons(self, story):
        tabs = [browser() for _tab in range(5)]
        assert {look(story, tab, key()).json()["views"] for tab in tabs} == {1}
        # Afterwards all of them go on with one visit.
        assert [look(story, tab).json()["views"] for tab in tabs] == [1] * 5

    def test_agrees_on_two_tabs_with_one_stale_cookie(self, story, reader, noon, time_machine):
        look(story, reader, key())
        stale = reader.cookies["visit"].value
        time_machine.move_to(noon + 40 * MINUTE, tick=False)
        tabs = [browser(), browser()]
        for tab in tabs:
            tab.cookies["visit"] = stale
        assert [look(story, tab).json()["views"] for tab in tabs] == [2, 2]

    def test_goes_by_the_key_over_midnight(self, story, noon, time_machine):
        time_machine.move_to(noon.replace(hour=23, minute=59), tick=False)
        look(story, browser(), key())
        time_machine.move_to(noon.replace(hour=23, minute=59) + 2 * MINUTE, tick=False)
        assert look(story, browser(), key()).json() == {"views": 1}

    def test_goes_by_the_account_where_nothing_is_kept(self, story, writer, editor):
        def logged_in(user, **headers):
            client = browser(**headers)
            client.force_login(user, backend="newsroom.authentication.OneStatementBackend")
            return client

        look(story, logged_in(writer))
        assert look(story, logged_in(writer, **{"user-agent": "Mozilla/5.0 Edge"})).json() == {
            "views": 1
        }
        assert look(story, logged_in(editor)).json() == {"views": 2}
        assert look(story, browser()).json() == {"views": 3}

    @pytest.mark.parametrize(
        "other",
        [
            {"REMOTE_ADDR": "10.1.1.2"},
            {"HTTP_USER_AGENT": "Mozilla/5.0 Edge"},
            {"HTTP_ACCEPT_LANGUAGE": "en"},
        ],
    )
    def test_goes_by_address_browser_and_language_at_last(self, story, other):
        url = reverse("view", args=[story.pk])
        assert browser().post(url).json() == {"views": 1}
        assert browser().post(url).json() == {"views": 1}
        assert browser().post(url, **other).json() == {"views": 2}

    def test_keeps_neither_address_nor_account(self, story, chief):
        client = browser(**{"user-agent": "Mozilla/5.0 Very-Special-Browser"})
        look(story, client)
        client.force_login(chief, backend="newsroom.authentication.OneStatementBackend")
        look(story, browser(), "a-key-of-the-script-itself")
        kept = str(list(ViewLedger.objects.values())) + str(list(ViewInbox.objects.values()))
        for secret in ("127.0.0.1", "Very-Special-Browser", "chief", "a-key-of-the-script"):
            assert secret not in kept


class TestV05FiveHundredPeople:
    def test_behind_one_address_are_as_many_visits(self, story):
        for number in range(500):
            look(story, browser(), key(number), REMOTE_ADDR="10.1.1.1")
        assert figures.views(story.pk) == 500
        assert not ViewHold.objects.exists()

    def test_are_held_for_review_when_there_are_more_than_the_budget(self, story, settings):
        settings.VISIT_BUDGET = 5
        readers = [browser() for _reader in range(8)]
        answers = [look(story, each, key(n)).json()["views"] for n, each in enumerate(readers)]
        assert answers == [1, 2, 3, 4, 5, 5, 5, 5]
        # What they read on is held too, and counted once.
        assert look(story, readers[-1]).json() == {"views": 5}
        assert ViewLedger.objects.filter(hold_id=ViewHold.objects.get().pk).count() == 3


class TestV06RefusedCookies:
    def test_count_once_a_clock_hour(self, story, noon, time_machine):
        counts = []
        for minutes in (0, 1, 59, 60, 119, 120):
            time_machine.move_to(noon + minutes * MINUTE, tick=False)
            counts.append(look(story, browser()).json()["views"])
        assert counts == [1, 1, 1, 2, 2, 3]

    def test_count_each_article(self, story, editor):
        other = make_edition(by=editor)
        assert look(story, browser()).json() == {"views": 1}
        assert look(other, browser()).json() == {"views": 1}


class TestV07DevicesAndAccounts:
    def test_two_browsers_are_two_visits_whoever_is_logged_in(self, story, writer):
        for number in range(2):
            each = browser()
            each.force_login(writer, backend="newsroom.authentication.OneStatementBackend")
            assert look(story, each, key(number)).json() == {"views": number + 1}

    def test_logging_in_or_out_starts_no_new_visit(self, story, reader, writer):
        look(story, reader, key())
        reader.force_login(writer, backend="newsroom.authentication.OneStatementBackend")
        assert look(story, reader).json() == {"views": 1}
        visit = reader.cookies["visit"].value
        reader.logout()
        reader.cookies["visit"] = visit
        assert look(story, reader).json() == {"views": 1}


class TestV08Midnight:
    def test_does_not_cut_a_visit(self, story, editor, reader, noon, time_machine):
        other, today = make_edition(by=editor), noon.date()
        time_machine.move_to(noon.replace(hour=23, minute=59), tick=False)
        look(story, reader, key())
        time_machine.move_to(noon.replace(hour=23, minute=59) + 2 * MINUTE, tick=False)
        assert look(story, reader).json() == {"views": 1}
        look(other, reader)
        assert days(story) == {today: 1}
        assert days(other) == {today + timedelta(days=1): 1}

    def test_is_that_of_shanghai(self, story, reader, noon, time_machine):
        # Half past midnight in Shanghai is still yesterday in UTC.
        time_machine.move_to(noon.replace(hour=0, minute=30), tick=False)
        look(story, reader, key())
        assert days(story) == {noon.date(): 1}
