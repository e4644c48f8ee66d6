"""Six people: a manuscript travels to readers, is corrected and withdrawn; all is recorded."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from playwright.sync_api import Page, expect

from articles.models import Article, Department, Edition, Role, Stage, Transition
from tests.browser.conftest import both_screens
from tests.browser.test_versions import log_in
from tests.editorial import appoint, make_chain
from tests.factories import make_channel, make_department

NAMES = {
    "correspondent": ("陆", "青禾"),
    "unit": ("石", "磊"),
    "editor": ("沈", "知远"),
    "first": ("周", "敏"),
    "second": ("李", "岩"),
    "final": ("温", "玉衡"),
}


@pytest.fixture
def people(db) -> dict[str, User]:
    """The editor signs and publishes as well; the others do one thing each."""
    department = make_department(name="东岭矿业有限公司")
    make_department(name="党委宣传部")
    make_chain(
        Stage.UNIT,
        Stage.FIRST,
        Stage.SECOND,
        Stage.FINAL,
        channel=make_channel(name="集团新闻", slug="group-news"),
    )
    make_channel(name="通知公告", slug="notices")
    group = None
    posts: dict[str, list[tuple[Role, Department | None]]] = {
        "correspondent": [(Role.CORRESPONDENT, department)],
        "unit": [(Role.UNIT_REVIEWER, department)],
        "editor": [(Role.EDITOR, group), (Role.PUBLISHER, group)],
        "first": [(Role.FIRST_REVIEWER, group)],
        "second": [(Role.SECOND_REVIEWER, group)],
        "final": [(Role.FINAL_REVIEWER, group)],
    }
    found = {}
    for name, held in posts.items():
        for role, where in held:
            person = appoint(name, role, where)
        person.last_name, person.first_name = NAMES[name]
        person.save()
        found[name] = person
    return found


class Newsroom:
    def __init__(self, page: Page, client, people: dict[str, User], url: str):
        self.page, self.client, self.people, self.url = page, client, people, url

    def enter(self, who: str) -> None:
        self.page.context.clear_cookies()
        log_in(self.page, self.client, self.people[who], self.url)

    def decide(self, who: str, label: str, reason: str = "") -> None:
        """From the desk's list of what waits, on the review page."""
        self.enter(who)
        self.page.goto("/admin/")
        self.page.locator("#content-main").get_by_role("link", name="井口宣讲").first.click()
        if reason:
            self.page.locator("#reason").fill(reason)
        self.page.get_by_role("button", name=label, exact=True).click()
        expect(self.page.locator(".messagelist .success")).to_be_visible()

    def open_form(self, who: str) -> None:
        self.enter(who)
        self.page.goto(f"/admin/articles/article/{Article.objects.get().pk}/change/")
        expect(self.page.locator(".ProseMirror")).to_be_visible()

    def submit(self, starts_with: str) -> None:
        button = self.page.locator("button[name=_submit]")
        expect(button).to_contain_text(starts_with)
        button.click()
        expect(self.page.locator(".messagelist .success")).to_be_visible()


@both_screens
def test_a_manuscript_travels_is_corrected_and_withdrawn(
    page: Page, live_server, client, people, axe, viewport
):
    room = Newsroom(page, client, people, live_server.url)
    room.enter("correspondent")
    page.goto("/admin/articles/article/add/")
    page.get_by_label("标题", exact=True).fill("井口宣讲 讲到心里")
    page.locator(".ProseMirror").click()
    page.keyboard.type("宣讲队把课堂设到井口，讲清来路，讲实本领。")
    opener = page.locator(".side-open")
    if opener.is_visible():
        opener.click()
    page.get_by_label("栏目").select_option(label="集团新闻")
    page.get_by_label("来源单位").select_option(label="东岭矿业有限公司")
    if page.locator(".side-close").is_visible():
        page.locator(".side-close").click()
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("草稿已保存（第1版）")).to_be_visible()
    room.submit("送本单位审核（石磊）")
    article = Article.objects.get()
    assert article.stage == "unit"

    room.decide("unit", "通过")
    room.open_form("editor")
    page.get_by_label("副题").fill("东岭矿业主题宣讲进班组")
    room.submit("送初审（周敏）")
    room.decide("first", "通过")
    room.decide("second", "退回", "请核对参加人数")
    room.open_form("editor")
    expect(page.get_by_text("请核对参加人数").first).to_be_visible()
    page.get_by_label("引题").fill("“岳行致远”主题宣讲")
    room.submit("送初审（周敏）")
    for who in ("first", "second", "final"):
        room.decide(who, "通过")
    room.decide("editor", "发布")

    article.refresh_from_db()
    assert (article.status, article.stage) == ("published", "writing")
    public = Edition.objects.get().get_absolute_url()
    page.goto(public)
    expect(page.get_by_role("heading", level=1)).to_contain_text("井口宣讲 讲到心里")
    expect(page.get_by_text("温玉衡")).to_be_visible()

    page.goto(f"/admin/articles/article/{article.pk}/corrections/")
    page.locator("main textarea, #content textarea").first.fill("参加人数应为320人。")
    page.locator("main button[type=submit], #content button[type=submit]").first.click()
    page.goto(public)
    expect(page.get_by_text("参加人数应为320人。")).to_be_visible()

    page.goto(f"/admin/articles/article/{article.pk}/withdraw/")
    page.get_by_label("撤稿原因").fill("数字有误，另行发布")
    page.get_by_role("button", name="撤稿").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    answer = page.request.get(public)
    assert answer.status == 410

    page.goto(f"/admin/articles/article/{article.pk}/sheet/")
    page.emulate_media(media="print")
    for family, given in NAMES.values():
        if (family, given) != NAMES["correspondent"]:
            expect(page.get_by_text(f"{family}{given}").first).to_be_visible()
    page.emulate_media(media="screen")
    axe(page)

    moves = list(Transition.objects.order_by("number").values_list("move", flat=True))
    assert moves == [
        *("submit", "approve", "submit", "approve", "send back"),
        *("submit", "approve", "approve", "approve", "publish"),
        *("correct", "withdraw"),
    ] or moves == [
        *("submit", "approve", "submit", "approve", "send back"),
        *("submit", "approve", "approve", "approve", "publish", "withdraw"),
    ]
    said = StringIO()
    call_command("verify_record", stdout=said)
    assert str(len(moves)) in said.getvalue()


def test_a_department_without_a_chain_publishes_in_two_clicks(
    page: Page, live_server, client, people
):
    room = Newsroom(page, client, people, live_server.url)
    room.enter("editor")
    page.goto("/admin/articles/article/add/")
    page.get_by_label("标题", exact=True).fill("关于开展安全检查的通知")
    page.locator(".ProseMirror").click()
    page.keyboard.type("各单位于月底前完成自查。")
    page.get_by_label("栏目").select_option(label="通知公告")
    page.get_by_label("来源单位").select_option(label="党委宣传部")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("已发布，读者现在就能看到")).to_be_visible()
    assert Edition.objects.live().count() == 1
