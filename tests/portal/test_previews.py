"""The page of a story for guests with a preview link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import binning, previewing, publishing, writing
from articles.models import Article, ArticleViews, PreviewLink, ViewInbox
from tests.factories import (
    figure,
    make_article,
    make_attachment,
    make_channel,
    make_edition,
    make_image,
    make_video,
    video_figure,
)

pytestmark = pytest.mark.django_db


def make_link(article, by, *, note="李总", days=3) -> PreviewLink:
    return previewing.make_link(article, by=by, note=note, days=days)


def address_of(link: PreviewLink) -> str:
    return reverse("preview", args=[previewing.token_of(link)])


def main_of(response) -> str:
    return re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]


class TestPage:
    def test_shows_the_newest_saved_text(self, client, writer):
        article = make_article(by=writer, title="第一稿")
        address = address_of(make_link(article, writer))
        assert "第一稿" in client.get(address).content.decode()
        article.title = "第二稿"
        writing.keep(article, body="<p>新。</p>", tags=[], by=writer, based_on=article.version)
        assert "第二稿" in client.get(address).content.decode()

    def test_is_the_page_readers_get(self, client, editor):
        image = make_image(by=editor)
        article = make_article(by=editor, body=f"<p>正文。</p>{figure(image)}", tags=["安全生产"])
        publishing.publish(article, by=editor)
        link = make_link(article, editor)
        pages = [
            re.sub(r"/(?:media|preview)/[^ \"]+", "FILE", main_of(client.get(address)))
            for address in (address_of(link), article.get_absolute_url())
        ]
        assert pages[0] == pages[1]

    def test_says_who_shared_it_and_until_when(self, client, writer, noon):
        writer.last_name, writer.first_name = "王", "芳"
        writer.save()
        page = client.get(address_of(make_link(make_article(by=writer), writer, days=1)))
        ribbon = re.search(r'class="ribbon".*</aside>', page.content.decode(), re.DOTALL)[0]
        assert "王芳" in ribbon
        assert "2026-06-16 12:00" in ribbon

    def test_is_kept_and_indexed_by_nobody(self, client, writer):
        answer = client.get(address_of(make_link(make_article(by=writer), writer)))
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert '<meta name="robots" content="noindex' in answer.content.decode()
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Frame-Options"] == "DENY"

    def test_knows_neither_cookie_nor_session(self, as_editor, client, editor):
        article = make_article(by=editor)
        answer = client.get(address_of(make_link(article, editor)))
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")

    def test_counts_no_view(self, client, editor):
        article = make_article(by=editor)
        publishing.publish(article, by=editor)
        page = client.get(address_of(make_link(article, editor))).content
        assert b"data-visit" not in page
        assert b"visit.js" not in page
        assert not ViewInbox.objects.exists()
        assert not ArticleViews.objects.filter(total__gt=0).exists()

    @pytest.mark.parametrize("method", ["post", "put", "delete"])
    def test_is_only_read(self, client, writer, method):
        address = address_of(make_link(make_article(by=writer), writer))
        assert getattr(client, method)(address).status_code == 405

    def test_outlives_publishing_and_withdrawing(self, client, editor):
        article = make_article(by=editor)
        address = address_of(make_link(article, editor))
        publishing.publish(article, by=editor)
        assert client.get(address).status_code == 200
        publishing.withdraw(article, by=editor, reason="有误")
        assert client.get(address).status_code == 200

    def test_costs_the_same_for_one_picture_and_for_eight(
        self, client, writer, django_assert_max_num_queries, django_assert_num_queries
    ):
        pages = []
        for count in (1, 8):
            body = "".join(figure(make_image(by=writer)) for _ in range(count))
            pages.append(address_of(make_link(make_article(by=writer, body=body), writer)))
            client.get(pages[-1])
        with django_assert_max_num_queries(17) as counted:
            client.get(pages[0])
        with django_assert_num_queries(len(counted)):
            client.get(pages[1])

    def test_shows_nothing_of_other_drafts(self, client, writer):
        channel = make_channel()
        canaries = ["金丝雀标题", "金丝雀正文"]
        make_article(by=writer, channel=channel, title=canaries[0], body=f"<p>{canaries[1]}</p>")
        page = client.get(address_of(make_link(make_article(by=writer, channel=channel), writer)))
        assert not [word for word in canaries if word in page.content.decode()]


class TestOpening:
    def test_is_remembered(self, client, writer, noon):
        link = make_link(make_article(by=writer), writer)
        client.get(address_of(link))
        link.refresh_from_db()
        assert link.opened_at == noon

    @pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch"}, {"Purpose": "prefetch"}])
    def test_is_not_what_a_browser_does_ahead(self, client, writer, headers):
        link = make_link(make_article(by=writer), writer)
        client.get(address_of(link), headers=headers)
        client.head(address_of(link))
        link.refresh_from_db()
        assert link.opened_at is None

    def test_that_cannot_be_remembered_shows_the_page(self, client, writer, monkeypatch):
        address = address_of(make_link(make_article(by=writer), writer))

        def busy(*_args, **_options):
            raise DatabaseError("database is locked")

        monkeypatch.setattr("django.db.models.query.QuerySet.update", busy)
        assert client.get(address).status_code == 200

    def test_twice_in_a_minute_writes_once(self, client, writer, noon):
        address = address_of(make_link(make_article(by=writer), writer))
        for writes in (1, 0):
            with CaptureQueriesContext(connection) as seen:
                client.get(address)
            assert sum(query["sql"].startswith("UPDATE") for query in seen) == writes


class TestALinkThatLeadsNowhere:
    @pytest.fixture
    def link(self, noon, writer):
        return make_link(make_article(by=writer, title="金丝雀标题"), writer, note="金丝雀链接")

    def test_is_told_so_in_one_and_the_same_way(self, client, writer, link, noon, time_machine):
        address = address_of(link)
        pages = {}
        for name, broken in {
            "unknown": reverse("preview", args=["99.abc"]),
            "tampered": address[:-2] + "x/",
            "unsigned": reverse("preview", args=[str(link.pk)]),
        }.items():
            pages[name] = client.get(broken)
        time_machine.move_to(noon + timedelta(days=4))
        pages["expired"] = client.get(address)
        time_machine.move_to(noon)
        binning.throw_away(link.article, by=writer)
        pages["binned"] = client.get(address)
        binning.take_back(link.article)
        assert client.get(address).status_code == 200
        previewing.revoke(link)
        pages["revoked"] = client.get(address)
        Article.objects.all().delete()
        pages["deleted"] = client.get(address)
        assert {page.status_code for page in pages.values()} == {404}
        assert len({page.content for page in pages.values()}) == 1
        assert "金丝雀" not in pages["revoked"].content.decode()
        for page in pages.values():
            assert page.headers["Cache-Control"] == "no-store"
            assert "noindex" in page.headers["X-Robots-Tag"]
            assert not page.cookies

    def test_takes_its_pictures_along(self, client, writer):
        image = make_image(by=writer)
        link = make_link(make_article(by=writer, body=figure(image)), writer)
        page = client.get(address_of(link)).content.decode()
        address = re.search(r'src="(/preview/[^"]+)"', page)[1]
        assert client.get(address).status_code == 200
        previewing.revoke(link)
        assert client.get(address).status_code == 404


class TestPictures:
    def test_of_the_story_are_shown_to_this_browser_only(self, client, writer):
        image = make_image(by=writer)
        link = make_link(make_article(by=writer, body=figure(image)), writer)
        page = client.get(address_of(link)).content.decode()
        addresses = set(re.findall(r"/preview/[^ \"]+/picture/[^ \"]+", page))
        assert len(addresses) >= 2
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 200
            assert answer.headers["Content-Type"] in ("image/webp", "image/jpeg")
            assert answer.headers["Cache-Control"].startswith("private")
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert "noindex" in answer.headers["X-Robots-Tag"]

    @pytest.mark.parametrize("which", ["another story's", "a fresh upload", "an unknown format"])
    def test_others_are_not(self, client, writer, which):
        image, other, fresh = (make_image(by=writer) for _ in range(3))
        make_article(by=writer, body=figure(other))
        link = make_link(make_article(by=writer, body=figure(image)), writer)
        rows = {
            "another story's": (other.pk, "webp480"),
            "a fresh upload": (fresh.pk, "webp480"),
            "an unknown format": (image.pk, "original"),
        }
        token = previewing.token_of(link)
        right = reverse("preview_picture", args=[token, image.pk, "webp480"])
        assert client.get(right).status_code == 200
        wrong = reverse("preview_picture", args=[token, *rows[which]])
        assert client.get(wrong).status_code == 404

    def test_do_not_become_public(self, client, writer, settings):
        image = make_image(by=writer)
        link = make_link(make_article(by=writer, body=figure(image)), writer)
        client.get(
            reverse("preview_picture", args=[previewing.token_of(link), image.pk, "webp480"])
        )
        assert not (settings.MEDIA_ROOT / "public").exists()

    def test_that_are_gone_answer_404(self, client, writer, settings):
        image = make_image(by=writer)
        link = make_link(make_article(by=writer, body=figure(image)), writer)
        for path in settings.MEDIA_ROOT.rglob("*"):
            if path.is_file():
                path.unlink()
        address = reverse("preview_picture", args=[previewing.token_of(link), image.pk, "webp480"])
        assert client.get(address).status_code == 404


class TestVideosAndAttachments:
    @pytest.fixture
    def link(self, writer):
        poster = make_image(by=writer)
        body = video_figure(make_video(by=writer), poster=poster.pk)
        lines = [writing.AttachmentLine(make_attachment(by=writer).pk, "方案")]
        article = make_article(by=writer)
        writing.keep(
            article,
            body=body,
            tags=[],
            by=writer,
            based_on=article.version,
            attachments=lines,
        )
        return make_link(article, writer)

    def addresses(self, client, link) -> set[str]:
        page = client.get(address_of(link)).content.decode()
        return set(re.findall(r'"(/preview/[^ "]+/(?:video|file|picture)/[^ "]+)"', page))

    def test_of_the_story_are_sent(self, client, link):
        found = self.addresses(client, link)
        assert {re.search("video|file|picture", address)[0] for address in found} == {
            "video",
            "file",
            "picture",
        }
        for address in found:
            answer = client.get(address)
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"].startswith("private")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert not answer.cookies

    def test_are_sent_in_parts_and_as_downloads(self, client, link):
        token = previewing.token_of(link)
        video, row = link.article.videos.get(), link.article.attachments.get()
        part = client.get(
            reverse("preview_video", args=[token, video.pk]), headers={"range": "bytes=0-9"}
        )
        assert (part.status_code, len(part.body)) == (206, 10)
        whole = client.get(reverse("preview_file", args=[token, row.pk]))
        assert whole.headers["Content-Disposition"].startswith("attachment")
        row.refresh_from_db()
        assert row.downloads == 0

    def test_of_other_stories_are_not(self, client, writer, link):
        token = previewing.token_of(link)
        video, row = make_video(by=writer), make_attachment(by=writer)
        for name, number in [("preview_video", video.pk), ("preview_file", row.pk)]:
            assert client.get(reverse(name, args=[token, number])).status_code == 404

    def test_end_with_the_link(self, client, link):
        found = self.addresses(client, link)
        previewing.revoke(link)
        assert found
        assert {client.get(address).status_code for address in found} == {404}

    def test_that_are_gone_answer_404(self, client, link, settings):
        found = self.addresses(client, link)
        for path in settings.MEDIA_ROOT.rglob("*"):
            if path.is_file():
                path.unlink()
        assert found
        assert {client.get(address).status_code for address in found} == {404}


class TestNeighbours:
    def test_of_a_draft_are_those_of_its_channel(self, client, editor):
        channel = make_channel()
        make_edition(by=editor, channel=channel, title="同栏目的上一篇报道")
        link = make_link(make_article(by=editor, channel=channel), editor)
        assert "同栏目的上一篇报道" in main_of(client.get(address_of(link)))
