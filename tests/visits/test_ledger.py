"""What was counted: exactly once, whoever counts and drains at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection

from articles.models import ArticleViews, DailyViews, DaySalt, ViewInbox, ViewLedger
from articles.visits import ledger
from articles.visits.recognition import Visit
from tests.conftest import NOON
from tests.factories import make_edition

ARTICLE = 7
THREADS = 8


def visit(number: int, *, start_known: bool = True, at=NOON) -> Visit:
    return Visit(f"{number:032x}", at, at, start_known)


@pytest.fixture
def account(db) -> None:
    ledger.open_account(ARTICLE)


@pytest.mark.usefixtures("account")
class TestCount:
    def test_counts_a_visit_once(self):
        assert ledger.count(ARTICLE, visit(1), NOON)
        assert not ledger.count(ARTICLE, visit(1), NOON)
        assert ledger.views(ARTICLE) == 1

    def test_counts_each_visit_and_each_article(self):
        ledger.open_account(8)
        for article in (ARTICLE, 8):
            for number in range(3):
                ledger.count(article, visit(number), NOON)
        assert ledger.views_of([ARTICLE, 8, 9]) == {ARTICLE: 3, 8: 3}

    def test_loses_the_race_without_counting(self, monkeypatch):
        ledger.count(ARTICLE, visit(1), NOON)
        monkeypatch.setattr(ledger, "_is_counted", lambda article_id, visit: False)
        assert not ledger.count(ARTICLE, visit(1), NOON)
        assert ledger.views(ARTICLE) == 1

    def test_finds_a_key_of_yesterday(self):
        midnight = NOON.replace(hour=23, minute=59)
        ledger.count(ARTICLE, visit(1, start_known=False, at=midnight), midnight)
        later = midnight + timedelta(minutes=2)
        assert not ledger.count(ARTICLE, visit(1, start_known=False, at=later), later)

    def test_dates_the_view_to_its_own_day(self):
        later = NOON + timedelta(hours=13)
        ledger.count(ARTICLE, visit(1), later)
        row = ViewLedger.objects.get()
        assert (row.visit_day, row.counted_on) == (NOON.date(), later.date())

    def test_costs_the_same_however_many_were_counted(self, django_assert_num_queries):
        for number in range(30):
            ledger.count(ARTICLE, visit(number), NOON)
        # Looked up; savepoint, ledger, inbox, savepoint released.
        with django_assert_num_queries(5):
            ledger.count(ARTICLE, visit(99), NOON)
        with django_assert_num_queries(1):
            ledger.count(ARTICLE, visit(99), NOON)

    @pytest.mark.parametrize(
        ("rows", "days_old", "due"),
        [(0, None, False), (1, 0, False), (199, 0, False), (200, 0, True), (1, 1, True)],
    )
    def test_asks_for_a_drain_when_the_inbox_is_long_or_old(self, rows, days_old, due):
        since = None if days_old is None else NOON.date() - timedelta(days=days_old)
        assert ledger.Figure(7, rows, since).is_drain_due(NOON.date()) is due

    def test_reads_the_figure_in_one_statement(self, django_assert_num_queries):
        ledger.count(ARTICLE, visit(1), NOON)
        with django_assert_num_queries(1):
            assert ledger.figure(ARTICLE) == ledger.Figure(1, 1, NOON.date())
        with django_assert_num_queries(1):
            ledger.views_of(list(range(100)))

    def test_is_nothing_for_an_article_without_account(self):
        assert ledger.views(12345) == 0


class TestBeacon:
    @pytest.mark.django_db
    def test_never_writes_the_story(self, editor, client, django_assert_num_queries):
        story = make_edition(by=editor)
        address, headers = f"/articles/{story.pk}/view/", {"sec-fetch-site": "same-origin"}
        # Live; looked up; savepoint, ledger, inbox, released; figure.
        with django_assert_num_queries(7) as captured:
            client.post(address, {"key": "a" * 32}, headers=headers)
        with django_assert_num_queries(3):
            client.post(address, {"key": "a" * 32}, headers=headers)
        for query in captured.captured_queries:
            sql = query["sql"]
            if sql.startswith(("INSERT", "UPDATE", "DELETE")):
                assert '"articles_viewledger"' in sql or '"articles_viewinbox"' in sql


@pytest.mark.usefixtures("account")
class TestDrain:
    def test_moves_all_and_keeps_the_figure(self):
        ArticleViews.objects.filter(pk=ARTICLE).update(base=10)
        for number in range(12):
            ledger.count(ARTICLE, visit(number), NOON + timedelta(days=number % 3))
        assert ledger.views(ARTICLE) == 22
        assert ledger.drain() == 12
        assert ledger.views(ARTICLE) == 22
        assert not ViewInbox.objects.exists()
        row = ArticleViews.objects.get()
        assert (row.total, row.base) == (12, 10)
        series = DailyViews.objects.order_by("day").values_list("day", "views")
        assert list(series) == [(NOON.date() + timedelta(days=day), 4) for day in range(3)]

    def test_does_nothing_the_second_time(self):
        ledger.count(ARTICLE, visit(1), NOON)
        assert [ledger.drain(), ledger.drain()] == [1, 0]
        assert ArticleViews.objects.get().total == 1

    def test_adds_to_what_was_drained_before(self):
        for number in range(3):
            ledger.count(ARTICLE, visit(number), NOON)
            ledger.drain()
        assert ArticleViews.objects.get().total == 3
        assert DailyViews.objects.get().views == 3

    def test_goes_on_batch_by_batch(self, monkeypatch):
        monkeypatch.setattr(ledger, "BATCH", 4)
        for number in range(10):
            ledger.count(ARTICLE, visit(number), NOON)
        assert ledger.drain() == 10
        assert ledger.views(ARTICLE) == 10

    def test_opens_an_account_that_is_missing(self):
        ledger.count(99, visit(1), NOON)
        ledger.drain()
        assert ledger.views(99) == 1

    def test_moves_nothing_when_it_fails_in_the_middle(self, monkeypatch):
        def fail(days):
            raise RuntimeError

        for number in range(3):
            ledger.count(ARTICLE, visit(number), NOON)
        monkeypatch.setattr(ledger, "_add_days", fail)
        with pytest.raises(RuntimeError):
            ledger.drain()
        assert ViewInbox.objects.count() == 3
        assert ArticleViews.objects.get().total == 0
        assert ledger.views(ARTICLE) == 3

    def test_is_run_by_a_beacon_that_finds_a_long_inbox(self, editor, client, monkeypatch):
        story = make_edition(by=editor)
        monkeypatch.setattr(ledger, "LONG_INBOX", 3)
        answers = []
        for number in range(3):
            client.cookies.clear()
            address, key = f"/articles/{story.pk}/view/", f"{number:032x}"
            headers = {"sec-fetch-site": "same-origin"}
            answers.append(client.post(address, {"key": key}, headers=headers))
        assert [answer.json()["views"] for answer in answers] == [1, 2, 3]
        assert not ViewInbox.objects.exists()
        assert ArticleViews.objects.get(pk=story.pk).total == 3


def at_once(work, arguments) -> list:
    """Runs the calls in threads of their own connection; gives back the results."""

    def call(argument):
        try:
            return work(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(call, arguments))


@pytest.fixture
def _postgresql(transactional_db) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite in memory has one connection")
    ledger.open_account(ARTICLE)


@pytest.mark.usefixtures("_postgresql")
class TestAtOnce:
    def test_no_view_is_lost_and_none_is_counted_twice(self):
        def count(start):
            return sum(ledger.count(ARTICLE, visit(start + n), NOON) for n in range(50))

        fresh = [thread * 50 for thread in range(THREADS)]
        assert at_once(count, fresh) == [50] * THREADS
        assert at_once(count, fresh) == [0] * THREADS
        assert ledger.views(ARTICLE) == 400
        # The same new visits from all threads: one of them counts each.
        assert sum(at_once(count, [1000] * THREADS)) == 50
        assert ledger.views(ARTICLE) == 450
        assert ViewLedger.objects.count() == 450

    def test_drains_beside_counting_lose_nothing_and_the_figure_never_falls(self, monkeypatch):
        monkeypatch.setattr(ledger, "BATCH", 7)
        done = Event()

        def work(job):
            if job == "watch":
                seen = [0]
                while not done.is_set():
                    seen.append(ledger.views(ARTICLE))
                return seen == sorted(seen)
            if job == "drain":
                moved = 0
                while not done.is_set():
                    moved += ledger.drain()
                return moved
            try:
                for number in range(150):
                    ledger.count(ARTICLE, visit(number), NOON)
            finally:
                done.set()
            return None

        never_fell, first, second, _counted = at_once(work, ["watch", "drain", "drain", "count"])
        assert never_fell
        assert first + second + ledger.drain() == 150
        assert ledger.views(ARTICLE) == 150
        assert ArticleViews.objects.get().total == 150
        assert DailyViews.objects.get().views == 150

    def test_one_salt_is_made_for_all(self):
        salts = at_once(lambda _thread: ledger.salt_of(NOON.date()), range(THREADS))
        assert len(set(salts)) == 1


@pytest.mark.django_db
class TestSalts:
    def test_last_for_a_day(self):
        first = ledger.salt_of(NOON.date())
        assert len(first) == 32
        assert ledger.salt_of(NOON.date()) == first
        assert ledger.salt_of(NOON.date() + timedelta(days=1)) != first

    @pytest.mark.parametrize(
        ("hours_after_the_day", "destroyed"), [(0, 0), (47, 0), (48, 1), (49, 1), (9999, 1)]
    )
    def test_are_destroyed_48_hours_after_their_day(self, hours_after_the_day, destroyed):
        ledger.salt_of(NOON.date())
        end = NOON.replace(hour=0) + timedelta(days=1)
        assert ledger.destroy_old_salts(end + timedelta(hours=hours_after_the_day)) == destroyed
        assert DaySalt.objects.count() == 1 - destroyed
