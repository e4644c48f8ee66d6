"""From the inbox into the sums: nothing lost, nothing twice, whoever drains at the same time."""

from __future__ import annotations

from datetime import timedelta
from threading import Event

import pytest

from articles.models import (
    ArticleViews,
    DailyViews,
    HourlyViews,
    Outcome,
    UncountedViews,
    ViewInbox,
)
from articles.visits import draining, figures, heat
from tests.conftest import NOON
from tests.visits.looking import OTHER, at_once, browser, key, look, put_up, receive, visit

DAY = NOON.date()


class TestDrain:
    def test_moves_all_and_keeps_the_figure(self, account):
        ArticleViews.objects.filter(pk=account).update(base=10)
        for number in range(12):
            receive(account, visit(number), NOON + timedelta(days=number % 3))
        assert figures.views(account) == 22
        assert draining.drain() == 12
        assert figures.views(account) == 22
        assert not ViewInbox.objects.exists()
        row = ArticleViews.objects.get()
        assert (row.total, row.base) == (12, 10)
        series = DailyViews.objects.order_by("day").values_list("day", "views")
        assert list(series) == [(DAY + timedelta(days=day), 4) for day in range(3)]

    def test_does_nothing_the_second_time(self, account):
        receive(account, visit(1))
        assert [draining.drain(), draining.drain()] == [1, 0]
        assert ArticleViews.objects.get().total == 1

    def test_adds_to_what_was_drained_before(self, account):
        for number in range(3):
            receive(account, visit(number), from_hot=number == 0)
            ViewInbox.objects.create(article_id=account, day=DAY, outcome=Outcome.ROBOT, n=2)
            draining.drain()
        assert ArticleViews.objects.get().total == 3
        day = DailyViews.objects.get()
        assert (day.views, day.from_hot) == (3, 1)
        assert HourlyViews.objects.get().views == 3
        assert UncountedViews.objects.get().n == 6

    def test_sums_the_hours_of_all_articles(self, account):
        put_up(OTHER)
        for article, hour in ((account, 9), (OTHER, 9), (OTHER, 23)):
            receive(article, visit(hour), NOON.replace(hour=hour))
        draining.drain()
        rows = HourlyViews.objects.order_by("hour").values_list("day", "hour", "views")
        assert list(rows) == [(DAY, 9, 2), (DAY, 23, 1)]

    def test_warms_but_by_readers_from_the_hot_list(self, account):
        receive(account, visit(1))
        receive(account, visit(2), from_hot=True)
        receive(put_up(OTHER), visit(3), from_hot=True)
        draining.drain()
        warmth = dict(ArticleViews.objects.values_list("article_id", "heat"))
        assert warmth == {account: pytest.approx(heat.of_views(1, DAY, 12)), OTHER: heat.NONE}

    def test_goes_on_batch_by_batch(self, account, monkeypatch):
        monkeypatch.setattr(draining, "BATCH", 4)
        for number in range(10):
            receive(account, visit(number))
        assert draining.drain() == 10
        assert figures.views(account) == 10
        assert ArticleViews.objects.get().heat == pytest.approx(heat.of_views(10, DAY, 12))

    def test_opens_an_account_that_is_missing(self, account):
        ArticleViews.objects.all().delete()
        receive(account, visit(1))
        draining.drain()
        assert figures.views(account) == 1

    @pytest.mark.parametrize("table", ["DAYS", "HOURS", "UNCOUNTED"])
    def test_moves_nothing_when_it_fails_in_the_middle(self, account, monkeypatch, table):
        for number in range(3):
            receive(account, visit(number))
        receive(account, visit(1))
        add = draining._add

        def fail(statement, rows):
            if statement == getattr(draining, table):
                raise RuntimeError
            add(statement, rows)

        monkeypatch.setattr(draining, "_add", fail)
        with pytest.raises(RuntimeError):
            draining.drain()
        assert ViewInbox.objects.count() == 4
        assert ArticleViews.objects.get().total == 0
        assert figures.views(account) == 3


class TestIsDue:
    @pytest.mark.parametrize(
        ("waiting", "quiet", "due"),
        [
            (0, 0, False),
            (draining.LONG_INBOX - 1, 59, False),
            (draining.LONG_INBOX, 0, True),
            (0, 61, True),
        ],
    )
    def test_is_when_the_inbox_is_long_or_a_minute_has_passed(
        self, monkeypatch, waiting, quiet, due
    ):
        clock = draining._Clock()
        clock.drained_at -= quiet
        monkeypatch.setattr(draining, "_clock", clock)
        assert draining.is_due(waiting) is due

    def test_makes_the_beacon_drain_that_finds_a_long_inbox(self, story, monkeypatch):
        monkeypatch.setattr(draining, "LONG_INBOX", 2)
        answers = [look(story, browser(), key(number)) for number in range(3)]
        assert [answer.json()["views"] for answer in answers] == [1, 2, 3]
        assert not ViewInbox.objects.exists()
        assert ArticleViews.objects.get(pk=story.pk).total == 3


class TestAtOnce:
    def test_drains_beside_counting_lose_nothing_and_the_figure_never_falls(
        self, shared_account, monkeypatch
    ):
        monkeypatch.setattr(draining, "BATCH", 7)
        article, done, views = shared_account, Event(), 100

        def work(job):
            if job == "watch":
                seen = [0]
                while not done.wait(0.001):
                    seen.append(figures.views(article))
                return seen == sorted(seen)
            if job == "drain":
                moved = 0
                while not done.wait(0.001):
                    moved += draining.drain()
                return moved
            try:
                for number in range(views):
                    receive(article, visit(number))
            finally:
                done.set()
            return None

        never_fell, first, second, _counted = at_once(work, ["watch", "drain", "drain", "count"])
        assert never_fell
        assert first + second + draining.drain() == views
        assert figures.views(article) == views
        sums = ArticleViews.objects.get()
        assert sums.total == views
        assert sums.heat == pytest.approx(heat.of_views(views, DAY, 12))
        assert DailyViews.objects.get().views == HourlyViews.objects.get().views == views
