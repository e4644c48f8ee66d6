"""What one writes with: links, special characters, finding and replacing, counts, tables, paste."""

# Tests name the fixtures they take from there.
# ruff: noqa: F811

from __future__ import annotations

import base64
import re

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, expect

from articles.models import ArticleImage
from tests.browser.conftest import PHONE
from tests.browser.test_editor import Desk, desk, figure, image, photo  # noqa: F401
from tests.factories import make_article, make_edition

# How it looks and answers to hands: the rows are the same on every database.
pytestmark = pytest.mark.once

# Words → 字数.
WORD_COUNTS = [
    ("", 0),
    (" \n\t　\xa0", 0),
    ("安全生产", 4),
    ("安全生产，人人有责。", 10),
    ("“同心”——向前……", 10),
    ("约翰·史密斯", 6),
    ("5G智慧矿山", 5),
    ("增长98.6%，达到12,000吨", 8),
    ("安全 生产　月", 5),
    ("hello world", 2),
    ("it’s time – now", 4),
    ("it's time", 2),
    ("“it’s”", 3),
    ("ａｂ１", 3),
    ("《新闻》2026年第1期", 9),
    ("𠮷田", 2),
    ("a\u200bb 安\ufeff全", 3),
    ("e\u0301te\u0301", 1),
    ("①②㎡", 2),
    ("😀", 1),
    ("안녕 하세요", 2),
    ("ひらがな々〇", 6),
    ("a\x1cb\x85c", 3),
]


def tool(desk: Desk, name: str) -> Locator:
    return desk.toolbar.locator(f"[data-name='{name}']")


def select_all(desk: Desk) -> None:
    desk.press("Control+a")


