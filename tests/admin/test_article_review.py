"""The review page: what is read, what is decided on it, and what is said when it came too late."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from articles import publishing, recording, reviewing, writing
from articles.models import Article, Comment, Role, Stage, Transition
from articles.recording import Actor
from tests.editorial import appoint, at_stage, fresh, make, make_chain
from tests.factories import make_article, make_department

pytestmark = pytest.mark.django_db

PUBLISHED, CHANGED = "<p>原来的话。</p><p>第二段。</p>", "<p>改过的话。</p><p>第二段。</p>"


def page(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/review/"


def logged_in(person: User) -> Client:
    client = Client(headers={"user-agent": "Firefox"})
    client.force_login(fresh(person), backend="newsroom.authentication.OneStatementBackend")
    return client


def shown(answer) -> dict[str, str]:
    """What the form of the page would send."""
    names = ("version", "seen", "stage")
    page = answer.content.decode()
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in names}
    return {name: match[1] for name, match in found.items() if match}


@pytest.fixture(autouse=True)
def chain():
    return make_chain(Stage.FIRST, Stage.FINAL)


@pytest.fixture
def first():
    return appoint("first", Role.FIRST_REVIEWER)


@pytest.fixture
def final():
    return appoint("final", Role.FINAL_REVIEWER)


@pytest.fixture
def article(editor, first) -> Article:
    article = make_article(by=editor)
    make("submit", article, editor)
    return article


class TestReading:
    def test_names_the_version_the_way_and_whom_it_waits_for(self, article, first):
        answer = logged_in(first).get(page(article))
        text = answer.content.decode()
        assert article.revisions.get().sha256[:12] in text
        assert [step.state for step in answer.context["track"].steps] == [
            "done",
            "here",
            "ahead",
            "ahead",
        ]
        assert answer.context["people"] == ["first"]
        assert f"/admin/articles/article/{article.pk}/preview/?bare=1" in text

    def test_the_frame_shows_the_story_alone(self, article, first):
        answer = logged_in(first).get(f"/admin/articles/article/{article.pk}/preview/?bare=1")
        assert "正文第一段。" in answer.content.decode()
        assert "bare.css" in answer.content.decode()

    def test_shows_only_the_difference_to_what_readers_have(self, editor, first):
        article = make_article(by=editor, body=PUBLISHED)
        at_stage(article, Stage.APPROVED, "first final")
        publishing.publish(Article.objects.get(), by=editor)
        again = Article.objects.get()
        writing.keep(again, body=CHANGED, tags=[], by=editor, based_on=1)
        make("submit", again, editor)
        answer = logged_in(first).get(page(again))
        assert answer.context["side"].base.number == 1
        assert "<ins>改过</ins>" in answer.content.decode()
        assert "<iframe" not in answer.content.decode()
        whole = logged_in(first).get(page(again) + "?show=all")
        assert "<iframe" in whole.content.decode()

    def test_shows_what_changed_since_one_decided(self, article, editor, first):
        make("send back", article, first, reason="改一改")
        again = Article.objects.get()
        writing.keep(again, body="<p>正文第二段。</p>", tags=[], by=editor, based_on=1)
        make("submit", again, editor)
        answer = logged_in(first).get(page(article))
        assert (answer.context["side"].name, answer.context["side"].base.number) == ("read", 1)

    def test_says_why_one_may_not_decide(self, editor, first):
        both = appoint("both", Role.EDITOR)
        appoint("both", Role.FIRST_REVIEWER)
        article = make_article(by=both)
        make("submit", article, both)
        assert logged_in(both).get(page(article)).context["why_not"]

    def test_is_not_there_for_others(self, article, outsider, client):
        faraway = appoint("faraway", Role.FIRST_REVIEWER, make_department())
        for person in (outsider, faraway):
            assert logged_in(person).get(page(article)).status_code in (302, 403, 404)
            sent = {"move": "approve", "version": 1, "seen": 0}
            assert logged_in(person).post(page(article), sent).status_code in (302, 403, 404)
        assert client.get(page(article)).status_code == 302
        article.refresh_from_db()
        assert article.stage == Stage.FIRST

    def test_takes_the_place_of_a_locked_form(self, article, editor, first):
        for person in (editor, first):
            answer = logged_in(person).get(f"/admin/articles/article/{article.pk}/change/")
            assert answer.headers["Location"] == page(article)


class TestDeciding:
    def test_is_recorded_with_person_version_and_address(self, article, first, final):
        client = logged_in(first)
        answer = client.get(page(article))
        sent = shown(answer) | {"move": "approve", "reason": "同意"}
        done = client.post(page(article), sent, follow=True)
        article.refresh_from_db()
        assert article.stage == Stage.FINAL
        row = Transition.objects.first()
        assert (row.move, row.actor, row.revision, row.reason) == ("approve", first, 1, "同意")
        assert row.address == "127.0.0.1"
        assert "final" in str(next(iter(done.context["messages"])))

    def test_needs_a_reason_to_send_back_and_loses_no_word(self, article, first):
        client = logged_in(first)
        sent = shown(client.get(page(article))) | {"move": "send-back", "reason": " "}
        assert client.post(page(article), sent).status_code == 409
        too_long = sent | {"reason": "长" * 501}
        answer = client.post(page(article), too_long)
        assert answer.status_code == 409
        assert "长" * 501 in answer.content.decode()
        client.post(page(article), sent | {"reason": "数字要核对"})
        article.refresh_from_db()
        assert article.stage == Stage.RETURNED

    def test_twice_is_one_decision_and_says_so(self, article, first):
        client = logged_in(first)
        sent = shown(client.get(page(article))) | {"move": "approve"}
        client.post(page(article), sent)
        answer = client.post(page(article), sent, follow=True)
        assert Transition.objects.filter(move="approve").count() == 1
        assert answer.status_code == 200
        assert len(list(answer.context["messages"])) == 2

    def test_on_a_text_changed_since_is_refused_with_the_new_one(self, article, editor, first):
        client = logged_in(first)
        sent = shown(client.get(page(article))) | {"move": "approve", "reason": "我的理由"}
        make("recall", article, editor)
        again = Article.objects.get()
        writing.keep(again, body="<p>新的话。</p>", tags=[], by=editor, based_on=1)
        make("submit", again, editor)
        answer = client.post(page(article), sent)
        assert answer.status_code == 409
        assert answer.context["problems"]
        assert answer.context["article"].version == 2
        assert "我的理由" in answer.content.decode()
        again.refresh_from_db()
        assert again.stage == Stage.FIRST

    @pytest.mark.parametrize("move", ["approve", "send-back"])
    def test_of_one_stage_is_not_for_the_next(self, article, first, final, move):
        """Who may decide at both had the page of the first open while a colleague approved."""
        chief = appoint("chief-of-both", Role.FIRST_REVIEWER)
        appoint("chief-of-both", Role.FINAL_REVIEWER)
        client = logged_in(chief)
        sent = {**shown(client.get(page(article))), "move": move, "reason": "数字要核对"}
        make("approve", article, first)
        answer = client.post(page(article), sent)
        assert answer.status_code == 409
        text = answer.content.decode()
        assert "现在在“终审”" in text
        assert "数字要核对" in text
        article.refresh_from_db()
        assert article.stage == Stage.FINAL
        # Looked at again, it is decided on.
        client.post(page(article), {**sent, **shown(answer)})
        article.refresh_from_db()
        assert article.stage == {"approve": Stage.APPROVED, "send-back": Stage.RETURNED}[move]

    def test_too_late_is_told_to_the_second_of_two(self, article, first):
        other = appoint("other", Role.FIRST_REVIEWER)
        sent = shown(logged_in(other).get(page(article))) | {"move": "reject", "reason": "不用"}
        make("approve", article, first)
        answer = logged_in(other).post(page(article), sent, follow=True)
        told = str(next(iter(answer.context["messages"])))
        assert "first" in told
        assert "不用" in told
        assert logged_in(other).get(page(article)).status_code == 404
        forged = logged_in(appoint("third", Role.PUBLISHER)).post(page(article), sent)
        assert forged.status_code == 404
        article.refresh_from_db()
        assert article.stage == Stage.FINAL

    def test_keeps_a_comment_typed_beside_it(self, article, first):
        client = logged_in(first)
        sent = shown(client.get(page(article))) | {"move": "approve", "words": "图二换一张"}
        client.post(page(article), sent)
        article.refresh_from_db()
        assert article.stage == Stage.FINAL
        assert article.comments.get().words == "图二换一张"

    def test_waits_for_a_comment_that_cannot_be_kept(self, article, first):
        client = logged_in(first)
        sent = shown(client.get(page(article))) | {"move": "approve", "reason": "同意"}
        answer = client.post(page(article), sent | {"words": "长" * 1001})
        assert answer.status_code == 422
        assert "同意" in answer.content.decode()
        article.refresh_from_db()
        assert article.stage == Stage.FIRST

    def test_too_late_names_who_decided_not_who_invited(self, article, first):
        other = appoint("other", Role.FIRST_REVIEWER)
        sent = shown(logged_in(other).get(page(article))) | {"move": "reject", "reason": "不用"}
        with transaction.atomic():
            recording.append(
                article,
                "invite",
                by=Actor(first),
                from_stage=Stage.FIRST,
                to_stage=Stage.FIRST,
            )
        make("approve", article, first)
        answer = logged_in(other).post(page(article), sent, follow=True)
        assert "不用" in str(next(iter(answer.context["messages"])))

    def test_publishes_what_was_approved(self, article, first, final, editor):
        publisher = appoint("publisher", Role.PUBLISHER)
        make("approve", article, first)
        make("approve", article, final)
        client = logged_in(publisher)
        answer = client.get(page(article))
        assert next(slug for _move, slug, _danger in answer.context["moves"]) == "publish"
        client.post(page(article), shown(answer) | {"move": "publish"})
        article.refresh_from_db()
        assert article.is_published

    @pytest.mark.parametrize("name", ["", "withdraw", "end", "submit", "x", "Approve"])
    def test_makes_no_other_move(self, article, first, name):
        sent = {"move": name, "version": 1, "seen": 0}
        assert logged_in(first).post(page(article), sent).status_code == 404

    @pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
    def test_survives_odd_numbers(self, article, first, version):
        sent = {"move": "approve", "version": version, "seen": version}
        assert logged_in(first).post(page(article), sent).status_code == 409


class TestComments:
    def comment(self, article: Article, **words) -> tuple[str, dict]:
        return f"/admin/articles/article/{article.pk}/comments/", {"version": 1, **words}

    def test_are_kept_shown_and_escaped(self, article, first):
        client = logged_in(first)
        client.post(*self.comment(article, words="<script>x</script>", quote="正文"))
        text = client.get(page(article)).content.decode()
        assert "&lt;script&gt;x" in text
        assert "<script>x" not in text

    def test_refused_they_are_not_lost(self, article, first):
        answer = logged_in(first).post(
            *self.comment(article, words="我的批注", quote="没有", suggests="1", replacement="换成")
        )
        assert answer.status_code == 422
        for words in ("我的批注", "没有", "换成"):
            assert words in answer.content.decode()

    def test_refused_they_leave_a_page_one_can_decide_on(self, article, first):
        client = logged_in(first)
        answer = client.post(*self.comment(article, words=""))
        text = answer.content.decode()
        assert f'action="{page(article)}"' in text
        assert 'href="?show' not in text

    def test_too_late_are_told_back(self, article, first):
        other = appoint("other", Role.FIRST_REVIEWER)
        seen = shown(logged_in(other).get(page(article)))
        make("approve", article, first)
        address, sent = self.comment(article, words="第三段的数字")
        answer = logged_in(other).post(address, seen | sent, follow=True)
        assert "第三段的数字" in str(next(iter(answer.context["messages"])))

    def test_leave_the_reason_that_was_typed(self, article, first):
        client = logged_in(first)
        address, sent = self.comment(article, words="图二换一张")
        answer = client.post(address, sent | {"reason": "还没写完的理由"}, follow=True)
        assert "还没写完的理由" in answer.content.decode()
        assert "还没写完的理由" not in client.get(page(article)).content.decode()

    @pytest.mark.parametrize("version", ["999999999999999", "9" * 30, "-1", "x"])
    def test_are_of_a_version_there_is(self, article, first, version):
        client = logged_in(first)
        address, sent = self.comment(article, words="核对")
        client.post(address, sent | {"version": version})
        assert article.comments.get().revision == 1

    def test_sent_while_logged_out_lead_back_to_the_page(self, article, first):
        client = logged_in(first)
        address, _sent = self.comment(article)
        for each in (address, f"{address}1/resolve/"):
            assert client.get(each).headers["Location"] == page(article)

    def test_that_name_nobody_say_so(self, article, first):
        client = logged_in(first)
        address, sent = self.comment(article, words="@不存在的人 请看；@editor 也看；发到a@qq.com")
        told = [str(each) for each in client.post(address, sent, follow=True).context["messages"]]
        assert any("@不存在的人" in each for each in told)
        assert not any(name in each for each in told for name in ("@editor", "@qq.com"))

    def test_stand_beside_the_form_when_it_came_back(self, article, first, editor):
        client = logged_in(first)
        client.post(
            *self.comment(article, words="", quote="第一段", suggests="1", replacement="首段")
        )
        make("send back", article, first, reason="见批注")
        desk = logged_in(editor)
        form = f"/admin/articles/article/{article.pk}/change/"
        text = desk.get(form).content.decode()
        assert 'id="panel-comments"' in text
        assert "见批注" in text
        row = Comment.objects.get()
        take = f"/admin/articles/article/{article.pk}/comments/{row.pk}/take/"
        answer = desk.post(take, {"version": 1, "back": "form"})
        assert answer.headers["Location"] == f"{form}#panel-comments"
        article.refresh_from_db()
        assert "正文首段" in article.body
        assert article.version == 2

    def test_a_stale_take_is_told(self, article, first, editor):
        logged_in(first).post(
            *self.comment(article, words="", quote="第一段", suggests="1", replacement="首段")
        )
        make("recall", article, editor)
        row = Comment.objects.get()
        take = f"/admin/articles/article/{article.pk}/comments/{row.pk}/take/"
        answer = logged_in(editor).post(take, {"version": 7}, follow=True)
        assert answer.status_code == 200
        article.refresh_from_db()
        assert article.version == 1

    @pytest.mark.parametrize("action", ["resolve", "reopen", "take", "leave", "x"])
    def test_are_out_of_reach_for_others(self, article, first, outsider, action):
        logged_in(first).post(*self.comment(article, words="批注"))
        row = Comment.objects.get()
        base = f"/admin/articles/article/{article.pk}/comments/"
        faraway = appoint("faraway", Role.EDITOR, make_department())
        for person in (outsider, faraway):
            for address in (base, f"{base}{row.pk}/{action}/"):
                answer = logged_in(person).post(address, {"words": "y", "version": 1})
                assert answer.status_code in (403, 404)
        row.refresh_from_db()
        assert (row.settled_at, Comment.objects.count()) == (None, 1)

    def test_of_another_story_are_not_found(self, article, first, editor):
        other = make_article(by=editor)
        logged_in(first).post(*self.comment(article, words="批注"))
        row = Comment.objects.get()
        address = f"/admin/articles/article/{other.pk}/comments/{row.pk}/resolve/"
        assert logged_in(editor).post(address).status_code == 404

    def test_names_are_offered_to_those_who_may_comment(self, article, first, outsider):
        address = f"/admin/articles/article/{article.pk}/people/?q=edit"
        assert logged_in(first).get(address).json() == {"people": ["editor"]}
        assert logged_in(outsider).get(address).status_code in (403, 404)


def test_a_recall_leads_back_into_the_form(article, editor):
    client = logged_in(editor)
    sent = shown(client.get(page(article))) | {"move": "recall"}
    answer = client.post(page(article), sent)
    assert answer.headers["Location"] == f"/admin/articles/article/{article.pk}/change/"


def test_costs_the_same_with_many_comments(article, first, django_assert_max_num_queries):
    for number in range(12):
        Comment.objects.create(article=article, revision=1, words=f"第{number}条", made_by=first)
    client = logged_in(first)
    with django_assert_max_num_queries(60):
        client.get(page(article))


def test_actor_and_address_come_from_the_request(article, first):
    """A move by a command has no address."""
    reviewing.make("approve", article, by=Actor(fresh(first)), version=1)
    assert Transition.objects.first().address == ""
