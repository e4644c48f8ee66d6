"""Held views: gathered by network and day, decided once, counted when released."""

from __future__ import annotations

from datetime import timedelta
from threading import Event

import pytest
from django.db import transaction
from django.utils.translation import override

from articles.models import DailyViews, HourlyViews, Outcome, ViewHold, ViewInbox, ViewLedger
from articles.visits import draining, figures, holds
from articles.visits.holds import Verdict, VerdictRefused, decide
from tests.conftest import NOON
from tests.visits.looking import ARTICLE, OTHER, at_once, put_up, receive, visit

DAY = NOON.date()


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


def hold_views(count: int, at=NOON, start: int = 0, article: int = ARTICLE) -> None:
    for number in range(start, start + count):
        held = visit(number, has_counted=True, is_held=True)
        assert receive(article, held, at) == Outcome.HELD


class TestHeldViews:
    def test_are_gathered_by_network_and_day(self, account):
        hold_views(2)
        hold_views(1, NOON + timedelta(days=1), start=5)
        receive(account, visit(9, is_held=True), address="10.9.9.9")
        assert sorted(holds.rows_of(hold).count() for hold in ViewHold.objects.all()) == [1, 1, 2]
        assert set(ViewHold.objects.values_list("day", flat=True)) == {DAY, DAY + timedelta(days=1)}

    def test_are_tallied_but_in_no_figure(self, account):
        hold_views(3)
        draining.drain()
        assert figures.views(account) == 0
        assert not DailyViews.objects.exists()

    def test_are_held_once(self, account):
        hold_views(1)
        assert receive(account, visit(0, has_counted=True, is_held=True)) == Outcome.REPEAT
        assert ViewLedger.objects.count() == 1


class TestDecide:
    def test_releases_views_on_the_day_and_hour_they_came(self, account, chief):
        hold_views(2, NOON.replace(hour=0, minute=30))
        hold_views(1, NOON.replace(hour=23), start=5, article=put_up(OTHER))
        assert decide(ViewHold.objects.get(), Verdict.RELEASED, by=chief, reason=" 培训班 ") == 3
        assert figures.views(account) == 2
        draining.drain()
        days = DailyViews.objects.order_by("article_id").values_list("article_id", "day", "views")
        assert list(days) == [(account, DAY, 2), (OTHER, DAY, 1)]
        hours = HourlyViews.objects.order_by("hour").values_list("day", "hour", "views")
        assert list(hours) == [(DAY, 0, 2), (DAY, 23, 1)]

    def test_keeps_who_when_and_why(self, account, chief, noon):
        hold_views(1)
        decide(ViewHold.objects.get(), Verdict.STRUCK, by=chief, reason=" 刷\0量 ")
        hold = ViewHold.objects.get()
        assert (hold.verdict, hold.reason) == (Verdict.STRUCK, "刷量")
        assert (hold.decided_by, hold.decided_at) == (chief, noon)

    def test_counts_nothing_that_is_struck(self, account, chief):
        hold_views(2)
        assert decide(ViewHold.objects.get(), Verdict.STRUCK, by=chief, reason="刷量") == 2
        assert figures.views(account) == 0

    def test_may_release_what_was_struck(self, account, chief):
        hold_views(2)
        hold = ViewHold.objects.get()
        decide(hold, Verdict.STRUCK, by=chief, reason="刷量")
        decide(hold, Verdict.RELEASED, by=chief, reason="误判")
        assert figures.views(account) == 2

    @pytest.mark.parametrize("first", [Verdict.RELEASED, Verdict.STRUCK])
    def test_refuses_to_decide_the_same_again(self, account, chief, first):
        hold_views(2)
        hold = ViewHold.objects.get()
        decide(hold, first, by=chief, reason="一")
        with pytest.raises(VerdictRefused, match="already"):
            decide(hold, first, by=chief, reason="二")
        assert ViewHold.objects.get().reason == "一"
        assert figures.views(account) == (2 if first == Verdict.RELEASED else 0)

    def test_refuses_to_strike_what_is_shown(self, account, chief):
        hold_views(1)
        decide(ViewHold.objects.get(), Verdict.RELEASED, by=chief, reason="培训班")
        with pytest.raises(VerdictRefused, match="count already"):
            decide(ViewHold.objects.get(), Verdict.STRUCK, by=chief, reason="刷量")
        assert figures.views(account) == 1

    @pytest.mark.parametrize("reason", ["", "  ", "\0", "\n", "长" * 201])
    def test_refuses_without_a_reason_that_fits(self, account, chief, reason):
        hold_views(1)
        with pytest.raises(VerdictRefused, match=r"reason|why"):
            decide(ViewHold.objects.get(), Verdict.RELEASED, by=chief, reason=reason)
        assert ViewHold.objects.get().verdict == Verdict.OPEN

    @pytest.mark.parametrize("verdict", [Verdict.RELEASED, Verdict.STRUCK])
    def test_leaves_what_comes_later_to_the_next_hold(self, account, chief, verdict):
        hold_views(1)
        decide(ViewHold.objects.get(), verdict, by=chief, reason="看过")
        hold_views(1, start=5)
        assert ViewHold.objects.count() == 2
        later = ViewHold.objects.get(verdict="")
        assert holds.rows_of(later).get().visit_id == visit(5).id


class TestAtOnce:
    def test_no_view_is_lost_while_its_hold_is_decided(self, shared_account, django_user_model):
        chief = django_user_model.objects.create_user("chief")
        hold_views(1)
        hold, is_locked = ViewHold.objects.get(), Event()

        def work(job):
            if job == "decide":
                with transaction.atomic():
                    decide(hold, Verdict.RELEASED, by=chief, reason="培训班")
                    is_locked.set()
            else:
                assert is_locked.wait(20)
                hold_views(20, start=10)

        at_once(work, ["decide", "arrive"])
        later = ViewHold.objects.get(verdict="")
        assert holds.rows_of(hold).count() + holds.rows_of(later).count() == 21
        # What was released is what is counted, whoever came first.
        assert figures.views(shared_account) == holds.rows_of(hold).count() == 1

    def test_one_hold_gathers_all_who_open_it(self, shared_account):
        def open_one(_thread):
            with transaction.atomic():
                return holds.open_hold("a", DAY)

        assert len(set(at_once(open_one, range(16)))) == 1
        assert ViewHold.objects.count() == 1

    def test_is_released_once(self, shared_account, django_user_model):
        chief = django_user_model.objects.create_user("chief")
        hold_views(3)
        hold = ViewHold.objects.get()

        def release(_thread):
            try:
                return decide(hold, Verdict.RELEASED, by=chief, reason="培训班")
            except VerdictRefused:
                return 0

        assert sum(at_once(release, range(6))) == 3
        assert figures.views(shared_account) == 3
        assert ViewInbox.objects.filter(outcome=Outcome.COUNTED).count() == 1
