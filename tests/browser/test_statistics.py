"""The statistics pages and the bulletin, on a phone and on a large screen."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from articles.models import DailyViews, HourlyViews
from tests.browser.conftest import both_screens
from tests.factories import make_department, make_edition

# How it looks and answers to hands: the rows are the same on every database.
pytestmark = pytest.mark.once


@both_screens
def test_pages_fit_and_leave_axe_nothing_to_find(page: Page, live_server, axe, client, chief):
    unit = make_department(name="煤业公司", parent=make_department(name="集团"))
    edition = make_edition(by=chief, source_department=unit, tags=["安全"])
    day = edition.published_at.date()
    DailyViews.objects.create(article_id=edition.pk, day=day, views=12)
    HourlyViews.objects.create(day=day, hour=9, views=12)
    client.force_login(chief, backend="newsroom.authentication.OneStatementBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    month = f"?month={date.today():%Y-%m}"  # noqa: DTZ011 - near midnight it is empty, and fine
    for address in ("", "units/", "articles/", "unread/", "hours/", f"bulletin/{month}"):
        page.goto(f"/admin/statistics/{address}")
        for summary in page.locator("summary").all():
            summary.click()
        axe(page)
        overflow = "document.documentElement.scrollWidth - innerWidth"
        assert page.evaluate(overflow) <= 0, address
    page.goto("/admin/statistics/")
    page.locator(".statistics-pages a", has_text="单位").click()
    page.locator("tbody a", has_text="煤业公司").click()
    expect(page.locator(".statistics-narrowed")).to_contain_text("煤业公司")
    expect(page.locator("tbody th")).to_have_count(1)
