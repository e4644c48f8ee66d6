"""A leader without an account reads and decides on a phone."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from articles import inviting
from articles.models import Role, Stage, Transition
from articles.recording import Actor
from tests.browser.conftest import PHONE
from tests.editorial import make, make_chain, somebody
from tests.factories import figure, make_article, make_image

pytestmark = [
    pytest.mark.parametrize("viewport", [PHONE], indirect=True),
    pytest.mark.once,
]

BODY = "".join(f"<p>第{number}段：{'集团今天召开会议。' * 12}</p>" for number in range(8))


@pytest.fixture
def article(writer):
    make_chain(Stage.FIRST)
    article = make_article(by=writer, body=BODY + figure(make_image(by=writer)))
    make("submit", article, writer)
    return article


@pytest.fixture
def address(article) -> str:
    link = inviting.invite(
        article,
        by=Actor(somebody(Role.FIRST_REVIEWER, "吴刚")),
        person="李建国 副总经理",
        days=3,
        version=article.version,
    )
    return reverse("review", args=[inviting.token_of(link)])


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.expects_console(r"422", r"404")
def test_a_leader_returns_a_story_with_a_reason(page: Page, live_server, address, article, axe):
    page.goto(address)
    expect(page.get_by_role("heading", name="请李建国 副总经理审阅")).to_be_visible()
    assert fits(page)
    axe(page)
    page.get_by_role("link", name="去签署意见").click()
    returns = page.get_by_role("button", name="退回")
    expect(returns).to_be_in_viewport()
    assert min(box["height"] for box in map(_box, (returns, page.get_by_label("姓名和职务")))) >= 44
    returns.click()
    expect(page.get_by_role("alert")).to_contain_text("请写明理由")
    expect(page.get_by_label("姓名和职务")).to_have_value("李建国 副总经理")
    assert fits(page)
    axe(page)
    page.get_by_label("意见（退回时必填）").fill("第二段数字请再核对。")
    page.get_by_role("button", name="退回").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("谢谢")
    assert fits(page)
    axe(page)
    row = Transition.objects.latest("number")
    assert (row.move, row.reason, row.actor) == ("send back", "第二段数字请再核对。", None)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("链接已失效")
    axe(page)


def test_a_leader_approves_with_one_finger_and_without_a_cookie(
    page: Page, live_server, address, article
):
    page.goto(address)
    page.get_by_role("button", name="同意").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("谢谢")
    article.refresh_from_db()
    assert article.stage == Stage.APPROVED
    assert page.context.cookies() == []


def _box(place):
    return place.bounding_box()
