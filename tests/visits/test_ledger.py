"""What was counted: exactly once, whoever counts at the same time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles.models import ArticleViews, Outcome, UncountedViews, ViewInbox, ViewLedger
from articles.visits import draining, figures, ledger
from articles.visits.figures import Sight
from articles.visits.ledger import Beacon
from tests.conftest import NOON
from tests.factories import make_edition
from tests.visits.looking import THREADS, at_once, receive, visit

COUNTED, REPEAT = Outcome.COUNTED, Outcome.REPEAT


class TestReceive:
    def test_counts_a_visit_once(self, account):
        assert receive(account, visit(1)) == COUNTED
        assert receive(account, visit(1)) == REPEAT
        assert figures.views(account) == 1

    def test_counts_each_visit_and_each_article(self, account):
        ledger.open_account(8)
        for article in (account, 8):
            for number in range(3):
                receive(article, visit(number))
        assert figures.views_of([account, 8, 9]) == {account: 3, 8: 3}

    def test_writes_nothing_into_the_ledger_of_what_was_seen_before(self, account):
        seen = Sight(views=5, waiting=0, is_counted=True)
        assert ledger.receive(Beacon(account, visit(1), NOON), seen) == REPEAT
        assert not ViewLedger.objects.exists()

    def test_dates_the_view_to_its_own_day(self, account):
        later = NOON + timedelta(hours=13)
        receive(account, visit(1), later)
        row = ViewLedger.objects.get()
        assert (row.visit_day, row.counted_on) == (NOON.date(), later.date())
        assert row.counted_at == later

    @pytest.mark.parametrize(("hour", "minute"), [(0, 0), (0, 59), (12, 0), (23, 59)])
    def test_notes_the_hour_of_shanghai(self, account, hour, minute):
        receive(account, visit(1), NOON.replace(hour=hour, minute=minute))
        row = ViewInbox.objects.get()
        assert (row.day, row.hour) == (NOON.date(), hour)

    @pytest.mark.parametrize(("has_counted", "is_first"), [(False, True), (True, False)])
    def test_notes_which_view_began_a_visit(self, account, has_counted, is_first):
        receive(account, visit(1, has_counted=has_counted))
        assert ViewLedger.objects.get().is_first is is_first

    @pytest.mark.parametrize("address", ["10.1.1.1", "2001:db8::1", "", "nonsense"])
    def test_keeps_no_address(self, account, address):
        receive(account, visit(1), address=address)
        row = ViewLedger.objects.get()
        assert len(row.network) == 16
        assert not address or address not in str(ViewLedger.objects.values().get())

    def test_notes_who_came_from_the_hot_list_once(self, account):
        for _again in range(2):
            receive(account, visit(1), from_hot=True)
        rows = ViewInbox.objects.order_by("id").values_list("outcome", "from_hot")
        assert list(rows) == [(COUNTED, True), (REPEAT, False)]

    def test_costs_the_same_however_many_were_counted(self, account, django_assert_num_queries):
        for number in range(30):
            receive(account, visit(number))
        # The budget; savepoint, ledger, inbox, savepoint released.
        with django_assert_num_queries(5):
            receive(account, visit(99))
        with django_assert_num_queries(4):
            receive(account, visit(98, has_counted=True))


class TestTally:
    @pytest.mark.parametrize("outcome", [Outcome.ROBOT, Outcome.PREFETCH, Outcome.STAFF])
    def test_tells_the_reason_by_day_and_counts_nothing(self, account, outcome):
        for day in (0, 0, 1):
            assert ledger.tally(account, outcome, NOON + timedelta(days=day)) == outcome
        draining.drain()
        rows = UncountedViews.objects.order_by("day").values_list("article_id", "outcome", "n")
        assert list(rows) == [(account, outcome, 2), (account, outcome, 1)]
        assert figures.views(account) == 0
        assert not ViewLedger.objects.exists()


class TestWritingTogether:
    def test_makes_one_row_in_the_inbox_of_all_alike(self, account):
        entries = [ledger._Entry(account, NOON, COUNTED, visit=visit(n % 3)) for n in range(5)]
        ledger._write(entries)
        outcomes = [entry.outcome for entry in entries]
        assert outcomes == [COUNTED, COUNTED, COUNTED, REPEAT, REPEAT]
        rows = ViewInbox.objects.order_by("outcome").values_list("outcome", "n")
        assert list(rows) == [(COUNTED, 3), (REPEAT, 2)]

    def test_may_be_done_again_after_it_was_undone(self, account, monkeypatch):
        def fail(entries):
            raise RuntimeError

        entry = ledger._Entry(account, NOON, COUNTED, visit=visit(1))
        with monkeypatch.context() as patch:
            patch.setattr(ledger, "_inbox_rows", fail)
            with pytest.raises(RuntimeError):
                ledger._write([ledger._Entry(account, NOON, COUNTED, visit=visit(1)), entry])
        assert entry.outcome == REPEAT
        assert not ViewLedger.objects.exists()
        ledger._write([entry])
        assert entry.outcome == COUNTED
        assert figures.views(account) == 1


class TestAtOnce:
    def test_no_view_is_lost_and_none_is_counted_twice(self, shared_account):
        article, each = shared_account, 25

        def count(start):
            found = [receive(article, visit(start + n)) for n in range(each)]
            return found.count(COUNTED)

        fresh = [thread * each for thread in range(THREADS)]
        assert at_once(count, fresh) == [each] * THREADS
        assert at_once(count, fresh) == [0] * THREADS
        # The same new visits from all threads: one of them counts each.
        assert sum(at_once(count, [1000] * THREADS)) == each
        assert figures.views(article) == ViewLedger.objects.count() == each * (THREADS + 1)


class TestAccount:
    def test_is_opened_once_and_keeps_what_it_has(self, account):
        ArticleViews.objects.update(total=5)
        ledger.open_account(account)
        assert ArticleViews.objects.get().total == 5


@pytest.mark.django_db
class TestForgetting:
    @pytest.mark.parametrize(("days_old", "kept"), [(0, True), (35, True), (36, False)])
    def test_deletes_what_cannot_be_recounted(self, days_old, kept):
        began = NOON - timedelta(days=days_old)
        receive(7, visit(1, at=began), began)
        assert ledger.forget_old(NOON) == (not kept)
        assert ViewLedger.objects.exists() is kept


class TestBeacon:
    def test_never_writes_the_story(self, story, editor, client, django_assert_num_queries):
        address, headers = f"/articles/{story.pk}/view/", {"sec-fetch-site": "same-origin"}
        other = make_edition(by=editor)
        client.post(f"/articles/{other.pk}/view/", {"key": "b" * 32}, headers=headers)
        client.cookies.clear()
        # The sight; budget; savepoint, ledger, inbox, released.
        with django_assert_num_queries(6) as first:
            client.post(address, {"key": "a" * 32}, headers=headers)
        # The sight; savepoint, inbox, released.
        with django_assert_num_queries(4) as second:
            client.post(address, {"key": "a" * 32}, headers=headers)
        for query in first.captured_queries + second.captured_queries:
            sql = query["sql"].strip()
            if sql.startswith(("INSERT", "UPDATE", "DELETE")):
                assert "articles_viewledger" in sql or "articles_viewinbox" in sql
