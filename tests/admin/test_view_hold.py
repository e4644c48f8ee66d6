"""Held views: the list, one hold, releasing and striking."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from articles.models import ViewHold
from articles.visits import figures
from tests.factories import make_edition
from tests.ledgers import every, make_hold

pytestmark = pytest.mark.django_db

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
LIST = "/admin/articles/viewhold/"
REASON = "会后集中打开，是真实读者。"


@pytest.fixture
def story(editor, noon) -> int:
    return make_edition(by=editor, at=noon - DAY, title="招聘公告").pk


@pytest.fixture
def hold(story, noon) -> ViewHold:
    return make_hold(story, every(20 * SECOND, 30, noon - HOUR), network="abcdef0123456789")


@pytest.fixture
def decider(editor):
    editor.user_permissions.add(Permission.objects.get(codename="change_viewhold"))
    return editor


@pytest.fixture
def auditor(editor):
    editor.user_permissions.add(Permission.objects.get(codename="view_viewhold"))
    return editor


def url_of(hold: ViewHold) -> str:
    return reverse("admin:articles_viewhold_change", args=[hold.pk])


def decide_url(hold: ViewHold, verdict: str) -> str:
    return reverse("admin:articles_viewhold_decide", args=[hold.pk, verdict])


class TestList:
    def test_shows_what_waits(self, as_editor, decider, hold):
        body = as_editor.get(LIST).content.decode()
        assert "abcdef" in body
        assert "abcdef0123456789" not in body
        assert '<td class="field-views">30</td>' in body
        assert '<td class="field-articles">1</td>' in body

    @pytest.mark.parametrize(("verdict", "shown"), [("", True), ("struck", False)])
    def test_is_filtered_by_verdict(self, as_editor, decider, hold, verdict, shown):
        answer = as_editor.get(LIST, {"verdict__exact": verdict})
        assert ("abcdef" in answer.content.decode()) is shown

    def test_costs_the_same_whatever_waits(
        self, as_editor, decider, story, noon, django_assert_max_num_queries
    ):
        for number in range(12):
            make_hold(story, every(SECOND, 3, noon), network=f"{number:016x}")
        as_editor.get(LIST)
        with django_assert_max_num_queries(8):
            as_editor.get(LIST)


class TestPage:
    def test_shows_stories_and_minutes(self, as_editor, decider, hold, story):
        body = as_editor.get(url_of(hold)).content.decode()
        assert f'href="{reverse("admin:articles_article_views", args=[story])}"' in body
        assert '<th scope="row">11:00</th><td>3</td>' in body
        assert '<th scope="row">11:09</th><td>3</td>' in body
        assert " style=" not in body

    def test_shows_a_long_crowd_by_the_hour(self, as_editor, decider, story, noon):
        hold = make_hold(story, every(HOUR, 4, noon - 5 * HOUR))
        body = as_editor.get(url_of(hold)).content.decode()
        assert '<th scope="row">07:00</th><td>1</td>' in body
        assert "07:30" not in body

    def test_lets_those_who_only_look_decide_nothing(self, as_editor, auditor, hold):
        assert "放行…" not in as_editor.get(url_of(hold)).content.decode()
        for verdict in ("released", "struck"):
            assert as_editor.get(decide_url(hold, verdict)).status_code == 404
            answer = as_editor.post(decide_url(hold, verdict), {"reason": REASON})
            assert answer.status_code == 404
        hold.refresh_from_db()
        assert hold.verdict == ""

    def test_is_404_for_those_without_the_right_like_what_is_not_there(self, as_editor, hold):
        for address in (LIST, url_of(hold), decide_url(hold, "released")):
            answers = [as_editor.get(address), as_editor.post(address, {"reason": REASON})]
            assert [answer.status_code for answer in answers] == [404, 404]
        history = reverse("admin:articles_viewhold_history", args=[hold.pk])
        assert as_editor.get(history).status_code == 404

    def test_has_no_way_to_add_or_delete(self, as_chief, hold):
        assert as_chief.get(f"{LIST}add/").status_code == 403
        delete = reverse("admin:articles_viewhold_delete", args=[hold.pk])
        assert as_chief.post(delete, {"post": "yes"}).status_code == 403
        assert as_chief.post(url_of(hold), {"verdict": "released"}).status_code == 404
        hold.refresh_from_db()
        assert hold.verdict == ""


class TestDeciding:
    def test_asks_before_it_releases(self, as_editor, decider, hold, story):
        body = as_editor.get(decide_url(hold, "released")).content.decode()
        assert "不能撤回" in body
        assert figures.views(story) == 0

    def test_releases_into_the_figure_and_keeps_who_and_why(self, as_editor, decider, hold, story):
        answer = as_editor.post(decide_url(hold, "released"), {"reason": REASON}, follow=True)
        assert figures.views(story) == 30
        assert REASON in answer.content.decode()
        hold.refresh_from_db()
        assert (hold.verdict, hold.reason, hold.decided_by) == ("released", REASON, decider)
        assert LogEntry.objects.latest("pk").user == decider

    def test_strikes_then_releases_and_keeps_both_reasons(self, as_editor, decider, hold, story):
        as_editor.post(decide_url(hold, "struck"), {"reason": "刷的。"})
        assert figures.views(story) == 0
        page = as_editor.get(url_of(hold)).content.decode()
        assert decide_url(hold, "struck") not in page
        as_editor.post(decide_url(hold, "released"), {"reason": REASON})
        page = as_editor.get(url_of(hold)).content.decode()
        assert figures.views(story) == 30
        assert "刷的。" in page
        assert REASON in page
        assert decide_url(hold, "released") not in page

    @pytest.mark.parametrize("verdict", ["released", "struck"])
    def test_a_second_click_does_no_harm(self, as_editor, decider, hold, story, verdict):
        as_editor.post(decide_url(hold, verdict), {"reason": REASON})
        seen = figures.views(story)
        answer = as_editor.post(decide_url(hold, verdict), {"reason": REASON}, follow=True)
        assert answer.status_code == 200
        assert "已经" in answer.content.decode()
        assert figures.views(story) == seen
        assert LogEntry.objects.count() == 1

    @pytest.mark.parametrize("reason", ["", "  ", "字" * 201])
    def test_wants_a_reason_and_keeps_what_was_typed(self, as_editor, decider, hold, reason):
        answer = as_editor.post(decide_url(hold, "struck"), {"reason": reason})
        assert answer.status_code == 422
        assert f'value="{reason}"' in answer.content.decode()
        hold.refresh_from_db()
        assert hold.verdict == ""

    def test_knows_no_other_verdict(self, as_editor, decider, hold):
        assert as_editor.post(decide_url(hold, "open"), {"reason": REASON}).status_code == 404


class TestFrontPage:
    def test_names_open_holds_to_those_who_decide(self, as_editor, editor, hold, decider):
        assert url_of(hold) in as_editor.get("/admin/").content.decode()
        as_editor.post(decide_url(hold, "struck"), {"reason": REASON})
        assert url_of(hold) not in as_editor.get("/admin/").content.decode()

    def test_names_none_to_others(self, as_editor, hold):
        assert "viewhold" not in as_editor.get("/admin/").content.decode()
