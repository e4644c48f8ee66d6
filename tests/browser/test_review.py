"""The review page in the browser: read on any screen, comment on a selection, take it over."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from articles.models import Article, Comment, ReviewChain, Role, Stage
from tests.browser.conftest import both_screens
from tests.browser.test_versions import log_in
from tests.editorial import appoint, make, make_chain
from tests.factories import make_article

BODY = "<p>集团召开安全生产工作会议，要求压实责任。</p><p>培训持续到月底，压实责任。</p>"
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def first(db) -> User:
    person = appoint("zhoumin", Role.FIRST_REVIEWER)
    person.last_name, person.first_name = "周", "敏"
    person.save()
    return person


@pytest.fixture
def article(editor, first) -> Article:
    make_chain(Stage.FIRST, Stage.FINAL)
    appoint("final", Role.FINAL_REVIEWER)
    return make_article(by=editor, body=BODY)


def select(page: Page, paragraph: int, words: str) -> None:
    """Selects words of a paragraph of the story, as a hand would."""
    frame = page.frame_locator("iframe.review-page")
    frame.locator(".body p").nth(paragraph).evaluate(
        """(block, words) => {
          const node = block.firstChild, start = node.data.indexOf(words);
          const range = document.createRange();
          range.setStart(node, start);
          range.setEnd(node, start + words.length);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
        words,
    )


