"""What the figure of an article is made of, and its days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from articles.models import ArticleViews, DailyViews, Outcome, UncountedViews, ViewInbox
from articles.visits import corrections, explaining, figures, holds
from articles.visits.holds import Verdict
from tests.factories import make_edition
from tests.ledgers import every, file_views, make_hold

pytestmark = pytest.mark.django_db

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def story(editor, noon) -> int:
    return make_edition(by=editor, at=noon - 2 * DAY).pk


class TestPartsOf:
    def test_is_nothing_for_a_story_nobody_has_seen(self, db):
        assert explaining.parts_of(999) == explaining.Parts()
        assert explaining.parts_of(999).figure == 0

    def test_adds_up_to_the_public_figure(self, story, noon, editor):
        file_views(story, every(SECOND, 30, noon - DAY))
        ArticleViews.objects.filter(pk=story).update(base=200)
        corrections.correct(story, -7, day=noon.date(), by=editor, reason="测试")
        ViewInbox.objects.create(article_id=story, day=noon.date(), n=4)
        ViewInbox.objects.create(article_id=story, day=noon.date(), n=9, outcome=Outcome.ROBOT)
        parts = explaining.parts_of(story)
        assert (parts.counted, parts.base, parts.corrected, parts.waiting) == (30, 200, -7, 4)
        assert parts.figure == figures.views(story) == 227

    def test_tells_held_from_struck_and_released(self, story, noon, editor):
        for number, verdict in enumerate((None, Verdict.STRUCK, Verdict.RELEASED), start=1):
            hold = make_hold(story, every(SECOND, number, noon), network=f"{number:016x}")
            if verdict:
                holds.decide(hold, verdict, by=editor, reason="看过了")
        parts = explaining.parts_of(story)
        assert (parts.held, parts.struck, parts.figure) == (1, 2, 3)

    def test_asks_twice_whatever_there_is(self, story, noon, django_assert_num_queries):
        make_hold(story, every(SECOND, 20, noon))
        with django_assert_num_queries(2):
            explaining.parts_of(story)


class TestLinesOf:
    def test_is_empty_for_a_story_nobody_has_seen(self, noon):
        assert explaining.lines_of(1, noon.date()) == ([], [])

    def test_goes_back_to_the_first_beacon_with_the_days_between(self, story, noon):
        today = noon.date()
        DailyViews.objects.create(article_id=story, day=today - 3 * DAY, views=5)
        UncountedViews.objects.create(
            article_id=story, day=today - DAY, outcome=Outcome.REPEAT, n=2
        )
        ViewInbox.objects.create(article_id=story, day=today, n=1)
        days, months = explaining.lines_of(story, today)
        assert [line.first for line in days] == [today - number * DAY for number in range(4)]
        assert [line.counted for line in days] == [1, 0, 0, 5]
        assert [line.uncounted for line in days] == [0, 2, 0, 0]
        assert days[1].cells == [0, 2, 0, 0, 0, 0]
        assert all(line.is_day for line in days)
        assert months == []

    def test_puts_what_is_older_than_35_days_together_by_month(self, story):
        today = date(2026, 6, 15)
        for day, n in ((today, 1), (date(2026, 5, 11), 2), (date(2026, 5, 12), 4)):
            DailyViews.objects.create(article_id=story, day=day, views=n)
        for day, n in ((date(2026, 4, 30), 8), (date(2026, 4, 1), 16), (date(2025, 4, 1), 32)):
            DailyViews.objects.create(article_id=story, day=day, views=n)
        days, months = explaining.lines_of(story, today)
        assert len(days) == explaining.DAYS
        assert days[-1].first == date(2026, 5, 12)
        assert sum(line.counted for line in days) == 5
        assert [(line.first, line.counted) for line in months] == [
            (date(2026, 5, 11), 2),
            (date(2026, 4, 1), 24),
            (date(2025, 4, 1), 32),
        ]

    def test_asks_three_times_whatever_there_is(self, story, noon, django_assert_num_queries):
        for number in range(60):
            day = noon.date() - number * DAY
            DailyViews.objects.create(article_id=story, day=day, views=1)
        with django_assert_num_queries(3):
            explaining.lines_of(story, noon.date())