class TestLinks:
    @pytest.fixture
    def dialog(self, desk: Desk) -> Locator:
        return desk.page.locator("dialog.editor-dialog--link")

    @staticmethod
    def show(dialog: Locator, name: str) -> None:
        dialog.locator(f"[role=tab][data-name={name}]").click()

    def test_leads_to_a_story_found_by_its_headline(self, desk: Desk, dialog, editor, axe):
        story = make_edition(by=editor, title="矿山救援队 连续奋战三昼夜").article
        draft = make_article(by=editor, title="矿山绿化 春天开工")
        desk.open("<p>前文</p>").go_to("前文")
        desk.press("Control+k")
        options = dialog.get_by_role("option")
        expect(options).to_have_count(2)
        search = dialog.get_by_role("combobox").locator("visible=true")
        expect(search).to_be_focused()
        desk.keys.type("救援队 三昼夜")
        expect(options).to_have_count(1)
        expect(options).to_contain_text("矿山救援队 连续奋战三昼夜")
        expect(options).to_contain_text("集团新闻")
        axe(desk.page)
        desk.press("ArrowDown", "Enter")
        expect(dialog).to_have_count(0)
        expect(desk.sheet).to_be_focused()
        desk.keys.type("，后文")
        address = reverse("article", args=[story.pk])
        link = f'<a href="{address}">矿山救援队 连续奋战三昼夜</a>'
        assert desk.text == f"<p>前文{link}，后文</p>"

        # What readers cannot open yet is offered with a warning.
        desk.press("Control+k")
        dialog.get_by_role("combobox").locator("visible=true").fill("绿化")
        expect(options).to_have_count(1)
        expect(options.locator("strong")).to_be_visible()
        options.click()
        assert f'<a href="/articles/{draft.pk}/">矿山绿化 春天开工</a>' in desk.text

    def test_leads_outside_and_refuses_what_no_reader_can_open(self, desk: Desk, dialog, axe):
        desk.open("<p>甲乙</p>").go_to("甲乙")
        select_all(desk)
        tool(desk, "link").click()
        self.show(dialog, "outside")
        address, problem = dialog.locator("input[inputmode=url]"), dialog.get_by_role("alert")
        for wrong in ("javascript:alert(1)", "file:///C:/a.doc", "C:\\稿件\\a.doc", "data:x"):
            address.fill(wrong)
            expect(problem).not_to_be_empty()
            expect(address).to_have_attribute("aria-invalid", "true")
        axe(desk.page)
        address.fill("不是网址")
        address.press("Enter")
        expect(problem).not_to_be_empty()
        address.fill("www.example.cn/新闻?a=1")
        address.press("Enter")
        expect(dialog).to_have_count(0)
        assert desk.text == '<p><a href="https://www.example.cn/新闻?a=1">甲乙</a></p>'

    def test_reads_addresses_as_people_write_them(self, desk: Desk):
        desk.open()
        cases = {
            "example.cn": "https://example.cn",
            "https：//example.cn/a": "https://example.cn/a",
            "10.1.2.3:8080/oa": "https://10.1.2.3:8080/oa",
            "a@example.cn": "mailto:a@example.cn",
            "tel:010-12345678": "tel:010-12345678",
            "/articles/12/": "/articles/12/",
            f"{desk.page.url.split('/admin')[0]}/articles/12/": "/articles/12/",
            "vbscript:x": None,
            "blob:https://example.cn/x": None,
            "ftp://example.cn/": None,
            "\\\\nas\\稿件": None,
            "https://": None,
            "https:// example.cn": None,
            "一句话": None,
            "": None,
        }
        read = desk.page.evaluate(
            """async (typed) => {
              const { readAddress } = await import("articles/editor/links")
              return typed.map((text) => readAddress(text))
            }""",
            list(cases),
        )
        assert {key: each.get("href") for key, each in zip(cases, read, strict=True)} == cases
        assert all(each.get("href") or each["problem"] for each in read)

    def test_is_changed_and_removed_where_it_stands(self, desk: Desk, dialog):
        desk.open('<p>甲<a href="https://example.cn/">链接文字</a>乙</p>')
        card = desk.page.locator(".editor-link-card")
        desk.sheet.locator("a").hover()
        expect(card.locator("a")).to_have_text("https://example.cn/")
        desk.click(desk.sheet.locator("a"))
        expect(card).to_be_visible()
        card.get_by_role("button").first.click()
        address = dialog.locator("input[inputmode=url]")
        expect(address).to_have_value("https://example.cn/")
        address.fill("https://example.com/")
        address.press("Enter")
        assert '<a href="https://example.com/">链接文字</a>' in re.sub(
            ' rel="[^"]*"', "", desk.text
        )
        desk.press("Control+k")
        dialog.locator("[data-action=unlink]").click()
        assert desk.text == "<p>甲链接文字乙</p>"
        expect(desk.sheet).to_be_focused()

    def test_offers_the_attachments_of_the_story(self, desk: Desk, dialog):
        desk.open("<p>甲</p>").go_to("甲")
        desk.page.evaluate(
            """() => { document.querySelector("[name=attachments]").value =
              '[{"id": 7, "title": "宣讲材料"}, {"id": 8, "title": "名单"}]' }"""
        )
        desk.press("Control+k")
        self.show(dialog, "attachment")
        dialog.get_by_role("option").filter(has_text="宣讲材料").click()
        assert desk.text == '<p>甲<a href="/attachments/7/">宣讲材料</a></p>'

    def test_is_reached_in_full_screen_and_left_with_escape(self, desk: Desk, dialog):
        desk.open("<p>甲</p>").go_to("甲")
        desk.button("全屏写作").click()
        desk.press("Control+k")
        expect(dialog).to_be_in_viewport(ratio=1)
        desk.press("Escape")
        expect(dialog).to_have_count(0)
        expect(desk.page.locator(".prose-editor")).to_have_class(re.compile("fullscreen"))
        desk.keys.type("乙")
        assert desk.text == "<p>甲乙</p>"


class TestCharacters:
    def test_are_found_by_name_walked_with_arrows_and_remembered(self, desk: Desk, axe):
        desk.open("<p>面积8</p>").go_to("面积8")
        dialog = desk.page.locator("dialog.editor-dialog--characters")
        tool(desk, "characters").click()
        expect(dialog.get_by_role("tab")).to_have_count(6)
        axe(desk.page)
        desk.keys.type("平方米")
        expect(dialog.get_by_role("gridcell")).to_have_count(1)
        desk.press("Enter")
        expect(dialog).to_have_count(0)
        assert desk.text == "<p>面积8㎡</p>"

        tool(desk, "characters").click()
        # The last used ones come first.
        expect(dialog.get_by_role("tab")).to_have_count(7)
        expect(dialog.get_by_role("gridcell")).to_have_text(["㎡"])
        dialog.locator("[role=tab][data-name=numbers]").click()
        desk.press("Tab", "ArrowRight", "ArrowDown", "ArrowLeft", "Shift+Enter")
        expect(dialog).to_be_visible()
        desk.press("ArrowUp", "Enter")
        expect(dialog).to_have_count(0)
        assert desk.text == "<p>面积8㎡⑪①</p>"
        desk.press("Control+z")
        assert "⑪①" not in desk.text