class TestAReview:
    @both_screens
    def test_goes_from_the_form_to_the_taken_suggestion(
        self, page, live_server, client, editor, first, article, axe
    ):
        log_in(page, client, editor, live_server.url)
        page.goto(f"/admin/articles/article/{article.pk}/change/")
        submit = page.locator("button[name=_submit]")
        expect(submit).to_have_text("送初审（周敏）")
        assert page.evaluate(WIDE) == 0
        submit.click()
        page.wait_for_url("**/review/")
        axe(page)

        log_in(page, client, first, live_server.url)
        page.goto(f"/admin/articles/article/{article.pk}/review/")
        expect(page.frame_locator("iframe.review-page").locator(".body p")).to_have_count(2)
        assert page.evaluate(WIDE) == 0
        select(page, 1, "压实责任")
        expect(page.locator("#comment-quote")).to_have_value("压实责任")
        page.get_by_text("对这段话提出改法").click()
        page.get_by_label("建议的文字").fill("落实责任")
        page.get_by_label("批注（").fill("@ed")
        page.get_by_role("option", name="editor").wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.get_by_label("批注（")).to_have_value("@editor ")
        page.get_by_role("button", name="保存批注").click()
        expect(page.locator(".comment ins")).to_have_text("落")
        axe(page)
        page.get_by_role("button", name="在正文中查看").click()
        page.locator("#reason").fill("请看批注")
        page.get_by_role("button", name="退回").click()
        expect(page.locator(".messagelist")).to_contain_text("已退回")

        log_in(page, client, editor, live_server.url)
        page.goto(f"/admin/articles/article/{article.pk}/change/")
        expect(page.locator(".came-back")).to_contain_text("请看批注")
        drawer = page.locator(".side-open")
        if drawer.is_visible():
            drawer.click()
        page.get_by_role("tab", name="批注").click()
        axe(page)
        page.get_by_role("button", name="采纳").first.click()
        expect(page.locator(".messagelist")).to_contain_text("建议已写入正文")
        assert Comment.objects.get().outcome == "taken"
        assert Article.objects.get().body.endswith("月底，落实责任。</p>")

    @pytest.mark.once
    @pytest.mark.own_context
    @pytest.mark.expects_console(r"status of 403")
    def test_keeps_what_is_typed_when_all_cookies_are_gone(
        self, page, live_server, client, first, article
    ):
        make("submit", article, article.created_by)
        log_in(page, client, first, live_server.url)
        address = f"/admin/articles/article/{article.pk}/review/"
        page.goto(address)
        page.locator("#reason").fill("第三段的数字要核对")
        page.context.clear_cookies()
        page.get_by_role("button", name="退回").click()
        expect(page.locator("body")).to_contain_text("表单没有被接受")
        log_in(page, client, first, live_server.url)
        page.goto(address)
        expect(page.locator("#reason")).to_have_value("第三段的数字要核对")

    @pytest.mark.once
    @pytest.mark.own_context
    @pytest.mark.expects_console(r"net::ERR_INTERNET_DISCONNECTED")
    @pytest.mark.parametrize("button", ["退回", "保存批注"])
    def test_keeps_what_is_sent_without_a_connection(
        self, page, live_server, client, first, article, button
    ):
        make("submit", article, article.created_by)
        log_in(page, client, first, live_server.url)
        page.goto("/admin/")
        page.goto(f"/admin/articles/article/{article.pk}/review/")
        page.locator("#reason").fill("第三段的数字要核对")
        page.get_by_label("批注（").fill("图二换一张")
        page.context.set_offline(True)
        page.get_by_role("button", name=button).click()
        page.wait_for_url("chrome-error://**")
        page.context.set_offline(False)
        page.goto("/admin/")
        page.goto(f"/admin/articles/article/{article.pk}/review/")
        expect(page.locator("#reason")).to_have_value("第三段的数字要核对")
        expect(page.get_by_label("批注（")).to_have_value("图二换一张")
        assert not Comment.objects.exists()
        page.get_by_role("button", name="保存批注").click()
        expect(page.locator(".comment")).to_contain_text("图二换一张")
        assert Comment.objects.count() == 1

    @pytest.mark.own_context
    @pytest.mark.expects_console(r"status of 409")
    def test_of_two_windows_is_decided_in_one(self, page, live_server, client, first, article):
        make("submit", article, article.created_by)
        log_in(page, client, first, live_server.url)
        address = f"/admin/articles/article/{article.pk}/review/"
        page.goto(address)
        other = page.context.new_page()
        other.goto(address)
        other.locator("#reason").fill("第二段不准确")
        page.get_by_role("button", name="通过").click()
        expect(page.locator(".messagelist")).to_contain_text("已通过")
        other.get_by_role("button", name="退回").click()
        expect(other.locator("body")).to_contain_text("第二段不准确")
        article.refresh_from_db()
        assert article.stage == Stage.FINAL

    @pytest.mark.once
    @pytest.mark.own_context
    def test_keeps_what_is_typed_over_a_log_in(self, page, live_server, client, first, article):
        make("submit", article, article.created_by)
        log_in(page, client, first, live_server.url)
        address = f"/admin/articles/article/{article.pk}/review/"
        for button in ("退回", "保存批注"):
            page.goto(address)
            page.locator("#reason").fill("第三段的数字要核对")
            page.get_by_label("批注（").fill("图二换一张")
            page.context.clear_cookies(name="sessionid")
            page.get_by_role("button", name=button).click()
            page.locator("#id_username").fill(first.username)
            page.locator("#id_password").fill(f"{first.username}-password")
            page.locator("#login-form [type=submit]").click()
            page.wait_for_url(f"**{address}")
            expect(page.locator("#reason")).to_have_value("第三段的数字要核对")
            expect(page.get_by_label("批注（")).to_have_value("图二换一张")
        page.get_by_role("button", name="保存批注").click()
        expect(page.locator("#reason")).to_have_value("第三段的数字要核对")
        expect(page.get_by_label("批注（")).to_have_value("")

    @pytest.mark.once
    @pytest.mark.expects_console(r"422")
    def test_of_a_typed_moment_means_it(self, page, live_server, client, editor):
        story = make_article(by=editor)
        log_in(page, client, editor, live_server.url)
        page.goto(f"/admin/articles/article/{story.pk}/schedule/")
        page.get_by_label("立即").check()
        page.locator("#starts_at").fill("2099-01-01T08:00")
        expect(page.get_by_label("定在此时")).to_be_checked()
        page.get_by_role("button", name="按此时间发布").click()
        expect(page.locator(".errorlist")).to_contain_text("一年")
        assert not Article.objects.get().is_published

    @pytest.mark.once
    @pytest.mark.expects_console(r"423")
    def test_keeps_what_is_typed_while_the_text_gets_locked(
        self, page, live_server, client, editor, article
    ):
        log_in(page, client, editor, live_server.url)
        page.goto(f"/admin/articles/article/{article.pk}/change/")
        page.locator(".desk-form[data-looked-through]").wait_for()
        make("submit", article, editor)
        page.get_by_label("标题", exact=True).fill("迟来的题目")
        expect(page.locator(".action-problem")).to_contain_text("您写的内容仍保留在本页")
        expect(page.get_by_role("link", name="打开审核页")).to_be_visible()
        assert Article.objects.get().version == 1


@pytest.mark.once
class TestSmallPages:
    @both_screens
    def test_are_accessible(self, page, live_server, client, editor, article, axe):
        log_in(page, client, editor, live_server.url)
        make("submit", article, editor)
        for name in ("move/recall", "review"):
            page.goto(f"/admin/articles/article/{article.pk}/{name}/")
            axe(page)
            assert page.evaluate(WIDE) == 0, name
        other = make_article(by=editor, title="第二篇")
        ReviewChain.objects.all().delete()
        page.goto(f"/admin/articles/article/{other.pk}/schedule/")
        axe(page)
        assert page.evaluate(WIDE) == 0
