"""Reading a story: its size, the elder version, aloud, on paper, its pictures in large."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.models import Correction
from tests.browser.conftest import PHONE, both_screens
from tests.factories import figure, make_channel, make_edition, make_image

# How it looks and answers to hands: the rows are the same on every database.
pytestmark = pytest.mark.once

BODY = "<p>第一段第一句。第一段第二句！</p><h2>小标题</h2><p>第二段。</p>"
SIZE = "getComputedStyle(document.querySelector('.body')).fontSize"
FOCUS = "document.activeElement.getAttribute('href')"

# A synthesis that speaks when the test says so; browsers without a window have no voices.
SYNTHESIS = """
    const spoken = (window.spoken = []);
    const synthesis = {
      getVoices: () => [{ lang: "en-US" }, { lang: "zh-CN" }],
      speak: (utterance) => spoken.push(utterance),
      cancel: () => spoken.at(-1)?.dispatchEvent(new Event("end")),
    };
    Object.defineProperty(window, "speechSynthesis", { value: synthesis });
    window.SpeechSynthesisUtterance = class extends EventTarget {
      constructor(text) { super(); this.text = text; }
    };
"""
# Writes down the classes <html> has the moment there is a body to draw.
FIRST_CLASSES = """
    new MutationObserver((_changes, observer) => {
      if (!document.body) return;
      window.firstClasses = document.documentElement.className;
      observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
"""


@pytest.fixture
def story(transactional_db, editor):
    """With one picture, a pair and a third."""
    one, left, right, last = (make_image(by=editor) for _ in range(4))
    pair = f'[{{"image":{left.pk}}},{{"image":{right.pk}}}]'
    body = (
        BODY
        + figure(one, "第一张的图注。")
        + f"<figure data-group='{pair}'><figcaption>一组两张。</figcaption></figure>"
        + figure(last, "最后一张。")
    )
    edition = make_edition(by=editor, body=body, tags=["安全"], kicker="引题", subtitle="副题")
    make_edition(by=editor, tags=["安全"], channel=make_channel())
    Correction.objects.create(edition=edition, text="数字有误，已改正。", made_by=editor)
    return edition


class TestSize:
    def test_is_chosen_and_remembered_before_anything_is_drawn(self, live_server, page, story):
        page.add_init_script(FIRST_CLASSES)
        page.goto(story.get_absolute_url())
        assert page.evaluate(SIZE) == "18px"
        large = page.get_by_role("button", name="大", exact=True)
        large.click()
        assert page.evaluate(SIZE) == "22px"
        expect(large).to_have_attribute("aria-pressed", "true")
        page.reload()
        assert "size-large" in page.evaluate("firstClasses")
        assert page.evaluate(SIZE) == "22px"
        expect(large).to_have_attribute("aria-pressed", "true")
        page.get_by_role("button", name="小", exact=True).click()
        assert page.evaluate(SIZE) == "16px"
        assert page.context.cookies() == [] or "reading" not in str(page.context.cookies())

    @pytest.mark.parametrize("kept", ['"nonsense"', "5", "[1]", "{", '{"size":"huge","elder":1}'])
    def test_nonsense_in_the_drawer_is_the_usual_size(self, live_server, page, story, kept):
        page.add_init_script(f"localStorage.setItem('reading', {kept!r})")
        page.goto(story.get_absolute_url())
        assert page.evaluate(SIZE) == "18px"

    def test_a_browser_that_keeps_nothing_still_has_sizes(self, live_server, page, story):
        page.add_init_script(
            "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
        )
        page.goto(story.get_absolute_url())
        page.get_by_role("button", name="大", exact=True).click()
        assert page.evaluate(SIZE) == "22px"


class TestElderVersion:
    @both_screens
    def test_is_switched_on_any_page_and_kept_on_all(self, live_server, page, story, axe):
        page.goto("/")
        page.get_by_role("button", name="长辈版").click()
        expect(page.locator("html.elder")).to_have_count(1)
        axe(page)
        page.goto(story.get_absolute_url())
        expect(page.locator("html.elder")).to_have_count(1)
        expect(page.get_by_role("button", name="长辈版")).to_have_attribute("aria-pressed", "true")
        drawn = "document.querySelector('.body').getBoundingClientRect().width"
        letters = f"{drawn} / parseFloat({SIZE})"
        assert page.evaluate(SIZE) in ("20px", "24px")
        assert page.evaluate(letters) > 10
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        axe(page)
        page.get_by_role("button", name="长辈版").click()
        expect(page.locator("html.elder")).to_have_count(0)

    @pytest.mark.parametrize("viewport", [PHONE], indirect=True)
    @pytest.mark.parametrize("elder", [False, True])
    def test_targets_are_44_pixels_high(self, live_server, page: Page, story, elder):
        page.goto(story.get_absolute_url())
        if elder:
            page.get_by_role("button", name="长辈版").click()
        small = page.evaluate(
            """
            [...document.querySelectorAll("main a, main button, .masthead button, .masthead nav a")]
              .filter((each) => each.checkVisibility() && !each.closest(".body p"))
              .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
              .filter(([, box]) => box.height < 43.5 && box.height > 1)
              .map(([html, box]) => `${box.height} ${html}`)
            """
        )
        assert small == []


class TestAloud:
    def test_reads_sentence_by_sentence_and_goes_on_where_it_stopped(
        self, live_server, page: Page, story
    ):
        page.add_init_script(SYNTHESIS)
        page.goto(story.get_absolute_url())
        button = page.get_by_role("button", name="朗读")
        button.click()
        words = "spoken.map(({ text }) => text)"
        end = "spoken.at(-1).dispatchEvent(new Event('end'))"
        for _ in range(3):
            page.evaluate(end)
        assert page.evaluate(words) == [story.title, "——副题", "第一段第一句。", "第一段第二句！"]
        assert page.evaluate("spoken.at(-1).voice.lang") == "zh-CN"
        expect(page.locator(".spoken")).to_have_text("第一段第一句。第一段第二句！")
        page.get_by_role("button", name="停止朗读").click()
        expect(page.locator(".spoken")).to_have_count(0)
        assert len(page.evaluate(words)) == 4
        button.click()
        assert page.evaluate(words)[4:] == ["第一段第二句！"]
        page.evaluate(end)
        assert page.evaluate(words)[-1] == "小标题"

    def test_is_not_offered_without_a_chinese_voice(self, live_server, page: Page, story):
        page.goto(story.get_absolute_url())
        expect(page.locator("[data-read-aloud]")).not_to_be_visible()


class TestPictures:
    @both_screens
    def test_are_shown_in_large_and_turned_over_by_keyboard(
        self, live_server, page: Page, story, axe
    ):
        page.goto(story.get_absolute_url())
        links = page.locator(".photograph a")
        expect(links).to_have_count(4)
        first = links.first
        first.focus()
        page.keyboard.press("Enter")
        box = page.get_by_role("dialog")
        expect(box).to_be_visible()
        expect(box.locator("[data-caption]")).to_have_text("第一张的图注。")
        expect(box.locator("[data-place]")).to_have_text("1 / 4")
        axe(page)
        page.keyboard.press("ArrowRight")
        expect(box.locator("[data-caption]")).to_have_text("一组两张。")
        page.keyboard.press("End")
        expect(box.locator("[data-caption]")).to_have_text("最后一张。")
        page.keyboard.press("ArrowRight")
        expect(box.locator("[data-place]")).to_have_text("1 / 4")
        for _ in range(6):
            page.keyboard.press("Tab")
            assert page.evaluate(
                "document.activeElement === document.body || "
                "Boolean(document.activeElement.closest('dialog'))"
            )
        page.keyboard.press("Escape")
        expect(box).not_to_be_visible()
        assert page.evaluate(FOCUS) == first.get_attribute("href")

    def test_are_closed_by_the_button_and_opened_again(self, live_server, page: Page, story):
        page.goto(story.get_absolute_url())
        page.locator(".photograph a").nth(2).click()
        page.get_by_role("button", name="关闭").click()
        expect(page.locator("dialog")).not_to_be_visible()
        page.locator(".photograph a").nth(3).click()
        expect(page.locator("[data-place]")).to_have_text("4 / 4")
        page.get_by_role("button", name="上一张").click()
        expect(page.locator("[data-place]")).to_have_text("3 / 4")

    @pytest.mark.parametrize("viewport", [PHONE], indirect=True)
    def test_are_swiped_with_one_finger_and_enlarged_with_two(self, live_server, page: Page, story):
        page.goto(story.get_absolute_url())
        page.locator(".photograph a").first.click()
        touch = Touch(page)
        touch.slide([(300, 350)], [(120, 355)])
        expect(page.locator("[data-place]")).to_have_text("2 / 4")
        touch.slide([(60, 350)], [(300, 350)])
        expect(page.locator("[data-place]")).to_have_text("1 / 4")
        touch.slide([(180, 350)], [(200, 350)])
        expect(page.locator("[data-place]")).to_have_text("1 / 4")
        touch.slide([(160, 350), (200, 350)], [(100, 350), (260, 350)])
        scale = "new DOMMatrix(document.querySelector('dialog img').style.transform).a"
        assert page.evaluate(scale) == pytest.approx(4, abs=0.1)
        touch.slide([(300, 350)], [(120, 350)])
        expect(page.locator("[data-place]")).to_have_text("1 / 4")

    def test_open_in_a_tab_of_their_own_when_asked_to(self, live_server, page: Page, story):
        page.goto(story.get_absolute_url())
        with page.context.expect_page() as opened:
            page.locator(".photograph a").first.click(modifiers=["Control"])
        opened.value.wait_for_url("**/*.webp")
        expect(page.locator("dialog")).not_to_be_visible()


class Touch:
    """Fingers on the screen, as Chromium's own protocol sends them."""

    def __init__(self, page: Page):
        self.session = page.context.new_cdp_session(page)

    def slide(self, start: list[tuple[int, int]], end: list[tuple[int, int]]) -> None:
        self._send("touchStart", start)
        for step in (1, 2, 3, 4):
            self._send(
                "touchMove",
                [
                    (x + (to_x - x) * step // 4, y + (to_y - y) * step // 4)
                    for (x, y), (to_x, to_y) in zip(start, end, strict=True)
                ],
            )
        self._send("touchEnd", [])

    def _send(self, kind: str, places: list[tuple[int, int]]) -> None:
        points: list[dict[str, Any]] = [
            {"x": x, "y": y, "id": n} for n, (x, y) in enumerate(places)
        ]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


class TestHandingOn:
    def test_copies_the_address(self, live_server, page: Page, story):
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(story.get_absolute_url())
        page.get_by_role("button", name="复制链接").click()
        expect(page.get_by_role("button", name="已复制")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == f"{live_server.url}{story.get_absolute_url()}"

    @both_screens
    def test_the_code_is_for_big_screens(self, live_server, page: Page, story, viewport):
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(story.get_absolute_url())
        page.locator(".colophon").scroll_into_view_if_needed()
        code = page.locator(".handing img")
        if viewport == PHONE:
            expect(code).not_to_be_visible()
            assert not [url for url in asked if url.endswith("code.svg")]
        else:
            expect(code).to_be_visible()
            expect(code).to_have_js_property("complete", True)
            assert code.evaluate("image => image.naturalWidth") > 0


class TestPaper:
    def test_holds_title_meta_notes_text_and_captions_and_no_navigation(
        self, live_server, page: Page, story
    ):
        page.add_init_script("localStorage.setItem('reading', '{\"elder\":true}')")
        page.goto(story.get_absolute_url())
        page.emulate_media(media="print", color_scheme="dark")
        for shown in (".story h1", ".facts", ".corrections", ".body", ".body figcaption"):
            expect(page.locator(shown).first).to_be_visible()
        for hidden in (
            "nav",
            ".elder-switch",
            ".search",
            ".tools",
            ".handing",
            ".related",
            ".tags",
            ".colophon",
            ".skip",
        ):
            for each in page.locator(hidden).all():
                expect(each).not_to_be_visible()
        ground = "getComputedStyle(document.documentElement).backgroundColor"
        assert page.evaluate(ground) == "rgb(255, 255, 255)"


class TestStillness:
    @both_screens
    def test_nothing_moves_while_the_page_loads(self, live_server, page: Page, story):
        page.add_init_script(
            """
            window.shifts = [];
            new PerformanceObserver((list) => shifts.push(...list.getEntries()))
              .observe({ type: "layout-shift", buffered: true });
            """
        )
        page.goto(story.get_absolute_url())
        page.wait_for_load_state("networkidle")
        assert page.evaluate("shifts.reduce((sum, { value }) => sum + value, 0)") == 0


class TestWithoutScript:
    def test_the_story_stands_without_buttons(self, live_server, browser, story):
        context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
        page = context.new_page()
        page.goto(story.get_absolute_url())
        expect(page.locator(".body")).to_contain_text("第一段第一句。")
        for hidden in (".tools", ".elder-switch", ".handing button", "dialog"):
            expect(page.locator(hidden)).not_to_be_visible()
        page.locator(".photograph a").first.click()
        assert page.url.endswith(".webp")
        context.close()
