"""The rules of counting, one class each, named by their numbers, through the real endpoint."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from articles import publishing, writing
from articles.models import Article, ArticleViews, DailyViews, Edition, ViewInbox, ViewLedger
from articles.visits import ledger
from tests.conftest import NOON
from tests.factories import (
    figure,
    make_article,
    make_attachment,
    make_edition,
    make_image,
    make_topic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def story(editor, noon) -> Edition:
    return make_edition(by=editor, at=noon - timedelta(days=2))


@pytest.fixture
def reader() -> Client:
    """A browser that keeps cookies; the clock decides how old they are, not the browser."""
    return Client(headers={"sec-fetch-site": "same-origin", "user-agent": "Firefox"})


def browser(**headers: str) -> Client:
    return Client(headers={"sec-fetch-site": "same-origin", "user-agent": "Firefox", **headers})


def look(at: Edition, by: Client, key: str = ""):
    return by.post(reverse("view", args=[at.pk]), {"key": key} if key else {})


def key(number: int = 0) -> str:
    return f"{number:032x}"


def days(edition: Edition) -> dict[date, int]:
    """The drained daily series of a story."""
    ledger.drain()
    rows = DailyViews.objects.filter(article_id=edition.pk)
    return dict(rows.values_list("day", "views"))


class TestV01GapOfHalfAnHour:
    @pytest.mark.parametrize(
        ("quiet", "visits"),
        [
            (timedelta(0), 1),
            (29 * MINUTE + 59 * SECOND, 1),
            (30 * MINUTE, 2),
            (30 * MINUTE + SECOND, 2),
            (-5 * MINUTE, 1),
        ],
    )
    def test_ends_a_visit(self, story, reader, noon, time_machine, quiet, visits):
        look(story, reader, key())
        time_machine.move_to(noon + quiet, tick=False)
        assert look(story, reader).json() == {"views": visits}

    def test_is_measured_from_the_latest_beacon(self, story, reader, noon, time_machine):
        for minutes in (0, 29, 58, 87):
            time_machine.move_to(noon + minutes * MINUTE, tick=False)
            assert look(story, reader).json() == {"views": 1}


class TestV02AnyPage:
    def test_extends_the_visit(self, story, reader, noon, time_machine):
        look(story, reader, key())
        time_machine.move_to(noon + 20 * MINUTE, tick=False)
        assert reader.post(reverse("visit")).status_code == 204
        time_machine.move_to(noon + 49 * MINUTE, tick=False)
        assert look(story, reader).json() == {"views": 1}

    def test_may_begin_the_visit(self, story, noon):
        first, second = browser(), browser()
        first.post(reverse("visit"), {"key": key()})
        look(story, first)
        assert look(story, second, key()).json() == {"views": 1}


class TestV03TwelveHours:
    @pytest.mark.parametrize(("last", "visits"), [(12 * HOUR - SECOND, 1), (12 * HOUR, 2)])
    def test_end_a_visit_whatever_happens(self, story, reader, noon, time_machine, last, visits):
        look(story, reader, key())
        for step in range(1, 36):
            time_machine.move_to(noon + step * 20 * MINUTE, tick=False)
            reader.post(reverse("visit"))
        time_machine.move_to(noon + last, tick=False)
        assert look(story, reader).json() == {"views": visits}


class TestV04Recognition:
    def test_prefers_the_cookie_to_the_key(self, story, reader):
        look(story, reader, key(1))
        assert look(story, reader, key(2)).json() == {"views": 1}

    def test_goes_by_the_key_before_there_is_a_cookie(self, story):
        first, second, third = browser(), browser(), browser()
        look(story, first, key(1))
        assert look(story, second, key(1)).json() == {"views": 1}
        assert look(story, third, key(2)).json() == {"views": 2}

    def test_agrees_on_parallel_first_beacons(self, story):
        tabs = [browser() for _tab in range(5)]
        assert {look(story, tab, key()).json()["views"] for tab in tabs} == {1}
        # Afterwards all of them go on with one visit.
        assert [look(story, tab).json()["views"] for tab in tabs] == [1] * 5

    def test_agrees_on_two_tabs_with_one_stale_cookie(self, story, reader, noon, time_machine):
        look(story, reader, key())
        stale = reader.cookies["visit"].value
        time_machine.move_to(noon + 40 * MINUTE, tick=False)
        tabs = [browser(), browser()]
        for tab in tabs:
            tab.cookies["visit"] = stale
        assert [look(story, tab).json()["views"] for tab in tabs] == [2, 2]

    def test_goes_by_the_key_over_midnight(self, story, noon, time_machine):
        time_machine.move_to(noon.replace(hour=23, minute=59), tick=False)
        look(story, browser(), key())
        time_machine.move_to(noon.replace(hour=23, minute=59) + 2 * MINUTE, tick=False)
        assert look(story, browser(), key()).json() == {"views": 1}

    def test_goes_by_the_account_where_nothing_is_kept(self, story, writer, editor):
        def logged_in(user, **headers):
            client = browser(**headers)
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            return client

        look(story, logged_in(writer))
        assert look(story, logged_in(writer, **{"user-agent": "Edge"})).json() == {"views": 1}
        assert look(story, logged_in(editor)).json() == {"views": 2}
        assert look(story, browser()).json() == {"views": 3}

    @pytest.mark.parametrize(
        "other",
        [
            {"REMOTE_ADDR": "10.1.1.2"},
            {"HTTP_USER_AGENT": "Edge"},
            {"HTTP_ACCEPT_LANGUAGE": "en"},
        ],
    )
    def test_goes_by_address_browser_and_language_at_last(self, story, other):
        url = reverse("view", args=[story.pk])
        assert browser().post(url).json() == {"views": 1}
        assert browser().post(url).json() == {"views": 1}
        assert browser().post(url, **other).json() == {"views": 2}

    def test_keeps_neither_address_nor_account(self, story, chief):
        client = browser(**{"user-agent": "Very-Special-Browser"})
        look(story, client)
        client.force_login(chief, backend="django.contrib.auth.backends.ModelBackend")
        look(story, browser(), "a-key-of-the-script-itself")
        kept = str(list(ViewLedger.objects.values())) + str(list(ViewInbox.objects.values()))
        for secret in ("127.0.0.1", "Very-Special-Browser", "chief", "a-key-of-the-script"):
            assert secret not in kept


class TestV05FiveHundredPeople:
    def test_behind_one_address_are_as_many_visits(self, story):
        for number in range(500):
            look(story, browser(), key(number))
        assert ledger.views(story.pk) == 500


class TestV06RefusedCookies:
    def test_count_once_a_clock_hour(self, story, noon, time_machine):
        counts = []
        for minutes in (0, 1, 59, 60, 119, 120):
            time_machine.move_to(noon + minutes * MINUTE, tick=False)
            counts.append(look(story, browser()).json()["views"])
        assert counts == [1, 1, 1, 2, 2, 3]

    def test_count_each_article(self, story, editor):
        other = make_edition(by=editor)
        assert look(story, browser()).json() == {"views": 1}
        assert look(other, browser()).json() == {"views": 1}


class TestV07LoggingInOrOut:
    def test_starts_no_new_visit(self, story, reader, writer):
        look(story, reader, key())
        reader.force_login(writer, backend="django.contrib.auth.backends.ModelBackend")
        assert look(story, reader).json() == {"views": 1}
        visit = reader.cookies["visit"].value
        reader.logout()
        reader.cookies["visit"] = visit
        assert look(story, reader).json() == {"views": 1}


class TestV08Midnight:
    def test_does_not_cut_a_visit(self, story, editor, reader, noon, time_machine):
        other, today = make_edition(by=editor), noon.date()
        time_machine.move_to(noon.replace(hour=23, minute=59), tick=False)
        look(story, reader, key())
        time_machine.move_to(noon.replace(hour=23, minute=59) + 2 * MINUTE, tick=False)
        assert look(story, reader).json() == {"views": 1}
        look(other, reader)
        assert days(story) == {today: 1}
        assert days(other) == {today + timedelta(days=1): 1}

    def test_is_that_of_shanghai(self, story, reader, noon, time_machine):
        # Half past midnight in Shanghai is still yesterday in UTC.
        time_machine.move_to(noon.replace(hour=0, minute=30), tick=False)
        look(story, reader, key())
        assert days(story) == {noon.date(): 1}


class TestV10Reload:
    def test_counts_no_further_view(self, story, reader):
        assert [look(story, reader, key()).json()["views"] for _reload in range(10)] == [1] * 10

    def test_counts_no_further_view_through_a_detour(self, story, reader, editor):
        other = make_edition(by=editor)
        for edition in (story, other, story, other):
            look(edition, reader, key())
        assert ledger.views_of([story.pk, other.pk]) == {story.pk: 1, other.pk: 1}


LISTS = ["/archive/", "/archive/2026/", "/archive/2026/6/", "/pictures/", "/topics/", "/en/"]
LISTS += ["/search/?q=安全", "/search/missed/"]
FOR_MACHINES = ["/atom.xml", "/rss.xml", "/feed.json", "/robots.txt", "/sitemap.xml"]
FOR_MACHINES += ["/sitemap-sections.xml", "/sitemap-news.xml", "/sitemap-stories-1.xml"]
FOR_MACHINES += ["/api/", "/api/openapi.json", "/api/v1/stories/", "/api/v1/search/?q=安全"]
FOR_MACHINES += ["/api/v1/hot/", "/api/v1/channels/", "/api/v1/units/"]


class TestV15ReadingMethods:
    @pytest.mark.parametrize(
        "method", ["get", "head", "options", "put", "patch", "delete", "trace"]
    )
    def test_never_change_a_count(self, editor, reader, method):
        image, attachment = make_image(by=editor), make_attachment(by=editor)
        topic = make_topic()
        article = make_article(by=editor, body=figure(image))
        story = publishing.publish(
            writing.keep(
                article,
                body=figure(image),
                tags=["安全生产"],
                by=editor,
                based_on=1,
                attachments=[writing.AttachmentLine(attachment.pk, "材料")],
            ),
            by=editor,
        )
        addresses = [
            reverse("attachment", args=[attachment.pk]),
            reverse("home"),
            story.channel.get_absolute_url(),
            story.get_absolute_url(),
            reverse("view", args=[story.pk]),
            reverse("view", args=[story.pk]) + f"?key={key()}",
            reverse("visit"),
            story.cover["source"],
            *LISTS,
            *FOR_MACHINES,
            reverse("code", args=[story.pk]),
            reverse("unit", args=[story.department_id]),
            reverse("unit_feed", args=[story.department_id, "atom.xml"]),
            reverse("channel_feed", args=[story.channel.slug, "atom.xml"]),
            reverse("topic", args=[topic.slug]),
            reverse("topic_feed", args=[topic.slug, "atom.xml"]),
            reverse("author", args=[story.byline]),
            reverse("tag", args=["安全生产"]),
            reverse("api_story", args=[story.pk]),
        ]
        for address in addresses:
            answer = getattr(reader, method)(address)
            if answer.streaming:
                b"".join(answer)  # Read to the end, which closes the file.
            assert answer.status_code in (200, 204, 405), address
            assert "visit" not in reader.cookies
        assert not ViewLedger.objects.exists()
        assert not ViewInbox.objects.exists()
        assert ledger.views(story.pk) == 0

    def test_includes_every_public_address(self):
        from articles.urls import in_each_language, urlpatterns

        names: set[str | None] = {"home", "channel", "article", "view", "visit", "media"}
        names |= {"attachment", "archive", "pictures", "topics", "search", "search_missed"}
        names |= {"unit", "topic", "author", "tag", "code"}
        names |= {"feed", "unit_feed", "channel_feed", "topic_feed", "robots"}
        names |= {"sitemap", "sitemap_sections", "sitemap_news", "sitemap_stories"}
        names |= {"api", "api_document", "api_stories", "api_story", "api_search", "api_hot"}
        # None: whatever else stands beneath api/, a 404.
        names |= {"api_channels", "api_units", None}
        # Guests with a link are tested in tests/portal/test_previews.py.
        names |= {"preview", "preview_picture", "preview_video", "preview_file"}
        patterns = [*in_each_language, *urlpatterns]
        assert {pattern.name for pattern in patterns} == names, "add it to the test above"


class TestV16WhatIsNotLive:
    @staticmethod
    def assert_as_unknown(answer) -> None:
        unknown = browser().post("/articles/999999999/view/")
        assert (answer.status_code, answer.content) == (404, unknown.content)
        assert "visit" not in answer.cookies
        assert not ViewLedger.objects.exists()

    @pytest.mark.parametrize(
        "changes",
        [
            {"published_at": timedelta(seconds=1)},
            {"published_at": timedelta(days=365)},
            {"expires_at": timedelta(0)},
            {"expires_at": -timedelta(seconds=1)},
            {"withdrawn_at": timedelta(0)},
            {"withdrawn_at": timedelta(days=1)},
        ],
    )
    def test_is_not_counted_and_looks_unknown(self, editor, noon, reader, changes):
        story = make_edition(by=editor, at=noon - timedelta(days=2))
        moments = {name: noon + delta for name, delta in changes.items()}
        Edition.objects.filter(pk=story.pk).update(withdrawal_reason="有误", **moments)
        self.assert_as_unknown(look(story, reader, key()))

    def test_includes_drafts(self, editor, reader):
        draft = make_article(by=editor)
        self.assert_as_unknown(reader.post(reverse("view", args=[draft.pk]), {"key": key()}))

    @pytest.mark.parametrize("number", ["0", "-1", "01", "1.0", "x", "9" * 19, "9" * 5000])
    def test_includes_numbers_no_row_has(self, reader, number):
        assert reader.post(f"/articles/{number}/view/", {"key": key()}).status_code == 404

    def test_is_counted_until_its_last_moment(self, editor, noon, reader):
        story = make_edition(by=editor, at=noon - timedelta(days=2))
        Edition.objects.filter(pk=story.pk).update(expires_at=noon + SECOND)
        assert look(story, reader, key()).json() == {"views": 1}


class TestV17Withdrawal:
    def test_stops_counting_and_republication_goes_on(self, story, editor):
        look(story, browser(), key(1))
        ledger.drain()
        look(story, browser(), key(2))
        article = Article.objects.get(pk=story.pk)
        publishing.withdraw(article, by=editor, reason="有误")
        assert look(story, browser(), key(3)).status_code == 404
        publishing.publish(article, by=editor)
        assert look(story, browser(), key(2)).json() == {"views": 2}
        assert look(story, browser(), key(4)).json() == {"views": 3}


class TestV18Prefetch:
    @pytest.mark.parametrize("header", ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"])
    @pytest.mark.parametrize("value", ["prefetch", "prefetch;prerender", "Preview", "prerender"])
    def test_is_answered_but_not_counted(self, story, reader, header, value):
        look(story, browser(), key(9))
        for address in (reverse("view", args=[story.pk]), reverse("visit")):
            answer = reader.post(address, {"key": key()}, headers={header: value})
            assert answer.status_code in (200, 204)
            assert "visit" not in answer.cookies
        assert ledger.views(story.pk) == 1

    def test_is_not_seen_in_other_words(self, story, reader):
        answer = reader.post(
            reverse("view", args=[story.pk]), {"key": key()}, headers={"Purpose": "navigate"}
        )
        assert answer.json() == {"views": 1}


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
        before = ledger.views(story.pk)
        ledger.drain()
        assert ledger.views(story.pk) == before == 5
        assert not ViewInbox.objects.exists()

    def test_never_falls_by_a_new_edition(self, story, editor):
        look(story, browser(), key())
        ledger.drain()
        publishing.publish(Article.objects.get(pk=story.pk), by=editor)
        assert ledger.views(story.pk) == 1

    def test_holds_imported_views_that_are_in_no_daily_series(self, story, noon):
        ArticleViews.objects.filter(article_id=story.pk).update(base=1000)
        assert look(story, browser(), key()).json() == {"views": 1001}
        assert days(story) == {noon.date(): 1}
        assert ledger.views(story.pk) == 1001


class TestV26AFailingCount:
    @pytest.mark.parametrize(
        ("owner", "name"),
        [
            (ledger, "count"),
            (ledger, "figure"),
            (ledger, "salt_of"),
            (ViewLedger.objects, "create"),
            (ViewInbox.objects, "create"),
            (Edition.objects, "live"),
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
        if name != "figure":
            assert ledger.views(story.pk) == 0
        assert look(story, reader).json() == {"views": 1}

    def test_leaves_the_page_as_it_was(self, story, reader, monkeypatch):
        def fail(*args, **kwargs):
            raise OperationalError("database is locked")

        monkeypatch.setattr(ledger, "count", fail)
        assert look(story, reader).status_code == 503
        assert reader.get(story.get_absolute_url()).status_code == 200

    def test_costs_no_answer_when_only_the_drain_fails(self, story, monkeypatch, caplog):
        def fail():
            raise OperationalError("database is locked")

        monkeypatch.setattr(ledger, "drain", fail)
        monkeypatch.setattr(ledger, "LONG_INBOX", 1)
        assert look(story, browser(), key()).json() == {"views": 1}
        assert "could not be drained" in caplog.text

    def test_gives_a_page_without_story_503_too(self, monkeypatch):
        def fail(*args, **kwargs):
            raise OperationalError("database is locked")

        monkeypatch.setattr(ledger, "salt_of", fail)
        assert browser().post(reverse("visit")).status_code == 503
