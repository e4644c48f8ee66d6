"""What counts and what is shown, one class a rule, named by their numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.urls import reverse

from articles import publishing
from articles.models import Article, ArticleViews, Edition, Outcome, ViewInbox, ViewLedger
from articles.visits import corrections, draining, figures, filing, holds, ledger, networks, salts
from articles.visits.filing import Entry
from tests.conftest import NOON
from tests.factories import make_edition, rewrite
from tests.visits.looking import MINUTE, at_once, browser, days, key, look, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


class TestV10Reload:
    def test_counts_no_further_view(self, story, reader):
        assert [look(story, reader, key()).json()["views"] for _reload in range(10)] == [1] * 10

    def test_counts_no_further_view_through_a_detour(self, story, reader, editor):
        other = make_edition(by=editor)
        for edition in (story, other, story, other):
            look(edition, reader, key())
        assert figures.views_of([story.pk, other.pk]) == {story.pk: 1, other.pk: 1}


class TestV11ThirtyQuietMinutes:
    @pytest.mark.parametrize("has_cookie", [True, False])
    def test_begin_a_visit_that_counts(self, story, reader, noon, time_machine, has_cookie):
        """The browser has thrown the cookie away by then, and the script its key."""
        look(story, reader, key(1))
        time_machine.move_to(noon + 30 * MINUTE, tick=False)
        if not has_cookie:
            reader.cookies.clear()
        assert look(story, reader, key(2)).json() == {"views": 2}


class TestV12KeptPages:
    def test_count_like_rendered_ones(self, story):
        address = story.get_absolute_url()
        for number in range(3):
            each = browser()
            page = each.get(address)
            assert f'data-visit="{address}view/"' in page.content.decode()
            assert not page.cookies
            assert "Cookie" not in page.headers.get("Vary", "")
            assert look(story, each, key(number)).json() == {"views": number + 1}

    def test_count_when_the_reader_has_the_page_already(self, story, reader):
        page = reader.get(story.get_absolute_url())
        again = reader.get(
            story.get_absolute_url(), headers={"if-none-match": page.headers["ETag"]}
        )
        assert again.status_code == 304
        assert look(story, reader, key()).json() == {"views": 1}


IN_APPS = [
    "MicroMessenger/8.0.44(0x18002c2f) NetType/WIFI Language/zh_CN",
    "wxwork/4.1.10 MicroMessenger/7.0.1 Language/zh",
    "AliApp(DingTalk/7.0.40) com.laiwang.DingTalk/31533570 Channel/201200",
    "Lark/7.6.9 LarkLocale/zh_CN ChannelName/Feishu",
    "baiduboxapp/13.45.0.10 (Baidu; P1 12)",
    "V1_AND_SQ_8.9.80_4614_YYB_D QQ/8.9.80.12440 NetType/4G",
]


class TestV13BrowsersInApps:
    @pytest.mark.parametrize("name", IN_APPS)
    def test_count(self, story, name):
        mozilla = "Mozilla/5.0 (Linux; Android 12; V2199A) AppleWebKit/537.36 Chrome/107.0"
        reader = browser(**{"user-agent": f"{mozilla} Mobile Safari/537.36 {name}"})
        assert look(story, reader, key()).json() == {"views": 1}


class TestV14Staff:
    @pytest.fixture
    def at_work(self, writer):
        each = browser()
        each.force_login(writer, backend="newsroom.authentication.OneStatementBackend")
        return each

    def test_count_as_readers(self, story, at_work):
        assert look(story, at_work, key()).json() == {"views": 1}

    def test_do_not_where_a_setting_says_so(self, story, at_work, settings):
        settings.COUNT_STAFF = False
        answer = look(story, at_work, key())
        assert answer.json() == {"views": 0}
        assert "visit" not in answer.cookies
        draining.drain()
        assert figures.views(story.pk) == 0
        # Logged out they are readers.
        at_work.logout()
        assert look(story, at_work, key()).json() == {"views": 1}

    def test_are_not_those_who_only_have_an_account(self, story, settings):
        settings.COUNT_STAFF = False
        account = User.objects.create_user("reader")
        each = browser()
        each.force_login(account, backend="newsroom.authentication.OneStatementBackend")
        assert look(story, each, key()).json() == {"views": 1}

    def test_are_not_known_while_a_page_is_rendered(self, story, at_work, settings):
        settings.COUNT_STAFF = False
        address = story.get_absolute_url()
        assert at_work.get(address).content == browser().get(address).content


class TestV17Withdrawal:
    def test_stops_counting_and_republication_goes_on(self, story, editor):
        look(story, browser(), key(1))
        draining.drain()
        look(story, browser(), key(2))
        article = Article.objects.get(pk=story.pk)
        publishing.withdraw(article, by=editor, reason="有误")
        assert look(story, browser(), key(3)).status_code == 404
        publishing.publish(article, by=editor)
        assert look(story, browser(), key(2)).json() == {"views": 2}
        assert look(story, browser(), key(4)).json() == {"views": 3}


class TestV23TheSameBeaconAgain:
    def test_counts_once_with_a_stale_cookie_across_midnight(self, story, reader, time_machine):
        look(story, reader, key())
        stale = reader.cookies["visit"].value
        midnight = NOON.replace(hour=0) + timedelta(days=1)
        numbers = []
        for moment in (midnight - timedelta(seconds=1), midnight + timedelta(seconds=1)):
            time_machine.move_to(moment, tick=False)
            other = browser()
            other.cookies["visit"] = stale
            numbers.append(look(story, other).json()["views"])
        assert numbers == [2, 2]

    def test_counts_once_without_cookie(self, story):
        assert [look(story, browser(), key()).json() for _retry in range(3)] == [{"views": 1}] * 3

    def test_counts_once_with_cookie(self, story, reader):
        look(story, reader, key())
        replayed = reader.cookies["visit"].value
        other = browser()
        for _replay in range(3):
            other.cookies["visit"] = replayed
            assert look(story, other).json() == {"views": 1}


class TestV25TheShownCount:
    def test_never_falls_by_a_drain(self, story):
        for number in range(5):
            look(story, browser(), key(number))
        before = figures.views(story.pk)
        draining.drain()
        assert figures.views(story.pk) == before == 5
        assert not ViewInbox.objects.exists()

    def test_never_falls_by_a_new_edition(self, story, editor):
        look(story, browser(), key())
        draining.drain()
        edition = Edition.objects.get(pk=story.pk)
        publishing.publish(rewrite(edition, by=editor, title="第二版"), by=editor)
        assert figures.views(story.pk) == 1

    def test_holds_imported_views_that_are_in_no_daily_series(self, story, noon):
        ArticleViews.objects.filter(article_id=story.pk).update(base=1000)
        assert look(story, browser(), key()).json() == {"views": 1001}
        assert days(story) == {noon.date(): 1}
        assert figures.views(story.pk) == 1001

    def test_never_falls_for_one_reader_after_the_other(self, story, monkeypatch):
        monkeypatch.setattr(draining, "LONG_INBOX", 3)
        ArticleViews.objects.filter(article_id=story.pk).update(base=7)
        seen = []
        for number in range(12):
            seen.append(look(story, browser(), key(number // 2)).json()["views"])
            seen.append(figures.views(story.pk))
        assert seen == sorted(seen)
        assert seen[-1] == 13

    def test_falls_by_a_correction_that_says_who_and_why(self, story, noon, chief):
        for number in range(3):
            look(story, browser(), key(number))
        row = corrections.correct(story.pk, -2, day=noon.date(), by=chief, reason="刷量")
        assert look(story, browser(), key(9)).json() == {"views": 2}
        assert days(story) == {noon.date(): 4}
        corrections.reverse(row, by=chief, reason="误判")
        assert figures.views(story.pk) == 4

    def test_rises_by_held_views_once_they_are_released(self, story, settings, chief):
        settings.VISIT_BUDGET = 1
        for number in range(3):
            look(story, browser(), key(number))
        before = figures.views(story.pk)
        hold = holds.ViewHold.objects.get()
        holds.decide(hold, holds.Verdict.RELEASED, by=chief, reason="培训班")
        assert (before, figures.views(story.pk)) == (1, 3)


class TestV25TwoTabsAtOnce:
    def test_are_both_shown_the_look_that_counted(self, shared_account):
        """In two processes, which do not write together."""
        ArticleViews.objects.update(base=7)

        def tab(number: int) -> int:
            entry = Entry(shared_account, NOON, Outcome.COUNTED, visit(number))
            filing.write([entry])
            return entry.receipt.views

        for number in range(10):
            assert at_once(tab, [number] * 4) == [8 + number] * 4
        assert ViewLedger.objects.count() == 10


class TestV26AFailingCount:
    @pytest.mark.parametrize(
        ("owner", "name"),
        [
            (figures, "sights") if connection.vendor == "sqlite" else (filing.at_once, "file"),
            (salts, "of"),
            (networks, "is_over_budget"),
            (ledger._TOGETHER, "_write"),
        ],
    )
    def test_is_answered_with_503_and_not_counted(self, story, monkeypatch, owner, name):
        def fail(*args, **kwargs):
            raise OperationalError("database is locked")

        with monkeypatch.context() as patch:
            patch.setattr(owner, name, fail)
            reader = browser()
            answer = look(story, reader)
            assert answer.status_code == 503
            assert "visit" not in answer.cookies
        assert figures.views(story.pk) == 0
        assert not ViewLedger.objects.exists()
        assert look(story, reader).json() == {"views": 1}

    def test_leaves_the_page_as_it_was(self, story, reader, monkeypatch):
        def fail(*args, **kwargs):
            raise OperationalError("database is locked")

        monkeypatch.setattr(networks, "is_over_budget", fail)
        assert look(story, reader).status_code == 503
        assert reader.get(story.get_absolute_url()).status_code == 200

    def test_costs_no_answer_when_only_the_drain_fails(self, story, monkeypatch, caplog):
        def fail():
            raise OperationalError("database is locked")

        monkeypatch.setattr(draining, "drain", fail)
        monkeypatch.setattr(draining, "LONG_INBOX", 1)
        look(story, browser(), key(1))
        assert look(story, browser(), key(2)).json() == {"views": 2}
        assert "could not be drained" in caplog.text

    def test_gives_a_page_without_story_503_too(self, monkeypatch):
        def fail(*args, **kwargs):
            raise OperationalError("database is locked")

        monkeypatch.setattr(salts, "of", fail)
        assert browser().post(reverse("visit")).status_code == 503
