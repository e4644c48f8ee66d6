"""The preview beside the form, in a window of its own, and by a link without an account."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from articles import previewing
from articles.models import PreviewLink, Revision
from tests.browser.conftest import both_screens
from tests.factories import figure, make_article, make_image

# How it looks and answers to hands: the rows are the same on every database.
pytestmark = pytest.mark.once

LONG = "".join(f"<p>第{number}段：{'集团今天召开会议。' * 12}</p>" for number in range(30))


class Panel:
    """The article form with its preview."""

    def __init__(self, page: Page):
        self.page = page
        self.place = page.locator("#panel-preview")
        self.frame = page.frame_locator("#panel-preview iframe")
        self.headline = self.frame.locator("h1")
        self.problem = self.place.locator(".preview-problem").first
        self.sheet = page.locator(".ProseMirror")
        self.tab = page.locator("[role=tab][aria-controls=panel-preview]")

    def open(self, article=None) -> Panel:
        name, args = ("change", [article.pk]) if article else ("add", [])
        self.page.goto(reverse(f"admin:articles_article_{name}", args=args))
        expect(self.sheet).to_be_visible()
        return self

    def look(self) -> Panel:
        self.tab.click()
        expect(self.place.locator(".preview-stage")).to_have_attribute("aria-busy", "false")
        return self

    def inside(self, script: str):
        return self.page.locator("#panel-preview iframe").evaluate(
            f"(frame) => {{ const view = frame.contentWindow; return {script}; }}"
        )

    def choose(self, width: int) -> None:
        self.place.locator(f"[name=preview-width][value='{width}']").check(force=True)


@pytest.fixture
def panel(page: Page, live_server, client, editor) -> Panel:
    client.force_login(editor, backend="newsroom.authentication.OneStatementBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    return Panel(page)


class TestBesideTheForm:
    def test_follows_what_is_typed_and_stays_where_it_was(self, panel, editor, axe):
        image = make_image(by=editor)
        article = make_article(by=editor, body=LONG + figure(image, "职工合影。"))
        asked: list[str] = []
        panel.page.on("request", lambda request: asked.append(request.url))
        panel.open(article)
        # Nobody looks, so nothing is asked for.
        panel.page.locator("#id_byline").fill("李明")
        panel.page.wait_for_timeout(800)
        assert not [url for url in asked if url.endswith("/preview/")]
        panel.look()
        expect(panel.headline).to_have_text(article.title)
        expect(panel.frame.locator(".facts")).to_contain_text("李明")
        expect(panel.frame.locator("figcaption")).to_contain_text("职工合影。")
        axe(panel.page)

        panel.inside("view.scrollTo(0, 600)")
        panel.inside("Boolean(view.picture = view.document.querySelector('img'))")
        panel.page.locator("#id_title").fill("打字 即见")
        expect(panel.headline).to_have_text("打字 即见")
        panel.sheet.get_by_text("第0段").click()
        panel.page.keyboard.press("End")
        panel.page.keyboard.type("又加一句。")
        expect(panel.frame.locator(".body")).to_contain_text("又加一句。")
        assert panel.inside("view.scrollY") == pytest.approx(600, abs=120)
        # The picture was not touched, so it did not flash.
        assert panel.inside("view.picture.isConnected")
        assert Revision.objects.filter(is_autosave=False).count() == 1

    def test_has_the_true_width_of_each_screen(self, panel, editor):
        panel.open(make_article(by=editor, body=LONG)).look()
        for width in (820, 1280, 390):
            panel.choose(width)
            assert panel.inside("view.innerWidth") == width
            box = panel.page.locator("#panel-preview iframe").bounding_box()
            stage = panel.place.locator(".preview-stage").bounding_box()
            assert box["width"] <= stage["width"] + 1
            assert box["height"] == pytest.approx(stage["height"], abs=3)
        # Remembered for this tab, and no part of the article.
        panel.choose(820)
        panel.page.reload()
        panel.look()
        assert panel.inside("view.innerWidth") == 820
        names = panel.page.evaluate("[...new FormData(document.forms.article_form).keys()]")
        assert "preview-width" not in names

    def test_stands_side_by_side_with_the_text(self, panel, editor):
        panel.open(make_article(by=editor, body=LONG))
        toggle = panel.page.locator("[data-action=preview]")
        panel.page.keyboard.press("Control+Alt+KeyP")
        expect(toggle).to_have_attribute("aria-pressed", "true")
        expect(panel.headline).to_be_visible()
        wide = panel.place.bounding_box()["width"]
        assert wide > 500
        assert panel.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        toggle.click()
        expect(toggle).not_to_be_visible()

    def test_of_a_new_article_has_placeholders_and_then_words(self, panel):
        panel.open().look()
        expect(panel.headline).not_to_be_empty()
        panel.page.locator("#id_title").fill("新稿标题")
        expect(panel.headline).to_have_text("新稿标题")
        expect(panel.frame.locator(".ribbon")).to_be_visible()

    def test_opens_links_elsewhere(self, panel, editor):
        panel.open(make_article(by=editor, body='<p><a href="/">首页</a></p>')).look()
        with panel.page.expect_popup() as opened:
            panel.frame.locator(".body a").click()
        assert opened.value.url.endswith("/")
        expect(panel.headline).to_be_visible()

    @pytest.mark.expects_console("Failed to load resource")
    def test_says_when_it_falls_behind_and_catches_up(self, panel, editor):
        panel.open(make_article(by=editor)).look()
        expect(panel.headline).to_be_visible()

        def cut(route: Route) -> None:
            route.abort()

        panel.page.route("**/preview/", cut)
        panel.page.locator("#id_title").fill("断网时写的")
        expect(panel.problem).to_be_visible()
        panel.page.unroute("**/preview/", cut)
        panel.page.locator("#id_title").fill("又通了")
        expect(panel.headline).to_have_text("又通了")
        expect(panel.problem).to_be_hidden()


class TestInItsOwnWindow:
    def test_follows_what_is_typed_also_after_a_reload(self, panel, editor):
        panel.open(make_article(by=editor, title="已保存")).look()
        with panel.page.expect_popup() as opened:
            panel.place.locator("[data-preview=window]").click()
        window = opened.value
        headline = window.locator("h1")
        expect(headline).to_have_text("已保存")
        # Also when the panel is not looked at any more.
        panel.page.locator("[role=tab][aria-controls=panel-facts]").click()
        panel.page.locator("#id_title").fill("新窗口跟着走")
        expect(headline).to_have_text("新窗口跟着走")
        window.reload()
        expect(headline).to_have_text("新窗口跟着走")


class TestALink:
    def test_is_made_copied_opened_without_an_account_and_revoked(
        self, panel, editor, new_context, axe, live_server
    ):
        image = make_image(by=editor)
        article = make_article(by=editor, body=f"<p>正文。</p>{figure(image, '职工合影。')}")
        panel.open(article).look()
        panel.place.locator(".preview-share summary").click()
        panel.place.locator("#preview-note").fill("李总")
        panel.place.locator("#preview-note").press("Enter")
        copy = panel.place.locator("[data-copy]")
        expect(copy).to_be_focused()
        # As in an intranet without https.
        panel.page.evaluate("Object.defineProperty(window, 'isSecureContext', { value: false })")
        copy.click()
        panel.place.locator("#preview-note").fill("")
        panel.place.locator("#preview-note").press("Control+V")
        address = panel.place.locator(".preview-link-address input").input_value()
        assert panel.place.locator("#preview-note").input_value() == address[:100]
        # The form itself was not sent.
        expect(panel.sheet).to_be_visible()

        guest = new_context(viewport={"width": 390, "height": 844})
        phone = guest.new_page()
        complaints: list[str] = []
        phone.on("console", lambda message: complaints.append(message.text))
        asked: list[str] = []
        phone.on("request", lambda request: asked.append(request.method))
        phone.goto(address)
        expect(phone.locator("h1")).to_have_text(article.title)
        expect(phone.locator(".ribbon")).to_contain_text("editor")
        expect(phone.locator("figure img")).to_have_js_property("complete", True)
        assert phone.locator("figure img").evaluate("(image) => image.naturalWidth")
        assert guest.cookies() == []
        assert set(asked) == {"GET"}
        assert not complaints

        panel.place.locator("[data-preview=links]").click()
        panel.page.wait_for_url("**/preview-links/")
        axe(panel.page)
        panel.page.locator(".preview-link form button").click()
        expect(panel.page.locator(".preview-link.is-over")).to_have_count(1)
        assert PreviewLink.objects.get().revoked_at
        assert phone.reload().status == 404
        assert article.title not in phone.content()

    @both_screens
    def test_is_a_page_for_everybody(self, page, live_server, editor, axe):
        image = make_image(by=editor)
        article = make_article(by=editor, body=LONG + figure(image, "职工合影。"))
        link = previewing.make_link(article, by=editor, note="", days=1)
        page.goto(reverse("preview", args=[previewing.token_of(link)]))
        expect(page.locator(".ribbon")).to_be_visible()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert re.search("noindex", page.locator("meta[name=robots]").get_attribute("content"))

    @both_screens
    @pytest.mark.expects_console(r"404 \(Not Found\)")
    def test_that_ended_is_a_page_for_everybody(self, page, live_server, db, axe):
        page.goto(reverse("preview", args=["1.x"]))
        axe(page)
