"""Attachments and videos in a real browser: from the desk to the reader who downloads them."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, FilePayload, Page, Route, expect

from articles.models import Article, Attachment, Edition, Video
from tests.browser.conftest import PHONE
from tests.factories import make_article, make_attachment, make_image, make_video, video_figure
from tests.files.documents import PDF, PROGRAM, office
from tests.files.films import film_file, real_film

# How it looks and answers to hands: the rows are the same on every database.
pytestmark = pytest.mark.once

UPLOAD = "**/article/attachment/"


def file(name: str, content: bytes = PDF) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def movie(content: bytes = b"") -> FilePayload:
    return {"name": "宣讲现场.mp4", "mimeType": "video/mp4", "buffer": content or real_film()}


class Files:
    """The article form and what it holds beside text and pictures."""

    def __init__(self, page: Page, article: Article):
        self.page, self.article = page, article
        self.tab = page.locator("[role=tab][aria-controls=panel-attachments]")
        self.panel = page.locator("#panel-attachments")
        self.rows = self.panel.locator(".attachment")
        self.uploads = self.panel.locator(".attachment-upload")
        self.field = page.locator("#id_attachments")
        self.films = page.locator(".ProseMirror .story-video")
        self.text = page.locator("textarea[name=body]")

    @property
    def titles(self) -> list[str]:
        return self.rows.locator("input").evaluate_all("inputs => inputs.map((each) => each.value)")

    def open(self) -> Files:
        self.page.goto(reverse("admin:articles_article_change", args=[self.article.pk]))
        expect(self.page.get_by_role("toolbar", name="文字工具")).to_be_visible()
        self.tab.click()
        return self

    def attach(self, *files: FilePayload) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.panel.locator(".attachment-add").click()
        chooser.value.set_files(list(files))

    def put_film(self, content: bytes = b"") -> None:
        self.page.locator(".ProseMirror p").last.click()
        self.page.locator("input[data-chooses=video]").set_input_files([movie(content)])

    def publish(self) -> None:
        self.page.get_by_role("button", name="发布", exact=True).click()
        expect(self.page.get_by_text("已发布，读者现在就能看到")).to_be_visible()


@pytest.fixture
def files(live_server, page: Page, context: BrowserContext, as_editor, editor) -> Files:
    name = settings.SESSION_COOKIE_NAME
    key = as_editor.cookies[name].value
    context.add_cookies([{"name": name, "value": key, "url": live_server.url}])
    return Files(page, make_article(by=editor, body="<p>甲</p><p>乙</p>"))


class TestTheWayToTheReader:
    def test_of_an_attachment_and_a_film(
        self, files: Files, live_server, axe, new_context: Callable[..., BrowserContext]
    ):
        page = files.open().page
        files.attach(file("宣讲材料清单.pdf"), file("安排表.xlsx", office("xl")))
        expect(files.rows).to_have_count(2)
        assert files.titles == ["宣讲材料清单", "安排表"]
        files.rows.first.locator("input").fill("“岳行致远”宣讲材料清单")
        # Sorted by keyboard, with the focus staying.
        files.rows.first.locator(".attachment-down").focus()
        page.keyboard.press("Enter")
        assert files.titles == ["安排表", "“岳行致远”宣讲材料清单"]
        expect(files.rows.nth(1).locator("input")).to_be_focused()
        page.keyboard.press("Alt+ArrowUp")
        assert files.titles == ["“岳行致远”宣讲材料清单", "安排表"]

        files.put_film()
        expect(files.films).to_have_count(1)
        files.films.locator(".story-video__caption").fill("宣讲员在井口授课。")
        files.films.locator(".story-video__credit").fill("王建")
        video = Video.objects.get()
        assert re.search(
            rf'<figure data-video="{video.pk}" data-poster="\d+" data-credit="王建">'
            r"<figcaption>宣讲员在井口授课。</figcaption></figure>",
            files.text.input_value(),
        )
        axe(page)
        files.publish()
        expect(files.films).to_have_count(1)
        expect(files.films.locator(".story-video__caption")).to_have_value("宣讲员在井口授课。")

        reader = new_context(base_url=live_server.url, viewport=PHONE).new_page()
        reader.goto(Edition.objects.get().get_absolute_url())
        player = reader.locator("figure.video video")
        assert player.get_attribute("poster")
        expect(reader.locator("figure.video figcaption")).to_contain_text("宣讲员在井口授课。")
        player.evaluate("video => video.play()")
        expect(player).to_have_js_property("duration", 2)
        assert player.evaluate("video => video.videoWidth") == 160
        overflow = "document.documentElement.scrollWidth - innerWidth"
        assert reader.evaluate(overflow) <= 0
        link = reader.get_by_role("link", name="“岳行致远”宣讲材料清单")
        with reader.expect_download() as download:
            link.click()
        assert download.value.suggested_filename == "“岳行致远”宣讲材料清单.pdf"
        assert download.value.path().read_bytes() == PDF
        row = Attachment.objects.get(extension="pdf")
        assert row.downloads == 1
        axe(reader)


class TestAttachments:
    @pytest.mark.expects_console(r"400 \(Bad Request\)|net::ERR_")
    def test_survive_a_bad_file_and_a_lost_line(self, files: Files):
        page = files.open().page
        files.attach(file("一.pdf"), file("坏.docx", PROGRAM), file("三.pdf"))
        expect(files.rows).to_have_count(2)
        assert files.titles == ["一", "三"]
        expect(files.uploads).to_have_count(1)
        expect(files.uploads.get_by_role("alert")).not_to_be_empty()
        expect(files.uploads.locator(".attachment-retry")).to_be_hidden()
        files.uploads.locator(".attachment-cancel").click()

        page.route(UPLOAD, lambda route: route.abort("internetdisconnected"), times=1)
        files.attach(file("四.pdf"))
        files.uploads.locator(".attachment-retry").click()
        expect(files.rows).to_have_count(3)
        expect(files.uploads).to_have_count(0)
        assert files.titles == ["一", "三", "四"]

    def test_can_be_cancelled_and_hold_publishing_only(self, files: Files):
        page = files.open().page
        held: list[Route] = []
        page.route(UPLOAD, lambda route: held.append(route), times=1)  # noqa: PLW0108
        files.attach(file("慢.pdf"), file("后.pdf"))
        expect(files.uploads).to_have_count(2)
        page.get_by_role("button", name="发布", exact=True).click()
        expect(files.panel.locator(".attachment-alert")).not_to_be_empty()
        assert not Edition.objects.exists()
        leaving = 'dispatchEvent(new Event("beforeunload", { cancelable: true }))'
        assert page.evaluate(leaving) is False
        files.uploads.first.locator(".attachment-cancel").click()
        expect(files.rows).to_have_count(1)
        assert files.titles == ["后"]
        files.publish()
        assert [each["title"] for each in Edition.objects.get().attachments] == ["后"]

    def test_are_sorted_by_hand_and_taken_off_with_a_way_back(self, files: Files, editor):
        rows = [make_attachment(by=editor, title=title) for title in ("甲", "乙", "丙")]
        files.article = make_article(by=editor, attachments=rows)
        page = files.open().page
        grip = files.rows.nth(2).locator(".attachment-grip")
        grip.drag_to(files.rows.nth(0), target_position={"x": 40, "y": 4})
        assert files.titles == ["丙", "甲", "乙"]
        files.rows.nth(1).locator(".attachment-remove").click()
        assert files.titles == ["丙", "乙"]
        page.keyboard.press("Enter")
        assert files.titles == ["丙", "甲", "乙"]
        files.rows.nth(0).locator(".attachment-remove").click()
        assert [line["title"] for line in files.field.evaluate("f => JSON.parse(f.value)")] == [
            "甲",
            "乙",
        ]


class TestAFilm:
    def test_falls_where_it_is_dropped_and_can_be_undone(self, files: Files):
        page = files.open().page
        carried = page.evaluate_handle(
            """(data) => {
              const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0))
              const carried = new DataTransfer()
              carried.items.add(new File([bytes], "片.mp4", { type: "video/mp4" }))
              return carried
            }""",
            base64.b64encode(real_film()).decode(),
        )
        first = page.locator(".ProseMirror > p").first
        box = first.bounding_box()
        where = {"clientX": box["x"] + 60, "clientY": box["y"] + 5, "dataTransfer": carried}
        for kind in ("dragenter", "dragover", "drop"):
            first.dispatch_event(kind, where)
        expect(files.films).to_have_count(1)
        shape = re.sub(r"<figure.*?</figure>", "▢", files.text.input_value())
        assert shape == "<p>甲</p>▢<p>乙</p>"
        files.films.locator(".story-video__remove").click()
        assert files.text.input_value() == "<p>甲</p><p>乙</p>"
        page.keyboard.press("Control+z")
        expect(files.films).to_have_count(1)

    @pytest.mark.expects_console(r"400 \(Bad Request\)")
    def test_that_browsers_cannot_play_is_refused_with_a_sentence(self, files: Files):
        files.open()
        files.put_film(film_file(entry=b"hvc1"))
        problems = files.page.locator(".editor-status").get_by_role("alert")
        expect(problems).to_contain_text("宣讲现场.mp4")
        expect(problems).to_contain_text("HEVC")
        expect(files.films).to_have_count(0)
        expect(files.page.locator(".video-upload")).to_have_count(0)

    def test_takes_another_frame_or_picture_as_its_poster(self, files: Files, editor):
        video, poster = make_video(by=editor), make_image(by=editor)
        files.article = make_article(
            by=editor, body=f"<p>甲</p>{video_figure(video, poster=poster.pk)}"
        )
        files.open()
        assert f'data-poster="{poster.pk}"' in files.text.input_value()
        buttons = files.films.locator(".story-video__buttons button")
        files.films.locator("input[type=range]").fill("1.2")
        expect(files.films.locator("video")).to_have_js_property("seeking", False)
        buttons.nth(0).click()
        expect(files.text).not_to_have_value(re.compile(f'data-poster="{poster.pk}"'))
        assert 'data-poster="' in files.text.input_value()
        buttons.nth(2).click()
        assert "data-poster" not in files.text.input_value()
