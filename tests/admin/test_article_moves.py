"""Submitting from the form, the small pages of moves, and words typed while a text got locked."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from articles import publishing
from articles.models import Article, Role, Stage, Transition
from articles.publishing import Period
from articles.recording import Actor
from tests.admin.test_article import ADD, change, fields, typed
from tests.admin.test_article_review import logged_in
from tests.editorial import appoint, at_stage, make, make_chain, manuscript
from tests.factories import make_article, make_channel, make_department, make_edition

pytestmark = pytest.mark.django_db


def address(article: Article, name: str) -> str:
    return f"/admin/articles/article/{article.pk}/move/{name}/"


@pytest.fixture
def chain():
    return make_chain(Stage.FIRST)


@pytest.fixture
def first():
    return appoint("first", Role.FIRST_REVIEWER)


class TestSubmitting:
    def test_saves_and_submits_exactly_that(self, as_editor, chain, first):
        as_editor.post(ADD, fields(channel=make_channel().pk, _submit=1))
        article = Article.objects.get()
        row = Transition.objects.get()
        assert (article.stage, article.version) == (Stage.FIRST, 1)
        assert (row.move, row.revision, row.address) == ("submit", 1, "127.0.0.1")

    def test_twice_is_one_submission(self, as_editor, chain, first):
        sent = fields(channel=make_channel().pk, _submit=1)
        as_editor.post(ADD, sent)
        answer = as_editor.post(ADD, sent, follow=True)
        assert Transition.objects.filter(move="submit").count() == 1
        assert Article.objects.get().version == 1
        assert answer.status_code == 200

    def test_says_what_is_missing_and_keeps_the_text(self, as_editor, chain, first):
        as_editor.post(ADD, fields(channel=make_channel().pk, body="", _submit=1))
        article = Article.objects.get()
        assert article.stage == Stage.WRITING
        assert not Transition.objects.exists()

    def test_publishing_twice_prints_once(self, as_editor):
        sent = fields(channel=make_channel().pk, _publish=1)
        as_editor.post(ADD, sent)
        as_editor.post(ADD, sent)
        assert Transition.objects.filter(move="publish").count() == 1


class TestTheBar:
    def test_names_the_next_step_and_to_whom_it_goes(self, as_editor, editor, chain, first):
        article = make_article(by=editor)
        text = as_editor.get(change(article)).content.decode()
        assert 'name="_submit"' in text
        assert "（first）" in text
        assert 'name="_publish"' not in text

    def test_of_a_department_without_chain_publishes(self, as_editor, editor):
        article = make_article(by=editor)
        text = as_editor.get(change(article)).content.decode()
        assert 'name="_publish"' in text
        assert 'name="_submit"' not in text

    def test_says_why_it_came_back(self, as_editor, editor, chain, first):
        article = make_article(by=editor)
        make("submit", article, editor)
        make("send back", article, first, reason="数字要核对")
        assert "数字要核对" in as_editor.get(change(article)).content.decode()

    def test_offers_exactly_the_moves_that_are_open(self, as_editor, editor, writer):
        article = at_stage(make_article(by=writer), Stage.RECEIVED, "")
        moves = as_editor.get(change(article)).context["moves"]
        assert [move.url.rsplit("/", 2)[1] for move in moves] == ["send-back", "reject", "reserve"]

    def test_leads_only_to_pages_that_are_there(self, as_editor, editor, noon):
        article = make_article(by=editor)
        later = Period(noon + timedelta(hours=1))
        publishing.publish(article, by=Actor(editor), period=later)
        for move in as_editor.get(change(article)).context["moves"]:
            assert as_editor.get(move.url).status_code == 200, move.url


class TestPages:
    def test_ask_for_the_reason_and_make_the_move(self, as_editor, writer):
        article = at_stage(make_article(by=writer), Stage.RECEIVED, "")
        answer = as_editor.get(address(article, "send-back"))
        sent = {"version": 1, "seen": answer.context["seen"]}
        refused = as_editor.post(address(article, "send-back"), sent)
        assert refused.status_code == 422
        as_editor.post(address(article, "send-back"), sent | {"reason": "太长"})
        article.refresh_from_db()
        assert article.stage == Stage.RETURNED
        again = as_editor.post(address(article, "send-back"), sent | {"reason": "太长"})
        assert again.status_code == 302
        assert Transition.objects.filter(move="send back").count() == 1

    @pytest.mark.parametrize("name", ["publish", "withdraw", "end", "x", "Approve"])
    def test_are_none_for_other_moves(self, as_editor, editor, name):
        assert as_editor.get(address(make_article(by=editor), name)).status_code == 404

    def test_are_none_for_those_who_may_not(self, as_writer, editor, outsider):
        article = at_stage(make_article(by=editor), Stage.FIRST)
        for name in ("approve", "send-back", "reject", "reserve"):
            assert as_writer.get(address(article, name)).status_code == 404
        sent = {"version": 1, "reason": "x", "seen": 0}
        faraway = appoint("faraway", Role.CHIEF, make_department())
        for person in (outsider, faraway):
            answer = logged_in(person).post(address(article, "reject"), sent)
            assert answer.status_code in (302, 403, 404)
        article.refresh_from_db()
        assert article.stage == Stage.FIRST

    def test_withdrawing_twice_is_one_withdrawal(self, as_editor, editor):
        edition = make_edition(by=editor)
        page = f"/admin/articles/article/{edition.pk}/withdraw/"
        sent = {"reason": "有误", "version": 1, "seen": as_editor.get(page).context["seen"]}
        as_editor.post(page, sent)
        assert as_editor.post(page, sent).status_code == 302
        assert Transition.objects.filter(move="withdraw").count() == 1
        assert Transition.objects.first().address == "127.0.0.1"


class TestALockedText:
    @pytest.fixture
    def article(self, editor, chain, first) -> Article:
        article = make_article(by=editor)
        make("submit", article, editor)
        return article

    def sent(self, article: Article, **given) -> dict[str, str]:
        return fields(channel=article.channel_id, based_on=1, **given)

    def test_loses_no_word_of_the_form(self, as_editor, article):
        answer = as_editor.post(change(article), self.sent(article, title="迟来的题目"))
        assert answer.status_code == 409
        assert typed(answer)["title"] == "迟来的题目"
        assert answer.context["adminform"].form.non_field_errors()
        article.refresh_from_db()
        assert (article.version, article.title) == (1, "同心同向 实干争先")

    def test_is_saved_after_it_was_taken_back(self, as_editor, editor, article):
        sent = self.sent(article, title="迟来的题目")
        as_editor.post(change(article), sent)
        make("recall", article, editor)
        as_editor.post(change(article), sent)
        article.refresh_from_db()
        assert article.title == "迟来的题目"

    def test_is_told_to_scripts_with_the_way_out(self, as_editor, editor, article):
        sent = self.sent(article, title="迟来的题目", _autosave=1, _writer=editor.pk)
        answer = as_editor.post(f"/admin/articles/article/{article.pk}/autosave/", sent)
        assert answer.status_code == 423
        assert answer.json()["review"].endswith(f"/{article.pk}/review/")
        sign = as_editor.post(
            f"/admin/articles/article/{article.pk}/presence/", {"sitting": uuid4().hex}
        )
        assert sign.status_code == 423
        article.refresh_from_db()
        assert article.version == 1

    def test_is_kept_on_the_page_of_two_texts(self, as_editor, article):
        sent = self.sent(article, title="我的", _outcome="mine", theirs=1, written_from=1)
        answer = as_editor.post(change(article), sent)
        assert answer.status_code == 409
        assert typed(answer)["title"] == "我的"

    def test_is_not_restored(self, as_editor, article):
        page = f"/admin/articles/article/{article.pk}/restore/1/"
        assert as_editor.get(page).context["problem"]
        answer = as_editor.post(page, {"based_on": 1})
        assert answer.status_code == 409
        assert answer.context["problem"]

    def test_of_a_correspondent_belongs_to_the_editors(self):
        department = make_department()
        by = appoint("correspondent", Role.CORRESPONDENT, department)
        article = manuscript(by, department, make_channel())
        make("submit", article, by)
        assert article.stage == Stage.RECEIVED
        client = logged_in(by)
        sent = fields(
            channel=article.channel_id,
            source_department=department.pk,
            outside_source="",
            based_on=1,
            title="迟来的题目",
        )
        answer = client.post(change(article), sent)
        assert answer.status_code == 409
        assert typed(answer)["title"] == "迟来的题目"
        article.refresh_from_db()
        assert article.version == 1

    def test_is_not_shown_to_others(self, as_writer, outsider, article):
        answer = logged_in(outsider).post(change(article), self.sent(article, title="x"))
        assert answer.status_code in (302, 403, 404)
