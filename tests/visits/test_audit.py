"""The recount: silent about what was counted, loud about what was edited."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles.models import ArticleViews, DailyViews, ViewHold, ViewInbox, ViewLedger
from articles.visits import audit, corrections, draining, holds, ledger
from articles.visits.audit import Difference
from tests.conftest import NOON
from tests.visits.looking import at_once, receive, visit

DAY = NOON.date()
TOMORROW = DAY + timedelta(days=1)


def everything() -> list[Difference]:
    found = [row for day in (DAY, TOMORROW) for row in audit.recount(day)]
    return found + audit.recount_totals()


@pytest.fixture
def counted(story) -> int:
    """Seven views on two days, four of them drained, one visit being longer than a day."""
    ArticleViews.objects.filter(pk=story.pk).update(base=100)
    for number in range(4):
        receive(story.pk, visit(number))
    draining.drain()
    for number in range(4, 6):
        receive(story.pk, visit(number))
    night = NOON.replace(hour=23)
    receive(story.pk, visit(6, at=night, has_counted=True), night + timedelta(hours=2))
    return story.pk


class TestRecount:
    @pytest.mark.parametrize("drained", [False, True])
    def test_finds_what_was_counted(self, counted, drained):
        if drained:
            draining.drain()
        assert everything() == []

    def test_leaves_held_views_out_until_they_are_released(self, counted, chief):
        for number in range(10, 13):
            receive(counted, visit(number, is_held=True))
        assert everything() == []
        holds.decide(ViewHold.objects.get(), holds.Verdict.RELEASED, by=chief, reason="培训班")
        assert everything() == []
        draining.drain()
        assert everything() == []

    def test_finds_corrections_that_stand(self, counted, chief):
        row = corrections.correct(counted, -2, day=DAY, by=chief, reason="刷量")
        corrections.correct(counted, 5, day=DAY, by=chief, reason="漏计")
        assert everything() == []
        corrections.reverse(row, by=chief, reason="误判")
        assert everything() == []

    @pytest.mark.parametrize(
        ("edit", "found"),
        [
            (
                lambda: DailyViews.objects.filter(day=DAY).update(views=9),
                [(DAY, 6, 9), (None, 10, 7)],
            ),
            (lambda: ArticleViews.objects.update(total=9), [(None, 7, 9)]),
            (lambda: ArticleViews.objects.update(corrected=9), [(None, 0, 9)]),
            (lambda: DailyViews.objects.filter(day=DAY).delete(), [(DAY, 6, 0), (None, 1, 7)]),
            (lambda: ViewLedger.objects.filter(counted_on=TOMORROW).delete(), [(TOMORROW, 0, 1)]),
            (lambda: ViewInbox.objects.create(article_id=99, day=DAY, n=5), [(DAY, 0, 5)]),
        ],
    )
    def test_finds_every_edit(self, counted, edit, found):
        draining.drain()
        edit()
        assert [(row.day, row.counted, row.shown) for row in everything()] == found

    def test_asks_the_same_few_questions_however_many_were_counted(
        self, counted, django_assert_num_queries
    ):
        # Between a savepoint and its release.
        with django_assert_num_queries(5):
            audit.recount(DAY)
        with django_assert_num_queries(6):
            audit.recount_totals()


class TestDaysToAudit:
    def test_are_those_whose_ledger_is_whole_after_the_sweep(self, account):
        days = audit.days_to_audit(DAY)
        assert (len(days), days[-1]) == (35, DAY)
        late = NOON.replace(hour=0, minute=30) - timedelta(days=34)
        began = late - timedelta(hours=1)
        receive(account, visit(1, at=began), late)
        ledger.forget_old(NOON)
        assert late.date() == days[0]
        assert audit.recount(days[0]) == []
        assert ViewLedger.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestWhileReadersGoOn:
    def test_finds_one_state_of_all_tables(self, counted):
        def work(job):
            if job == "count":
                for number in range(100, 160):
                    receive(counted, visit(number))
                    if number % 10 == 0:
                        draining.drain()
                return []
            return [row for _again in range(15) for row in everything()]

        assert at_once(work, ["count", "audit"]) == [[], []]
