"""The page of a topic, the series beneath a story, the desk that arranges a topic."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from playwright.sync_api import Page, expect

from articles.models import Topic
from tests.browser.conftest import both_screens
from tests.factories import (
    figure,
    make_edition,
    make_image,
    make_section,
    make_series,
    make_topic,
)

# How it looks and answers to hands: the rows are the same on every database.
pytestmark = pytest.mark.once


@pytest.fixture
def topic(live_server, editor) -> Topic:
    """A banner, a section by hand and one by rule, a series of three."""
    topic = make_topic(title="岳行致远 讲亮前程", introduction="讲清来路。", banner=True)
    rows = [
        make_edition(
            by=editor, title=f"第{number}篇评论", tags=["安全"], body=figure(make_image(by=editor))
        )
        for number in range(1, 4)
    ]
    make_section(topic=topic, title="宣讲走到哪里", stories=rows)
    make_section(topic=topic, title="身边的安全课", tag="安全", shown=2)
    make_series(topic=topic, name="系列评论员文章", planned=7, stories=rows)
    return topic


class TestReading:
    @both_screens
    def test_leads_from_installment_to_installment(self, page: Page, axe, topic):
        page.goto(topic.get_absolute_url())
        page.locator(".series .installments a").first.click()
        series = page.locator(".series")
        expect(series.locator("[aria-current]")).to_contain_text("第1篇评论")
        axe(page)
        series.locator(".steps a").click()
        expect(page.locator("h1")).to_have_text("第2篇评论")
        expect(series.locator(".steps a")).to_have_count(2)
        series.locator("h2 a").click()
        expect(page.locator("h1")).to_contain_text("岳行致远")


@pytest.fixture
def desk(page: Page, live_server, client, editor) -> Page:
    rights = Permission.objects.filter(content_type__model__in=["topic", "series"])
    editor.user_permissions.add(*rights)
    client.force_login(editor, backend="newsroom.authentication.OneStatementBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    return page


class TestArranging:
    def test_by_keys_beside_the_page(self, desk: Page, axe, topic):
        desk.goto(f"/admin/articles/topic/{topic.pk}/arrange/")
        section = topic.sections.get(title="宣讲走到哪里")
        card = desk.locator(f"[data-section='{section.pk}']")
        first = desk.frame_locator("[data-page]").locator(".section .title").first
        expect(first).to_have_text("第1篇评论")
        axe(desk)
        card.locator("[data-handle]").first.focus()
        desk.keyboard.press("ArrowDown")
        expect(desk.locator("[data-said]")).not_to_be_empty()
        expect(first).to_have_text("第2篇评论")

    def test_tells_what_a_rule_finds_while_it_is_typed(self, desk: Page, topic):
        desk.goto(f"/admin/articles/topicsection/add/?topic={topic.pk}")
        found = desk.locator("[data-found]")
        expect(found).to_be_hidden()
        desk.locator("[name=feed]").select_option("rule")
        desk.locator("[name=tag]").fill("安全")
        expect(found.locator("li")).to_have_count(3)
        desk.locator("[name=title]").fill("又一个板块")
        desk.locator("[name=_save]").click()
        expect(desk.locator(".arrange")).to_contain_text("又一个板块")
