"""The main job in a real browser: write with captioned pictures, publish, read, counted once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from articles.models import Article, Edition
from tests.browser.conftest import both_screens
from tests.factories import (
    figure,
    make_article,
    make_channel,
    make_department,
    make_edition,
    make_image,
    photograph,
)

ADD = "/admin/articles/article/add/"


def files(*names: str) -> list[FilePayload]:
    return [
        {"name": name, "mimeType": "image/jpeg", "buffer": photograph(name).read()}
        for name in names
    ]


def log_in(page: Page, username: str) -> None:
    page.goto("/admin/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(f"{username}-password")
    page.get_by_role("button", name="登录").click()


def write(page: Page, sentence: str) -> None:
    sheet = page.locator(".ProseMirror")
    sheet.click()
    page.keyboard.type(sentence)


@pytest.mark.own_context
class TestTheMainJob:
    @both_screens
    def test_runs_from_log_in_to_the_counted_reader(
        self, live_server, page: Page, editor, new_context: Callable[..., BrowserContext]
    ):
        make_channel(name="集团新闻", slug="group-news")
        make_department(name="党委宣传部（企业文化部）")

        log_in(page, "editor")
        page.get_by_role("link", name="写文章").click()
        page.get_by_role("link", name="空白稿件").click()
        page.get_by_label("引题").fill("“岳行致远”主题宣讲")
        page.get_by_label("标题", exact=True).fill("讲清来路 讲实本领 讲亮前程")
        page.get_by_label("副题").fill("把课堂设到井口")
        write(page, "开头第一段。")
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="插入图片").click()
        chooser.value.set_files(files("一.jpg", "二.jpg", "三.jpg"))
        captions = page.locator("figure figcaption")
        expect(captions).to_have_count(3)
        expect(page.locator(".editor-upload")).to_have_count(0)
        for number, caption in enumerate(("井口合影。", "车间授课。", "塔筒答问。")):
            captions.nth(number).click()
            page.keyboard.type(caption)
        # On a phone the facts lie in a drawer.
        drawer = page.locator(".side-open")
        is_phone = drawer.is_visible()
        if is_phone:
            drawer.click()
        page.get_by_label("栏目").select_option(label="集团新闻")
        page.get_by_label("来源单位").select_option(label="党委宣传部（企业文化部）")
        page.get_by_label("署名").fill("沈知远")
        page.get_by_role("combobox", name="标签").fill("安全生产，主题宣讲")
        if is_phone:
            page.locator(".side-close").click()
        page.get_by_role("button", name="保存草稿").click()
        expect(page.get_by_text("草稿已保存（第1版）")).to_be_visible()
        assert Article.objects.get().status == "draft"

        page.get_by_role("button", name="发布", exact=True).click()
        expect(page.get_by_text("已发布，读者现在就能看到")).to_be_visible()
        edition = Edition.objects.get()

        reader = new_context(viewport=page.viewport_size, base_url=live_server.url).new_page()
        address = edition.get_absolute_url()
        with reader.expect_response(re.compile("/view/$")) as counted:
            reader.goto(address)
        assert counted.value.json() == {"views": 1}
        expect(reader.locator("[data-views]")).to_have_text("1")
        expect(reader.get_by_role("heading", level=1)).to_contain_text("讲清来路 讲实本领 讲亮前程")
        shown = reader.locator("figure figcaption")
        expect(shown).to_have_text(["井口合影。", "车间授课。", "塔筒答问。"])
        for number in range(3):
            picture = reader.locator("figure img").nth(number)
            picture.scroll_into_view_if_needed()
            expect(picture).to_have_js_property("complete", True)
            assert picture.evaluate("image => image.naturalWidth") > 0

        with reader.expect_response(re.compile("/view/$")) as again:
            reader.reload()
        assert again.value.json() == {"views": 1}
        expect(reader.locator("[data-views]")).to_have_text("1")

        other = new_context(base_url=live_server.url).new_page()
        with other.expect_response(re.compile("/view/$")) as second:
            other.goto(address)
        assert second.value.json() == {"views": 2}

    @pytest.mark.once
    @pytest.mark.expects_console(r"400 \(Bad Request\)")
    def test_a_bad_picture_is_told_and_what_was_typed_stays(self, live_server, page: Page, editor):
        make_channel()
        log_in(page, "editor")
        page.goto(ADD)
        page.get_by_label("标题", exact=True).fill("已经写好的标题")
        write(page, "已经写好的一段。")
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="插入图片").click()
        fake: FilePayload = {
            "name": "照片.jpg",
            "mimeType": "image/jpeg",
            "buffer": b"no picture at all",
        }
        chooser.value.set_files([fake])
        expect(page.get_by_text("这不是系统能读取的图片")).to_be_visible()
        expect(page.get_by_label("标题", exact=True)).to_have_value("已经写好的标题")
        assert "已经写好的一段。" in page.locator("textarea[name=body]").input_value()

    @pytest.mark.once
    def test_tags_are_completed(self, live_server, page: Page, editor):
        make_edition(by=editor, tags=["安全生产", "安全月"])
        log_in(page, "editor")
        page.goto(ADD)
        tags = page.get_by_role("combobox", name="标签")
        tags.press_sequentially("矿山、安全")
        expect(page.locator(".field-options [role=option]")).to_have_count(2)
        tags.press("ArrowDown")
        tags.press("Enter")
        expect(tags).to_have_value("矿山、安全月、")

    @pytest.mark.once
    def test_a_story_is_withdrawn_with_a_reason(self, live_server, page: Page, editor):
        edition = make_edition(by=editor)
        log_in(page, "editor")
        page.goto(f"/admin/articles/article/{edition.pk}/change/")
        page.get_by_role("link", name="撤稿").click()
        page.get_by_label("撤稿原因").fill("数字有误")
        page.get_by_role("button", name="撤稿").click()
        expect(page.get_by_text("已撤稿，读者不再看到它")).to_be_visible()


@pytest.mark.once
class TestNothingTypedIsLost:
    def test_leaving_with_unsaved_words_asks(self, live_server, page: Page, editor):
        make_channel()
        log_in(page, "editor")
        page.goto(ADD)
        page.get_by_label("标题", exact=True).fill("还没有保存")
        asked = []

        def stay(dialog):
            asked.append(dialog.type)
            dialog.dismiss()

        page.on("dialog", stay)
        page.get_by_role("link", name="我的工作台").click(no_wait_after=True)
        expect(page.get_by_label("标题", exact=True)).to_have_value("还没有保存")
        assert asked == ["beforeunload"]
        page.remove_listener("dialog", stay)
        page.on("dialog", lambda dialog: dialog.accept())

    def test_an_untouched_form_is_left_without_a_question(self, live_server, page, editor):
        article = make_article(by=editor, body=figure(make_image(by=editor)))
        log_in(page, "editor")
        page.goto(f"/admin/articles/article/{article.pk}/change/")
        expect(page.locator(".ProseMirror")).to_be_visible()
        page.get_by_role("link", name="我的工作台").click()
        expect(page).to_have_url(re.compile("/admin/$"))

    @pytest.mark.expects_console(r"40[13] \(")
    def test_logging_in_again_in_another_tab_is_enough(
        self, live_server, page: Page, context: BrowserContext, editor
    ):
        make_channel(name="集团新闻")
        log_in(page, "editor")
        page.goto(ADD)
        page.get_by_label("标题", exact=True).fill("写到一半登录失效")
        page.get_by_label("栏目").select_option(label="集团新闻")
        context.clear_cookies(name="sessionid")
        page.get_by_role("button", name="保存草稿").click()
        expect(page.get_by_text("登录已失效")).to_be_visible()
        assert not Article.objects.exists()
        other = context.new_page()
        log_in(other, "editor")
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="插入图片").click()
        chooser.value.set_files(files("一.jpg"))
        expect(page.locator("figure img")).to_be_visible()
        page.get_by_role("button", name="保存草稿").click()
        # What was typed first may have been saved by itself meanwhile: version 1 or 2.
        expect(page.get_by_text("草稿已保存")).to_be_visible()
        assert Article.objects.get().title == "写到一半登录失效"

    def test_going_back_after_saving_makes_no_second_article(self, live_server, page, editor):
        make_channel(name="集团新闻")
        log_in(page, "editor")
        page.goto(ADD)
        page.get_by_label("标题", exact=True).fill("第一次的题目")
        page.get_by_label("栏目").select_option(label="集团新闻")
        page.get_by_role("button", name="保存草稿").click()
        expect(page.get_by_text("草稿已保存（第1版）")).to_be_visible()
        page.get_by_role("link", name="我的工作台").click()
        expect(page).to_have_url(re.compile("/admin/$"))
        page.go_back()
        page.get_by_label("标题", exact=True).fill("返回后改的题目")
        page.get_by_role("button", name="保存草稿").click()
        expect(page.get_by_text("草稿已保存（第2版）")).to_be_visible()
        assert Article.objects.get().title == "返回后改的题目"

    def test_enter_in_a_line_does_not_send_the_form(self, live_server, page: Page, editor):
        make_channel()
        log_in(page, "editor")
        page.goto(ADD)
        page.get_by_label("引题").fill("引题")
        page.get_by_label("引题").press("Enter")
        page.wait_for_timeout(300)
        expect(page.locator(".errornote")).to_have_count(0)
        page.get_by_label("引题").fill("")


@pytest.mark.once
class TestEveryPage:
    """Nothing for axe to find, no sideways scrolling, on both screens."""

    @pytest.fixture
    def story(self, editor) -> Edition:
        channel = make_channel(name="集团新闻", slug="group-news")
        body = "<p>正文第一段。</p><h2>凝心聚力 同题共答</h2>" + figure(
            make_image(by=editor), "职工在井口合影。", credit="王建"
        )
        for _ in range(25):
            make_edition(by=editor, channel=channel, title="讲清来路 讲实本领 讲亮前程")
        return make_edition(by=editor, channel=channel, body=body, tags=["安全生产"])

    @both_screens
    @pytest.mark.expects_console(r"404 \(Not Found\)")
    def test_of_misfortune(self, live_server, page: Page, axe, story: Edition):
        page.goto("/articles/999999/")
        axe(page)
        assert not sideways(page)

    @both_screens
    def test_of_the_desk(self, live_server, page: Page, axe, story: Edition):
        page.goto("/admin/login/")
        axe(page)
        log_in(page, "editor")
        addresses = (
            "/admin/",
            "/admin/articles/article/",
            ADD,
            f"/admin/articles/article/{story.pk}/change/",
            f"/admin/articles/article/{story.pk}/withdraw/",
        )
        for address in addresses:
            page.goto(address)
            axe(page)
            assert not sideways(page), address
            # Dressed anew: loading is what takes time.
            page.emulate_media(color_scheme="dark")
            axe(page, only="color-contrast")
            page.emulate_media(color_scheme="light")


def sideways(page: Page) -> bool:
    width = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return page.evaluate(width)
