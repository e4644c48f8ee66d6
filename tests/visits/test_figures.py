"""人气: each figure in one statement, the same before and after a drain."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles.models import ArticleViews, Outcome, ViewInbox
from articles.visits import draining, figures
from articles.visits.figures import Sight
from tests.conftest import NOON
from tests.factories import make_edition
from tests.visits.looking import MINUTE, receive, visit


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


class TestSight:
    def test_holds_the_figure_and_what_waits(self, story, django_assert_num_queries):
        ArticleViews.objects.filter(pk=story.pk).update(base=20, corrected=-3)
        receive(story.pk, visit(1))
        with django_assert_num_queries(1):
            assert figures.sight_of(story.pk, visit(2), NOON) == Sight(18, 1, is_counted=False)
        assert figures.sight_of(story.pk, visit(1), NOON) == Sight(18, 1, is_counted=True)

    def test_is_none_of_what_readers_may_not_see(self, story):
        assert figures.sight_of(story.pk + 1, visit(1), NOON) is None
        assert figures.sight_of(story.pk, visit(1), NOON - timedelta(days=3)) is None

    def test_needs_no_sums(self, story):
        ArticleViews.objects.all().delete()
        assert figures.sight_of(story.pk, visit(1), NOON) == Sight(0, 0, is_counted=False)

    def test_tells_stories_and_visits_apart(self, story, editor):
        other = make_edition(by=editor, at=NOON - timedelta(days=1))
        receive(story.pk, visit(1))
        assert not figures.sight_of(other.pk, visit(1), NOON).is_counted
        assert not figures.sight_of(story.pk, visit(2), NOON).is_counted

    @pytest.mark.parametrize(
        ("start_known", "later", "found"),
        [
            (False, 2 * MINUTE, True),
            (False, timedelta(hours=12), True),
            (False, timedelta(hours=25), False),
            (True, timedelta(seconds=59), True),
            (True, 2 * MINUTE, False),
        ],
    )
    def test_finds_a_view_of_before_midnight(self, story, start_known, later, found):
        """With a cookie that began after midnight only what was under way at the same time."""
        midnight = (NOON + timedelta(days=1)).replace(hour=0)
        before = midnight - timedelta(seconds=1)
        receive(story.pk, visit(1, at=before, start_known=False), before)
        after = visit(1, at=before + later, start_known=start_known)
        assert figures.sight_of(story.pk, after, before + later).is_counted is found
