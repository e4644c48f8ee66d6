"""The pages about views: they fit, nothing is wrong with them, and they work by keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import Suspicion, ViewCorrection, ViewHold
from articles.visits import corrections
from tests.browser.conftest import both_screens
from tests.browser.test_versions import log_in
from tests.factories import make_edition
from tests.ledgers import every, file_views, make_hold

# How it looks and answers to hands: the rows are the same on every database.
pytestmark = pytest.mark.once

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def desk(page: Page, live_server, client, chief: User) -> Page:
    log_in(page, client, chief, live_server.url)
    return page


@pytest.fixture
def story(editor) -> int:
    now = timezone.now()
    story = make_edition(by=editor, at=now - 60 * DAY, title="前三季度主要生产经营指标公布").pk
    file_views(story, every(13 * HOUR, 100, now - 55 * DAY))
    corrections.correct(story, -3, day=now.date() - DAY, by=editor, reason="巡检脚本误访问。")
    return story


@pytest.fixture
def hold(story) -> ViewHold:
    return make_hold(story, every(SECOND, 200, timezone.now() - DAY))


@pytest.fixture
def suspicion(story) -> Suspicion:
    reasons = [{"rule": "night", "share": 84, "usual": 4}]
    day = timezone.localdate() - DAY
    return Suspicion.objects.create(article_id=story, day=day, views=75, reasons=reasons)


class TestPages:
    @both_screens
    def test_fit_and_are_accessible(self, desk: Page, axe, story, hold, suspicion):
        for address in (
            "/admin/",
            f"/admin/articles/article/{story}/views/",
            "/admin/articles/viewhold/",
            f"/admin/articles/viewhold/{hold.pk}/change/",
            f"/admin/articles/viewhold/{hold.pk}/decide/struck/",
            "/admin/articles/suspicion/",
            f"/admin/articles/suspicion/{suspicion.pk}/change/",
            "/admin/articles/knownnetwork/add/",
            "/privacy/",
            "/en/privacy/",
        ):
            desk.goto(address)
            wide = desk.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, address
            axe(desk)

    def test_are_walked_by_keyboard_from_the_desk_to_a_verdict(self, desk: Page, hold):
        desk.goto("/admin/")
        desk.get_by_role("link", name="暂扣人气200").press("Enter")
        desk.get_by_role("link", name="剔除").press("Enter")
        desk.get_by_label("原因").fill("同一程序反复打开。")
        desk.keyboard.press("Enter")
        expect(desk.get_by_text("同一程序反复打开。")).to_be_visible()
        hold.refresh_from_db()
        assert hold.verdict == "struck"

    def test_two_clicks_make_one_correction(self, desk: Page, story):
        desk.goto(f"/admin/articles/article/{story}/views/")
        desk.get_by_label("数量").fill("-12")
        desk.get_by_label("原因", exact=True).fill("机房测试。")
        desk.get_by_role("button", name="更正").dblclick()
        expect(desk.get_by_text("机房测试。")).to_be_visible()
        assert ViewCorrection.objects.filter(n=-12).count() == 1