class TestFind:
    BODY = "<p>安全生产月，<strong>安全</strong>第一。ABC</p><h2>安全</h2><p>ａｂｃ与kg㎏</p>"

    @pytest.fixture
    def bar(self, desk: Desk) -> Locator:
        return desk.page.locator(".editor-find")

    def test_finds_in_text_and_captions_and_goes_round(self, desk: Desk, bar, image, axe):
        desk.open(self.BODY + figure(image, "安全员在井口。"))
        desk.go_to("安全生产月，安全第一。ABC", start=True)
        desk.press("Control+f")
        words, said = bar.locator("input").first, bar.get_by_role("status")
        expect(words).to_be_focused()
        desk.keys.type("安全")
        hits = desk.sheet.locator(".editor-hit")
        expect(hits).to_have_count(4)
        expect(said).to_contain_text(re.compile("1.*4"))
        axe(desk.page)
        for number in (2, 3, 4, 1):
            desk.press("Enter")
            expect(said).to_contain_text(re.compile(f"{number}.*4"))
        desk.press("Shift+Enter")
        expect(said).to_contain_text(re.compile("4.*4"))
        current = desk.sheet.locator(".editor-hit--current")
        assert current.evaluate("hit => !!hit.closest('figcaption')")
        expect(current).to_be_in_viewport()

        words.fill("abc")
        expect(hits).to_have_count(2)
        bar.locator("input[type=checkbox]").check()
        expect(hits).to_have_count(0)
        words.fill(".*")
        expect(hits).to_have_count(0)
        bar.locator("input[type=checkbox]").uncheck()
        # No hit within a character.
        words.fill("g")
        expect(hits).to_have_count(1)
        words.press("Escape")
        expect(bar).to_be_hidden()
        expect(hits).to_have_count(0)
        expect(desk.sheet).to_be_focused()

    def test_leaves_the_browsers_own_within_reach(self, desk: Desk, bar):
        desk.open("<p>甲</p>").go_to("甲")
        desk.page.evaluate(
            """() => addEventListener("keydown", (event) => {
              if (event.key === "f") window.kept = !event.defaultPrevented })"""
        )
        desk.press("Control+f")
        expect(bar).to_be_visible()
        desk.press("Control+f")
        assert desk.page.evaluate("window.kept")

    def test_replaces_in_one_step_and_keeps_marks(self, desk: Desk, bar, image):
        body = self.BODY + figure(image, "安全员在井口。")
        desk.open(body).go_to("安全生产月，安全第一。ABC", start=True)
        desk.press("Control+h")
        desk.keys.type("安全")
        instead = bar.locator("input[type=text]").nth(1)
        instead.fill("平安")
        instead.press("Enter")
        expect(desk.source).to_have_value(body.replace("安全", "平安", 1))
        expect(bar.get_by_role("status")).to_contain_text(re.compile("1.*3"))
        bar.locator(".editor-find__action").last.click()
        expect(desk.source).to_have_value(body.replace("安全", "平安"))
        expect(bar.get_by_role("status")).to_contain_text("4" if "4" in self.BODY else "3")
        bar.locator("input").first.press("Escape")
        desk.press("Control+z")
        expect(desk.source).to_have_value(body.replace("安全", "平安", 1))
        desk.press("Control+z")
        expect(desk.source).to_have_value(body)

    def test_lets_an_input_method_compose(self, desk: Desk, bar):
        desk.open("<p>你好，安全。</p>").go_to("你好，安全。")
        session = desk.page.context.new_cdp_session(desk.page)

        def spell(letters: str) -> None:
            place = {"selectionStart": len(letters), "selectionEnd": len(letters)}
            session.send("Input.imeSetComposition", {"text": letters, **place})

        desk.press("Control+f")
        spell("anquan")
        desk.keys.insert_text("安全")
        expect(desk.sheet.locator(".editor-hit")).to_have_count(1)
        # In the text, with the hits drawn, a composition goes through as ever.
        desk.click(desk.sheet)
        desk.press("Control+End")
        spell("an")
        spell("anquan")
        desk.keys.insert_text("安全")
        expect(desk.source).to_have_value("<p>你好，安全。安全</p>")
        expect(desk.sheet.locator(".editor-hit")).to_have_count(2)


