"""The editor of the article form: pictures on their way and in place, the clipboard, the keys."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import BrowserContext, FilePayload, JSHandle, Locator, Page, Route, expect

from articles.models import ArticleImage
from tests.browser.conftest import DESKTOP, both_screens
from tests.factories import make_article, make_image, photograph

# How it looks and answers to hands: the rows are the same on every database.
pytestmark = pytest.mark.once

UPLOAD = "**/article/upload/"
LONG = "".join(f"<p>{'集团今天召开会议，研究部署下一步工作。' * 6}</p>" for _ in range(20))


def photo(name: str, *, kind: str = "JPEG") -> FilePayload:
    picture = photograph(name, size=(300, 200), kind=kind).read()
    return {"name": name, "mimeType": f"image/{kind.lower()}", "buffer": picture}


def figure(image: ArticleImage, caption: str = "", **facts: str) -> str:
    """A picture as the editor writes it down."""
    written = "".join(f' data-{name}="{value}"' for name, value in facts.items())
    caption = f"<figcaption>{caption}</figcaption>"
    return f'<figure data-image="{image.pk}"{written}>{caption}</figure>'


class Desk:
    """The article form in the browser, and what hands do there."""

    def __init__(self, page: Page, user: User, session: tuple[str, str, str]):
        self.page = page
        self.user = user
        self.session = session
        self.keys = page.keyboard
        self.toolbar = page.get_by_role("toolbar", name="文字工具")
        self.problems = page.locator(".editor-status").get_by_role("alert")
        self.notes = page.locator(".editor-status").get_by_role("status")
        self.sheet = page.locator(".ProseMirror")
        self.figures = self.sheet.locator("figure")
        self.captions = self.sheet.locator("figcaption")
        self.selected = self.sheet.locator("figure.ProseMirror-selectednode")
        self.on_their_way = self.sheet.locator(".editor-upload")
        # What the form sends.
        self.source = page.locator("textarea[name=body]")

    @property
    def text(self) -> str:
        return self.source.input_value()

    @property
    def file_names(self) -> list[str]:
        """The names the pictures in the text had when they were chosen."""
        numbers = re.findall(r'data-image="(\d+)"', self.text)
        return [ArticleImage.objects.get(pk=number).original_name for number in numbers]

    def log_in(self) -> None:
        name, value, url = self.session
        self.page.context.add_cookies([{"name": name, "value": value, "url": url}])

    def open(self, body: str = "") -> Desk:
        """Opens a saved draft with this text, or the form for a new article."""
        address = reverse("admin:articles_article_add")
        if body:
            article = make_article(by=self.user, body=body)
            address = reverse("admin:articles_article_change", args=[article.pk])
        self.page.goto(address)
        expect(self.toolbar).to_be_visible()
        # What one aims at must not move any more.
        for picture in self.figures.locator("img").all():
            expect(picture).to_have_js_property("complete", True)
        return self

    def save(self) -> None:
        self.page.get_by_role("button", name="保存草稿").click()

    def button(self, name: str) -> Locator:
        return self.toolbar.get_by_role("button", name=name, exact=True)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.keys.press(key)
            self.catch_breath()

    def catch_breath(self) -> None:
        """The editor reads where the cursor went a moment after the browser put it there."""
        self.page.evaluate("new Promise((done) => setTimeout(done, 50))")

    def click(self, target: Locator) -> None:
        target.click()
        self.catch_breath()

    def go_to(self, words: str, *, start: bool = False) -> None:
        """Puts the cursor behind these words, or before them."""
        self.click(self.sheet.get_by_text(words, exact=True))
        self.press("Home" if start else "End")

    def go_to_end(self) -> None:
        """Puts the cursor behind the last letter."""
        self.click(self.sheet)
        self.press("Control+End")

    def select_picture(self) -> None:
        self.figures.locator("img").click()
        expect(self.selected).to_have_count(1)

    # Pictures coming in

    def choose(self, *files: FilePayload) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.button("插入图片").click()
        chooser.value.set_files(files)

    @contextmanager
    def slow_upload(self) -> Iterator[None]:
        """The next picture sent is on its way for as long as the block lasts."""
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        self.page.route(UPLOAD, hold, times=1)
        yield
        while not held:
            self.page.wait_for_timeout(10)
        held[0].continue_()

    def carry(self, *files: FilePayload, **texts: str) -> JSHandle:
        """What a clipboard or a hand that drags holds."""
        return self.page.evaluate_handle(
            """([files, texts]) => {
              const carried = new DataTransfer()
              for (const [type, text] of texts) carried.setData(type, text)
              for (const [name, type, data] of files) {
                const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0))
                carried.items.add(new File([bytes], name, { type }))
              }
              return carried
            }""",
            [
                [
                    [file["name"], file["mimeType"], base64.b64encode(file["buffer"]).decode()]
                    for file in files
                ],
                [[f"text/{kind}", text] for kind, text in texts.items()],
            ],
        )

    def paste(self, *files: FilePayload, **texts: str) -> None:
        self.sheet.evaluate(
            """(sheet, clipboardData) => sheet.dispatchEvent(new ClipboardEvent(
              "paste", { clipboardData, bubbles: true, cancelable: true }))""",
            self.carry(*files, **texts),
        )

    def drop_below(self, block: Locator, *files: FilePayload) -> None:
        """In view and at one moment: pictures that are drawn meanwhile push the block down."""
        block.evaluate(
            """(block, dataTransfer) => {
              block.scrollIntoView({ block: "center" });
              const { left, bottom } = block.getBoundingClientRect();
              const where = { clientX: left + 60, clientY: bottom - 4, dataTransfer };
              for (const kind of ["dragenter", "dragover", "drop"]) {
                block.dispatchEvent(
                  new DragEvent(kind, { ...where, bubbles: true, cancelable: true }),
                );
              }
            }""",
            self.carry(*files),
        )


@pytest.fixture
def desk(live_server, page: Page, context: BrowserContext, as_editor, editor) -> Desk:
    """Where the editor works, logged in."""
    name = settings.SESSION_COOKIE_NAME
    key = as_editor.cookies[name].value
    desk = Desk(page, editor, (name, key, live_server.url))
    desk.log_in()
    return desk


@pytest.fixture
def image(live_server, editor) -> ArticleImage:
    return make_image(by=editor)


class TestUpload:
    def test_by_button_keeps_the_chosen_order(self, desk: Desk):
        desk.open("<p>第一段</p><p>第二段</p>").go_to("第一段")
        with desk.slow_upload():
            desk.choose(photo("三.jpg"), photo("一.jpg"), photo("二.jpg"))
            names = desk.on_their_way.locator(".editor-upload__name")
            expect(names).to_have_text(["三.jpg", "一.jpg", "二.jpg"])
            assert desk.text == "<p>第一段</p><p>第二段</p>"
        expect(desk.on_their_way).to_have_count(0)
        assert desk.file_names == ["三.jpg", "一.jpg", "二.jpg"]
        shape = re.sub(r"<figure.*?</figure>", "▢", desk.text)
        assert shape == "<p>第一段</p>▢▢▢<p>第二段</p>"
        for number in range(3):
            picture = desk.figures.locator("img").nth(number)
            expect(picture).to_have_js_property("naturalWidth", 300)
        # The three have the same bytes.
        expect(desk.notes).to_have_text("已插入3张图片。其中2张本稿已有。")

    def test_lets_typing_go_on(self, desk: Desk):
        desk.open("<p>第一段</p>").go_to("第一段")
        with desk.slow_upload():
            desk.choose(photo("一.jpg"))
            expect(desk.on_their_way).to_have_count(1)
            desk.go_to("第一段")
            desk.keys.type("，继续写")
            desk.press("Enter")
            desk.keys.type("新的一")
            assert desk.text == "<p>第一段，继续写</p><p>新的一</p>"
        expect(desk.figures).to_have_count(1)
        desk.keys.type("段")
        assert desk.text.startswith("<p>第一段，继续写</p><p>新的一段</p><figure")

    def test_holds_only_the_publishing_until_all_have_arrived(self, desk: Desk):
        article = make_article(by=desk.user, body="<p>正文第一段。</p>" * 40)
        desk.page.goto(reverse("admin:articles_article_change", args=[article.pk]))
        desk.go_to_end()
        publish = desk.page.locator("button[name=_publish]")
        with desk.slow_upload():
            desk.choose(photo("一.jpg"), photo("二.jpg"))
            expect(desk.on_their_way).to_have_count(2)
            publish.click()
            expect(desk.page.locator("[data-key=held]")).to_be_in_viewport()
            leaving = 'dispatchEvent(new Event("beforeunload", { cancelable: true }))'
            assert desk.page.evaluate(leaving) is False
            # Saving goes on meanwhile, without the pictures still to come.
            desk.keys.type("续写")
            desk.keys.press("Control+s")
            expect(desk.page.locator(".action-state")).to_contain_text("第2版")
            expect(desk.on_their_way).to_have_count(2)
        expect(desk.figures).to_have_count(2)
        expect(desk.page.locator("[data-key=held]")).to_have_count(0)
        assert desk.file_names == ["一.jpg", "二.jpg"]
        article.refresh_from_db()
        assert not article.is_published

    def test_can_be_cancelled(self, desk: Desk):
        desk.open("<p>甲</p>").go_to("甲")
        with desk.slow_upload():
            desk.choose(photo("一.jpg"), photo("二.jpg"), photo("三.jpg"))
            for name in ("二.jpg", "一.jpg"):
                desk.page.get_by_role("button", name=f"取消上传 {name}").click()
            expect(desk.figures).to_have_count(1)
        assert desk.file_names == ["三.jpg"]
        expect(desk.on_their_way).to_have_count(0)
        expect(desk.problems).to_be_empty()

    @pytest.mark.expects_console(r"400 \(Bad Request\)")
    def test_tells_why_one_of_three_is_refused(self, desk: Desk):
        broken = photo("二.jpg")
        broken["buffer"] = broken["buffer"][:900]
        desk.open("<p>甲</p>").go_to("甲")
        desk.choose(photo("一.jpg"), broken, photo("三.jpg"))
        expect(desk.figures).to_have_count(2)
        assert desk.file_names == ["一.jpg", "三.jpg"]
        expect(desk.problems).to_contain_text("二.jpg：")
        expect(desk.problems).to_contain_text("图片已损坏或不完整")
        desk.page.get_by_role("button", name="知道了").click()
        expect(desk.problems).to_be_empty()
        expect(desk.sheet).to_be_focused()

    @pytest.mark.expects_console(r"net::ERR_|413|500|403")
    def test_tells_what_went_wrong_and_sends_the_same_file_again(self, desk: Desk):
        desk.open("<p>甲</p>").go_to("甲")
        failed = desk.page.locator(".editor-upload.is-failed")
        retry = failed.locator("[data-action=retry]")

        def lose(route: Route) -> None:
            route.abort("internetdisconnected")

        def break_down(route: Route) -> None:
            route.fulfill(status=500, body="<h1>Oh</h1>")

        desk.page.route(UPLOAD, lose, times=1)
        desk.choose(photo("一.jpg"))
        expect(failed).to_have_count(1)
        desk.page.route(UPLOAD, break_down, times=1)
        retry.click()
        expect(failed).to_have_count(1)
        desk.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        with desk.page.expect_response(UPLOAD):
            retry.click()
        expect(failed).to_have_count(1)
        expect(desk.figures).to_have_count(0)
        desk.log_in()
        retry.click()
        expect(desk.figures).to_have_count(1)
        expect(desk.on_their_way).to_have_count(0)
        assert desk.file_names == ["一.jpg"]

        # What the server says of a file stays said.
        desk.page.route(
            UPLOAD, lambda route: route.fulfill(status=413, body="<h1>Big</h1>"), times=1
        )
        desk.choose(photo("二.jpg"))
        expect(desk.problems).to_contain_text("二.jpg：文件太大")
        expect(desk.on_their_way).to_have_count(0)

    @pytest.mark.expects_console(r"net::ERR_")
    def test_sends_what_the_network_lost_with_the_next_that_gets_through(self, desk: Desk):
        desk.open("<p>甲</p>").go_to("甲")
        desk.page.route(UPLOAD, lambda route: route.abort("connectionreset"), times=2)
        desk.choose(*(photo(f"{number}.jpg") for number in range(4)))
        expect(desk.figures).to_have_count(4)
        assert desk.file_names == ["0.jpg", "1.jpg", "2.jpg", "3.jpg"]

    def test_takes_pictures_from_the_clipboard(self, desk: Desk):
        desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        desk.open("<p>甲</p><p>乙</p>").go_to("甲")
        # A screenshot: the browser itself hands it over.
        desk.page.evaluate(
            """async () => {
              const canvas = new OffscreenCanvas(300, 200)
              canvas.getContext("2d").fillRect(0, 0, 200, 100)
              const blob = await canvas.convertToBlob()
              await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })])
            }"""
        )
        desk.press("Control+v")
        expect(desk.figures).to_have_count(1)
        desk.go_to("乙")
        # A picture copied on a web page: its address comes along and is not meant.
        desk.paste(photo("二.jpg"), html='<meta><img src="https://example.cn/a.jpg">')
        expect(desk.figures).to_have_count(2)
        assert re.fullmatch(r"<p>甲</p><figure[^甲乙]*<p>乙</p><figure[^甲乙]*", desk.text)
        expect(desk.problems).to_be_empty()

    def test_takes_dropped_pictures_where_they_fall(self, desk: Desk):
        desk.open("<p>甲</p><p>乙</p><ul><li><p>丙</p></li></ul>")
        first, second = (desk.sheet.locator("> p").nth(number) for number in range(2))
        desk.drop_below(first, photo("二.jpg"), photo("一.jpg"))
        expect(desk.figures).to_have_count(2)
        desk.drop_below(second, photo("三.jpg"))
        expect(desk.figures).to_have_count(3)
        assert desk.file_names == ["二.jpg", "一.jpg", "三.jpg"]
        shape = re.sub(r"<figure.*?</figure>", "▢", desk.text)
        assert shape == "<p>甲</p>▢▢<p>乙</p>▢<ul><li><p>丙</p></li></ul>"

        memo: FilePayload = {"name": "稿.txt", "mimeType": "text/plain", "buffer": b"x"}
        desk.drop_below(first, memo)
        expect(desk.problems).to_contain_text("稿.txt：这里只能插入图片。")
        # Beside the sheet a file must not replace the page.
        dropped = desk.page.locator("#id_title").evaluate(
            """(title, dataTransfer) => title.dispatchEvent(new DragEvent(
              "drop", { dataTransfer, bubbles: true, cancelable: true }))""",
            desk.carry(photo("四.jpg")),
        )
        assert dropped is False
        expect(desk.figures).to_have_count(3)


class TestPicture:
    def test_keeps_what_is_written_about_it(self, desk: Desk):
        desk.open("<p>甲</p>").go_to("甲")
        desk.choose(photo("一.jpg"))
        desk.click(desk.captions)
        desk.keys.type("职工在井口合影。")
        desk.press("Tab")
        expect(desk.sheet.get_by_label("摄影")).to_be_focused()
        desk.keys.type("王建")
        desk.press("Enter")
        expect(desk.sheet.get_by_label("替代文字")).to_be_focused()
        desk.keys.type('两人握手 & "笑"')
        desk.press("Enter")
        desk.keys.type("乙")

        desk.save()
        expect(desk.page.get_by_text("草稿已保存（第2版）")).to_be_visible()
        expect(desk.captions).to_have_text("职工在井口合影。")
        expect(desk.sheet.get_by_label("摄影")).to_have_value("王建")
        expect(desk.sheet.get_by_label("替代文字")).to_have_value('两人握手 & "笑"')
        expect(desk.sheet.locator("> p")).to_have_text(["甲", "乙"])
        image = ArticleImage.objects.get()
        assert image.caption == "职工在井口合影。"
        assert image.credit == "王建"
        assert image.alternative == '两人握手 & "笑"'

    def test_is_undone_in_steps_a_person_would_name(self, desk: Desk):
        desk.open("<p>甲</p>").go_to("甲")
        desk.choose(photo("一.jpg"))
        desk.click(desk.captions)
        desk.keys.type("图注")
        desk.press("Tab")
        desk.keys.type("王建")
        desk.press("Tab")
        desk.keys.type("两人握手")
        image = ArticleImage.objects.get()
        steps = [
            "<p>甲</p>",
            f"<p>甲</p>{figure(image)}",
            f"<p>甲</p>{figure(image, '图注')}",
            f"<p>甲</p>{figure(image, '图注', credit='王建')}",
            f"<p>甲</p>{figure(image, '图注', credit='王建', alt='两人握手')}",
        ]
        expect(desk.source).to_have_value(steps[-1])
        for step in reversed(steps[:-1]):
            desk.button("撤销").click()
            expect(desk.source).to_have_value(step)
        for step in steps[1:]:
            desk.button("重做").click()
            expect(desk.source).to_have_value(step)

    def test_is_removed_by_key_or_button(self, desk: Desk, image: ArticleImage):
        body = f"<p>甲</p>{figure(image, '图注')}<p>乙</p>"
        desk.open(body)
        desk.select_picture()
        desk.press("Delete")
        assert desk.text == "<p>甲</p><p>乙</p>"
        desk.press("Control+z")
        assert desk.text == body
        desk.figures.hover()
        desk.page.get_by_role("button", name="移除图片").click()
        assert desk.text == "<p>甲</p><p>乙</p>"
        desk.press("Control+z")
        assert desk.text == body

    def test_stands_in_a_text_once(self, desk: Desk, image: ArticleImage):
        desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        placed = figure(image, "图注", credit="王建")
        desk.open(f"<p>甲</p>{placed}<p>乙</p><ul><li><p>丙</p></li></ul>")
        desk.select_picture()
        desk.press("Control+c")
        desk.go_to("乙")
        desk.press("Control+v")
        expect(desk.problems).to_contain_text("这张图片已经在正文里")
        assert desk.text.count("<figure") == 1
        # Everything in place of everything is no second copy.
        desk.press("Control+a", "Control+c", "Control+v")
        expect(desk.figures).to_have_count(1)
        desk.select_picture()
        desk.press("Control+x")
        expect(desk.figures).to_have_count(0)
        desk.go_to("乙")
        desk.press("Control+v")
        assert desk.text.startswith(f"<p>甲</p><p>乙</p>{placed}<ul>")
        desk.select_picture()
        desk.press("Control+x")
        desk.go_to("丙")
        desk.press("Control+v")
        expect(desk.sheet.locator("> figure")).to_have_count(1)
        expect(desk.sheet.locator("li")).to_have_text("丙")

    def test_is_moved_with_the_mouse(self, desk: Desk, image: ArticleImage):
        desk.open(f"<p>甲</p><p>乙</p>{figure(image, '图注')}<p>丙</p>")
        picture = desk.figures.locator("img")
        expect(picture).to_have_js_property("complete", True)
        expect(picture).not_to_have_js_property("naturalWidth", 0)
        # Away from the bar at the foot of the page.
        desk.page.evaluate("window.scrollTo(0, 300)")
        box = picture.bounding_box()
        mouse = desk.page.mouse
        mouse.move(box["x"] + 100, box["y"] + 60)
        mouse.down()
        mouse.move(box["x"] + 110, box["y"] + 80, steps=3)
        # The bars above may have become lower by now.
        aim = desk.sheet.locator("> p").first.bounding_box()
        mouse.move(aim["x"] + 100, aim["y"] + aim["height"] - 3, steps=6)
        mouse.up()
        moved = f"<p>甲</p>{figure(image, '图注')}<p>乙</p><p>丙</p>"
        expect(desk.source).to_have_value(moved)

    @pytest.mark.expects_console(r"404 \(Not Found\)")
    def test_says_so_when_it_cannot_be_shown(self, desk: Desk, image: ArticleImage):
        desk.page.route("**/picture/**", lambda route: route.fulfill(status=404))
        desk.open(f"<p>甲</p>{figure(image, '图注')}")
        expect(desk.sheet.locator(".is-missing")).to_have_attribute(
            "data-missing", "这张图片显示不出来。"
        )
        assert figure(image, "图注") in desk.text


class TestCaption:
    def test_is_left_with_enter(self, desk: Desk, image: ArticleImage):
        desk.open(f"<p>甲</p>{figure(image, '图注')}<p>乙</p>").go_to("图注")
        desk.press("Enter")
        desk.keys.type("到")
        assert desk.text == f"<p>甲</p>{figure(image, '图注')}<p>到乙</p>"
        desk.go_to("图注", start=True)
        desk.press("ArrowRight", "Shift+Enter")
        desk.keys.type("再")
        assert desk.text == f"<p>甲</p>{figure(image, '图注')}<p>再到乙</p>"

    def test_never_merges_with_the_text_around(self, desk: Desk, image: ArticleImage):
        body = f"<p>甲</p>{figure(image, '图注')}<p>乙</p>"
        desk.open(body).go_to("图注", start=True)
        desk.press("Backspace", "Control+Backspace", "Shift+Backspace")
        desk.go_to("图注")
        desk.press("Delete", "Control+Delete")
        assert desk.text == body
        # From outside the first press selects the picture: a second one would be meant.
        for words, start, key in (("乙", True, "Backspace"), ("甲", False, "Delete")):
            desk.go_to(words, start=start)
            expect(desk.selected).to_have_count(0)
            desk.press(key)
            expect(desk.selected).to_have_count(1)
            assert desk.text == body
        desk.keys.type("一")
        assert desk.text == f"<p>甲</p>{figure(image, '图注一')}<p>乙</p>"

    def test_is_not_merged_by_the_browser_itself(self, desk: Desk, image: ArticleImage):
        """By keys of other systems, which the browser turns into deletions unasked."""
        body = f"<p>甲</p>{figure(image, '图注')}<p>乙</p>"
        desk.open(body)
        session = desk.page.context.new_cdp_session(desk.page)
        for words, start, command in (
            ("图注", True, "DeleteBackward"),
            ("图注", True, "DeleteWordBackward"),
            ("图注", False, "DeleteForward"),
            ("图注", False, "DeleteToEndOfParagraph"),
            ("甲", False, "DeleteWordForward"),
            ("乙", True, "DeleteBackward"),
        ):
            desk.go_to(words, start=start)
            key = {"key": "F24", "windowsVirtualKeyCode": 135, "commands": [command]}
            session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
            assert desk.text == body, command
        desk.go_to("图注")
        session.send("Input.dispatchKeyEvent", {**key, "type": "rawKeyDown"})
        expect(desk.source).to_have_value(body.replace("图注", "图"))

    def test_can_be_emptied_but_not_turned_into_something_else(
        self, desk: Desk, image: ArticleImage
    ):
        desk.open(f"<p>甲</p>{figure(image, '图注')}<p>乙</p>").go_to("图注")
        for name in ("小标题", "项目符号列表", "编号列表", "引文"):
            desk.button(name).click(force=True)
        assert desk.text == f"<p>甲</p>{figure(image, '图注')}<p>乙</p>"
        desk.press("Control+a")
        desk.button("小标题").click()
        assert desk.text == f"<h2>甲</h2>{figure(image, '图注')}<h2>乙</h2>"
        desk.go_to("图注")
        desk.press(*["Backspace"] * 5)
        assert desk.text == f"<h2>甲</h2>{figure(image)}<h2>乙</h2>"

    def test_takes_pasted_text_as_one_plain_line(self, desk: Desk, image: ArticleImage):
        desk.open(figure(image, "图")).go_to("图")
        desk.paste(html="<h1>大</h1><p><b>粗</b></p>", plain="大\n　　粗\n")
        assert desk.text == figure(image, "图大 粗")


WORD = """
<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<style>p.MsoNormal{mso-style-parent:"";font-size:16pt}</style></head>
<body lang=ZH-CN style='tab-interval:21.0pt'><!--StartFragment-->
<h1 style='text-align:center'><span style='font-size:22pt'>集团召开会议</span></h1>
<p class=MsoNormal style='text-indent:32pt'><span style='font-family:仿宋'
>　　集团<b>今天</b>召开会议。<o:p></o:p></span></p>
<p class=MsoNormal><span>&nbsp;<o:p></o:p></span></p><p class=MsoNormal>　　</p>
<p class=MsoListParagraph style='margin-left:21pt;mso-list:l0 level1 lfo1'><![if !supportLists]
><span style='mso-list:Ignore'>1.<span style='font:7pt "Times New Roman"'>&nbsp;&nbsp; </span
></span><![endif]>第一项</p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><![if !supportLists]
><span style='mso-list:Ignore'>·<span>&nbsp;</span></span><![endif]>分项</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]
><span style='mso-list:Ignore'>2.<span>&nbsp;</span></span><![endif]>第二项</p>
<p class=MsoNormal style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>一、</span
>总体要求</p>
<p class=MsoNormal><img width=554 height=369 src="file:///C:/msohtmlclip1/clip_image002.jpg"></p>
<p class=MsoNormal><a href="https://example.cn/" target=_blank>链接</a>和<a
href="file:///C:/a.doc">文件</a><span lang=EN-US>&nbsp;</span>完。</p>
<h4>结尾</h4>
<table style='width:100%'><colgroup><col width=80></colgroup><tr><td colspan=2 align=center
><p class=MsoNormal align=center>格子</p></td></tr><tr><td width=80>甲</td><td>乙</td></tr></table>
<!--EndFragment--></body></html>"""

WPS = """
<html><head><meta name="Generator" content="WPS Office"></head>
<body style="tab-interval:21pt;"><!--StartFragment-->
<p class="MsoNormal" style="text-indent:32.0000pt;"><b><span style="mso-spacerun:'yes';
font-family:仿宋;font-weight:bold;font-size:16pt;"><font face="仿宋">　　凝心聚力</font></span></b
><span style="mso-spacerun:'yes';font-weight:normal;"><font face="仿宋">，同题共答。</font></span
><span style="font-size:16pt;"><o:p></o:p></span></p>
<p class="MsoNormal" style="mso-list:l0 level1 lfo1;"><![if !supportLists]><span
style="mso-list:Ignore;"><span>●</span></span><![endif]><span>讲清来路</span></p>
<p class="MsoNormal" style="mso-list:l0 level1 lfo1;"><![if !supportLists]><span
style="mso-list:Ignore;"><span>●</span></span><![endif]><span>讲实本领</span></p>
<p class="MsoNormal"><span>&nbsp;</span></p>
<p class="MsoNormal"><img width="400" height="300" src="file:///C:/Temp/ksohtml/wps1.jpg"></p>
<p class="MsoNormal"><img width="400" height="300" src="file:///C:/Temp/ksohtml/wps2.jpg"></p>
<!--EndFragment--></body></html>"""

WECHAT = """
<section data-tools="135编辑器" style="margin:0 16px;"><section style="text-align:center;">
<img class="rich_pages" data-src="https://mmbiz.qpic.cn/1/640?wx_fmt=png" src="data:,"></section>
<section><p style="text-indent:2em;"><span style="color:rgb(63,63,63);" leaf="">　　项目部<span
style="font-weight:bold;">连续奋战</span>三昼夜。</span></p></section>
<section><span leaf=""><br></span></section>
<p><strong style="font-weight:normal;">平常的字</strong>。</p></section>"""


class TestPaste:
    @pytest.mark.parametrize(
        ("html", "text", "lost"),
        [
            pytest.param(
                WORD,
                "<h2>集团召开会议</h2><p>集团<strong>今天</strong>召开会议。</p>"
                "<ol><li><p>第一项</p><ul><li><p>分项</p></li></ul></li>"
                "<li><p>第二项</p></li></ol><p>一、总体要求</p>"
                '<p><a href="https://example.cn/">链接</a>和文件 完。</p><h2>结尾</h2>'
                '<table><tbody><tr><td colspan="2"><p>格子</p></td></tr>'
                "<tr><td><p>甲</p></td><td><p>乙</p></td></tr></tbody></table>",
                1,
                id="Word",
            ),
            pytest.param(
                WPS,
                "<p><strong>凝心聚力</strong>，同题共答。</p>"
                "<ul><li><p>讲清来路</p></li><li><p>讲实本领</p></li></ul>",
                2,
                id="WPS",
            ),
            pytest.param(
                WECHAT,
                "<p>项目部<strong>连续奋战</strong>三昼夜。</p><p>平常的字。</p>",
                1,
                id="WeChat",
            ),
        ],
    )
    def test_keeps_words_and_order_and_counts_lost_pictures(self, desk: Desk, html, text, lost):
        desk.open()
        desk.sheet.click()
        desk.paste(html=html, plain="x")
        assert desk.text == text
        expect(desk.problems).to_contain_text(f"有{lost}张图片没能一起粘贴过来")

    def test_drops_blanks_of_plain_text_and_uploads_pictures_within(self, desk: Desk):
        desk.open()
        desk.sheet.click()
        desk.paste(plain="　　第一行\r\n\r\n　　第二行")
        assert desk.text == "<p>第一行</p><p>第二行</p>"
        data = base64.b64encode(photo("一.jpg")["buffer"]).decode()
        desk.paste(html=f'<p>，接着</p><p><img src="data:image/jpeg;base64,{data}"></p>')
        expect(desk.figures).to_have_count(1)
        placed = figure(ArticleImage.objects.get())
        assert desk.text == f"<p>第一行</p><p>第二行，接着</p>{placed}"


class TestInputMethod:
    """Pinyin becomes characters by a composition, which the page must not disturb."""

    @pytest.fixture
    def spell(self, desk: Desk) -> Callable[[str], None]:
        session = desk.page.context.new_cdp_session(desk.page)

        def spell(letters: str) -> None:
            for end in range(1, len(letters) + 1):
                place = {"selectionStart": end, "selectionEnd": end}
                session.send("Input.imeSetComposition", {"text": letters[:end], **place})

        return spell

    def test_writes_text_caption_and_credit(self, desk: Desk, image: ArticleImage, spell):
        desk.open(f"<p>甲</p>{figure(image)}").go_to("甲")
        spell("nihao")
        desk.keys.insert_text("你好")
        expect(desk.source).to_have_value(f"<p>甲你好</p>{figure(image)}")
        desk.click(desk.captions)
        for letters, characters in (("tu", "图"), ("zhu", "注")):
            spell(letters)
            desk.keys.insert_text(characters)
        expect(desk.source).to_have_value(f"<p>甲你好</p>{figure(image, '图注')}")
        desk.click(desk.sheet.get_by_label("摄影"))
        spell("wangjian")
        desk.keys.insert_text("王建")
        expect(desk.source).to_have_value(f"<p>甲你好</p>{figure(image, '图注', credit='王建')}")

    def test_goes_on_while_a_picture_arrives(self, desk: Desk, spell):
        desk.open("<p>甲</p>").go_to("甲")
        with desk.page.expect_response(UPLOAD), desk.slow_upload():
            desk.choose(photo("一.jpg"))
            desk.go_to("甲")
            spell("zhong")
        desk.page.wait_for_timeout(300)
        expect(desk.sheet).to_contain_text("甲zhong")
        expect(desk.figures).to_have_count(0)
        desk.keys.insert_text("中")
        expect(desk.figures).to_have_count(1)
        assert desk.text == f"<p>甲中</p>{figure(ArticleImage.objects.get())}"


class TestToolbar:
    def test_is_one_stop_and_walked_with_arrows(self, desk: Desk):
        desk.open("<p>甲</p>").go_to("甲")
        expect(desk.toolbar.locator("button[tabindex='0']")).to_have_count(1)
        desk.press("Shift+Tab", "Home")
        expect(desk.button("撤销")).to_be_focused()
        desk.press("ArrowRight", "ArrowRight")
        expect(desk.button("小标题")).to_be_focused()
        desk.press("Enter")
        assert desk.text == "<h2>甲</h2>"
        expect(desk.button("小标题")).to_have_attribute("aria-pressed", "true")
        desk.button("小标题").click()
        assert desk.text == "<p>甲</p>"
        expect(desk.button("小标题")).to_have_attribute("aria-pressed", "false")

    def test_has_a_chinese_name_for_every_button(self, desk: Desk):
        desk.open()
        names = desk.toolbar.locator("button").evaluate_all(
            "buttons => buttons.map((button) => [button.ariaLabel, button.title])"
        )
        assert len(names) > 20
        for name, title in names:
            assert re.match("[一-龥]", name or "")
            assert title.startswith(name)
        assert len({name for name, _ in names}) == len(names)
        expect(desk.sheet).to_have_attribute("aria-multiline", "true")

    def test_makes_tables(self, desk: Desk, axe):
        desk.open("<p>甲</p>").go_to("甲")
        desk.button("插入表格").click()
        dialog = desk.page.get_by_role("dialog", name="插入表格")
        dialog.get_by_label("行数").fill("2")
        dialog.get_by_label("列数").fill("2")
        dialog.get_by_label("首行作表头").select_option("是")
        axe(desk.page)
        dialog.get_by_role("button", name="插入").click()
        head, row = "<tr><th><p></p></th><th><p></p></th></tr>", "<td><p></p></td>"
        table = f"<table><tbody>{head}<tr>{row * 2}</tr></tbody></table>"
        assert table in desk.text
        tools = desk.toolbar.locator("[data-name^='table:']:visible")
        expect(tools).to_have_count(10)
        for name in ("addColumnAfter", "addRowBefore", "addRowAfter", "toggleHeaderRow"):
            desk.toolbar.locator(f"[data-name='table:{name}']").click()
        # The row added above the heading row is the first: no heading any more, then one again.
        head = f"<tr>{'<th><p></p></th>' * 3}</tr>"
        rows = f"{head}{head}<tr>{row * 3}</tr>"
        assert f"<table><tbody>{rows}<tr>{row * 3}</tr></tbody></table>" in desk.text
        desk.button("删除表格").click()
        assert "table" not in desk.text
        expect(tools).to_have_count(0)

    def test_fills_the_screen_until_escape(self, desk: Desk):
        desk.open(LONG)
        editor = desk.page.locator(".prose-editor")
        desk.button("全屏写作").click()
        expect(editor).to_have_class(re.compile("fullscreen"))
        assert editor.bounding_box() == {"x": 0, "y": 0, **DESKTOP}
        desk.press("Escape")
        expect(editor).not_to_have_class(re.compile("fullscreen"))


class TestSheet:
    def test_loses_nothing_of_what_a_story_may_hold(self, desk: Desk, image: ArticleImage):
        body = (
            "<h2>小</h2><p>甲<strong>粗</strong><em>斜</em><u>线</u><s>删</s>H<sub>2</sub>O"
            '<sup>2</sup><a href="https://example.cn/" title="注">链</a><br>行</p><h3>二</h3>'
            + figure(image, "图 &amp; 注", credit="王建", alt="甲&quot;乙")
            + '<ol start="3"><li><p>项</p><ul><li><p>子</p></li></ul></li></ol>'
            "<blockquote><p>引</p></blockquote><hr><table><tbody><tr><th><p>头</p></th>"
            '<td colspan="2" rowspan="2"><p>格</p></td></tr><tr><td><p>乙</p></td></tr></tbody>'
            "</table><p>完</p>"
        )
        desk.open(body).go_to("完")
        desk.keys.type("。")
        written = desk.text.replace(' rel="noopener noreferrer"', "")
        assert written == body.replace("完", "完。")

    def test_leaves_an_untouched_form_empty(self, desk: Desk):
        desk.open()
        assert desk.text == ""

    def test_opens_a_paragraph_below_a_last_picture(self, desk: Desk, image: ArticleImage):
        desk.open(figure(image, "图注"))
        desk.page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        foot = desk.page.locator(".editor-foot").bounding_box()
        caption = desk.captions.bounding_box()
        desk.page.mouse.click(caption["x"] + caption["width"] / 2, foot["y"] - 40)
        desk.keys.type("后文")
        assert desk.text == f"{figure(image, '图注')}<p>后文</p>"

    def test_keeps_tools_and_the_line_being_written_in_sight(self, desk: Desk):
        desk.open(LONG)
        desk.click(desk.sheet.locator("p").first)
        desk.press("End")
        for _ in range(30):
            desk.keys.press("Enter")
        desk.keys.type("新的一段")
        expect(desk.toolbar).to_be_in_viewport(ratio=1)
        tools = desk.page.locator(".editor-head").bounding_box()
        line = desk.sheet.get_by_text("新的一段").bounding_box()
        bar = desk.page.locator(".action-bar").bounding_box()
        assert tools["y"] + tools["height"] < line["y"]
        assert line["y"] + line["height"] < bar["y"]

    @both_screens
    @pytest.mark.expects_console(r"400 \(Bad Request\)")
    def test_has_nothing_for_axe_to_find(self, desk: Desk, editor, axe):
        placed = figure(make_image(by=editor), "图注", credit="王建") + figure(
            make_image(by=editor)
        )
        desk.open(f"<h2>小标题</h2><p>甲</p>{placed}<p>乙</p>").go_to("甲")
        axe(desk.page)
        broken = photo("坏.jpg")
        broken["buffer"] = b"no picture"
        desk.choose(broken)
        expect(desk.problems).not_to_be_empty()
        expect(desk.on_their_way).to_have_count(0)
        with desk.slow_upload():
            desk.choose(photo("一.jpg"), broken)
            expect(desk.on_their_way).to_have_count(2)
            axe(desk.page)

    def test_never_scrolls_sideways(self, desk: Desk, editor):
        placed = figure(make_image(by=editor), "图注") + figure(make_image(by=editor), "图注" * 40)
        cells = "<td><p>https://example.cn/2026</p></td>" * 9
        table = f"<table><tbody><tr>{cells}</tr></tbody></table>"
        desk.open(f"<p>https://example.cn/{'x' * 200}</p>{placed}{table}")
        for width in (768, 1280):
            desk.page.set_viewport_size({"width": width, "height": 800})
            excess = "document.documentElement.scrollWidth - innerWidth"
            assert desk.page.evaluate(excess) <= 0, width
            sheet, tools = desk.sheet.bounding_box(), desk.toolbar.bounding_box()
            assert max(box["x"] + box["width"] for box in (sheet, tools)) <= width

    @pytest.mark.expects_console("ERR_FAILED", "Error (loading|initializing)", "Failed to fetch")
    @pytest.mark.parametrize("missing", ["articles/editor/document", "django_prose_editor/"])
    def test_leaves_the_plain_field_without_its_modules(self, desk: Desk, image, missing):
        body = f"<p>甲</p>{figure(image, '图注', credit='王建')}<p>乙</p>"
        article = make_article(by=desk.user, body=body)
        desk.page.route(re.compile(f"{missing}.*js$"), lambda route: route.abort())
        desk.page.goto(reverse("admin:articles_article_change", args=[article.pk]))
        expect(desk.source).to_be_visible()
        expect(desk.source).to_have_value(body)
        desk.source.fill(f"{body}<p>丙</p>")
        desk.save()
        expect(desk.page.get_by_text("草稿已保存（第2版）")).to_be_visible()
        expect(desk.source).to_have_value(f"{body}<p>丙</p>")
