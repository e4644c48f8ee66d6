"""人气: each figure in one statement, the same before and after a drain."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles.models import ArticleViews, Edition, Outcome, ViewInbox
from articles.visits import draining, figures
from articles.visits.figures import Sight
from tests.conftest import NOON
from tests.factories import make_edition
from tests.visits.looking import receive, visit


@pytest.fixture
def counted(account) -> int:
    """20 elsewhere, 3 taken away, 4 drained, 2 waiting, and what does not count."""
    ArticleViews.objects.update(base=20, corrected=-3)
    for number in range(4):
        receive(account, visit(number))
    draining.drain()
    for number in range(4, 6):
        receive(account, visit(number))
    for outcome in Outcome:
        if outcome != Outcome.COUNTED:
            ViewInbox.objects.create(article_id=account, day=NOON.date(), outcome=outcome, n=9)
    return account


class TestViews:
    def test_are_all_that_counts_and_nothing_else(self, counted):
        assert figures.views(counted) == 23
        assert figures.views_of([counted, 8]) == {counted: 23}
        assert figures.views_together([counted, 8]) == 23
        draining.drain()
        assert figures.views(counted) == 23

    @pytest.mark.django_db
    def test_are_none_for_an_article_without_account(self):
        assert figures.views(12345) == 0
        assert figures.views_of([12345]) == {}
        assert figures.views_together([]) == 0

    def test_are_read_in_one_statement(self, counted, django_assert_num_queries):
        with django_assert_num_queries(1):
            figures.views(counted)
        with django_assert_num_queries(1):
            figures.views_of(list(range(100)))


class TestSights:
    def test_hold_the_figure_and_what_waits(self, story, editor, django_assert_num_queries):
        other = make_edition(by=editor, at=NOON - timedelta(days=1))
        ArticleViews.objects.filter(pk=story.pk).update(base=20, corrected=-3)
        receive(story.pk, visit(1))
        with django_assert_num_queries(1):
            found = figures.sights([story.pk, other.pk], NOON)
        assert found == {story.pk: Sight(18, 1), other.pk: Sight(0, 0)}

    def test_leave_out_what_readers_may_not_see(self, story):
        assert figures.sights([story.pk + 1], NOON) == {}
        assert figures.sights([story.pk], NOON - timedelta(days=3)) == {}
        Edition.objects.update(expires_at=NOON)
        assert figures.sights([story.pk], NOON) == {}

    def test_need_no_sums(self, story):
        ArticleViews.objects.all().delete()
        assert figures.sights([story.pk], NOON) == {story.pk: Sight(0, 0)}