class TestCounts:
    def test_counts_as_word_does(self, desk: Desk):
        desk.open()
        counted = desk.page.evaluate(
            """async (texts) => {
              const { wordCount, readingMinutes } = await import("articles/editor/counts")
              const words = texts.map(wordCount)
              return [words, [0, 1, 400, 401].map(readingMinutes)]
            }""",
            [words for words, _count in WORD_COUNTS],
        )
        assert counted == [[count for _words, count in WORD_COUNTS], [0, 1, 1, 2]]

    def test_follow_what_is_typed_and_selected(self, desk: Desk, image):
        desk.open(f"<p>安全生产，重在5G。</p><ul><li><p>第一</p></li></ul>{figure(image, '图注')}")
        foot = desk.page.locator(".editor-foot")
        expect(foot).to_be_in_viewport()
        expect(foot.locator("[data-count=words]")).to_contain_text("11")
        expect(foot.locator("[data-count=pictures]")).to_contain_text("1")
        expect(foot.locator("[data-count=selected]")).to_be_hidden()
        desk.go_to("第一")
        desk.keys.type("项")
        expect(foot.locator("[data-count=words]")).to_contain_text("12")
        desk.press("Shift+Home")
        expect(foot.locator("[data-count=selected]")).to_contain_text("3")


class TestTables:
    def test_are_walked_merged_and_split(self, desk: Desk):
        cells = "<td><p>甲</p></td><td><p>乙</p></td>"
        desk.open(f"<table><tbody><tr>{cells}</tr></tbody></table>").go_to("甲")
        desk.press("Tab")
        desk.keys.type("乙二")
        desk.press("Tab")
        desk.keys.type("新行")
        new = "<tr><td><p>新行</p></td><td><p></p></td></tr>"
        first = "<td><p>甲</p></td><td><p>乙二</p></td>"
        assert desk.text.startswith(f"<table><tbody><tr>{first}</tr>{new}</tbody></table>")
        expect(tool(desk, "table")).to_have_attribute("aria-disabled", "true")
        expect(tool(desk, "table:mergeCells")).to_have_attribute("aria-disabled", "true")
        desk.press("Shift+Tab", "Shift+Tab")
        desk.sheet.get_by_text("甲", exact=True).drag_to(desk.sheet.get_by_text("乙二"))
        tool(desk, "table:mergeCells").click()
        assert '<tr><td colspan="2"><p>甲</p><p>乙二</p></td></tr>' in desk.text
        tool(desk, "table:splitCell").click()
        assert "colspan" not in desk.text
        desk.click(desk.sheet.get_by_text("甲", exact=True))
        tool(desk, "table:addColumnBefore").click()
        tool(desk, "table:addRowBefore").click()
        empty = "<td><p></p></td>"
        merged = f"<tr>{empty}<td><p>甲</p><p>乙二</p></td>{empty}</tr>"
        assert f"<tbody><tr>{empty * 3}</tr>{merged}<tr>{empty}" in desk.text
        tool(desk, "table:deleteColumn").click()
        tool(desk, "table:deleteRow").click()
        rows = f"<tr>{empty * 2}</tr><tr>{empty * 2}</tr>"
        assert f"<table><tbody>{rows}</tbody></table>" in desk.text
        tool(desk, "table:toggleHeaderRow").click()
        assert desk.text.count("<th>") == 2
        expect(tool(desk, "table:toggleHeaderRow")).to_have_attribute("aria-pressed", "true")


