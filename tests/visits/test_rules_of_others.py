"""What does not count, one class a rule, named by their numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from articles import publishing, writing
from articles.models import Attachment, Edition, Outcome, UncountedViews, ViewInbox, ViewLedger
from articles.visits import draining, figures
from tests.factories import (
    figure,
    make_article,
    make_attachment,
    make_edition,
    make_image,
    make_topic,
)
from tests.visits.looking import SECOND, browser, key, look

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


LISTS = ["/archive/", "/archive/2026/", "/archive/2026/6/", "/pictures/", "/topics/", "/hot/"]
LISTS += ["/en/", "/search/?q=安全", "/search/missed/", "/privacy/"]
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
        assert figures.views(story.pk) == 0

    def test_includes_every_public_address(self):
        from articles.urls import in_each_language, urlpatterns

        names: set[str | None] = {"home", "channel", "article", "view", "visit", "media", "privacy"}
        names |= {"attachment", "archive", "pictures", "topics", "hot", "search", "search_missed"}
        names |= {"unit", "topic", "author", "tag", "code"}
        names |= {"feed", "unit_feed", "channel_feed", "topic_feed", "robots"}
        names |= {"sitemap", "sitemap_sections", "sitemap_news", "sitemap_stories"}
        names |= {"api", "api_document", "api_stories", "api_story", "api_search", "api_hot"}
        # None: whatever else stands beneath api/, a 404.
        names |= {"api_channels", "api_units", None}
        # Guests with a link are tested in tests/portal/test_previews.py.
        names |= {"preview", "preview_picture", "preview_video", "preview_file"}
        # Leaders with one in tests/portal/test_reviews.py.
        names |= {"review", "review_done", "review_picture", "review_video", "review_file"}
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


class TestV18Prefetch:
    @pytest.mark.parametrize("header", ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"])
    @pytest.mark.parametrize("value", ["prefetch", "prefetch;prerender", "Preview", "prerender"])
    def test_is_answered_but_not_counted(self, story, reader, header, value):
        look(story, browser(), key(9))
        for address in (reverse("view", args=[story.pk]), reverse("visit")):
            answer = reader.post(address, {"key": key()}, headers={header: value})
            assert answer.status_code in (200, 204)
            assert "visit" not in answer.cookies
        assert figures.views(story.pk) == 1

    def test_is_not_seen_in_other_words(self, story, reader):
        answer = reader.post(
            reverse("view", args=[story.pk]), {"key": key()}, headers={"Purpose": "navigate"}
        )
        assert answer.json() == {"views": 1}

    def test_is_told_by_day(self, story, reader):
        for _again in range(2):
            reader.post(reverse("view", args=[story.pk]), headers={"sec-purpose": "prefetch"})
        assert why_not(story) == {Outcome.PREFETCH: 2}


def why_not(story: Edition) -> dict[int, int]:
    """How many beacons of a story were not counted, by reason."""
    draining.drain()
    rows = UncountedViews.objects.filter(article_id=story.pk)
    return dict(rows.values_list("outcome", "n"))


PROGRAMS = [
    "Mozilla/5.0 (compatible; Baiduspider-render/2.0; +http://www.baidu.com/search/spider.html)",
    "python-requests/2.31.0",
    "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0.0.0 Safari/537.36",
    "",
]


class TestV19Programs:
    @pytest.mark.parametrize("name", PROGRAMS)
    def test_are_answered_tallied_and_not_counted(self, story, name):
        look(story, browser(), key(1))
        answer = look(story, browser(**{"user-agent": name}), key(2))
        assert answer.json() == {"views": 1}
        assert "visit" not in answer.cookies
        assert why_not(story) == {Outcome.ROBOT: 1}
        assert ViewLedger.objects.count() == 1

    def test_are_tallied_beside_the_other_reasons(self, story, reader):
        for _again in range(3):
            look(story, reader, key())
        look(story, browser(**{"user-agent": "curl/8.5.0"}))
        assert why_not(story) == {Outcome.REPEAT: 2, Outcome.ROBOT: 1}
        assert figures.views(story.pk) == 1


class TestV20Excerpts:
    @pytest.mark.parametrize(
        "address", ["/atom.xml", "/rss.xml", "/feed.json", "/api/v1/stories/", "/search/?q=安全"]
    )
    def test_are_not_counted_but_what_their_link_opens(self, story, reader, address):
        assert reader.get(address).status_code == 200
        assert figures.views(story.pk) == 0
        reader.get(story.get_absolute_url())
        assert look(story, reader, key()).json() == {"views": 1}


class TestV21Downloads:
    def test_have_a_counter_of_their_own(self, editor, reader):
        attachment = make_attachment(by=editor)
        lines = [writing.AttachmentLine(attachment.pk, "材料")]
        article = make_article(by=editor)
        kept = writing.keep(
            article, body=article.body, tags=[], by=editor, based_on=1, attachments=lines
        )
        story = publishing.publish(kept, by=editor)
        b"".join(reader.get(reverse("attachment", args=[attachment.pk])))
        assert figures.views(story.pk) == 0
        look(story, reader, key())
        assert Attachment.objects.get().downloads == figures.views(story.pk) == 1


class TestV22Lists:
    @pytest.mark.parametrize("name", ["home", "archive", "topics", "pictures"])
    def test_keep_the_visit_going_and_count_nothing(self, story, reader, name):
        page = reader.get(reverse(name)).content.decode()
        assert f'data-visit="{reverse("visit")}"' in page
        answer = reader.post(reverse("visit"), {"key": key()})
        assert (answer.status_code, "visit" in answer.cookies) == (204, True)
        assert not ViewInbox.objects.exists()
        assert not ViewLedger.objects.exists()


class TestV24WithoutScript:
    def test_nothing_is_counted(self, story, reader):
        for _reload in range(3):
            assert "<noscript" not in reader.get(story.get_absolute_url()).content.decode()
        assert not ViewInbox.objects.exists()
        assert figures.views(story.pk) == 0
