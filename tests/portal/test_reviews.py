"""The page on which a leader without an account reads and decides."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from articles import inviting, writing
from articles.models import Article, Role, Stage, ViewInbox
from articles.recording import Actor
from tests.editorial import make, make_chain, somebody
from tests.factories import (
    figure,
    make_article,
    make_attachment,
    make_image,
    make_video,
    video_figure,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(db):
    return somebody(Role.FIRST_REVIEWER, "吴刚")


@pytest.fixture
def article(writer, reviewer):
    make_chain(Stage.FIRST)
    poster = make_image(by=writer)
    body = figure(make_image(by=writer)) + video_figure(make_video(by=writer), poster=poster.pk)
    article = make_article(by=writer, title="请领导审阅", body=body)
    lines = [writing.AttachmentLine(make_attachment(by=writer).pk, "方案")]
    writing.keep(
        article,
        body=body,
        tags=[],
        by=writer,
        based_on=article.version,
        attachments=lines,
    )
    make("submit", article, writer)
    return article


@pytest.fixture
def link(article, reviewer):
    return inviting.invite(
        article, by=Actor(reviewer), person="李建国 副总经理", days=3, version=article.version
    )


@pytest.fixture
def address(link):
    return reverse("review", args=[inviting.token_of(link)])


class TestPage:
    def test_shows_the_story_for_whom_and_where(self, client, address, article):
        page = client.get(address).content.decode()
        for word in ("请领导审阅", "李建国 副总经理", "初审", "吴刚", f"第 {article.version} 版"):
            assert word in page, word
        assert 'name="decision" value="approve"' in page
        assert 'name="decision" value="return"' in page
        assert 'value="李建国 副总经理"' in page

    def test_shows_no_time_and_no_views_of_what_readers_do_not_have(self, client, address):
        page = client.get(address).content.decode()
        assert "data-views" not in page
        assert "<time" not in page

    def test_is_kept_indexed_and_counted_by_nobody(self, as_editor, address):
        answer = as_editor.get(address)
        page = answer.content.decode()
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "data-visit" not in page
        assert "visit.js" not in page
        assert not ViewInbox.objects.exists()

    def test_changes_nothing_however_often_it_is_opened(self, client, address, article):
        for headers in ({}, {"Sec-Purpose": "prefetch"}):
            client.get(address, headers=headers)
            client.head(address)
        article.refresh_from_db()
        assert article.stage == "first"

    def test_leads_to_its_files_and_to_no_others(self, client, writer, address, link):
        page = client.get(address).content.decode()
        found = set(re.findall(r'"(/review/[^ "]+/(?:video|file|picture)/[^ "]+)"', page))
        assert {re.search("video|file|picture", each)[0] for each in found} == {
            "video",
            "file",
            "picture",
        }
        assert {client.get(each).status_code for each in found} == {200}
        token, other = inviting.token_of(link), make_image(by=writer)
        wrong = reverse("review_picture", args=[token, other.pk, "webp480"])
        assert client.get(wrong).status_code == 404
        inviting.revoke(link)
        assert {client.get(each).status_code for each in found} == {404}

    def test_is_chinese_whatever_the_browser_wants(self, client, address):
        page = client.get(address, headers={"accept-language": "en"})
        assert "同意" in page.content.decode()


class TestDeciding:
    def test_needs_neither_cookie_nor_token(self, address, article):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        typed = {"decision": "approve", "name": "李建国", "reason": "同意"}
        answer = client.post(address, typed, follow=True)
        article.refresh_from_db()
        assert article.stage == "approved"
        assert "谢谢" in answer.content.decode()
        assert not answer.cookies
        assert not client.cookies

    def test_returns_only_with_a_reason_and_keeps_what_was_typed(self, client, address, article):
        typed = {"decision": "return", "name": "李建国<b>", "reason": ""}
        answer = client.post(address, typed)
        assert answer.status_code == 422
        assert "李建国&lt;b&gt;" in answer.content.decode()
        article.refresh_from_db()
        assert article.stage == "first"
        assert client.post(address, typed | {"reason": "请核对。"}).status_code == 302
        article.refresh_from_db()
        assert article.stage == "returned"

    def test_twice_thanks_twice(self, client, address):
        typed = {"decision": "approve", "name": "李建国"}
        pages = [client.post(address, typed, follow=True) for _ in range(2)]
        assert [page.status_code for page in pages] == [200, 200]
        assert pages[0].content == pages[1].content

    def test_is_thanked_for_a_day_only(self, client, address, noon, time_machine):
        client.post(address, {"decision": "approve", "name": "李建国"})
        assert client.get(f"{address}done/").status_code == 200
        time_machine.shift(2 * 86_400)
        assert client.get(f"{address}done/").status_code == 404

    def test_of_another_kind_is_refused(self, client, address):
        for decision in ("", "publish", "send back", "approve\0"):
            typed = {"decision": decision, "name": "李建国", "reason": "x"}
            assert client.post(address, typed).status_code == 404


class TestALinkThatLeadsNowhere:
    def test_is_told_so_in_one_and_the_same_way(
        self, client, address, link, article, writer, reviewer, noon
    ):
        pages = [
            client.get(broken)
            for broken in (
                "/review/9.abc/",
                f"/review/{link.pk}/",
                address[:-2] + "x/",
                f"{address}done/",
            )
        ]
        pages.append(client.post("/review/9.abc/", {"decision": "approve", "name": "李"}))
        inviting.revoke(link)
        pages += [client.get(address), client.post(address, {"decision": "approve", "name": "李"})]
        Article.objects.filter(pk=article.pk).update(version=article.version + 1)
        pages.append(client.get(address))
        assert {page.status_code for page in pages} == {404}
        assert len({page.content for page in pages}) == 1
        assert "请领导审阅" not in pages[0].content.decode()
        for page in pages:
            assert page.headers["Cache-Control"] == "no-store"
            assert not page.cookies

    def test_when_it_was_used_tells_nothing_of_the_story(self, client, address):
        client.post(address, {"decision": "approve", "name": "李建国"})
        answer = client.get(address)
        assert answer.status_code == 404
        assert "请领导审阅" not in answer.content.decode()
        assert "李建国已通过此链接签署同意" in answer.content.decode()

    def test_by_whom_it_was_used_is_told_whoever_decides_otherwise(self, client, address):
        client.post(address, {"decision": "approve", "name": "李建国"})
        typed = {"decision": "return", "name": "李四", "reason": "不同意，退回再改"}
        answer = client.post(address, typed)
        assert answer.status_code == 404
        for words in ("李建国已通过此链接签署同意", "不同意，退回再改"):
            assert words in answer.content.decode()
