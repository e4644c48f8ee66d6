"""What was counted: exactly once, whoever counts at the same time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from articles.models import ArticleViews, Outcome, UncountedViews, ViewHold, ViewInbox, ViewLedger
from articles.visits import draining, figures, filing, ledger
from articles.visits.filing import Entry, Receipt
from articles.visits.ledger import Beacon
from tests.conftest import NOON
from tests.factories import make_edition
from tests.visits.looking import (
    ARTICLE,
    MINUTE,
    OTHER,
    THREADS,
    at_once,
    put_up,
    receive,
    told,
    visit,
)

COUNTED, REPEAT, HELD = Outcome.COUNTED, Outcome.REPEAT, Outcome.HELD


# One statement; or savepoint, sight, ledger, inbox, savepoint released.
A_BEACON = 1 if connection.vendor == "postgresql" else 5


class TestReceive:
    def test_counts_a_visit_once(self, account):
        assert receive(account, visit(1)) == COUNTED
        assert receive(account, visit(1)) == REPEAT
        assert figures.views(account) == 1

    def test_counts_each_visit_and_each_article(self, account):
        put_up(OTHER)
        for article in (account, OTHER):
            for number in range(3):
                receive(article, visit(number))
        assert figures.views_of([account, OTHER, 9]) == {account: 3, OTHER: 3}

    def test_tells_the_figure_with_the_look_in_it(self, account):
        ArticleViews.objects.update(base=20, corrected=-3)
        found = [told(account, visit(number)) for number in (1, 1, 2)]
        assert [(receipt.views, receipt.waiting) for receipt in found] == [
            (18, 0),
            (18, 1),
            (19, 1),
        ]
        draining.drain()
        assert told(account, visit(3)) == Receipt(COUNTED, 20, 0)

    def test_needs_no_sums(self, account):
        ArticleViews.objects.all().delete()
        assert told(account, visit(1)).views == 1

    def test_leaves_alone_what_readers_may_not_see(self, story):
        beacon = Beacon(story.pk, visit(1), NOON)
        for unseen in (
            replace(beacon, article_id=story.pk + 1),
            replace(beacon, at=NOON - timedelta(days=3)),
            replace(beacon, visit=visit(1, is_held=True), article_id=story.pk + 1),
        ):
            assert ledger.receive(unseen) is None
        assert ledger.tally(story.pk + 1, Outcome.ROBOT, NOON) is None
        for table in (ViewLedger, ViewInbox, ViewHold):
            assert not table.objects.exists()
        assert ledger.receive(beacon)

    @pytest.mark.parametrize("is_held", [False, True])
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
    def test_finds_a_view_of_before_midnight(self, account, start_known, later, found, is_held):
        """With a cookie that began after midnight only what was under way at the same time."""
        midnight = (NOON + timedelta(days=1)).replace(hour=0)
        before = midnight - timedelta(seconds=1)
        receive(account, visit(1, at=before, start_known=False), before)
        after = visit(1, at=before + later, start_known=start_known, is_held=is_held)
        outcome = receive(account, after, before + later)
        assert outcome == (REPEAT if found else HELD if is_held else COUNTED)
        assert ViewHold.objects.exists() is (outcome == HELD)

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
        # The budget, and what beacons take.
        with django_assert_num_queries(1 + A_BEACON):
            receive(account, visit(99))
        with django_assert_num_queries(A_BEACON):
            receive(account, visit(98, has_counted=True))


class TestTally:
    @pytest.mark.parametrize("outcome", [Outcome.ROBOT, Outcome.PREFETCH, Outcome.STAFF])
    def test_tells_the_reason_by_day_and_counts_nothing(self, account, outcome):
        for day in (0, 0, 1):
            assert ledger.tally(account, outcome, NOON + timedelta(days=day)).outcome == outcome
        draining.drain()
        rows = UncountedViews.objects.order_by("day").values_list("article_id", "outcome", "n")
        assert list(rows) == [(account, outcome, 2), (account, outcome, 1)]
        assert figures.views(account) == 0
        assert not ViewLedger.objects.exists()


class TestWritingTogether:
    def test_makes_one_row_in_the_inbox_of_all_alike(self, account):
        entries = [Entry(account, NOON, COUNTED, visit(n % 3)) for n in range(5)]
        filing.write(entries)
        outcomes = [entry.receipt.outcome for entry in entries]
        assert outcomes == [COUNTED, COUNTED, COUNTED, REPEAT, REPEAT]
        assert {entry.receipt.views for entry in entries} == {3}
        rows = ViewInbox.objects.order_by("outcome").values_list("outcome", "n")
        assert list(rows) == [(COUNTED, 3), (REPEAT, 2)]

    @pytest.mark.parametrize("is_held", [False, True])
    def test_keeps_apart_what_is_not_alike(self, story, account, is_held):
        """With somebody to be held, step by step."""
        receive(account, visit(1))
        put_up(OTHER)
        seen, new, robot = (
            Entry(account, NOON, COUNTED, visit(1), from_hot=True),
            Entry(OTHER, NOON, COUNTED, visit(1), from_hot=True),
            Entry(OTHER, NOON, Outcome.ROBOT),
        )
        unknown = Entry(9, NOON, COUNTED, visit(1))
        last = Entry(account, NOON, COUNTED, visit(2, is_held=is_held), "0f" * 8)
        filing.write([seen, unknown, new, robot, last])
        mark = HELD if is_held else COUNTED
        assert unknown.receipt is None
        assert [entry.receipt.outcome for entry in (seen, new, robot, last)] == [
            REPEAT,
            COUNTED,
            Outcome.ROBOT,
            mark,
        ]
        total = 1 if is_held else 2
        assert [entry.receipt.views for entry in (seen, new, robot, last)] == [total, 1, 1, total]
        rows = ViewInbox.objects.filter(from_hot=True).values_list("article_id", "outcome")
        assert list(rows) == [(OTHER, COUNTED)]
        assert ViewLedger.objects.count() == 3
        assert ViewLedger.objects.exclude(hold_id=None).count() == is_held

    @pytest.mark.parametrize("is_held", [False, True])
    def test_may_be_done_again_after_it_was_undone(self, account, monkeypatch, is_held):
        def fail(*_values):
            raise RuntimeError

        entries = [Entry(account, NOON, COUNTED, visit(1, is_held=is_held)) for _ in range(2)]
        with monkeypatch.context() as patch:
            patch.setattr(filing, "_figures", fail)
            with pytest.raises(RuntimeError), transaction.atomic():
                filing.write(entries)
        assert not ViewLedger.objects.exists()
        filing.write(entries)
        outcomes = [entry.receipt.outcome for entry in entries]
        assert outcomes == [HELD if is_held else COUNTED, REPEAT]
        assert figures.views(account) == (not is_held)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server")
class TestCutOff:
    def test_is_written_over_another_connection(self, shared_account):
        receive(shared_account, visit(1))
        self.cut_off()
        assert receive(shared_account, visit(2)) == COUNTED
        self.cut_off()
        assert receive(shared_account, visit(3, is_held=True)) == HELD
        assert figures.views(shared_account) == 2

    def test_is_an_error_within_a_transaction_of_others(self, shared_account):
        def write_within() -> None:
            with transaction.atomic():
                ArticleViews.objects.update(base=5)
                self.cut_off()
                receive(shared_account, visit(1))

        with pytest.raises(OperationalError):
            write_within()
        connection.close()
        assert figures.views(shared_account) == 0

    @staticmethod
    def cut_off() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (backend,) = cursor.fetchone()
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
        other.close()


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
        receive(put_up(ARTICLE), visit(1, at=began), began)
        assert ledger.forget_old(NOON) == (not kept)
        assert ViewLedger.objects.exists() is kept


class TestBeacon:
    def test_never_writes_the_story(self, story, editor, client, django_assert_num_queries):
        address, headers = f"/articles/{story.pk}/view/", {"sec-fetch-site": "same-origin"}
        other = make_edition(by=editor)
        client.post(f"/articles/{other.pk}/view/", {"key": "b" * 32}, headers=headers)
        client.cookies.clear()
        # The budget of the network, too.
        with django_assert_num_queries(1 + A_BEACON) as first:
            client.post(address, {"key": "a" * 32}, headers=headers)
        # A repeat reads the figure again where another process may have been quicker.
        with django_assert_num_queries(2 if A_BEACON == 1 else A_BEACON) as second:
            client.post(address, {"key": "a" * 32}, headers=headers)
        for query in first.captured_queries + second.captured_queries:
            sql = query["sql"].strip()
            if sql.startswith(("INSERT", "UPDATE", "DELETE")):
                assert "articles_viewledger" in sql or "articles_viewinbox" in sql
