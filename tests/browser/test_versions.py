"""Versions in the browser: two windows on one article, the way from change to change."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Dialog, Page, expect

from articles import writing
from articles.models import Article
from tests.browser.conftest import both_screens
from tests.factories import figure, make_article, make_image

FIRST, SECOND, THIRD = (
    f"<p>{words}</p>"
    for words in ("集团召开安全生产工作会议。", "会议要求压实各级责任。", "培训持续到月底。")
)


def log_in(page: Page, client, user: User, address: str) -> None:
    client.force_login(user, backend="newsroom.authentication.OneStatementBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}]
    )


@pytest.fixture
def desk(page: Page, live_server, client, editor) -> Page:
    log_in(page, client, editor, live_server.url)
    return page


@pytest.fixture
def article(editor) -> Article:
    image = make_image(by=editor)
    body = FIRST + SECOND + figure(image, "职工在井口。") + THIRD
    article = make_article(by=editor, body=body, tags=["安全"])
    changed = body.replace("压实", "落实").replace("职工", "矿工")
    article.title = "第二版的题目"
    return writing.keep(article, body=changed, tags=["矿山"], by=editor, based_on=1)


def send(page: Page, **words: str) -> None:
    """Sends the form as it stands, past the scripts of the page: what a stale one does."""
    page.evaluate(
        """([fields]) => {
          const form = document.querySelector("#article_form").cloneNode(true);
          for (const [name, value] of Object.entries(fields))
            form.querySelector(`[name=${name}]`).value = value;
          document.body.append(form);
          form.submit();
        }""",
        [words],
    )


@pytest.mark.once
class TestPages:
    @both_screens
    def test_are_accessible(self, desk, axe, article, editor):
        story = f"/admin/articles/article/{article.pk}"
        for view in ("history/", "compare/?old=1&new=2", "restore/1/"):
            desk.goto(f"{story}/{view}")
            axe(desk)
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert desk.evaluate(wide) == 0, view

    def test_two_chosen_versions_are_compared_and_changes_reached_by_keyboard(self, desk, article):
        desk.goto(f"/admin/articles/article/{article.pk}/history/")
        desk.locator("[data-version='1'] input[name=old]").check()
        desk.locator("[data-version='2'] input[name=new]").check()
        desk.locator("[data-compare]").click()
        changes = desk.locator("[data-change]")
        expect(changes).to_have_count(4)
        desk.keyboard.press("Alt+ArrowDown")
        expect(changes.nth(0)).to_be_focused()
        desk.keyboard.press("Alt+ArrowDown")
        expect(changes.nth(1)).to_be_focused()
        desk.keyboard.press("Alt+ArrowUp")
        desk.keyboard.press("Alt+ArrowUp")
        expect(changes.nth(3)).to_be_focused()

    def test_an_earlier_version_comes_back(self, desk, article):
        desk.goto(f"/admin/articles/article/{article.pk}/compare/?old=1&new=2")
        desk.locator("[data-old] a").click()
        desk.locator("[data-restore]").click()
        expect(desk.locator("#id_title")).to_have_value("同心同向 实干争先")
        article.refresh_from_db()
        assert article.version == 3


class TestTwoWindows:
    @both_screens
    @pytest.mark.expects_console(r"409 \(Conflict\)")
    def test_the_second_chooses_and_nothing_is_lost(
        self, desk, axe, article, writer, new_context, live_server
    ):
        other = new_context(viewport=desk.viewport_size, base_url=live_server.url).new_page()
        log_in(other, Client(), writer, live_server.url)
        for window in (desk, other):
            window.goto(f"/admin/articles/article/{article.pk}/change/")
            expect(window.get_by_role("textbox", name="正文")).to_be_visible()
        body = writing.body_for_editor(article)
        send(other, body=body.replace("要求", "指出"), summary="对方写的摘要。")
        expect(other.locator("#id_summary")).to_have_value("对方写的摘要。")
        send(desk, title="我的题目", body=body.replace("会议要求", "会上强调"))
        expect(desk.locator("[data-conflict]")).to_have_count(1)
        axe(desk)
        desk.reload()
        desk.locator("[data-conflict] input[value=theirs]").check()
        desk.locator("button[value=merge]").click()
        expect(desk.locator("#id_title")).to_have_value("我的题目")
        expect(desk.locator("#id_summary")).to_have_value("对方写的摘要。")
        article.refresh_from_db()
        assert "会议指出落实各级责任" in article.body
        assert [revision.number for revision in article.revisions.all()] == [5, 4, 3, 2, 1]

    @pytest.mark.expects_console(r"409 \(Conflict\)")
    def test_leaving_the_page_with_both_texts_asks(self, desk, article, writer):
        desk.goto(f"/admin/articles/article/{article.pk}/change/")
        expect(desk.get_by_role("textbox", name="正文")).to_be_visible()
        other = Article.objects.get(pk=article.pk)
        other.title = "对方的题目"
        writing.keep(other, body=FIRST, tags=[], by=writer, based_on=2)
        send(desk, title="我的题目")
        expect(desk.locator("[data-conflict]").first).to_be_visible()
        asked: list[str] = []

        def stay(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        desk.on("dialog", stay)
        desk.locator("[data-conflict] input[value=mine]").first.check()
        desk.locator(".breadcrumbs a").first.click()
        expect(desk.locator("[data-conflict]").first).to_be_visible()
        assert asked == ["beforeunload"]
