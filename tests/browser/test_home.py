"""The front page: pictures that stop on request, units in place; the page that arranges it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from articles.models import DailyViews, Department, Placement, SiteLink
from tests.browser.conftest import PHONE, both_screens
from tests.factories import (
    figure,
    make_channel,
    make_department,
    make_edition,
    make_image,
    make_placement,
)

# How it looks and answers to hands: the rows are the same on every database.
pytestmark = pytest.mark.once


@pytest.fixture
def stories(live_server, editor):
    """Three stories with pictures of two units, one notice, a topic, a link, a hot list."""
    now = timezone.now()
    notices = make_channel(name="通知公告", slug="notices", block="notices", order=5)
    make_edition(by=editor, title="一则通知", channel=notices, at=now - timedelta(days=1))
    channel = make_channel(slug="news")
    units = [make_department(name=name) for name in ("煤业公司", "铁路公司")]
    rows = []
    for number in range(3):
        row = make_edition(
            by=editor,
            title=f"第{number}篇 有图的稿子",
            summary="两行摘要说清今天最要紧的事。",
            body=figure(make_image(by=editor)),
            channel=channel,
            source_department=units[number % 2],
            at=now - timedelta(hours=number),
            tags=["保供"],
        )
        DailyViews.objects.create(article_id=row.pk, day=timezone.localdate(), views=9 - number)
        rows.append(row)
    make_placement(slot="topics", title="温暖过冬", picture=True)
    make_placement(slot="topics", title="只有文字的专题")
    SiteLink.objects.create(name="国资委", address="https://www.example.com/")
    return rows


class Carousel:
    def __init__(self, page: Page):
        self.page = page
        self.here = page.locator("[data-to][aria-current]")
        self.slides = page.locator("[data-slides]")
        self.pause = page.locator("[data-pause]")

    def expect_at(self, place: int) -> None:
        expect(self.here).to_have_attribute("data-to", str(place))


class TestCarousel:
    def test_turns_over_by_buttons_and_arrow_keys(self, page: Page, stories):
        page.goto("/")
        carousel = Carousel(page)
        carousel.expect_at(0)
        page.locator("[data-step='1']").click()
        carousel.expect_at(1)
        page.keyboard.press("ArrowRight")
        carousel.expect_at(2)
        page.keyboard.press("ArrowRight")
        carousel.expect_at(0)
        page.locator("[data-to='2']").click()
        carousel.expect_at(2)

    def test_goes_on_by_itself_until_it_is_stopped(self, page: Page, stories):
        page.clock.install()
        page.goto("/")
        carousel = Carousel(page)
        label = carousel.pause.get_attribute("aria-label")
        page.clock.run_for(6500)
        carousel.expect_at(1)
        carousel.pause.click()
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement.blur()")
        expect(carousel.pause).not_to_have_attribute("aria-label", str(label))
        page.clock.run_for(30_000)
        carousel.expect_at(1)

    def test_stands_still_for_whoever_asked_for_less_motion(self, page: Page, stories):
        page.emulate_media(reduced_motion="reduce")
        page.clock.install()
        page.goto("/")
        page.clock.run_for(30_000)
        Carousel(page).expect_at(0)

    @pytest.mark.parametrize("viewport", [PHONE], indirect=True)
    def test_follows_a_finger(self, page: Page, stories):
        page.goto("/")
        carousel = Carousel(page)
        carousel.slides.evaluate("(slides) => slides.scrollTo({ left: slides.clientWidth })")
        carousel.expect_at(1)


class TestUnits:
    def test_are_chosen_in_place_and_remembered(self, page: Page, stories):
        page.goto("/")
        news = page.locator("[data-unit-news]")
        unit = Department.objects.get(name="铁路公司")
        news.get_by_role("link", name="铁路公司").click()
        expect(news.locator(".row")).to_have_count(1)
        expect(news.locator(f"[data-unit='{unit.pk}']")).to_be_focused()
        assert "unit=" not in page.url
        page.reload()
        expect(news).to_have_attribute("data-chosen", str(unit.pk))
        news.locator("[data-unit='']").click()
        expect(news.locator(".row")).to_have_count(3 + 1)


class TestStillness:
    @both_screens
    def test_nothing_moves_when_the_buttons_come_late(self, page: Page, stories):
        page.add_init_script(
            """
            window.shifts = [];
            new PerformanceObserver((list) => shifts.push(...list.getEntries()))
              .observe({ type: "layout-shift", buffered: true });
            """
        )
        waiting: list[Route] = []

        # Playwright marks what it calls, which a method of a list does not allow.
        def hold(route: Route) -> None:
            waiting.append(route)

        page.route("**/carousel*.js", hold)
        page.goto("/", wait_until="commit")
        expect(page.locator(".colophon")).to_be_visible()
        # What is there without the buttons has been drawn.
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        waiting[0].continue_()
        expect(page.locator("[data-pause]")).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("shifts.reduce((sum, { value }) => sum + value, 0)") == 0


@pytest.fixture
def desk(page: Page, live_server, client, editor) -> Page:
    rights = Permission.objects.filter(content_type__model="placement")
    editor.user_permissions.add(*rights)
    client.force_login(editor, backend="newsroom.authentication.OneStatementBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    return page


class TestArranging:
    ARRANGE = "admin:articles_placement_changelist"

    def test_by_keyboard_and_by_drag(self, desk: Page, axe, stories):
        for story in reversed(stories):
            make_placement(slot="carousel", edition=story)
        desk.goto(reverse(self.ARRANGE))
        slot = desk.locator("[data-slot=carousel]")
        first = desk.frame_locator("[data-page]").locator("[data-slides] .title").first
        expect(first).to_contain_text("第0篇")
        axe(desk)
        slot.locator("[data-handle]").first.focus()
        desk.keyboard.press("ArrowDown")
        expect(desk.locator("[data-said]")).not_to_be_empty()
        expect(first).to_contain_text("第1篇")
        slot.locator("[data-handle]").nth(2).drag_to(slot.locator("[data-line]").first)
        expect(first).to_contain_text("第2篇")
        order = [str(row) for row in Placement.objects.filter(slot="carousel").in_order()]
        assert [title[:3] for title in order] == ["第2篇", "第1篇", "第0篇"]

    def test_finds_stories_while_one_types(self, desk: Page, stories):
        desk.goto(reverse(self.ARRANGE))
        desk.locator("#q").press_sequentially("第2篇")
        found = desk.locator("[data-found] .arrange-title")
        expect(found).to_have_count(1)
        desk.locator("[data-found] a").first.click()
        expect(desk.locator(".field-edition")).to_contain_text("第2篇")
        desk.locator("[name=_save]").click()
        expect(desk.locator("[data-slot=lead]")).to_contain_text("第2篇")
