"""The installments of a series."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles import freshness, publishing
from articles.models import ArticleViews
from articles.topics import installments
from tests.factories import make_edition, make_series

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def rows(editor, noon):
    return [make_edition(by=editor, title=title, at=noon - DAY) for title in "甲乙丙"]


def numbered(series) -> list[tuple[int, str]]:
    return [(row.number, row.edition.title) for row in series.installments.all()]


class TestPlace:
    def test_knows_what_comes_before_and_after(self, rows, noon):
        make_series(stories=rows, planned=7)
        place = installments.of_story(rows[1].pk, noon)
        assert place.here.number == 2
        assert place.previous.edition == rows[0]
        assert place.next.edition == rows[2]

    def test_leaves_out_what_readers_may_not_see(self, rows, noon, editor):
        make_series(stories=rows)
        publishing.withdraw(rows[1].article, by=editor, reason="有误")
        place = installments.of_story(rows[0].pk, noon)
        assert place.next.edition == rows[2]
        assert len(place.shown.installments) == 2
        assert installments.of_story(rows[1].pk, noon) is None

    def test_sums_the_views_of_what_is_shown(self, rows, noon, editor):
        make_series(stories=rows)
        for row in rows:
            ArticleViews.objects.filter(article_id=row.pk).update(base=5_000)
        assert installments.of_story(rows[0].pk, noon).shown.views == 15_000

    def test_is_none_for_a_story_of_no_series(self, rows, noon):
        assert installments.of_story(rows[0].pk, noon) is None


class TestNumbers:
    def test_go_on_from_the_last(self, rows):
        series = make_series(stories=rows[:2])
        last = series.installments.get(number=2)
        installments.renumber(series, {last.pk: 6})
        assert installments.add(series, rows[2]).number == 7

    def test_can_change_places(self, rows):
        series = make_series(stories=rows)
        first, second, _third = series.installments.all()
        before = freshness.generation()
        installments.renumber(series, {first.pk: 2, second.pk: 1})
        assert numbered(series) == [(1, "乙"), (2, "甲"), (3, "丙")]
        assert freshness.generation() != before

    @pytest.mark.parametrize("number", [1, 0, 1000, 10**14])
    def test_that_cannot_be_are_refused_and_nothing_changes(self, rows, number):
        series = make_series(stories=rows)
        second = series.installments.get(number=2)
        with pytest.raises(installments.NumberRefused):
            installments.renumber(series, {second.pk: number})
        assert numbered(series) == [(1, "甲"), (2, "乙"), (3, "丙")]

    def test_belong_to_one_series(self, rows):
        make_series(stories=rows[:1])
        with pytest.raises(installments.NumberRefused):
            installments.add(make_series(), rows[0])
