"""The lists of hot stories: what they rank, what they leave out, what they cost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles import publishing
from articles.models import Article, ArticleViews, DailyViews, Edition
from articles.visits import draining, hot
from articles.visits.hot import Hot
from tests.conftest import NOON
from tests.factories import make_edition
from tests.visits.looking import ARTICLE, browser, key, put_up, receive, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

TODAY = NOON.date()


def viewed(article_id: int, views: int, days_ago: int = 0, from_hot: int = 0) -> None:
    day = TODAY - timedelta(days=days_ago)
    DailyViews.objects.create(article_id=article_id, day=day, views=views, from_hot=from_hot)


class TestMostViewed:
    @pytest.mark.parametrize(
        ("period", "ranked"), [(hot.DAY, [1]), (hot.WEEK, [2, 1]), (hot.MONTH, [4, 2, 1])]
    )
    def test_ranks_the_days_of_the_period_today_being_the_last(self, period, ranked):
        for article_id, views, days_ago in ((1, 5, 0), (2, 9, 6), (4, 99, 7), (5, 999, 30)):
            viewed(article_id, views, days_ago)
        viewed(6, 9999, -1)
        assert hot.most_viewed(TODAY, period, 10) == ranked

    def test_sums_the_days(self):
        viewed(1, 5)
        for days_ago in range(3):
            viewed(2, 2, days_ago)
        assert hot.most_viewed(TODAY, hot.WEEK, 10) == [2, 1]

    def test_leaves_out_views_that_came_from_it(self):
        viewed(1, 10, from_hot=8)
        viewed(2, 3)
        viewed(3, 4, from_hot=4)
        assert hot.most_viewed(TODAY, hot.WEEK, 10) == [2, 1]

    def test_puts_the_newer_first_of_equals(self):
        for article_id in (1, 3, 2):
            viewed(article_id, 5)
        assert hot.most_viewed(TODAY, hot.WEEK, 2) == [3, 2]

    def test_costs_one_statement(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            hot.most_viewed(TODAY, hot.MONTH, 10)
        with django_assert_num_queries(1):
            hot.hottest(10)


class TestHottest:
    def test_prefers_what_was_read_lately(self):
        stories = [put_up(number) for number in (7_000_000, 8_000_000, 9_000_000)]
        for n, (views, days_ago) in enumerate([(10, 4), (4, 0), (2, 0)]):
            for number in range(views):
                receive(stories[n], visit(100 * n + number), NOON - timedelta(days=days_ago))
        draining.drain()
        # Ten views of four days ago weigh as two and a half do now.
        assert hot.hottest(10) == [stories[1], stories[0], stories[2]]
        assert hot.hottest(1) == [stories[1]]

    def test_leaves_out_what_nobody_found_elsewhere(self):
        receive(put_up(ARTICLE), visit(1), from_hot=True)
        draining.drain()
        assert hot.hottest(10) == []


class TestStories:
    @pytest.mark.parametrize("wanted", Hot)
    def test_are_live(self, editor, wanted):
        withdrawn, over, later, live = (
            make_edition(by=editor, at=NOON - timedelta(hours=hours)) for hours in (4, 3, 2, 1)
        )
        for rank, row in enumerate((withdrawn, over, later, live)):
            viewed(row.pk, 9 - rank)
            ArticleViews.objects.filter(pk=row.pk).update(heat=1000 - rank)
        publishing.withdraw(Article.objects.get(pk=withdrawn.pk), by=editor, reason="有误")
        Edition.objects.filter(pk=over.pk).update(expires_at=NOON)
        Edition.objects.filter(pk=later.pk).update(published_at=NOON + timedelta(seconds=1))
        assert hot.stories(wanted, TODAY, 2) == [live]

    @pytest.mark.parametrize("wanted", Hot)
    def test_cost_the_same_however_many(self, editor, wanted, django_assert_num_queries):
        for views in range(5):
            row = make_edition(by=editor)
            viewed(row.pk, views + 1)
            ArticleViews.objects.filter(pk=row.pk).update(heat=1000 + views)
        with django_assert_num_queries(2):
            assert len(hot.stories(wanted, TODAY, 3)) == 3


class TestViewsFromTheList:
    @pytest.mark.parametrize(
        ("via", "ranked"), [("hot", False), ("", True), ("HOT", True), ("topic", True)]
    )
    def test_count_but_do_not_heat(self, story, via, ranked):
        address = f"{story.get_absolute_url()}view/"
        answer = browser().post(address, {"key": key(), "via": via})
        assert answer.json() == {"views": 1}
        draining.drain()
        assert hot.most_viewed(TODAY, hot.DAY, 9) == hot.hottest(9) == [story.pk] * ranked
