"""Corrections of views: beside the counted number, with a reason, reversible once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override

from articles.models import ArticleViews, ViewCorrection
from articles.visits import corrections, draining, figures
from articles.visits.corrections import CorrectionRefused
from tests.conftest import NOON
from tests.factories import make_article
from tests.visits.looking import at_once, receive, visit

DAY = NOON.date()
WHY: dict[str, Any] = {"day": DAY, "reason": "刷量"}


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):
        yield


@pytest.fixture
def counted(story) -> int:
    """A story with ten views elsewhere, three drained and two that wait."""
    ArticleViews.objects.filter(pk=story.pk).update(base=10)
    for number in range(3):
        receive(story.pk, visit(number))
    draining.drain()
    for number in range(3, 5):
        receive(story.pk, visit(number))
    return story.pk


class TestCorrect:
    @pytest.mark.parametrize(("n", "left"), [(-1, 14), (-15, 0), (5, 20), (10_000_000, 10_000_015)])
    def test_changes_the_figure_and_nothing_that_was_counted(self, counted, chief, n, left):
        row = corrections.correct(counted, n, by=chief, **WHY)
        assert figures.views(counted) == left
        sums = ArticleViews.objects.get(pk=counted)
        assert (sums.total, sums.base, sums.corrected) == (3, 10, n)
        assert (row.n, row.day, row.reason, row.made_by, row.made_at) == (
            n,
            DAY,
            "刷量",
            chief,
            NOON,
        )

    @pytest.mark.parametrize(
        ("n", "changes", "why"),
        [
            (0, {}, "zero"),
            (-16, {}, "fewer views"),
            (10_000_001, {}, "how many"),
            (-10_000_001, {}, "how many"),
            (1, {"reason": ""}, "why"),
            (1, {"reason": " \n\0"}, "why"),
            (1, {"reason": "长" * 201}, "longer"),
            (1, {"day": DAY + timedelta(days=1)}, "future"),
        ],
    )
    def test_refuses_in_words(self, counted, chief, n, changes, why):
        with pytest.raises(CorrectionRefused, match=why):
            corrections.correct(counted, n, by=chief, **WHY | changes)
        assert figures.views(counted) == 15
        assert not ViewCorrection.objects.exists()

    def test_refuses_what_was_never_published(self, counted, chief):
        draft = make_article(by=chief)
        with pytest.raises(CorrectionRefused, match="never published"):
            corrections.correct(draft.pk, 1, by=chief, **WHY)

    def test_opens_an_account_that_is_missing(self, story, chief):
        ArticleViews.objects.all().delete()
        corrections.correct(story.pk, 3, by=chief, **WHY)
        assert figures.views(story.pk) == 3


class TestReverse:
    def test_takes_it_back_and_keeps_both_on_record(self, counted, chief, editor):
        row = corrections.correct(counted, -4, by=chief, **WHY)
        corrections.reverse(row, by=editor, reason="误判")
        assert figures.views(counted) == 15
        row.refresh_from_db()
        assert (row.reversed_by, row.reversed_at, row.reversal_reason) == (editor, NOON, "误判")

    def test_refuses_a_second_time(self, counted, chief):
        row = corrections.correct(counted, -4, by=chief, **WHY)
        corrections.reverse(row, by=chief, reason="误判")
        with pytest.raises(CorrectionRefused, match="already"):
            corrections.reverse(row, by=chief, reason="误判")
        assert figures.views(counted) == 15

    @pytest.mark.parametrize("reason", ["", "\0", "长" * 201])
    def test_refuses_without_a_reason_that_fits(self, counted, chief, reason):
        row = corrections.correct(counted, -4, by=chief, **WHY)
        with pytest.raises(CorrectionRefused):
            corrections.reverse(row, by=chief, reason=reason)
        assert figures.views(counted) == 11

    def test_refuses_where_the_figure_would_be_less_than_nothing(self, counted, chief):
        row = corrections.correct(counted, 5, by=chief, **WHY)
        corrections.correct(counted, -20, by=chief, **WHY)
        with pytest.raises(CorrectionRefused, match="fewer views"):
            corrections.reverse(row, by=chief, reason="误判")
        assert figures.views(counted) == 0


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_corrections_never_take_more_than_there_is(self, counted, chief):
        def take(thread):
            # Eight decisions, not one that is sent eight times.
            try:
                corrections.correct(counted, -4, by=chief, day=DAY, reason=f"第{thread}批刷量")
            except CorrectionRefused:
                return 0
            return 4

        assert sum(at_once(take, range(8))) == 12
        assert figures.views(counted) == 3
