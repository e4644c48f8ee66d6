"""My desk, board, calendar, notices and actions on many stories, in a browser."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles import publishing
from articles.models import Article, Edition, Notice
from articles.publishing import Period
from articles.recording import Actor
from tests.browser.conftest import both_screens
from tests.factories import make_article, make_chain, make_channel, make_colleague, move

# How it looks and answers to hands: the rows are the same on every database.
pytestmark = pytest.mark.once

OVERFLOW = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def story(live_server, editor) -> Article:
    """One that waits, one that came back, one scheduled, and a reviewer for them."""
    channel = make_channel()
    make_chain(channel=channel, first=True)
    reviewer = make_colleague("gu", "first")
    waiting = make_article(by=editor, channel=channel, title="等待初审的稿件 标题写了一行半")
    back = make_article(by=editor, channel=channel, title="退回的稿件")
    for article in (waiting, back):
        move("submit", article, by=editor)
    move("send back", back, by=reviewer, reason="请补充完工日期和现场负责人。")
    coming = make_article(by=editor, title="定时发布的公告")
    tomorrow = timezone.now() + timedelta(days=1)
    publishing.publish(coming, by=editor, period=Period(tomorrow))
    Article.objects.filter(pk=waiting.pk).update(
        stage_since=timezone.now() - timedelta(days=2), planned_on=timezone.localdate()
    )
    return Article.objects.get(pk=waiting.pk)


@pytest.fixture
def desk(page: Page, live_server, client, editor, story) -> Page:
    client.force_login(editor, backend="newsroom.authentication.OneStatementBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    return page


@both_screens
def test_every_page_fits_and_can_be_read(desk: Page, axe, story):
    chosen = ",".join(str(article.pk) for article in Article.objects.all())
    for address in (
        "/admin/",
        "/admin/board/",
        "/admin/calendar/",
        "/admin/calendar/?by=week",
        f"/admin/calendar/{story.pk}/planned/",
        "/admin/notices/",
        "/admin/articles/article/",
        f"/admin/articles/article/bulk-publish/?of={chosen}",
        f"/admin/articles/article/bulk-withdraw/?of={chosen}",
        "/admin/notices/?all=1",
    ):
        desk.goto(address)
        assert desk.evaluate(OVERFLOW) <= 0, address
        axe(desk)


def next_wednesday() -> date:
    """A day to come with days of the same week around it, so that one page shows all."""
    today = timezone.localdate()
    return today + timedelta(days=(2 - today.weekday()) % 7 or 7)


def on(desk: Page, day: date):
    return desk.locator(f"[data-day='{day}']")


class TestCalendar:
    def test_moves_by_keys_and_stays_focused(self, desk: Page, story):
        day = next_wednesday()
        Article.objects.filter(pk=story.pk).update(planned_on=day)
        desk.goto(f"/admin/calendar/?on={day}")
        entry = f"[data-entry='planned-{story.pk}']"
        handle = desk.locator(f"{entry} [data-handle]")
        handle.focus()
        desk.keyboard.press("ArrowRight")
        expect(on(desk, day + timedelta(days=1)).locator(entry)).to_be_visible()
        expect(desk.locator("[data-said]")).to_contain_text("计划")
        expect(handle).to_be_focused()
        assert Article.objects.get(pk=story.pk).planned_on == day + timedelta(days=1)

    @pytest.mark.expects_console(r"422 \(Unprocessable")
    def test_says_why_something_stays(self, desk: Page, story):
        desk.goto("/admin/calendar/")
        entry = desk.locator(f"[data-entry='planned-{story.pk}']")
        entry.locator("[data-handle]").focus()
        # To yesterday.
        desk.keyboard.press("ArrowLeft")
        expect(desk.locator("[data-said]")).to_have_class("calendar-said refused")
        assert Article.objects.get(pk=story.pk).planned_on == timezone.localdate()

    def test_moves_by_drag(self, desk: Page, editor):
        day = next_wednesday()
        edition = Edition.objects.get(title="定时发布的公告")
        moment = timezone.make_aware(datetime.combine(day, time(9, 30)))
        publishing.start_at(edition.article, moment, by=Actor(editor))
        desk.goto(f"/admin/calendar/?on={day}")
        entry = f"[data-entry='scheduled-{edition.pk}']"
        target = on(desk, day + timedelta(days=2))
        desk.locator(f"{entry} [data-handle]").drag_to(target)
        expect(target.locator(entry)).to_be_visible()
        edition.refresh_from_db()
        assert edition.published_at == moment + timedelta(days=2)


def test_the_day_is_kept_beside_the_form(desk: Page, editor):
    draft = make_article(by=editor)
    desk.goto(f"/admin/articles/article/{draft.pk}/change/")
    desk.locator("[name=planned_on]").fill(str(timezone.localdate() + timedelta(days=5)))
    desk.locator("[form=plan-form][type=submit]").click()
    expect(desk.locator("[data-plan-said]")).to_contain_text("计划")
    draft.refresh_from_db()
    assert draft.planned_on == timezone.localdate() + timedelta(days=5)


def test_following_a_notice_reads_it(desk: Page):
    assert Notice.objects.unread().filter(kind="returned").exists()
    desk.goto("/admin/notices/")
    desk.locator(".notice", has_text="退回的稿件").locator("a").click()
    expect(desk).to_have_url(re.compile("/(change|review)/$"))
    desk.goto("/admin/notices/")
    expect(desk.locator(".notice", has_text="退回的稿件")).to_have_count(0)


def test_many_are_submitted_and_taken_back(desk: Page, story):
    for number in range(2):
        by = story.created_by
        make_article(by=by, channel=story.channel, title=f"第{number}篇草稿")
    desk.goto("/admin/articles/article/?q=草稿")
    desk.locator("#action-toggle").check()
    desk.locator("select[name=action]").select_option("submit")
    desk.locator("#changelist .actions button").click()
    expect(desk.locator(".bulk-will")).to_have_count(2)
    desk.locator(".bulk-do button").click()
    expect(desk.locator(".bulk-will .said")).to_have_count(2)
    assert set(Article.objects.filter(title__contains="草稿").values_list("stage", flat=True)) == {
        "first"
    }
    desk.get_by_role("button", name="全部撤销").click()
    expect(desk.locator(".bulk-will .said")).to_have_count(4)
    assert set(Article.objects.filter(title__contains="草稿").values_list("stage", flat=True)) == {
        "writing"
    }
