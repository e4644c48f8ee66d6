"""Photographs at the desk: the tray beside the text, groups, frames, forty files at once."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.urls import reverse
from playwright.sync_api import FilePayload, Locator, Route, expect

from articles import pictures
from articles.models import Article, ArticleImage
from tests.browser.conftest import PHONE
from tests.browser.test_editor import Desk, desk, figure, image, photo  # noqa: F401
from tests.factories import make_article, make_image, photograph

# How it looks and answers to hands: the rows are the same on every database.
pytestmark = pytest.mark.once

SMALL: tuple[int, int] = (60, 40)


def group(*pictures: dict, caption: str = "") -> str:
    listed = json.dumps(pictures, ensure_ascii=False).replace('"', "&quot;")
    return f'<figure data-group="{listed}"><figcaption>{caption}</figcaption></figure>'


class Tray:
    """The tab with the pictures, and what hands do there."""

    def __init__(self, desk: Desk):  # noqa: F811
        self.desk = desk
        self.page = desk.page
        self.panel = desk.page.locator("#panel-pictures")
        self.items = self.panel.locator(".tray__item")
        self.live = self.panel.locator(".tray__live")
        self.detail = self.panel.locator(".tray__detail")
        self.cover = desk.page.locator("input[name=cover]")

    def open(self, body: str) -> Tray:
        self.article = make_article(by=self.desk.user, body=body)
        address = reverse("admin:articles_article_change", args=[self.article.pk])
        self.page.goto(address)
        expect(self.desk.toolbar).to_be_visible()
        self.show()
        return self

    def show(self) -> None:
        drawer = self.page.locator(".side-open")
        if drawer.is_visible():
            drawer.click()
        self.page.locator("[aria-controls=panel-pictures]").click()
        expect(self.panel).to_be_visible()

    def row(self, image: ArticleImage) -> Locator:  # noqa: F811
        return self.panel.locator(f".tray__item[data-image='{image.pk}']")

    def tool(self, name: str) -> Locator:
        return self.panel.locator(f"[data-tool='{name}']")

    def open_details(self, image: ArticleImage) -> None:  # noqa: F811
        self.row(image).locator(".tray__open").click()
        expect(self.row(image).locator(".tray__detail")).to_be_visible()

    def field(self, name: str) -> Locator:
        return self.detail.get_by_label(name, exact=True)

    def drag(self, image: ArticleImage, target: Locator, *, below: bool = False) -> None:  # noqa: F811
        grip = self.row(image).locator(".tray__grip")
        grip.scroll_into_view_if_needed()
        start, aim = grip.bounding_box(), target.locator(".tray__row").bounding_box()
        mouse = self.page.mouse
        mouse.move(start["x"] + 8, start["y"] + 12)
        mouse.down()
        mouse.move(start["x"] + 12, start["y"] + 30, steps=3)
        mouse.move(aim["x"] + 40, aim["y"] + (aim["height"] - 4 if below else 4), steps=5)
        expect(self.page.locator(".tray__line")).to_be_visible()
        mouse.up()

    def order(self) -> list[int]:
        """The rows as they stand in the text that the form sends."""
        return [int(row) for row in re.findall(r'"?image"?[:=]"?(\d+)', unescape(self.desk.text))]

    def strike(self, *keys: str) -> None:
        """Keys of a dialog, which needs no time to find the cursor."""
        for key in keys:
            self.desk.keys.press(key)

    def undo(self) -> None:
        self.desk.button("撤销").click()

    def save(self) -> None:
        self.desk.keys.press("Control+s")
        expect(self.page.locator(".action-state")).to_contain_text("第2版")
        self.article.refresh_from_db()


@pytest.fixture
def tray(desk: Desk) -> Tray:  # noqa: F811
    return Tray(desk)


@pytest.fixture
def images(live_server, editor) -> list[ArticleImage]:
    return [make_image(by=editor) for _number in range(3)]


@pytest.fixture
def body(images) -> str:
    one, two, three = images
    return (
        f"<p>甲</p>{figure(one, '图一', credit='王建')}<p>乙</p>{figure(two, '图二')}"
        f"<p>丙</p>{figure(three)}<p>丁</p>"
    )


class TestTray:
    def test_shows_every_picture_and_what_it_lacks(self, tray: Tray, images, body, axe):
        tray.open(body)
        expect(tray.items).to_have_count(3)
        expect(tray.panel).to_have_attribute("data-badge", "3")
        expect(tray.items.nth(0).locator(".tray__words")).to_have_text("图一")
        faults = tray.items.nth(0).locator("[data-fault]")
        assert faults.evaluate_all("all => all.map((each) => each.dataset.fault)") == ["alt"]
        faults = tray.items.nth(2).locator("[data-fault]")
        assert faults.evaluate_all("all => all.map((each) => each.dataset.fault)") == [
            "caption",
            "credit",
            "alt",
        ]
        tray.open_details(images[2])
        expect(tray.desk.figures.nth(2)).to_be_in_viewport()
        axe(tray.page)
        # A chip leads to the next picture that lacks something, and to the field.
        tray.panel.locator(".tray__chip[data-fault=credit]").click()
        expect(tray.detail.get_by_label("摄影")).to_be_focused()
        tray.desk.keys.type("李明")
        assert 'data-credit="李明"' in tray.desk.text
        # Words written in the sheet arrive here.
        tray.desk.click(tray.desk.captions.nth(0))
        tray.desk.press("End")
        tray.desk.keys.type("改")
        expect(tray.items.nth(0).locator(".tray__words")).to_have_text("图一改")

    def test_is_sorted_with_the_mouse_between_the_same_paragraphs(self, tray: Tray, images, body):
        one, two, three = images
        tray.open(body)
        tray.drag(three, tray.row(one))
        expect(tray.items.nth(0)).to_have_attribute("data-image", str(three.pk))
        sorted_body = (
            f"<p>甲</p>{figure(three)}<p>乙</p>{figure(one, '图一', credit='王建')}"
            f"<p>丙</p>{figure(two, '图二')}<p>丁</p>"
        )
        expect(tray.desk.source).to_have_value(sorted_body)
        tray.undo()
        expect(tray.desk.source).to_have_value(body)
        expect(tray.items.nth(0)).to_have_attribute("data-image", str(one.pk))
        # Escape gives a drag up.
        grip = tray.row(one).locator(".tray__grip").bounding_box()
        tray.page.mouse.move(grip["x"] + 8, grip["y"] + 12)
        tray.page.mouse.down()
        tray.page.mouse.move(grip["x"] + 8, grip["y"] + 200, steps=4)
        tray.page.keyboard.press("Escape")
        tray.page.mouse.up()
        assert tray.desk.text == body

    def test_is_sorted_by_keyboard_and_says_where(self, tray: Tray, images, body):
        one, two, three = images
        tray.open(body)
        grip = tray.row(one).locator(".tray__grip")
        grip.focus()
        tray.desk.press("ArrowDown")
        expect(tray.live).to_contain_text("2")
        assert tray.order() == [two.pk, one.pk, three.pk]
        expect(grip).to_be_focused()
        tray.desk.press("ArrowDown", "ArrowDown")
        assert tray.order() == [two.pk, three.pk, one.pk]
        tray.row(one).locator(".tray__open").focus()
        tray.desk.press("Alt+ArrowUp")
        assert tray.order() == [two.pk, one.pk, three.pk]
        tray.save()
        rows = tray.article.images.order_by("order").values_list("pk", "caption")
        assert list(rows) == [(two.pk, "图二"), (one.pk, "图一"), (three.pk, "")]

    def test_fills_one_photographer_for_all(self, tray: Tray, images, body):
        tray.open(body)
        tray.panel.locator(".tray__together summary").click()
        together = tray.panel.locator(".tray__together")
        together.locator("input").first.fill("李明")
        together.locator("select").select_option("contributed")
        tray.tool("fill-empty").click()
        named = re.findall(r'data-credit="(.*?)"', tray.desk.text)
        assert named == ["王建", "李明", "李明"]
        assert tray.desk.text.count('data-rights="contributed"') == 3
        tray.undo()
        expect(tray.desk.source).to_have_value(body)
        # Only the selected ones, whatever stands there.
        tray.row(images[0]).locator("input").check()
        tray.tool("fill-all").click()
        assert re.findall(r'data-credit="(.*?)"', tray.desk.text) == ["李明"]

    def test_chooses_the_cover(self, tray: Tray, images, body):
        tray.open(body)
        expect(tray.items.nth(0).locator(".is-cover")).to_be_visible()
        tray.open_details(images[1])
        tray.tool("cover").click()
        expect(tray.cover).to_have_value(str(images[1].pk))
        expect(tray.items.nth(1).locator(".is-cover")).to_be_visible()
        expect(tray.items.nth(0).locator(".is-cover")).to_have_count(0)
        tray.save()
        assert tray.article.cover == images[1]
        tray.tool("cover").click()
        expect(tray.cover).to_have_value("")

    def test_says_everything_of_a_picture(self, tray: Tray, images, body):
        tray.open(body)
        tray.open_details(images[1])
        tray.field("替代文字").fill("两人握手")
        tray.detail.locator("select").select_option("other")
        tray.detail.locator("label", has=tray.page.locator("input")).last.locator("input").fill(
            "合同 2026-3"
        )
        long = "长" * 51
        tray.field("摄影").fill(long)
        expect(tray.field("摄影")).to_have_attribute("aria-invalid", "true")
        expect(tray.row(images[1]).locator("[data-fault=length]")).to_be_visible()
        tray.field("摄影").fill("李明")
        expect(tray.row(images[1]).locator("[data-fault=length]")).to_have_count(0)
        tray.save()
        images[1].refresh_from_db()
        facts = (images[1].credit, images[1].alternative, images[1].rights, images[1].rights_note)
        assert facts == ("李明", "两人握手", "other", "合同 2026-3")

    def test_writes_on_the_picture_that_is_open(self, tray: Tray, images):
        captions = {row.pk: f"图{row.pk}" for row in images}

        def text() -> str:
            return "".join(figure(row, captions[row.pk], credit=f"人{row.pk}") for row in images)

        tray.open(text())
        caption = tray.detail.locator("textarea").first
        one, two, three = images
        for row in (three, one, two, one, three, two):
            tray.open_details(row)
            expect(caption).to_have_value(captions[row.pk])
            expect(tray.field("摄影")).to_have_value(f"人{row.pk}")
            expect(tray.detail.locator(".tray__file")).to_have_text(row.original_name)
            caption.focus()
            tray.desk.press("End")
            tray.desk.keys.type("改")
            captions[row.pk] += "改"
            expect(tray.desk.source).to_have_value(text())

    def test_goes_from_caption_to_caption_by_keyboard(self, tray: Tray, images, body):
        tray.open(body)
        tray.open_details(images[0])
        caption = tray.detail.locator("textarea").first
        caption.focus()
        tray.desk.press("Enter", "Enter")
        expect(tray.row(images[2]).locator(".tray__detail")).to_be_visible()
        expect(caption).to_be_focused()
        tray.desk.keys.type("图三")
        tray.desk.press("Shift+Enter", "Home", "ArrowUp", "End")
        expect(caption).to_have_value("图一")
        tray.desk.keys.type("改")
        expect(tray.desk.captions).to_have_text(["图一改", "图二", "图三"])
        # In the sheet the Tab key passes no caption either.
        tray.desk.click(tray.desk.captions.nth(0))
        tray.desk.press("Tab")
        tray.desk.keys.type("甲")
        tray.desk.press("Tab", "Tab")
        tray.desk.keys.type("续")
        expect(tray.desk.captions.nth(1)).to_have_text("图二续")
        tray.desk.press("Tab", "Shift+Tab")
        tray.desk.keys.type("完")
        expect(tray.desk.captions.nth(1)).to_have_text("图二续完")

    def test_undoes_from_the_tray_and_gives_the_cover_back(self, tray: Tray, images, body):
        one, two, _three = images
        tray.open(body)
        tray.row(one).locator(".tray__grip").focus()
        tray.desk.press("ArrowDown")
        expect(tray.items.nth(0).locator(".is-cover")).to_be_visible()
        assert tray.order()[0] == two.pk
        tray.desk.press("Control+z")
        expect(tray.desk.source).to_have_value(body)
        expect(tray.row(one).locator(".tray__grip")).to_be_focused()
        tray.desk.press("Control+Shift+z")
        assert tray.order()[0] == two.pk
        tray.open_details(one)
        tray.tool("cover").click()
        expect(tray.cover).to_have_value(str(one.pk))
        tray.tool("restore-cover").click()
        expect(tray.cover).to_have_value("")
        expect(tray.tool("restore-cover")).to_have_count(0)
        # A selected picture is no selected text.
        expect(tray.page.locator("[data-count=selected]")).to_have_text("")

    def test_undo_by_keyboard_gives_the_cover_back_until_the_text_changes(
        self, tray: Tray, images, body
    ):
        one, two, _three = images
        tray.open(body)
        tray.open_details(two)
        tray.tool("cover").press("Enter")
        expect(tray.cover).to_have_value(str(two.pk))
        tray.desk.press("Control+z")
        expect(tray.cover).to_have_value("")
        expect(tray.row(two).locator(".tray__open")).to_be_focused()
        tray.tool("cover").press("Enter")
        tray.row(one).locator(".tray__grip").press("ArrowDown")
        tray.desk.press("Control+z")
        expect(tray.desk.source).to_have_value(body)
        expect(tray.cover).to_have_value(str(two.pk))

    def test_moves_several_at_once(self, tray: Tray, images, editor):
        one, two, three = images
        four, five = make_image(by=editor), make_image(by=editor)
        listed = group({"image": str(three.pk)}, {"image": str(four.pk)})
        tray.open(f"<p>甲</p>{figure(one)}<p>乙</p>{figure(two)}{listed}{figure(five)}<p>丙</p>")
        expect(tray.tool("up-selected")).to_be_hidden()
        # The tray is drawn again when a picture arrives.
        tray.desk.page.wait_for_load_state("networkidle")
        for image in (two, four):  # noqa: F402
            tray.row(image).locator("input").check()
        # The picture in the group takes the group along; the paragraphs stay.
        tray.tool("up-selected").press("Enter")
        assert tray.order() == [row.pk for row in (two, three, four, one, five)]
        assert re.match("<p>甲</p><figure.*</figure><p>乙</p><figure", tray.desk.text)
        expect(tray.tool("up-selected")).to_be_focused()
        tray.desk.press("Enter")
        expect(tray.live).to_have_text("已经在最前面了。")
        tray.row(two).locator(".tray__grip").press("ArrowDown")
        assert tray.order() == [row.pk for row in (one, two, three, four, five)]
        tray.tool("down-selected").click()
        assert tray.order() == [row.pk for row in (one, five, two, three, four)]
        tray.undo()
        assert tray.order() == [row.pk for row in (one, two, three, four, five)]

    def test_takes_a_composed_caption(self, tray: Tray, images, body):
        tray.open(body)
        tray.open_details(images[2])
        session = tray.page.context.new_cdp_session(tray.page)
        tray.detail.locator("textarea").first.focus()
        for length in range(1, 6):
            session.send(
                "Input.imeSetComposition",
                {"text": "zhong"[:length], "selectionStart": length, "selectionEnd": length},
            )
        session.send("Input.insertText", {"text": "中"})
        expect(tray.desk.captions.nth(2)).to_have_text("中")
        expect(tray.detail.locator("textarea").first).to_have_value("中")

    def test_teaches_when_it_is_empty_and_takes_pictures_at_the_end(self, tray: Tray, axe):
        tray.open("<p>甲</p>")
        expect(tray.panel.locator(".tray__empty")).to_be_visible()
        axe(tray.page)
        with tray.page.expect_file_chooser() as chooser:
            tray.tool("insert").click()
        chooser.value.set_files([photo("一.jpg"), photo("二.jpg")])
        expect(tray.items).to_have_count(2)
        assert tray.desk.text.startswith("<p>甲</p><figure")
        tray.panel.locator(".tray__all input").check()
        tray.tool("remove-selected").click()
        expect(tray.items).to_have_count(0)
        assert tray.desk.text == "<p>甲</p>"
        tray.undo()
        expect(tray.items).to_have_count(2)

    @pytest.mark.parametrize("viewport", [{"width": 768, "height": 1024}, PHONE], indirect=True)
    def test_is_sorted_with_a_finger(self, tray: Tray, images, body):
        tray.open(body)
        grip = tray.row(images[0]).locator(".tray__grip")
        grip.scroll_into_view_if_needed()
        start, aim = grip.bounding_box(), tray.row(images[1]).bounding_box()
        x, y = start["x"] + 8, start["y"] + 10
        session = tray.page.context.new_cdp_session(tray.page)

        def touch(kind: str, y: float) -> None:
            points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        touch("touchStart", y)
        for step in range(1, 6):
            touch("touchMove", y + (aim["y"] + aim["height"] - 6 - y) * step / 5)
        touch("touchEnd", 0)
        expect(tray.items.nth(1)).to_have_attribute("data-image", str(images[0].pk))


class TestSheet:
    @pytest.mark.parametrize("viewport", [{"width": 1440, "height": 700}], indirect=True)
    def test_shows_a_photograph_as_wide_as_the_portal_does(self, tray: Tray, editor):
        upright = pictures.accept(photograph(size=(800, 1200)), by=editor)
        square = pictures.accept(photograph(size=(900, 900)), by=editor)
        lying = make_image(by=editor)
        tray.open("".join(figure(each) for each in (upright, square, lying)))
        column = tray.desk.figures.first.locator(".story-figure__pictures").bounding_box()
        widths = [
            tray.desk.figures.nth(number).locator(".story-figure__frame").bounding_box()["width"]
            for number in range(3)
        ]
        assert widths == [480, column["width"], column["width"]]


class TestGroup:
    def test_is_made_sorted_and_taken_apart(self, tray: Tray, images, body):
        one, two, three = images
        tray.open(body)
        for image in (one, three):  # noqa: F402
            tray.row(image).locator("input").check()
        tray.tool("group").click()
        grouped = group({"image": one.pk, "credit": "王建"}, {"image": three.pk}, caption="图一")
        grouped = grouped.replace(": ", ":").replace(", &quot;", ",&quot;").replace("}, {", "},{")
        expect(tray.desk.source).to_have_value(
            f"<p>甲</p>{grouped}<p>乙</p>{figure(two, '图二')}<p>丙</p><p>丁</p>"
        )
        expect(tray.panel.locator(".tray__group")).to_have_count(1)
        # Side by side at one height, as on the portal.
        frames = tray.desk.figures.first.locator(".story-figure__frame")
        first, second = (frames.nth(number).bounding_box() for number in range(2))
        assert first["y"] == pytest.approx(second["y"], abs=1)
        assert first["height"] == pytest.approx(second["height"], abs=1)
        # Sorting within the group leaves it whole.
        tray.row(three).locator(".tray__grip").focus()
        tray.desk.press("ArrowUp")
        assert tray.order() == [three.pk, one.pk, two.pk]
        tray.save()
        assert f'<figure data-image="{three.pk},{one.pk}"></figure>' in tray.article.body
        three.refresh_from_db()
        assert three.caption == "图一"
        tray.page.reload()
        tray.show()
        expect(tray.panel.locator(".tray__group")).to_have_count(1)
        assert tray.order() == [three.pk, one.pk, two.pk]
        tray.open_details(three)
        tray.tool("take-out").click()
        expect(tray.panel.locator(".tray__group")).to_have_count(0)
        assert tray.order() == [one.pk, three.pk, two.pk]
        assert "图一" in tray.desk.text

    def test_joins_the_picture_above_from_the_sheet(self, tray: Tray, images, body):
        _one, two, _three = images
        tray.open(body)
        tray.desk.click(tray.desk.figures.nth(1).locator("img"))
        tray.desk.press("Shift+Tab", "End", "ArrowLeft", "ArrowLeft")
        join = tray.desk.figures.nth(1).locator("[data-tool=join]")
        expect(join).to_be_focused()
        tray.desk.press("Enter")
        expect(tray.desk.figures).to_have_count(2)
        assert "<figcaption>图一；图二</figcaption>" in tray.desk.text
        tray.undo()
        expect(tray.desk.source).to_have_value(body)
        tray.desk.press("Control+Shift+z")
        tray.desk.figures.first.locator("img").nth(1).click()
        expect(tray.desk.figures.first.get_by_label("摄影")).to_have_value("")
        tray.desk.figures.first.get_by_label("摄影").fill("李明")
        assert f"{{&quot;image&quot;:{two.pk},&quot;credit&quot;:&quot;李明&quot;}}" in (
            tray.desk.source.input_value().replace('"image"', "&quot;image&quot;")
        )

    def test_is_sorted_into_and_out_of_with_the_mouse(self, tray: Tray, images, editor):
        one, two, three = images
        four = make_image(by=editor)
        tray.open(
            f"<p>甲</p>{group({'image': one.pk}, {'image': two.pk}, caption='组')}"
            f"<p>乙</p>{figure(three, '三')}<p>丙</p>{figure(four)}"
        )
        tray.drag(three, tray.row(two))
        assert tray.order() == [one.pk, three.pk, two.pk, four.pk]
        assert tray.desk.text.count("<figure") == 2
        assert "组；三" in tray.desk.text
        tray.drag(two, tray.row(four), below=True)
        assert tray.order() == [one.pk, three.pk, four.pk, two.pk]
        assert tray.desk.text.count("<figure") == 3


class TestFrame:
    def test_is_set_by_keyboard_and_read_back(self, tray: Tray, images, body, axe):
        tray.open(body)
        tray.open_details(images[0])
        tray.tool("crop").click()
        dialog = tray.page.locator(".frame-dialog")
        part = dialog.locator(".frame-dialog__part")
        expect(part).to_be_focused()
        axe(tray.page)
        tray.strike(*["Shift+ArrowLeft"] * 10, *["Shift+ArrowUp"] * 10)
        tray.strike(*["ArrowRight"] * 4, "ArrowDown")
        dialog.locator(".frame-dialog__focus").focus()
        tray.strike("ArrowLeft", "ArrowLeft")
        expect(dialog.locator("[role=status]")).to_contain_text("1080×720")
        dialog.locator("[data-action=apply]").click()
        expect(dialog).to_have_count(0)
        expect(tray.tool("crop")).to_be_focused()
        assert 'data-crop="0.04,0.01,0.9,0.9" data-focus="0.48,0.5"' in tray.desk.text
        frame = tray.desk.figures.first.locator(".story-figure__frame").bounding_box()
        assert frame["width"] / frame["height"] == pytest.approx(1.5, abs=0.02)
        # Turned on the sheet, the part turns along.
        tray.desk.figures.first.hover()
        tray.desk.figures.first.locator("[data-tool=turn-right]").click()
        assert (
            'data-turn="90" data-crop="0.09,0.04,0.9,0.9" data-focus="0.5,0.48"' in tray.desk.text
        )
        frame = tray.desk.figures.first.locator(".story-figure__frame").bounding_box()
        assert frame["height"] > frame["width"]
        tray.save()
        images[0].refresh_from_db()
        assert (images[0].turn, images[0].crop) == (90, [0.09, 0.04, 0.9, 0.9])
        tray.page.reload()
        expect(tray.desk.toolbar).to_be_visible()
        assert (
            'data-turn="90" data-crop="0.09,0.04,0.9,0.9" data-focus="0.5,0.48"' in tray.desk.text
        )

    def test_is_drawn_with_the_pointer_in_a_chosen_shape(self, tray: Tray, images, body):
        tray.open(body)
        tray.open_details(images[0])
        tray.tool("crop").click()
        dialog = tray.page.locator(".frame-dialog")
        dialog.get_by_role("button", name="1:1").click()
        part = dialog.locator(".frame-dialog__part")
        box = part.bounding_box()
        assert box["width"] == pytest.approx(box["height"], abs=1)
        mouse = tray.page.mouse
        mouse.move(box["x"] + box["width"], box["y"] + box["height"])
        mouse.down()
        mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
        mouse.up()
        smaller = part.bounding_box()
        assert smaller["width"] == pytest.approx(box["width"] / 2, abs=2)
        assert smaller["width"] == pytest.approx(smaller["height"], abs=1)
        mouse.move(smaller["x"] + 20, smaller["y"] + 20)
        mouse.down()
        mouse.move(0, 0, steps=4)
        mouse.up()
        tray.desk.press("Enter")
        expect(dialog).to_have_count(0)
        crop = re.search(r'data-crop="([^"]*)"', tray.desk.text)[1]
        left, top, width, height = (float(share) for share in crop.split(","))
        assert (left, top) == (0, 0)
        assert width * 1200 == pytest.approx(height * 800, rel=0.01)
        # Turned in the dialog, the part and its shape turn along.
        tray.tool("crop").click()
        dialog.locator("[data-ratio='3:2']").click()
        part.focus()
        tray.strike(*["Shift+ArrowLeft"] * 20)
        placed = part.bounding_box()
        dialog.locator(".frame-dialog__icon").last.click()
        expect(dialog.locator("[data-ratio='2:3']")).to_have_attribute("aria-pressed", "true")
        turned = part.bounding_box()
        assert turned["height"] / turned["width"] == pytest.approx(
            placed["width"] / placed["height"], rel=0.02
        )
        stage = dialog.locator(".frame-dialog__stage").bounding_box()
        assert turned["height"] < stage["height"] - 20
        tray.desk.press("Escape")
        # Given up, nothing changes; undone, nothing is left.
        before = tray.desk.text
        tray.tool("crop").click()
        dialog.get_by_role("button", name="16:9").click()
        tray.desk.press("Escape")
        expect(dialog).to_have_count(0)
        assert tray.desk.text == before
        tray.undo()
        expect(tray.desk.source).to_have_value(body)


class TestBatch:
    @pytest.mark.expects_console(r"400 \(Bad Request\)")
    def test_of_forty_with_a_bad_one_keeps_the_order(self, tray: Tray):
        tray.open("<p>甲</p>")
        files: list[FilePayload] = [small(f"{number:02}.jpg") for number in range(40)]
        files[17] = {**files[17], "buffer": b"no picture"}
        tray.desk.go_to("甲")
        tray.desk.choose(*files)
        expect(tray.panel.locator(".tray__sending")).to_be_visible()
        expect(tray.items).to_have_count(39, timeout=60_000)
        expect(tray.panel.locator(".tray__sending")).to_be_hidden()
        wanted = [file["name"] for file in files if file is not files[17]]
        assert tray.desk.file_names == wanted
        expect(tray.desk.problems).to_contain_text("17.jpg：")

    def test_shows_the_local_picture_until_the_server_has_one(self, tray: Tray):
        tray.open("<p>甲</p>")
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        tray.page.route(re.compile(r"/picture/\d+/$"), hold)
        tray.desk.go_to("甲")
        tray.desk.choose(photo("一.jpg"))
        picture = tray.desk.figures.locator("img")
        expect(picture).to_have_attribute("src", re.compile("^blob:"))
        expect(picture).to_have_js_property("naturalWidth", 300)
        while not held:
            tray.page.wait_for_timeout(20)
        for route in held:
            route.continue_()
        tray.page.unroute_all()
        expect(picture).to_have_attribute("src", re.compile(r"/picture/\d+/$"))

    def test_offers_the_words_of_an_earlier_use(self, tray: Tray, editor):
        file = small("旧.jpg")
        tray.open("<p>甲</p>")
        tray.desk.go_to("甲")
        tray.desk.choose(file)
        expect(tray.items).to_have_count(1)
        Article.objects.exclude(pk=tray.article.pk).delete()
        old = ArticleImage.objects.get()
        make_article(by=editor, title="旧稿", body=figure(old, "旧图注", credit="王建"))
        tray.page.reload()
        expect(tray.desk.toolbar).to_be_visible()
        tray.desk.go_to("甲")
        tray.desk.choose(file)
        known = tray.desk.figures.locator(".story-figure__known")
        expect(known).to_contain_text("旧稿")
        known.locator("[data-action=take-over]").click()
        assert 'data-credit="王建"><figcaption>旧图注</figcaption>' in tray.desk.text
        expect(known).to_be_empty()
        # Once more: this one stands here already, and can go at once.
        tray.desk.go_to("甲")
        tray.desk.choose(file)
        expect(tray.items).to_have_count(2)
        remove = tray.desk.figures.locator("[data-action=remove-copy]")
        expect(remove).to_have_count(1)
        remove.click()
        expect(tray.items).to_have_count(1)
        assert "旧图注" in tray.desk.text

    @pytest.mark.expects_console("ERR_FAILED")
    def test_tries_all_again_and_remembers_what_was_lost(self, tray: Tray):
        tray.open("<p>甲</p>")
        tray.page.route("**/article/upload/", lambda route: route.abort())
        tray.desk.go_to("甲")
        tray.desk.choose(small("一.jpg"), small("二.jpg"))
        again = tray.tool("retry-all")
        expect(again).to_be_visible()
        expect(tray.desk.notes.locator("[data-action=retry-all]")).to_be_visible()
        tray.page.on("dialog", lambda dialog: dialog.accept())
        tray.page.reload()
        expect(tray.desk.problems).to_contain_text("一.jpg、二.jpg")
        tray.show()
        tray.desk.go_to("甲")
        tray.desk.choose(small("一.jpg"), small("二.jpg"))
        expect(again).to_be_visible()
        tray.page.unroute_all()
        again.click()
        expect(tray.items).to_have_count(2)
        expect(again).to_be_hidden()
        tray.page.reload()
        expect(tray.desk.toolbar).to_be_visible()
        expect(tray.desk.problems).to_be_empty()


def small(name: str) -> FilePayload:
    return {
        "name": name,
        "mimeType": "image/jpeg",
        "buffer": photograph(name, size=SMALL).read() + name.encode(),
    }