class TestBarOnAPhone:
    @pytest.mark.parametrize("viewport", [PHONE], indirect=True)
    def test_is_one_row_of_buttons_a_finger_hits(self, desk: Desk, axe):
        desk.open("<p>甲</p><table><tbody><tr><td><p>乙</p></td></tr></tbody></table>").go_to("甲")
        measured = desk.toolbar.locator("button:visible").evaluate_all(
            """all => all.map((one) => {
              const { top, width, height } = one.getBoundingClientRect()
              return [Math.round(top), width, height, one.getAttribute("aria-label")]
            })"""
        )
        assert len(measured) > 15
        assert len({top for top, *_rest in measured}) == 1
        assert all(min(width, height) >= 40 and name for _top, width, height, name in measured)
        assert desk.toolbar.bounding_box()["height"] <= 48
        # Arrows, Home and End lead to what is out of sight.
        undo, full_screen = desk.button("撤销"), desk.button("全屏写作")
        expect(full_screen).not_to_be_in_viewport()
        undo.focus()
        desk.press("End")
        expect(full_screen).to_be_focused()
        expect(full_screen).to_be_in_viewport(ratio=1)
        expect(undo).not_to_be_in_viewport()
        desk.press("ArrowRight")
        expect(undo).to_be_focused()
        expect(undo).to_be_in_viewport(ratio=1)
        axe(desk.page)

    @pytest.mark.parametrize("viewport", [PHONE], indirect=True)
    def test_has_a_second_row_within_a_table(self, desk: Desk):
        desk.open("<p>甲</p><table><tbody><tr><td><p>乙</p></td></tr></tbody></table>").go_to("乙")
        first, last = tool(desk, "table:addRowBefore"), tool(desk, "table:deleteTable")
        expect(first).to_be_in_viewport(ratio=1)
        heights = [each.bounding_box()["height"] for each in (first, last)]
        assert heights == [40, 40]
        assert desk.toolbar.bounding_box()["height"] <= 88
        desk.button("撤销").focus()
        desk.press("End")
        expect(last).to_be_focused()
        expect(last).to_be_in_viewport(ratio=0.95)
        # The row above stays where it was.
        expect(desk.button("撤销")).to_be_in_viewport(ratio=1)

    @pytest.mark.parametrize("viewport", [PHONE], indirect=True)
    def test_and_what_floats_cover_no_line(self, desk: Desk):
        desk.open("<p>甲</p>" * 40)
        opener = desk.page.locator(".side-open").bounding_box()
        foot = desk.page.locator(".editor-foot").bounding_box()
        assert opener["y"] >= foot["y"]
        assert opener["y"] + opener["height"] <= foot["y"] + foot["height"]
        for count in desk.page.locator(".editor-foot span:not(:empty)").all():
            box = count.bounding_box()
            assert box["x"] + box["width"] <= opener["x"]


class TestFormatting:
    def test_is_cleared_but_links_and_pictures_stay(self, desk: Desk, image):
        placed = figure(image, "图注", credit="王建")
        desk.open(
            '<h2>甲</h2><p><strong>粗<em>斜</em></strong><a href="/articles/1/">链</a></p>'
            f"{placed}<ul><li><p>项</p></li></ul><blockquote><p>引</p></blockquote>"
        ).go_to("甲")
        select_all(desk)
        tool(desk, "clear").click()
        written = re.sub(' rel="[^"]*"', "", desk.text)
        assert written == (
            f'<p>甲</p><p>粗斜<a href="/articles/1/">链</a></p>{placed}<p>项</p><p>引</p>'
        )

    def test_has_the_keys_a_word_user_tries(self, desk: Desk):
        desk.open("<p>甲</p><ul><li><p>一</p></li><li><p>二</p></li></ul>").go_to("甲")
        desk.press("Control+Alt+2")
        assert desk.text.startswith("<h2>甲</h2>")
        desk.press("Control+Alt+2")
        assert desk.text.startswith("<p>甲</p>")
        desk.go_to("二")
        desk.press("Tab")
        nested = "<ul><li><p>一</p><ul><li><p>二</p></li></ul></li></ul>"
        assert nested in desk.text
        desk.press("Shift+Tab")
        assert "<ul><li><p>一</p></li><li><p>二</p></li></ul>" in desk.text


WORD_HEAD = """<html xmlns:v="urn:schemas-microsoft-com:vml"
xmlns:o="urn:schemas-microsoft-com:office:office">
<head><meta name=Generator content="Microsoft Word 15"><style><!--
p.MsoNormal {mso-style-parent:"";} --></style></head><body lang=ZH-CN><!--StartFragment-->"""

