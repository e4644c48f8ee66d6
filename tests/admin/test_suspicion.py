"""Suspicious views: the list, one suspicion, what somebody found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from articles.models import Suspicion
from articles.visits import suspicions
from tests.factories import make_edition
from tests.ledgers import every, file_views

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIST = "/admin/articles/suspicion/"


@pytest.fixture
def row(editor, noon) -> Suspicion:
    story = make_edition(by=editor, at=noon - 2 * DAY, title="板上发电").pk
    file_views(story, every(MINUTE, 120, noon - 34 * HOUR))
    (found,) = suspicions.write((noon - DAY).date())
    return Suspicion.objects.get(article_id=found.article_id)


@pytest.fixture
def decider(editor):
    editor.user_permissions.add(Permission.objects.get(codename="change_suspicion"))
    return editor


def url_of(row: Suspicion) -> str:
    return reverse("admin:articles_suspicion_change", args=[row.pk])


class TestList:
    def test_gives_reasons_in_words(self, as_editor, decider, row):
        body = as_editor.get(LIST).content.decode()
        assert "板上发电" in body
        assert "来自0点到5点" in body

    def test_is_filtered_by_who_looked(self, as_editor, decider, row):
        assert "板上发电" in as_editor.get(LIST, {"looked": "no"}).content.decode()
        assert "板上发电" not in as_editor.get(LIST, {"looked": "yes"}).content.decode()

    def test_costs_the_same_whatever_there_is(
        self, as_editor, decider, row, noon, django_assert_max_num_queries
    ):
        for number in range(20):
            Suspicion.objects.create(
                article_id=500 + number, day=noon.date(), views=60, reasons=row.reasons
            )
        as_editor.get(LIST)
        with django_assert_max_num_queries(8):
            body = as_editor.get(LIST).content.decode()
        assert "第500号稿件" in body


class TestPage:
    def test_leads_to_the_views_of_the_story(self, as_editor, decider, row):
        body = as_editor.get(url_of(row)).content.decode()
        address = reverse("admin:articles_article_views", args=[row.article_id])
        assert f'href="{address}#correct"' in body
        assert '<th scope="row">03:00</th><td>60</td>' in body

    def test_keeps_a_finding_with_name_and_time(self, as_editor, decider, row, noon):
        answer = as_editor.post(url_of(row), {"finding": "单位转发，是真人。"}, follow=True)
        assert "单位转发，是真人。" in answer.content.decode()
        row.refresh_from_db()
        assert (row.looked_by, row.looked_at) == (decider, noon)

    def test_a_second_click_does_no_harm(self, as_editor, decider, row):
        as_editor.post(url_of(row), {"finding": "一。"})
        answer = as_editor.post(url_of(row), {"finding": "二。"}, follow=True)
        assert "已经有人核查过了" in answer.content.decode()
        row.refresh_from_db()
        assert row.finding == "一。"

    def test_wants_a_finding_and_keeps_what_was_typed(self, as_editor, decider, row):
        answer = as_editor.post(url_of(row), {"finding": "字" * 201})
        assert answer.status_code == 422
        assert "字" * 201 in answer.content.decode()

    def test_is_404_for_those_without_the_right_like_what_is_not_there(self, as_editor, row):
        for address in (LIST, url_of(row)):
            assert as_editor.get(address).status_code == 404
            assert as_editor.post(address, {"finding": "一。"}).status_code == 404

    def test_lets_those_who_only_look_find_nothing(self, as_editor, editor, row):
        editor.user_permissions.add(Permission.objects.get(codename="view_suspicion"))
        assert '<input id="finding"' not in as_editor.get(url_of(row)).content.decode()
        assert as_editor.post(url_of(row), {"finding": "一。"}).status_code == 404

    def test_tells_no_title_of_a_story_its_reader_may_not_see(self, client, outsider, row):
        outsider.user_permissions.add(Permission.objects.get(codename="change_suspicion"))
        client.force_login(outsider, backend="newsroom.authentication.OneStatementBackend")
        for address in (LIST, url_of(row)):
            body = client.get(address).content.decode()
            assert "板上发电" not in body
            assert f"第{row.article_id}号稿件" in body


class TestFrontPage:
    def test_counts_what_nobody_looked_into(self, as_editor, decider, row):
        assert "1篇稿件人气可疑" in as_editor.get("/admin/").content.decode()
        as_editor.post(url_of(row), {"finding": "一。"})
        assert "人气可疑" not in as_editor.get("/admin/").content.decode()
