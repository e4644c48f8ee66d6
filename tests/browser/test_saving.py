"""Nothing typed is lost: saved by itself, through faults of all kinds; people see each other."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from articles import writing
from articles.models import Article
from tests.browser.conftest import PHONE
from tests.factories import make_article, make_channel

# What a new browser keeps, and when it says it, is what is tested.
pytestmark = pytest.mark.own_context

ROOT = Path(__file__).resolve().parents[2]
ADD = "/admin/articles/article/add/"
SAVE = re.compile(r"/autosave/$")
ANSWERS = re.compile(r"/(autosave|presence)/$")
A_TIME = re.compile(r"\d\d:\d\d:\d\d")
# A pause in typing, and what the machine needs.
SOON = 15_000


# Pauses of seconds last a tenth of it; what is shorter lasts as long as ever.
HURRY = """
  const wait = window.setTimeout;
  window.setTimeout = (act, time = 0, ...more) =>
    wait(act, time < 2000 ? time : time / 10, ...more);
"""

# Locks exist in secure contexts only.
LOCKS = "null"
NO_LOCKS = "Object.defineProperty(navigator, 'locks', { value: undefined })"


def log_in(context: BrowserContext, user: User, url: str) -> None:
    client = Client()
    client.force_login(user, backend="newsroom.authentication.OneStatementBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": url}])


class Sheet:
    """The article form as its writer uses it."""

    def __init__(self, page: Page):
        self.page = page
        self.title = page.locator("#id_title")
        self.text = page.locator(".ProseMirror")
        self.quietly = page.locator(".action-quietly")
        self.said = page.locator(".action-said")
        self.problem = page.locator(".action-problem")
        self.people = page.locator(".action-people")
        self.offer = page.locator(".desk-notice")
        self.save_button = page.locator("button[name=_save]")

    def open(self, address: str = ADD) -> Sheet:
        self.page.goto(address)
        expect(self.text).to_be_visible()
        return self

    def write(self, words: str) -> None:
        self.text.click()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(words)

    def expect_autosaved(self) -> None:
        expect(self.quietly).to_have_text(re.compile(A_TIME), timeout=SOON)
        expect(self.quietly).to_have_attribute("data-kind", "")
        expect(self.problem).to_be_hidden()

    def expect_no_offer(self) -> None:
        expect(self.page.locator(".desk-form[data-looked-through]")).to_be_attached()
        expect(self.offer).to_have_count(0)

    def expect_copy_kept(self) -> None:
        expect(self.quietly).to_have_attribute("data-kind", "kept", timeout=SOON)
        expect(self.quietly).to_have_text(re.compile(A_TIME))


def lose(route: Route) -> None:
    """The server saves; its answer gets lost."""
    route.fetch()
    route.abort()


def copied(page: Page, context: BrowserContext) -> Page:
    """The tab once more, as “Duplicate tab” makes it: with its history and its session."""
    copy = context.new_page()
    copy.goto(page.url)
    copy.evaluate(
        "([state, entries]) => {"
        "  history.replaceState(state, '');"
        "  for (const [name, value] of entries) sessionStorage.setItem(name, value);"
        "}",
        page.evaluate("[history.state, Object.entries(sessionStorage)]"),
    )
    copy.reload()
    expect(copy.locator(".ProseMirror")).to_be_visible()
    return copy


def change(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


@pytest.fixture
def article(editor) -> Article:
    return make_article(by=editor, outside_source="新华网")


@pytest.fixture
def sheet(live_server, page: Page, editor) -> Sheet:
    page.context.add_init_script(HURRY)
    log_in(page.context, editor, live_server.url)
    return Sheet(page)


@pytest.mark.once
class TestAutosave:
    def test_follows_a_pause_and_makes_the_new_article_this_page(self, sheet: Sheet, page: Page):
        channel = make_channel()
        sheet.open()
        sheet.write("还没有标题的一段。")
        # A row needs a title and a channel: what is missing is named, a copy is kept here.
        sheet.expect_copy_kept()
        expect(sheet.quietly).to_contain_text("标题")
        expect(sheet.problem).to_be_hidden()
        page.locator("#id_channel").select_option(str(channel.pk))
        sheet.title.fill("自动保存的题目")
        sheet.title.press("End")
        sheet.expect_autosaved()
        article = Article.objects.get()
        assert (article.title, article.body) == ("自动保存的题目", "<p>还没有标题的一段。</p>")
        expect(page).to_have_url(re.compile(re.escape(change(article))))
        expect(sheet.title).to_be_focused()

        # Typing on, undoing and saving on purpose happen on the same page, in the same version.
        sheet.write("再来一句。")
        sheet.expect_autosaved()
        page.keyboard.type("又一句。")
        page.keyboard.press("Control+s")
        expect(sheet.said).to_contain_text("草稿已保存（第3版）")
        article.refresh_from_db()
        assert article.body == "<p>还没有标题的一段。再来一句。又一句。</p>"
        assert list(article.revisions.values_list("number", "is_autosave")) == [(3, False)]
        page.keyboard.press("Control+z")
        expect(sheet.text).not_to_contain_text("又一句。")

        page.reload()
        expect(sheet.title).to_have_value("自动保存的题目")
        assert Article.objects.count() == 1

    def test_never_falls_into_a_composition(self, sheet: Sheet, page: Page, article: Article):
        sent: list[str] = []

        def notice(request: Request) -> None:
            if SAVE.search(request.url):
                sent.append(request.url)

        page.on("request", notice)
        sheet.open(change(article))
        sheet.text.click()
        page.keyboard.press("Control+End")
        session = page.context.new_cdp_session(page)
        for pinyin in ("j", "ji", "jit", "jitu", "jituan"):
            session.send(
                "Input.imeSetComposition",
                {"text": pinyin, "selectionStart": len(pinyin), "selectionEnd": len(pinyin)},
            )
        # Longer than the pause that saves.
        page.wait_for_timeout(600)
        assert sent == []
        expect(sheet.text).to_contain_text("jituan")
        session.send("Input.insertText", {"text": "集团"})
        sheet.expect_autosaved()
        article.refresh_from_db()
        assert article.body == "<p>正文第一段。集团</p>"

    def test_says_nothing_any_more_of_what_was_undone(
        self, sheet: Sheet, page: Page, article: Article
    ):
        sheet.open(change(article))
        sheet.write("写了又撤销。")
        expect(sheet.quietly).to_have_attribute("data-kind", "waiting")
        page.keyboard.press("Control+z")
        expect(sheet.text).not_to_contain_text("写了又撤销。")
        expect(sheet.quietly).to_have_text("")
        sheet.write("这一句存上。")
        sheet.expect_autosaved()
        said = sheet.quietly.text_content() or ""
        sheet.title.fill("改了又改回去")
        expect(sheet.quietly).to_have_attribute("data-kind", "waiting")
        sheet.title.fill(article.title)
        expect(sheet.quietly).to_have_text(said)
        expect(sheet.quietly).to_have_attribute("data-kind", "")

    @pytest.mark.expects_console(r"ERR_FAILED|Failed to load resource")
    def test_survives_an_answer_that_got_lost(self, sheet: Sheet, page: Page):
        channel = make_channel()
        sheet.open()
        page.route(SAVE, lose)
        page.locator("#id_channel").select_option(str(channel.pk))
        sheet.title.fill("答复丢失")
        expect(sheet.problem).to_be_visible(timeout=SOON)
        assert Article.objects.get().version == 1
        page.unroute_all(behavior="wait")
        sheet.write("丢失之后又写的。")
        # A slow machine saves in the middle of the sentence, and then the rest.
        deadline = time.monotonic() + SOON / 1000
        while Article.objects.get().body != "<p>丢失之后又写的。</p>":
            assert time.monotonic() < deadline
            page.wait_for_timeout(200)
        sheet.expect_autosaved()
        assert Article.objects.get().revisions.count() == 1

    def test_goes_on_beside_pictures_on_their_way(self, sheet: Sheet, page: Page, article: Article):
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/article/upload/", hold, times=1)
        sheet.open(change(article))
        photograph = ROOT / "docs" / "images" / "desk.png"
        page.locator("input[type=file][accept*=image]").first.set_input_files(photograph)
        expect(page.locator(".editor-upload").first).to_be_attached()
        sheet.title.fill("照片还在路上")
        sheet.save_button.click()
        expect(sheet.said).to_contain_text("草稿已保存（第2版）")
        expect(page.locator(".editor-upload").first).to_be_attached()
        held[0].continue_()
        expect(page.locator(".field-body figure img").first).to_be_visible()
        sheet.expect_autosaved()
        assert article.images.count() == 1


@pytest.mark.once
class TestOneFormInTwoTabs:
    def test_a_copied_tab_is_another_story(self, sheet: Sheet, page: Page, context: BrowserContext):
        make_channel()
        sheet.open()
        sheet.write("甲的正文。")
        sheet.expect_copy_kept()
        copy = Sheet(copied(page, context))
        for each, title in ((sheet, "甲"), (copy, "乙")):
            each.title.fill(title)
            each.page.locator("#id_channel").select_option(index=1)
            each.expect_autosaved()
        copy.write("乙的正文。")
        copy.expect_autosaved()
        assert set(Article.objects.values_list("title", flat=True)) == {"甲", "乙"}
        assert Article.objects.get(title="甲").body == "<p>甲的正文。</p>"
        assert Article.objects.get(title="乙").body == "<p>乙的正文。</p>"

    @pytest.mark.expects_console(r"ERR_FAILED|Failed to load resource")
    def test_so_is_one_copied_before_the_answer_came(
        self, sheet: Sheet, page: Page, context: BrowserContext
    ):
        make_channel()
        sheet.open()
        page.route(SAVE, lose)
        page.locator("#id_channel").select_option(index=1)
        sheet.title.fill("甲")
        expect(sheet.problem).to_be_visible(timeout=SOON)
        copy = Sheet(copied(page, context))
        copy.title.fill("乙")
        copy.page.locator("#id_channel").select_option(index=1)
        copy.expect_autosaved()
        page.unroute_all(behavior="wait")
        sheet.write("甲的正文。")
        sheet.expect_autosaved()
        assert set(Article.objects.values_list("title", flat=True)) == {"甲", "乙"}
        assert Article.objects.get(title="甲").body == "<p>甲的正文。</p>"

    def test_going_back_to_what_was_published_goes_on_with_it(self, sheet: Sheet, page: Page):
        make_channel()
        sheet.open()
        page.locator("#id_channel").select_option(index=1)
        sheet.title.fill("发布了的题目")
        page.locator("#id_outside_source").fill("新华网")
        sheet.write("正文。")
        page.locator("button[name=_publish]").click()
        expect(page.get_by_text("已发布，读者现在就能看到")).to_be_visible()
        page.go_back()
        page.wait_for_url(f"**{ADD}", wait_until="commit")
        # The browser fills the form in again until it is ready.
        expect(page.locator(".desk-form[data-looked-through]")).to_be_attached()
        page.locator("#id_channel").select_option(index=1)
        sheet.title.fill("返回后改的题目")
        sheet.expect_autosaved()
        assert Article.objects.get().title == "返回后改的题目"

    @pytest.mark.expects_console(r"ERR_FAILED|Failed to load resource")
    def test_so_does_going_back_to_what_was_not_sent_at_first(self, sheet: Sheet, page: Page):
        make_channel()
        sheet.open()
        page.on("dialog", lambda dialog: dialog.accept())
        # Not by a route: it lets pass what a page sends while it is closed.
        page.evaluate("window.fetch = () => Promise.reject(new TypeError('cut')); null")
        page.locator("#id_channel").select_option(index=1)
        sheet.title.fill("没发出去的题目")
        expect(sheet.problem).to_be_visible(timeout=SOON)
        page.reload()
        expect(page.locator(".desk-form[data-looked-through]")).to_be_attached()
        page.locator("#id_channel").select_option(index=1)
        sheet.title.fill("发布了的题目")
        page.locator("#id_outside_source").fill("新华网")
        sheet.write("正文。")
        page.locator("button[name=_publish]").click()
        expect(page.get_by_text("已发布，读者现在就能看到")).to_be_visible()
        page.go_back()
        page.wait_for_url(f"**{ADD}")
        page.locator("#id_channel").select_option(index=1)
        sheet.title.fill("返回后改的题目")
        sheet.expect_autosaved()
        assert Article.objects.get().title == "返回后改的题目"


@pytest.mark.once
class TestFaults:
    @pytest.mark.expects_console(r"401 \(Unauthorized\)")
    def test_a_log_out_in_the_middle_costs_nothing(
        self, sheet: Sheet, context: BrowserContext, article: Article
    ):
        sheet.open(change(article))
        Session.objects.all().delete()
        sheet.title.fill("写到一半登录失效")
        expect(sheet.problem).to_contain_text("登录已失效", timeout=SOON)
        sheet.expect_copy_kept()
        with context.expect_page() as opened:
            sheet.problem.get_by_role("link").click()
        other = opened.value
        other.locator("#id_username").fill("editor")
        other.locator("#id_password").fill("editor-password")
        other.locator("[type=submit]").click()
        other.wait_for_url("**/admin/")
        other.close()
        sheet.expect_autosaved()
        article.refresh_from_db()
        assert article.title == "写到一半登录失效"

    @pytest.mark.parametrize("browser_has", [LOCKS, NO_LOCKS], ids=["locks", "no-locks"])
    def test_words_of_a_page_that_is_gone_are_offered(
        self, sheet: Sheet, context: BrowserContext, article: Article, browser_has: str
    ):
        context.add_init_script(browser_has)
        # Not by a route: it lets pass what a page sends while it is closed.
        sheet.page.add_init_script("window.fetch = () => Promise.reject(new TypeError('cut'))")
        sheet.open(change(article))
        sheet.title.fill("没存上的题目")
        sheet.write("没存上的一句。")
        sheet.expect_copy_kept()
        other = Sheet(context.new_page()).open(change(article))
        # The page that wrote them is still there: they are not offered elsewhere.
        other.expect_no_offer()
        other.page.close()
        sheet.page.close(run_before_unload=False)

        again = Sheet(context.new_page()).open(change(article))
        expect(again.offer).to_contain_text("没存上的题目")
        expect(again.offer).to_contain_text(A_TIME)
        expect(again.title).to_have_value("同心同向 实干争先")
        again.offer.locator("button.default").click()
        expect(again.offer).to_have_count(0)
        expect(again.title).to_have_value("没存上的题目")
        again.expect_autosaved()
        article.refresh_from_db()
        assert article.title == "没存上的题目"
        assert article.body == "<p>正文第一段。没存上的一句。</p>"
        again.page.reload()
        again.expect_no_offer()

    def test_words_of_a_page_that_sleeps_are_not_offered(
        self, sheet: Sheet, context: BrowserContext, article: Article
    ):
        # It hears nothing and answers nobody.
        sheet.page.add_init_script(
            "window.fetch = () => Promise.reject(new TypeError('cut'));"
            "BroadcastChannel.prototype.postMessage = () => {}"
        )
        sheet.open(change(article))
        sheet.title.fill("睡着的标签页")
        sheet.expect_copy_kept()
        other = Sheet(context.new_page()).open(change(article))
        other.expect_no_offer()
        sheet.page.close(run_before_unload=False)
        other.page.reload()
        expect(other.offer).to_contain_text("睡着的标签页")

    @pytest.mark.expects_console(r"ERR_FAILED|Failed to load resource")
    def test_words_that_are_a_version_by_now_are_not_offered(
        self, sheet: Sheet, page: Page, context: BrowserContext, editor, article: Article
    ):
        sheet.open(change(article))
        page.route(SAVE, lose)
        sheet.title.fill("答复丢失的题目")
        expect(sheet.problem).to_be_visible(timeout=SOON)
        sheet.expect_copy_kept()
        page.close(run_before_unload=False)
        article.refresh_from_db()
        assert article.title == "答复丢失的题目"
        article.title = "后来的题目"
        writing.keep(article, body=article.body, tags=[], by=editor, based_on=article.version)
        again = Sheet(context.new_page())
        with again.page.expect_response(re.compile(r"/kept/$")) as judged:
            again.open(change(article))
        assert judged.value.json()["is_known"]
        again.expect_no_offer()
        expect(again.title).to_have_value("后来的题目")

    @pytest.mark.expects_console(r"ERR_FAILED|Failed to load resource")
    def test_words_sent_after_a_lost_answer_are_offered(
        self, sheet: Sheet, page: Page, context: BrowserContext, article: Article
    ):
        sheet.open(change(article))
        page.route(SAVE, lose)
        sheet.title.fill("存上了，答复丢失")
        sheet.save_button.click()
        expect(sheet.problem).to_be_visible(timeout=SOON)
        page.evaluate("window.fetch = () => Promise.reject(new TypeError('cut')); null")
        sheet.title.fill("再也没发出去")
        sheet.save_button.click()
        sheet.expect_copy_kept()
        page.close(run_before_unload=False)
        article.refresh_from_db()
        assert article.title == "存上了，答复丢失"
        again = Sheet(context.new_page()).open(change(article))
        expect(again.offer).to_contain_text("再也没发出去")
        again.offer.locator("button.default").click()
        again.expect_autosaved()
        article.refresh_from_db()
        assert article.title == "再也没发出去"

    @pytest.mark.expects_console(r"ERR_FAILED|Failed to load resource")
    def test_words_kept_after_the_clock_was_set_back_are_offered(
        self, sheet: Sheet, page: Page, context: BrowserContext, article: Article
    ):
        sheet.open(change(article))
        sheet.title.fill("存上了")
        sheet.expect_autosaved()
        page.evaluate(
            "const now = Date.now; Date.now = () => now() - 3600_000;"
            "Date.prototype.getTime = function () { return this.valueOf() - 3600_000 };"
            "window.fetch = () => Promise.reject(new TypeError('cut')); null"
        )
        sheet.title.fill("拨慢之后写的")
        sheet.expect_copy_kept()
        page.close(run_before_unload=False)
        again = Sheet(context.new_page()).open(change(article))
        expect(again.offer).to_contain_text("拨慢之后写的")

    def test_older_words_are_put_back_without_a_conflict_with_oneself(
        self, sheet: Sheet, page: Page, context: BrowserContext, editor, article: Article
    ):
        page.add_init_script("window.fetch = () => Promise.reject(new TypeError('cut'))")
        sheet.open(change(article))
        sheet.title.fill("先写的题目")
        sheet.expect_copy_kept()
        page.close(run_before_unload=False)
        article.title = "后来的题目"
        writing.keep(article, body=article.body, tags=[], by=editor, based_on=1)
        again = Sheet(context.new_page()).open(change(article))
        expect(again.offer).to_contain_text("先写的题目")
        again.offer.locator("button.default").click()
        again.expect_autosaved()
        assert list(article.revisions.values_list("content__title", flat=True)) == [
            "先写的题目",
            "后来的题目",
            "同心同向 实干争先",
        ]

    @pytest.mark.expects_console(r"404 \(Not Found\)")
    def test_words_of_an_article_deleted_for_good_are_offered_as_a_new_one(
        self, sheet: Sheet, context: BrowserContext, article: Article
    ):
        make_channel()
        sheet.page.add_init_script("window.fetch = () => Promise.reject(new TypeError('cut'))")
        sheet.open(change(article))
        sheet.title.fill("文章没了，字还在")
        sheet.expect_copy_kept()
        sheet.page.close(run_before_unload=False)
        other = Sheet(context.new_page()).open()
        other.expect_no_offer()
        other.page.close()
        article.delete()
        again = Sheet(context.new_page()).open()
        expect(again.offer).to_contain_text("文章没了，字还在")
        again.offer.locator("button.default").click()
        again.expect_autosaved()
        assert Article.objects.get().title == "文章没了，字还在"

    @pytest.mark.expects_console(r"Failed to load resource")
    def test_leaving_asks_only_for_what_the_server_lacks(
        self, sheet: Sheet, page: Page, article: Article
    ):
        asked: list[str] = []

        def stay(dialog) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        page.on("dialog", stay)
        sheet.open(change(article))
        sheet.title.fill("存上了")
        sheet.expect_autosaved()
        page.goto("/admin/")
        assert asked == []
        page.route(ANSWERS, lambda route: route.abort())
        sheet.open(change(article))
        sheet.title.fill("没有存上")
        page.get_by_role("link", name="我的工作台").click(no_wait_after=True)
        expect(sheet.title).to_have_value("没有存上")
        assert asked == ["beforeunload"]
        sheet.title.fill("存上了")
        page.goto("/admin/")
        assert asked == ["beforeunload"]

    @pytest.mark.expects_console(r"422|Failed to load resource")
    def test_a_refusal_of_the_button_is_marked_at_the_field(
        self, sheet: Sheet, page: Page, article: Article, axe
    ):
        sheet.open(change(article))
        sheet.write("这一句留着。")
        sheet.title.fill("")
        sheet.save_button.click()
        expect(page.locator(".field-title .errorlist")).to_be_visible()
        expect(sheet.problem).to_be_visible()
        expect(sheet.title).to_be_focused()
        axe(page)
        sheet.title.fill("又有题目了")
        sheet.save_button.click()
        expect(sheet.said).to_contain_text("草稿已保存")
        expect(page.locator(".errorlist")).to_have_count(0)
        article.refresh_from_db()
        assert article.body == "<p>正文第一段。这一句留着。</p>"


class TestTwoPeople:
    @pytest.mark.expects_console(r"409 \(Conflict\)")
    def test_see_each_other_and_nobody_writes_over_the_other(
        self,
        sheet: Sheet,
        live_server,
        writer,
        article: Article,
        new_context: Callable[..., BrowserContext],
        axe,
    ):
        theirs = new_context(base_url=live_server.url, viewport=sheet.page.viewport_size)
        theirs.add_init_script(HURRY)
        log_in(theirs, writer, live_server.url)
        other = theirs.new_page()
        second = Sheet(other).open(change(article))
        expect(second.people).to_be_hidden()
        sheet.open(change(article))
        expect(sheet.people).to_contain_text("writer")
        # The other page hears of it with its next sign of life; coming back to it is one.
        other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(second.people).to_contain_text("editor")

        sheet.title.fill("编辑的题目")
        sheet.expect_autosaved()
        second.title.fill("作者的题目")
        expect(second.problem).to_contain_text("editor", timeout=SOON)
        second.expect_copy_kept()
        compare = second.problem.get_by_role("link").get_attribute("href") or ""
        assert compare.endswith("/compare/?old=1&new=2")
        axe(other)
        article.refresh_from_db()
        assert article.title == "编辑的题目"
        second.problem.get_by_role("button").click()
        # The ordinary way: the server shows a page with both texts.
        other.wait_for_load_state()
        expect(other.locator("body")).to_contain_text("作者的题目")
        article.refresh_from_db()
        assert article.title == "编辑的题目"

    @pytest.mark.expects_console(r"409 \(Conflict\)")
    def test_what_was_sent_to_both_texts_is_kept_until_it_is_settled(
        self, sheet: Sheet, context: BrowserContext, writer, article: Article
    ):
        sheet.open(change(article))
        theirs = Article.objects.get()
        theirs.title = "作者的题目"
        writing.keep(theirs, body=theirs.body, tags=[], by=writer, based_on=1)
        sheet.title.fill("编辑的题目")
        sheet.save_button.click()
        outcome = sheet.page.locator("[name=_outcome][value=mine]")
        expect(outcome).to_be_visible()
        # Closed instead of decided: offered at the next opening.
        sheet.page.close(run_before_unload=False)
        again = Sheet(context.new_page()).open(change(article))
        expect(again.offer).to_contain_text("编辑的题目")
        again.offer.locator("button.default").click()
        expect(again.problem.get_by_role("button")).to_be_visible(timeout=SOON)
        again.expect_copy_kept()
        again.save_button.click()
        again.page.locator("[name=_outcome][value=theirs]").click()
        expect(again.title).to_have_value("作者的题目")
        assert list(article.revisions.values_list("content__title", flat=True)) == [
            "作者的题目",
            "编辑的题目",
            "作者的题目",
            "同心同向 实干争先",
        ]
        again.expect_no_offer()

    def test_who_only_reads_is_told_of_the_new_version(
        self, sheet: Sheet, writer, article: Article
    ):
        sheet.open(change(article))
        theirs = Article.objects.get()
        theirs.title = "作者的题目"
        writing.keep(theirs, body=theirs.body, tags=[], by=writer, based_on=1)
        sheet.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(sheet.problem).to_contain_text("writer")
        sheet.problem.get_by_role("button").click()
        expect(sheet.title).to_have_value("作者的题目")
        expect(sheet.problem).to_be_hidden()


class TestOneself:
    def test_reloading_is_no_other_window(
        self, sheet: Sheet, page: Page, context: BrowserContext, article: Article
    ):
        # A goodbye that is slower than the next page, or never arrives.
        page.add_init_script("navigator.sendBeacon = () => true")
        with page.expect_response(ANSWERS) as sign:
            sheet.open(change(article))
        sign.value.finished()
        for _ in range(2):
            with page.expect_response(ANSWERS) as sign:
                page.reload()
            assert sign.value.json()["people"] == []
        expect(sheet.people).to_be_hidden()
        assert article.presences.count() == 1

        second = Sheet(context.new_page()).open(change(article))
        expect(second.people).to_contain_text("您在另一个窗口")
        third = Sheet(copied(page, context))
        expect(third.people).to_contain_text("您在另一个窗口")


@pytest.mark.once
class TestShortcuts:
    def test_are_listed_and_publish_asks_once(
        self, sheet: Sheet, page: Page, article: Article, axe
    ):
        sheet.open(change(article))
        dialog = page.locator("dialog[open]")
        page.locator(".shortcut-help").click()
        expect(dialog.locator("kbd").first).to_be_visible()
        axe(page)
        page.keyboard.press("Escape")
        expect(page.locator(".shortcut-help")).to_be_focused()
        sheet.text.click()
        page.keyboard.press("Control+Alt+Enter")
        expect(dialog).to_contain_text(article.title)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        article.refresh_from_db()
        assert article.status == "draft"
        page.keyboard.press("Control+Alt+Enter")
        page.keyboard.press("Enter")
        expect(page.get_by_text("已发布，读者现在就能看到")).to_be_visible()

    @pytest.mark.parametrize("viewport", [PHONE], indirect=True)
    def test_the_bar_leaves_room_on_a_phone(self, sheet: Sheet, page: Page, article: Article):
        sheet.open(change(article))
        box = page.locator(".action-bar").bounding_box()
        assert box is not None
        assert box["height"] < PHONE["height"] / 7
        assert round(box["y"] + box["height"]) == PHONE["height"]
        width = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert page.evaluate(width)
        expect(page.locator(".action-links")).to_be_hidden()
        page.locator(".action-more summary").click()
        expect(page.locator(".action-links a").first).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".action-links")).to_be_hidden()
        # Nor does the drawer take the buttons away.
        page.locator(".side-open").click()
        sheet.save_button.click()
        expect(sheet.said).to_contain_text("草稿已保存")


# --- A server of its own, which can be stopped -------------------------------------------------


class Server:
    def __init__(self, folder: Path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
            "MEDIA_ROOT": str(folder / "media"),
            "DEBUG": "True",
        }
        self.process: subprocess.Popen | None = None

    def manage(self, *arguments: str) -> subprocess.Popen:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def prepare(self, code: str) -> None:
        migrate = "from django.core.management import call_command; call_command('migrate', '-v0');"
        assert self.manage("shell", "-c", migrate + code).wait(180) == 0

    def start(self) -> None:
        self.process = self.manage("runserver", f"127.0.0.1:{self.port}", "--noreload")
        deadline = time.monotonic() + 120
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
                return
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(30)
            self.process = None


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    server.prepare(
        "from django.contrib.auth.models import User;"
        "from articles.models import Channel;"
        "User.objects.create_superuser('chief', password='chief-password');"
        "Channel.objects.create(name='集团新闻', slug='group-news')"
    )
    server.start()
    yield server
    server.stop()


# It has a database of its own, always SQLite.
@pytest.mark.once
class TestAServerThatRestarts:
    @pytest.mark.expects_console(r"Failed to load resource|ERR_CONNECTION_REFUSED")
    def test_in_the_middle_costs_nothing(
        self, server: Server, new_context: Callable[..., BrowserContext]
    ):
        context = new_context(base_url=server.url)
        context.add_init_script(HURRY)
        page = context.new_page()
        page.goto("/admin/login/?next=/admin/password_change/done/")
        page.locator("#id_username").fill("chief")
        page.locator("#id_password").fill("chief-password")
        page.locator("[type=submit]").click()
        page.wait_for_url("**/password_change/done/")
        sheet = Sheet(page).open()
        page.locator("#id_channel").select_option(index=1)
        sheet.title.fill("重启之前的题目")
        sheet.expect_autosaved()
        address = page.url
        server.stop()
        sheet.write("停机时写的一段。")
        expect(sheet.problem).to_be_visible(timeout=SOON)
        sheet.expect_copy_kept()
        server.start()
        expect(sheet.problem).to_be_hidden(timeout=2 * SOON)
        sheet.expect_autosaved()
        assert page.url == address
        page.reload()
        expect(sheet.text).to_contain_text("停机时写的一段。")
        expect(sheet.title).to_have_value("重启之前的题目")