WORD_STORY = (
    WORD_HEAD
    + """
<p class=MsoNormal align=center style='text-align:center;line-height:29.0pt;mso-line-height-rule:
exactly'><b><span
style='font-size:16.0pt;font-family:楷体'>凝心聚力　同题共答<o:p></o:p></span></b></p>
<p class=MsoNormal style='text-indent:32.0pt;mso-char-indent-count:2.0'><b><span
style='font-family:黑体'>一、总体要求</span></b></p>
<p class=MsoNormal style='text-indent:32.0pt'><span
style='font-size:16.0pt;font-family:仿宋_GB2312'>　　<st1:chsdate
Year="2023" Month="11" IsROCDate="False" w:st="on">11月21日</st1:chsdate>，集团党委
召开</span><span lang=EN-US style='font-size:16.0pt'>2023</span><span
style='font-size:16.0pt'>年
第三次会议，<ins cite="mailto:王芳" datetime="2023-11-20T10:00">传达</ins><del
cite="mailto:王芳"
datetime="2023-11-20T10:00">学习</del>精神<a style='mso-footnote-id:ftn1'
href="#_ftn1" name="_ftnref1"
title=""><span class=MsoFootnoteReference><span
style='mso-special-character:footnote'>[1]</span></span></a>。<br>
另行一句 the end
of it。</span></p>
<p class=MsoNormal align=center style='text-align:center'
><span>图为会议现场。（王建摄）</span></p>
<p class=MsoNormal align=center style='text-align:center'
><b>本次会议由集团党委书记主持，各单位负责人参加会议并发言。</b></p>
<div style='mso-element:footnote-list'><br clear=all><hr align=left size=1 width="33%">
<div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a
href="#_ftnref1"><span>[1]</span></a> 会议纪要。</p></div></div>
<!--EndFragment--></body></html>"""
)
WORD_TABLE = (
    WORD_HEAD
    + """
<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse;border:none'>
 <tr style='mso-yfti-irow:0'><td width=184 valign=top style='width:138.3pt;border:solid 1.0pt'>
  <p class=MsoNormal><b>单位<o:p></o:p></b></p></td><td width=184 colspan=2><p class=MsoNormal><b>人
  数</b></p></td></tr>
 <tr><td width=184 rowspan=2 style='width:138.3pt'><p class=MsoNormal>　　一矿</p></td>
  <td><p class=MsoNormal>12</p></td><td><p>3</p></td></tr>
 <tr><td><p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p></td><td>5</td></tr>
</table>"""
)
PORTAL = """<div class="TRS_Editor"><table width="100%" border="0"><tr><td>
<table width="950"><tr><td class="content" style="line-height:2"><font
size="3">&nbsp;&nbsp;&nbsp;
第一段第一行<br>第一段第二行<br><br>　　第二段。<br>　　第三段<b>。</b
></font></td></tr></table></td></tr></table></div>"""
PORTAL_LINES = "　　第一段。<br />　　第二段。<br /><br />第三段<br />又一行"
WECHAT_ARTICLE = """<section data-role="outer" label="135编辑器"
style="font-size:16px;visibility:visible">
<section style="text-align:center;margin:10px 0"><section style="display:inline-block"><p
style="font-weight:bold;color:#c00"><span leaf="">现场直击</span></p></section></section>
<section style="line-height:1.75em;margin-left:8px"><span
style="font-size:15px"><span leaf="">　　夜班
工人</span></span><strong><span leaf="">坚守岗位</span></strong><span leaf="">。<img class="emoji"
alt="[强]" data-w="1" src="https://res.wx.qq.com/e.png"></span></section>
<section><svg viewBox="0 0 1 1"><foreignObject>x</foreignObject></svg></section>
<p style="display: none;"><mp-style-type data-value="3"></mp-style-type>隐藏</p>
<ul class="list-paddingleft-1"><li><p>要点<ul><li>分要点</li></ul></li></ul></section>"""

PASTED = {
    "Word, formatted by hand": (
        WORD_STORY,
        "<h2>凝心聚力　同题共答</h2><p><strong>一、总体要求</strong></p>"
        "<p>11月21日，集团党委召开2023年第三次会议，传达精神[1]。<br>另行一句 the end of it。</p>"
        "<p>图为会议现场。（王建摄）</p>"
        "<p><strong>本次会议由集团党委书记主持，各单位负责人参加会议并发言。</strong></p>"
        "<p>[1] 会议纪要。</p>",
    ),
    "a table of Word": (
        WORD_TABLE,
        '<table><tbody><tr><th><p>单位</p></th><th colspan="2"><p>人数</p></th></tr>'
        '<tr><td rowspan="2"><p>一矿</p></td><td><p>12</p></td><td><p>3</p></td></tr>'
        "<tr><td><p></p></td><td><p>5</p></td></tr></tbody></table>",
    ),
    "an old portal's tables": (
        PORTAL,
        "<p>第一段第一行<br>第一段第二行</p><p>第二段。</p><p>第三段<strong>。</strong></p>",
    ),
    "an old portal's lines": (
        PORTAL_LINES,
        "<p>第一段。</p><p>第二段。</p><p>第三段<br>又一行</p>",
    ),
    "WeChat": (
        WECHAT_ARTICLE,
        "<h2>现场直击</h2><p>夜班工人<strong>坚守岗位</strong>。[强]</p>"
        "<ul><li><p>要点</p><ul><li><p>分要点</p></li></ul></li></ul>",
    ),
    "what is broken or hostile": (
        '<p onclick="x">甲<script>alert(1)</script><img src=x onerror="alert(1)" width=1>'
        '<a href="javascript:alert(1)">乙</a><iframe src=//x></iframe></div></td><b>丙',
        "<p>甲乙<strong>丙</strong></p>",
    ),
}


