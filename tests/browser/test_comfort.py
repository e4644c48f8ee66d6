"""The article form as a place to work: its side column, the headline, what was used before."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse
from playwright.sync_api import Page, expect

from articles import binning, text
from articles.models import Article, StoryTemplate
from tests.browser.conftest import DESKTOP, PHONE
from tests.factories import make_article, make_channel, make_department

# How it looks and answers to hands: the rows are the same on every database.
pytestmark = pytest.mark.once

TABLET = {"width": 768, "height": 1024}
SMALL = {"width": 1280, "height": 800}
ADD = "/admin/articles/article/add/"

# What must have the same width here and there: letters, Han, punctuation of both widths and of
# none in particular, combining marks, signs, characters beyond the first plane.
SAMPLES = (
    "",
    "abc XYZ 123",
    "同心同向 实干争先",
    "“岳行致远”主题宣讲活动——走进七家权属企业…",
    "ＡＢＣ１２３（全角）",
    "半角ｶﾅ与全角カナ",
    "①②③Ⅳ℃±×÷°§",
    "e\u0301a\u0300 ö ñ é",
    "が \u0c4d",
    "😀🚄 𠮷野家 𝔸",
    "，。：；！？、《》【】「」",
    ",.:;!?'\"()<>[]",
    "한글 ไทย Ελλάδα Москва",
)
# Title → short title offered within 18 characters.
SHORT_TITLES = {
    "": "",
    "同心同向 实干争先": "同心同向 实干争先",
    "讲清来路 讲实本领 讲亮前程 讲好新时代新征程上的故事": "讲清来路 讲实本领 讲亮前程",
    "【新春走基层】井口的灯亮起来了 矿工回家过年了": "井口的灯亮起来了 矿工回家过年了",
    "集团党委书记、董事长王建到栎坪煤矿检查节日安全生产": "王建到栎坪煤矿检查节日安全生产",
    "澜岳集团召开安全生产会议，部署第四季度重点工作任务": "澜岳集团召开安全生产会议",
    "学习《中共中央关于进一步全面深化改革、推进中国式现代化的决定》": "",
    "澜岳新能源有限公司长脊风电场二期工程全容量并网发电仪式举行 绿色低碳": "绿色低碳",
    "集团召开2026年度安全生产工作会议暨先进集体表彰大会": "集团召开2026年度安全生产工作会议",
    "“党建引领，聚力前行”主题活动在集团公司机关大楼隆重举行": "“党建引领，聚力前行”",
}


@pytest.fixture
def desk(live_server, page: Page, editor) -> Page:
    """A browser in which the editor is logged in."""
    page.goto("/admin/login/")
    page.get_by_label("用户名").fill("editor")
    page.get_by_label("密码").fill("editor-password")
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".desk")).to_be_visible()
    return page


def change(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def open_form(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".ProseMirror")).to_be_visible()


def overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


class TestSideColumn:
    def test_is_tabs_walked_with_arrows_and_remembered(self, desk: Page, editor, axe):
        article = make_article(by=editor)
        open_form(desk, change(article))
        tabs = desk.locator(".side-tabs [role=tab]")
        expect(tabs).to_have_count(4)
        expect(tabs.nth(0)).to_have_attribute("aria-selected", "true")
        tabs.nth(0).focus()
        desk.keyboard.press("ArrowRight")
        expect(tabs.nth(1)).to_be_focused()
        expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
        expect(desk.locator("#panel-facts")).to_be_hidden()
        desk.keyboard.press("End")
        expect(tabs.nth(3)).to_be_focused()
        desk.keyboard.press("ArrowRight")
        expect(tabs.nth(0)).to_be_focused()
        desk.keyboard.press("ArrowRight")
        desk.evaluate("document.querySelector('#panel-pictures').dataset.badge = '40'")
        expect(tabs.nth(1)).to_contain_text("40")
        axe(desk)
        desk.reload()
        expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")

    def test_shows_the_facts_when_one_is_wrong(self, desk: Page, editor):
        article = make_article(by=editor)
        open_form(desk, change(article))
        desk.locator("#panel-pictures-tab").click()
        desk.evaluate("document.querySelector('[name=channel]').value = ''")
        with desk.expect_navigation():
            # As without the script that saves beside the page.
            desk.evaluate(
                "HTMLFormElement.prototype.submit.call(document.querySelector('#article_form'))"
            )
        expect(desk.locator("#panel-facts")).to_be_visible()
        expect(desk.locator(".field-channel.has-errors")).to_be_visible()

    @pytest.mark.parametrize("viewport", [SMALL, DESKTOP], indirect=True)
    def test_stands_beside_the_text_and_stays_in_sight(self, desk: Page, editor):
        body = f"<p>{'集团今天召开会议。' * 40}</p>" * 12
        open_form(desk, change(make_article(by=editor, body=body)))
        assert overflow(desk) <= 0
        desk.evaluate("window.scrollTo(0, 2000)")
        expect(desk.locator("#panel-facts select").first).to_be_in_viewport()
        sheet, facts = (
            desk.locator(".manuscript").bounding_box(),
            desk.locator(".facts").bounding_box(),
        )
        assert sheet["x"] + sheet["width"] <= facts["x"]
        assert sheet["width"] > 560

    @pytest.mark.parametrize("viewport", [TABLET, PHONE], indirect=True)
    def test_is_a_drawer_where_there_is_no_room(self, desk: Page, editor, axe):
        open_form(desk, change(make_article(by=editor)))
        assert overflow(desk) <= 0
        opener, column = desk.locator(".side-open"), desk.locator(".facts")
        expect(desk.locator("[name=byline]")).to_be_hidden()
        axe(desk)
        opener.click()
        expect(desk.locator("[name=byline]")).to_be_visible()
        expect(desk.locator("#panel-facts-tab")).to_be_focused()
        expect(column).to_have_css("transform", "none")
        assert overflow(desk) <= 0
        axe(desk)
        desk.keyboard.press("Escape")
        expect(desk.locator("[name=byline]")).to_be_hidden()
        expect(opener).to_be_focused()

    def test_stacks_its_panels_without_a_script(self, live_server, new_context, client, editor):
        client.force_login(editor, backend="newsroom.authentication.OneStatementBackend")
        context = new_context(java_script_enabled=False, base_url=live_server.url)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page = context.new_page()
        page.goto(change(make_article(by=editor)))
        expect(page.locator("[name=byline]")).to_be_visible()
        expect(page.locator(".side-tab, .side-open")).to_have_count(0)
        # The text is there too, with a sentence about the brackets in it.
        expect(page.locator("[name=body]")).to_have_css("opacity", "1")
        note = page.locator(".plain-text-note")
        expect(note).to_be_visible()
        expect(note).to_contain_text("尖括号里的内容请原样保留")
        page.goto(reverse("admin:articles_article_start"))
        page.locator(".start-earlier button").first.click()
        expect(page.locator("[name=title]")).to_have_value(re.compile("^【副本】"))


class TestHeadline:
    def test_is_measured_as_the_portal_measures_it(self, desk: Page):
        open_form(desk, ADD)
        address = urljoin(desk.url, staticfiles_storage.url("articles/desk/widths.js"))
        points = [
            *range(0x20, 0x2FA0),
            *range(0x3000, 0x3100),
            *range(0xFE30, 0xFFEF),
        ]
        # What a newer Unicode assigns is no difference of the rule.
        known = [chr(point) for point in points if text.unicodedata.category(chr(point)) != "Cn"]
        widths = desk.evaluate(
            """async ([address, words]) => {
              const { displayWidth } = await import(address)
              return words.map(displayWidth)
            }""",
            [address, [*SAMPLES, *known]],
        )
        wrong = {
            each: (width, text.display_width(each))
            for each, width in zip([*SAMPLES, *known], widths, strict=True)
            if width != text.display_width(each)
        }
        assert not wrong

    def test_offers_whole_phrases_as_short_title(self, desk: Page):
        open_form(desk, ADD)
        address = urljoin(desk.url, staticfiles_storage.url("articles/desk/short_title.js"))
        offered = desk.evaluate(
            """async ([address, titles]) => {
              const { suggestShortTitle } = await import(address)
              return titles.map((title) => suggestShortTitle(title, 36))
            }""",
            [address, list(SHORT_TITLES)],
        )
        expected = [short for short in SHORT_TITLES.values() if short]
        shown = [
            words for words, short in zip(offered, SHORT_TITLES.values(), strict=True) if short
        ]
        assert shown == expected
        assert all(text.display_width(words) <= 36 for words in offered)

    def test_shows_its_width_and_takes_a_short_title_back(self, desk: Page):
        open_form(desk, ADD)
        title, short = desk.locator("[name=title]"), desk.locator("[name=short_title]")
        title.fill("讲清来路 讲实本领 讲亮前程 讲好新时代新征程上的故事A")
        expect(desk.locator(".field-title .field-width")).to_contain_text("26")
        short.fill("自己写的")
        expect(desk.locator(".field-short_title .field-width")).to_contain_text("4")
        button = desk.locator(".field-short_title .field-action")
        button.click()
        expect(short).to_have_value("讲清来路 讲实本领 讲亮前程")
        button.click()
        expect(short).to_have_value("自己写的")
        button.click()
        short.focus()
        desk.keyboard.press("Control+z")
        expect(short).to_have_value("自己写的")

    def test_says_how_much_room_is_left_when_it_gets_short(self, desk: Page):
        open_form(desk, ADD)
        room = desk.locator(".field-summary .field-room")
        desk.locator("[name=summary]").fill("长" * 239)
        expect(room).to_be_hidden()
        desk.locator("[name=summary]").fill("长" * 240)
        expect(room).to_contain_text("240")
        expect(room).to_contain_text("300")


class TestUsedBefore:
    def test_is_offered_by_key_and_mouse(self, desk: Page, editor, axe):
        for earlier in ("李明", "王建 李明"):
            article = make_article(by=editor, outside_source="新华网")
            Article.objects.filter(pk=article.pk).update(byline=earlier)
        open_form(desk, ADD)
        byline = desk.locator("[name=byline]")
        options = desk.locator("#id_byline_options [role=option]")
        byline.click()
        expect(options).to_have_text(["王建 李明", "李明"])
        axe(desk)
        desk.keyboard.press("Escape")
        expect(options).to_have_count(0)
        byline.press_sequentially("王")
        expect(options).to_have_text(["王建 李明"])
        desk.keyboard.press("ArrowDown")
        desk.keyboard.press("Enter")
        expect(byline).to_have_value("王建 李明")
        expect(options).to_have_count(0)
        desk.locator("[name=outside_source]").click()
        desk.locator("#id_outside_source_options [role=option]").click()
        expect(desk.locator("[name=outside_source]")).to_have_value("新华网")


class TestPages:
    @pytest.mark.parametrize("viewport", [DESKTOP, TABLET, PHONE], indirect=True)
    def test_of_start_and_bin_fit_and_are_accessible(self, desk: Page, editor, axe):
        StoryTemplate.objects.create(
            name="停电通知", purpose="检修停电的通知。", channel=make_channel()
        )
        make_article(by=editor)
        binning.throw_away(make_article(by=editor, title="长" * 120), by=editor)
        for page in ("article/start/", "article/bin/", "article/"):
            desk.goto(f"/admin/articles/{page}")
            assert overflow(desk) <= 0, page
            axe(desk)

    @pytest.mark.parametrize("viewport", [PHONE], indirect=True)
    def test_of_departments_and_accounts_fit_and_are_accessible(self, desk: Page, editor, axe):
        editor.is_superuser = True
        editor.save()
        above = make_department(name="澜岳工程设计院边坡雷达与微震联合监测预警技术推广中心")
        make_department(parent=above)
        for page in (
            "articles/",
            "articles/department/",
            f"articles/department/{above.pk}/change/",
            f"articles/department/{above.pk}/delete/",
            "auth/user/",
            "auth/user/add/",
        ):
            desk.goto(f"/admin/{page}")
            assert overflow(desk) <= 0, page
            axe(desk)
        # The box to tick is as large as a finger and stands before the row.
        desk.goto("/admin/articles/department/")
        row = desk.locator("#result_list tbody tr").first
        cell, name = row.locator(".action-checkbox"), row.locator("th")
        assert min(cell.bounding_box()[side] for side in ("width", "height")) >= 44
        assert abs(cell.bounding_box()["y"] - row.bounding_box()["y"]) <= 1
        assert name.bounding_box()["x"] >= cell.bounding_box()["x"] + 44

    def test_lead_from_the_desk_over_a_template_to_a_draft(self, desk: Page):
        StoryTemplate.objects.create(
            name="停电通知", title="关于【事项】的通知", body="<p>【事项】</p>"
        )
        desk.locator(".desk-start a").click()
        desk.get_by_role("link", name="停电通知").click()
        expect(desk.locator("[name=title]")).to_have_value("关于【事项】的通知")
        expect(desk.get_by_role("textbox", name="正文")).to_contain_text("【事项】")
        assert not Article.objects.exists()

    def test_bring_a_deleted_draft_back(self, desk: Page, editor):
        article = make_article(by=editor)
        desk.goto(reverse("admin:articles_article_delete", args=[article.pk]))
        desk.locator(".withdraw button").click()
        desk.locator(".messagelist a").click()
        desk.locator(f"#binned-{article.pk} button").click()
        desk.locator(".messagelist a").click()
        expect(desk.locator("[name=title]")).to_have_value(article.title)
