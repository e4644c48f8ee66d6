"""人气 of a story in the admin: the figure explained, corrections made and reversed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import binning
from articles.models import Article, DailyViews, ViewCorrection
from articles.visits import corrections, figures
from tests.factories import make_article, make_edition
from tests.ledgers import every, file_views, make_hold

pytestmark = pytest.mark.django_db

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
REASON = "巡检脚本误访问。"


@pytest.fixture
def story(editor, noon) -> int:
    edition = make_edition(by=editor, at=noon - 40 * DAY)
    file_views(edition.pk, every(SECOND, 50, noon - 2 * DAY))
    return edition.pk


@pytest.fixture
def corrector(editor):
    editor.user_permissions.add(Permission.objects.get(codename="add_viewcorrection"))
    return editor


def url_of(article_id: int) -> str:
    return reverse("admin:articles_article_views", args=[article_id])


def reverse_url(row: ViewCorrection) -> str:
    return reverse("admin:articles_article_reverse_correction", args=[row.article_id, row.pk])


def typed(**words: str) -> dict[str, str]:
    return {"n": "-20", "day": "2026-06-13", "reason": REASON} | words


class TestPage:
    def test_says_what_the_figure_is_made_of_and_why_a_look_is_no_view(self, as_editor, story):
        page = as_editor.get(url_of(story))
        body = page.content.decode()
        assert "<strong>50</strong>" in body
        assert "同一次访问重复" in body
        assert "<rect" in body
        assert " style=" not in body
        assert page.context["chart"].top == 50

    def test_costs_the_same_whatever_happened(self, as_editor, story, noon, corrector):
        as_editor.get(url_of(story))
        with CaptureQueriesContext(connection) as before:
            as_editor.get(url_of(story))
        for number in range(60):
            DailyViews.objects.create(article_id=story, day=noon - (9 + number) * DAY, views=1)
        for n in range(1, 6):
            corrections.correct(story, n, day=noon.date(), by=corrector, reason=REASON)
        make_hold(story, every(SECOND, 20, noon))
        with CaptureQueriesContext(connection) as after:
            as_editor.get(url_of(story))
        assert len(after) == len(before) <= 13

    def test_teaches_where_nobody_has_looked(self, as_editor, editor):
        body = as_editor.get(url_of(make_article(by=editor).pk)).content.decode()
        assert "还没有人看过" in body
        assert "<rect" not in body

    def test_is_linked_from_the_form_the_record_and_the_desk(self, as_editor, editor, noon):
        story = make_edition(by=editor).pk
        for name, args in (("articles_article_change", [story]), ("index", [])):
            page = as_editor.get(reverse(f"admin:{name}", args=args)).content.decode()
            assert f'href="{url_of(story)}"' in page
        record = as_editor.get(reverse("admin:articles_article_history", args=[story]))
        assert f'href="{url_of(story)}"' in record.content.decode()

    def test_names_holds_to_those_who_may_look_at_them(self, as_editor, editor, story, noon):
        hold = make_hold(story, every(SECOND, 7, noon))
        address = reverse("admin:articles_viewhold_change", args=[hold.pk])
        assert address not in as_editor.get(url_of(story)).content.decode()
        editor.user_permissions.add(Permission.objects.get(codename="view_viewhold"))
        assert address in as_editor.get(url_of(story)).content.decode()

    def test_is_404_for_outsiders_the_bin_and_what_is_not_there(self, client, story, outsider):
        client.force_login(outsider, backend="newsroom.authentication.OneStatementBackend")
        assert client.get(url_of(story)).status_code in (302, 404)

    def test_of_a_binned_draft_is_404(self, as_editor, editor):
        draft = make_article(by=editor)
        binning.throw_away(draft, by=editor)
        assert as_editor.get(url_of(draft.pk)).status_code in (302, 404)
        assert as_editor.get(url_of(10**9)).status_code in (302, 404)


class TestCorrecting:
    def test_adds_a_row_and_a_line_to_the_record(self, as_editor, story, corrector):
        answer = as_editor.post(url_of(story), typed(), follow=True)
        row = ViewCorrection.objects.get()
        assert (row.n, row.day.isoformat(), row.reason) == (-20, "2026-06-13", REASON)
        assert row.made_by == corrector
        assert figures.views(story) == 30
        assert REASON in answer.content.decode()
        assert REASON in LogEntry.objects.latest("pk").change_message

    @pytest.mark.parametrize("n", ["-20", "−20", "－20", " - 20 "])
    def test_takes_a_minus_however_it_is_typed(self, as_editor, story, corrector, n):
        as_editor.post(url_of(story), typed(n=n))
        assert ViewCorrection.objects.get().n == -20

    def test_sent_twice_makes_one(self, as_editor, story, corrector):
        as_editor.post(url_of(story), typed())
        answer = as_editor.post(url_of(story), typed(), follow=True)
        assert ViewCorrection.objects.count() == 1
        assert figures.views(story) == 30
        assert "没有重复更正" in answer.content.decode()

    def test_may_be_made_again_once_it_was_reversed(self, as_editor, story, corrector):
        as_editor.post(url_of(story), typed())
        as_editor.post(reverse_url(ViewCorrection.objects.get()), {"reason": "记错了。"})
        as_editor.post(url_of(story), typed())
        assert ViewCorrection.objects.count() == 2
        assert figures.views(story) == 30

    @pytest.mark.parametrize(
        "wrong",
        [
            {"n": ""},
            {"n": "0"},
            {"n": "二十"},
            {"n": "9" * 30},
            {"n": "-51"},
            {"n": "1.5"},
            {"day": ""},
            {"day": "2026-02-31"},
            {"day": "2026-06-16"},
            {"day": "10000-01-01"},
            {"reason": ""},
            {"reason": "字" * 201},
            {"reason": "\0"},
        ],
    )
    def test_says_what_to_do_and_keeps_what_was_typed(self, as_editor, story, corrector, wrong):
        words = typed(**wrong)
        answer = as_editor.post(url_of(story), words)
        assert answer.status_code == 422
        body = answer.content.decode()
        assert 'role="alert"' in body
        for name in ("n", "day", "reason"):
            value = words[name].replace("\0", "")
            assert not value or f'value="{value}"' in body
        assert not ViewCorrection.objects.exists()
        assert figures.views(story) == 50

    def test_wants_the_right(self, as_editor, story):
        assert '<form method="post" class="views-correct"' not in (
            as_editor.get(url_of(story)).content.decode()
        )
        assert as_editor.post(url_of(story), typed()).status_code == 404
        assert not ViewCorrection.objects.exists()

    def test_shows_script_as_text(self, as_editor, story, corrector):
        as_editor.post(url_of(story), typed(reason="<script>alert(1)</script>"))
        assert "<script>alert" not in as_editor.get(url_of(story)).content.decode()


class TestReversing:
    @pytest.fixture
    def row(self, story, corrector, noon) -> ViewCorrection:
        return corrections.correct(story, -20, day=noon.date(), by=corrector, reason=REASON)

    def test_keeps_both_with_their_reasons(self, as_editor, row):
        answer = as_editor.post(reverse_url(row), {"reason": "记错了。"}, follow=True)
        assert figures.views(row.article_id) == 50
        body = answer.content.decode()
        assert REASON in body
        assert "记错了。" in body
        assert "记错了。" in LogEntry.objects.latest("pk").change_message

    def test_a_second_time_changes_nothing(self, as_editor, row):
        as_editor.post(reverse_url(row), {"reason": "记错了。"})
        answer = as_editor.post(reverse_url(row), {"reason": "再来。"}, follow=True)
        assert figures.views(row.article_id) == 50
        assert answer.status_code == 200
        row.refresh_from_db()
        assert row.reversal_reason == "记错了。"

    def test_wants_a_reason_and_keeps_what_was_typed(self, as_editor, row):
        answer = as_editor.post(reverse_url(row), {"reason": "字" * 201})
        assert answer.status_code == 422
        assert "字" * 201 in answer.content.decode()
        assert figures.views(row.article_id) == 30

    def test_wants_the_right_the_story_and_a_post(self, as_editor, editor, row):
        other = make_edition(by=editor).pk
        crossed = reverse("admin:articles_article_reverse_correction", args=[other, row.pk])
        assert as_editor.post(crossed, {"reason": "错。"}).status_code == 404
        assert as_editor.get(reverse_url(row)).status_code == 405
        editor.user_permissions.remove(Permission.objects.get(codename="add_viewcorrection"))
        assert as_editor.post(reverse_url(row), {"reason": "错。"}).status_code == 404
        row.refresh_from_db()
        assert row.reversed_at is None


def test_a_withdrawn_story_keeps_its_page(as_editor, story):
    Article.objects.filter(pk=story).update(status=Article.Status.WITHDRAWN)
    assert as_editor.get(url_of(story)).status_code == 200