def rtf(*pictures: bytes | None) -> str:
    """What Word on Windows puts beside the HTML; None is a drawing no browser shows."""
    parts = []
    for picture in pictures:
        kind = "emfblip" if picture is None else "jpegblip"
        digits = (picture or b"\x01\x02").hex()
        lines = "\r\n".join(digits[at : at + 128] for at in range(0, len(digits), 128))
        shown = (
            rf"{{\pict{{\*\picprop{{\sp{{\sn fLine}}{{\sv 0}}}}}}\picscalex100\picwgoal4500"
            rf"\pichgoal3000\{kind}\bliptag1{{\*\blipuid 0011223344556677}}{lines}}}"
        )
        again = r"{\nonshppict{\pict\wmetafile8 0100}}"
        parts.append(rf"{{\*\shppict{shown}}}{again}\par \'d5\'d5")
    bullets = r"{\*\listpicture{\pict\pngblip 8950}}"
    return rf"{{\rtf1\ansi{{\fonttbl{{\f0 SimSun;}}}}{bullets}{''.join(parts)}}}"


class TestPaste:
    def test_gives_clean_text_of_all_they_copy_from(self, desk: Desk):
        desk.open()
        for name, (html, text) in PASTED.items():
            desk.click(desk.sheet)
            select_all(desk)
            desk.press("Delete")
            desk.paste(html=html, plain="x")
            assert desk.text == text, name
        expect(desk.problems).to_be_empty()

    @pytest.mark.expects_console("net::ERR_")
    def test_brings_the_pictures_of_word_to_their_places(self, desk: Desk):
        first, third = photo("一.jpg")["buffer"], photo("三.jpg")["buffer"]
        place = '<p class=MsoNormal><img width=300 height=200 src="file:///C:/clip{}.jpg"></p>'
        html = (
            f"{WORD_HEAD}<p class=MsoNormal>　　第一段</p>{place.format(1)}<p>图注一</p>"
            f"<!--[if gte vml 1]><v:shape><v:imagedata src='x'/></v:shape><![endif]-->"
            f"<table><tr><td>甲</td><td>{place.format(2)}</td></tr></table>"
            f"{place.format(3)}{place.format(4)}<p>末段</p>"
        )
        desk.open("<p>前</p><p>后</p>").go_to("前")
        carried = {"html": html, "plain": "x", "rtf": rtf(first, None, third, third)}
        desk.paste(**carried)
        expect(desk.figures).to_have_count(3)
        shape = re.sub(r"<figure.*?</figure>", "▢", desk.text)
        assert shape == (
            "<p>前第一段</p>▢<p>图注一</p><table><tbody><tr><td><p>甲</p></td><td><p></p></td></tr>"
            "</tbody></table>▢▢<p>末段</p><p>后</p>"
        )
        expect(desk.problems).to_contain_text("有1张图片没能一起粘贴过来")
        assert ArticleImage.objects.count() == 3

    def test_brings_pictures_within_the_text_and_beside_it(self, desk: Desk):
        data = base64.b64encode(photo("一.jpg")["buffer"]).decode()
        desk.open("<p>甲</p>").go_to("甲")
        desk.paste(
            photo("二.jpg"),
            html=f'<p>乙</p><p><img src="data:image/jpeg;base64,{data}"></p><p>丙</p>'
            '<p><img src="https://example.cn/a.jpg"></p><p>丁</p>',
        )
        expect(desk.figures).to_have_count(2)
        shape = re.sub(r"<figure.*?</figure>", "▢", desk.text)
        assert shape == "<p>甲乙</p>▢<p>丙</p>▢<p>丁</p>"
        assert desk.file_names[1] == "二.jpg"
        expect(desk.problems).to_be_empty()
        desk.press("Control+z", "Control+z", "Control+z")
        assert desk.text == "<p>甲</p>"
