"""Actions on many articles, from the list to the report and back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from articles import bulk
from articles.models import Article, BulkRun, Edition
from articles.models.bulk_run import SILENCE
from tests.factories import make_article, make_channel, make_edition

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/article/"


def choose(client: Client, name: str, **more):
    numbers = list(Article.objects.values_list("pk", flat=True))
    sent = {"action": name, "_selected_action": numbers, **more}
    return client.post(LIST, sent)


def look(client: Client, name: str, query: str = ""):
    numbers = ",".join(map(str, Article.objects.order_by("pk").values_list("pk", flat=True)))
    return client.get(f"{LIST}bulk-{name}/?of={numbers}{query}")


def do(client: Client, name: str, **facts):
    rows = Article.objects.order_by("pk").values_list("pk", "version")
    of = ",".join(f"{number}:{version}" for number, version in rows)
    return client.post(f"{LIST}bulk-{name}/", {"of": of, "key": str(uuid4()), **facts})


class TestTheList:
    def test_offers_what_one_may_do(self, as_editor, as_writer, client, editor, writer):
        make_article(by=editor)
        for person, names in (
            (editor, {"submit", "publish", "withdraw", "move", "tag"}),
            (writer, {"submit", "move", "tag"}),
        ):
            client.force_login(person, backend="newsroom.authentication.OneStatementBackend")
            offered = client.get(LIST).context["action_form"].fields["action"].choices
            assert {name for name, _label in offered if name} == names

    def test_never_deletes(self, as_chief, chief):
        make_article(by=chief)
        assert "delete_selected" not in as_chief.get(LIST).content.decode()

    def test_leads_to_the_page_that_asks(self, as_editor, editor):
        article = make_article(by=editor)
        answer = choose(as_editor, "publish")
        assert answer.headers["Location"] == f"{LIST}bulk-publish/?of={article.pk}"
        assert not Edition.objects.exists()

    def test_takes_no_more_than_two_hundred(self, as_editor, editor, monkeypatch):
        monkeypatch.setattr(bulk, "MOST", 2)
        for _ in range(3):
            make_article(by=editor)
        answer = choose(as_editor, "publish")
        assert answer.headers["Location"] == LIST


class TestForecast:
    def test_says_for_each_what_happens(self, as_editor, editor):
        make_article(by=editor, title="可以发")
        make_article(by=editor, title="正文是空的", body="")
        answer = look(as_editor, "publish")
        assert [bool(line.says) for line, _badges in answer.context["lines"]] == [True, False]
        assert answer.context["possible"] == 1
        assert "2篇文章中有1篇可以执行" in answer.content.decode()

    def test_asks_first_for_what_is_missing(self, as_editor, editor):
        make_edition(by=editor)
        answer = look(as_editor, "withdraw")
        assert not answer.context["is_ready"]
        assert 'name="key"' not in answer.content.decode()
        assert look(as_editor, "withdraw", "&look=1&reason=误发").context["is_ready"]

    def test_leaves_out_what_one_may_not_open(self, as_editor, editor):
        make_article(by=editor)
        answer = as_editor.get(f"{LIST}bulk-publish/?of=4711,999999")
        assert answer.context["lines"] == []

    @pytest.mark.parametrize("query", ["", "?of=", "?of=x", "?of=" + "9" * 40, "?of=1:x,,"])
    @pytest.mark.parametrize("name", bulk.ACTIONS)
    def test_fails_for_no_query(self, as_editor, name, query):
        assert as_editor.get(f"{LIST}bulk-{name}/{query}").status_code in {200, 302}

    def test_is_nobodys_without_the_right(self, as_writer, writer):
        make_article(by=writer)
        assert look(as_writer, "publish").status_code == 404
        assert do(as_writer, "publish").status_code == 404
        assert look(as_writer, "delete").status_code == 404


class TestRun:
    def test_reports_each_and_can_be_undone(self, as_editor, editor):
        make_article(by=editor, title="可以发")
        make_article(by=editor, title="正文是空的", body="")
        answer = do(as_editor, "publish")
        report = as_editor.get(answer.headers["Location"])
        assert (report.context["done"], report.context["failed"]) == (1, 1)
        assert "可以发" in report.content.decode()
        assert Edition.objects.live().count() == 1
        as_editor.post(f"{answer.headers['Location']}undo/")
        assert not Edition.objects.live()
        html = as_editor.get(answer.headers["Location"]).content.decode()
        assert "已撤销" in html
        assert "全部撤销" not in html

    def test_sent_twice_runs_once(self, as_editor, editor):
        make_article(by=editor)
        key = str(uuid4())
        first, second = (do(as_editor, "publish", key=key) for _ in range(2))
        assert first.headers["Location"] == second.headers["Location"]
        assert BulkRun.objects.count() == 1

    def test_stands_in_the_history_of_each(self, as_editor, editor):
        article = make_article(by=editor)
        do(as_editor, "publish")
        assert LogEntry.objects.filter(object_id=str(article.pk)).count() == 1

    @pytest.mark.parametrize(("name", "status"), [("withdraw", 422), ("move", 422), ("tag", 422)])
    def test_asks_for_what_is_missing(self, as_editor, editor, name, status):
        make_edition(by=editor)
        assert do(as_editor, name).status_code == status
        assert not BulkRun.objects.exists()

    def test_keeps_a_reason_that_is_too_long_in_its_field(self, as_editor, editor):
        make_edition(by=editor)
        typed = "长" * 201
        looked = look(as_editor, "withdraw", f"&look=1&reason={typed}")
        for answer, status in ((looked, 200), (do(as_editor, "withdraw", reason=typed), 422)):
            assert answer.status_code == status
            assert f'value="{typed}"' in answer.content.decode()
            assert len(answer.context["problems"]) == 1
            assert 'name="key"' not in answer.content.decode()
        assert not BulkRun.objects.exists()

    @pytest.mark.parametrize(
        ("name", "facts"), [("withdraw", {"reason": "误\0发"}), ("tag", {"tag": "安\0全"})]
    )
    def test_is_not_stopped_by_a_nul(self, as_editor, editor, name, facts):
        make_edition(by=editor)
        answer = do(as_editor, name, **facts)
        assert as_editor.get(answer.headers["Location"]).context["done"] == 1

    def test_moves_and_tags(self, as_editor, editor):
        make_article(by=editor)
        channel = make_channel()
        do(as_editor, "move", channel=channel.pk)
        do(as_editor, "tag", tag="安全生产")
        article = Article.objects.get()
        assert article.channel == channel
        assert list(article.tags.names()) == ["安全生产"]

    def test_report_is_of_who_made_it(self, as_editor, editor, chief):
        make_article(by=editor)
        address = do(as_editor, "publish").headers["Location"]
        other = Client()
        other.force_login(chief, backend="newsroom.authentication.OneStatementBackend")
        assert other.get(address).status_code == 404
        assert other.post(f"{address}undo/").status_code == 404
        assert Edition.objects.live()

    def test_is_no_get(self, as_editor, editor):
        make_article(by=editor)
        address = do(as_editor, "publish").headers["Location"]
        assert as_editor.get(f"{address}undo/").status_code == 405


class TestReportOfWhatIsNotOver:
    """Of three stories that were chosen; the third was not come to."""

    def kept(self, by, *outcomes: dict[str, Any] | None, **fields: Any) -> BulkRun:
        stories = [make_article(by=by) for _ in range(3)]
        lines = [
            {"article": story.pk, "title": story.title, "done": True, "says": "做了"}
            | ({"undo": outcome} if outcome else {})
            | {"before": {"version": 1, "status": "draft"}}
            for story, outcome in zip(stories, outcomes, strict=False)
        ]
        chosen = {"chosen": [story.pk for story in stories]}
        return BulkRun.objects.create(
            action="publish", made_by=by, facts=chosen, lines=lines, **fields
        )

    def page(self, client: Client, kept: BulkRun) -> str:
        return client.get(f"{LIST}bulk-runs/{kept.pk}/").content.decode()

    def test_says_that_it_still_runs(self, as_editor, editor, noon):
        kept = self.kept(editor, None, None)
        html = self.page(as_editor, kept)
        assert 'role="status"' in html
        assert "errornote" not in html
        assert "<button" not in html.partition('class="bulk"')[2]
        as_editor.post(f"{LIST}bulk-runs/{kept.pk}/undo/")
        kept.refresh_from_db()
        assert kept.undone_at is None

    def test_says_that_it_was_cut_off_when_it_is_silent(
        self, as_editor, editor, noon, time_machine
    ):
        kept = self.kept(editor, None, None)
        time_machine.move_to(noon + SILENCE + timedelta(seconds=1), tick=False)
        html = self.page(as_editor, kept)
        assert "errornote" in html
        assert 'role="status"' not in html
        assert "全部撤销" in html

    def test_says_that_it_is_being_undone(self, as_editor, editor, noon):
        kept = self.kept(editor, None, {"done": True, "says": "撤了"}, undone_at=noon)
        html = self.page(as_editor, kept)
        assert 'role="status"' in html
        assert "<button" not in html.partition('class="bulk"')[2]

    def test_lets_an_undo_that_was_cut_off_go_on(self, as_editor, editor, noon, time_machine):
        undone = {"done": True, "says": "撤了"}
        kept = self.kept(editor, None, undone, undone_at=noon)
        time_machine.move_to(noon + SILENCE + timedelta(seconds=1), tick=False)
        html = self.page(as_editor, kept)
        assert "errornote" in html
        assert "全部撤销" not in html
        assert "<button" in html.partition('class="bulk"')[2]
        as_editor.post(f"{LIST}bulk-runs/{kept.pk}/undo/")
        kept.refresh_from_db()
        assert "undo" in kept.lines[0]
        assert kept.lines[1]["undo"] == undone
        assert kept.is_undone

    def test_sent_twice_does_not_say_that_it_was_done(self, as_editor, editor, noon):
        kept = self.kept(editor, None, None)
        key = str(uuid4())
        BulkRun.objects.update(facts=kept.facts | {"key": key})
        answer = do(as_editor, "publish", key=key)
        assert answer.headers["Location"] == f"{LIST}bulk-runs/{kept.pk}/"
        assert not list(as_editor.get(answer.headers["Location"]).context["messages"])
