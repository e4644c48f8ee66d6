"""The lists readers leaf through: filters, pages, ways from one to the other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.factories import figure, make_channel, make_department, make_edition, make_image

# How it looks and answers to hands: the rows are the same on every database.
pytestmark = pytest.mark.once

STORIES = 45


@pytest.fixture
def addresses(live_server, editor) -> dict[str, str]:
    """Lists of three pages."""
    now = timezone.now()
    channel, unit = make_channel(name="新闻中心", slug="news"), make_department(name="煤业公司")
    for number in range(STORIES):
        picture = "" if number % 15 else figure(make_image(by=editor))
        make_edition(
            by=editor,
            title=f"第{number}篇 写了一行半那么长的标题 看它在手机上怎样折行",
            channel=channel,
            body=f"<p>正文。</p>{picture}",
            source_department=unit if number == 1 else None,
            outside_source="" if number == 1 else "新华社",
            tags=["安全"],
            at=now - timedelta(days=20 * number),
        )
    return {"channel": "/channels/news/", "author": "/authors/王芳/"}


def test_is_narrowed_down_leafed_through_and_widened_again(page: Page, addresses):
    page.goto(addresses["channel"])
    page.locator(".pager [rel=next]").click()
    expect(page.locator(".pager [aria-current]")).to_have_text("2")
    page.locator(".filters summary").click()
    page.locator(".filters select").select_option(label="煤业公司")
    page.locator(".filters button").click()
    expect(page.locator(".rows > li")).to_have_count(1)
    page.locator(".narrowed a").click()
    expect(page.locator(".rows > li")).to_have_count(20)


def test_a_byline_leads_to_what_its_author_wrote(page: Page, addresses):
    page.goto(addresses["channel"])
    page.locator(".rows a").first.click()
    page.locator(".facts a", has_text="王芳").click()
    expect(page.locator("h1")).to_contain_text("王芳")
    expect(page.locator(".rows > li")).to_have_count(20)


def test_the_footer_leads_to_archive_and_pictures(page: Page, addresses):
    page.goto(addresses["author"])
    page.locator(".colophon a[href='/archive/']").click()
    expect(page.locator(".filters[open]")).to_be_visible()
    page.locator(".colophon a[href='/pictures/']").click()
    expect(page.locator(".grid > li")).to_have_count(3)
