"""A leader without an account decides by a link, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles import inviting, workflow, writing
from articles.models import Article, Notice, ReviewLink, Role, Stage, Transition
from articles.recording import Actor, verify
from tests.editorial import make, make_chain, somebody
from tests.factories import make_article

pytestmark = pytest.mark.django_db

LEADER = "李建国 副总经理"


@pytest.fixture
def editor(db):
    return somebody(Role.EDITOR, "周敏")


@pytest.fixture
def reviewer(db):
    return somebody(Role.FIRST_REVIEWER, "吴刚")


@pytest.fixture
def article(noon, editor):
    """Waits at the first of two reviews."""
    make_chain(Stage.FIRST, Stage.FINAL)
    article = make_article(by=editor)
    make("submit", article, editor)
    return article


def invite(article: Article, by, *, person: str = LEADER, days: int = 3) -> ReviewLink:
    return inviting.invite(article, by=Actor(by), person=person, days=days, version=article.version)


def decide(link: ReviewLink, decision: str = "approve", **typed) -> inviting.Decided:
    typed = {"name": link.person, "reason": "", "address": "10.0.0.9"} | typed
    return inviting.decide(inviting.token_of(link), decision, **typed)


class TestInvite:
    def test_binds_person_stage_and_revision(self, article, reviewer):
        link = invite(article, reviewer)
        assert (link.person, link.stage, link.revision) == (LEADER, "first", article.version)
        assert inviting.open_link(inviting.token_of(link)) == link

    def test_is_recorded_and_counts_as_acting_at_the_stage(self, article, reviewer):
        link = invite(article, reviewer)
        row = Transition.objects.latest("number")
        assert (row.move, row.from_stage, row.to_stage) == ("invite", "first", "first")
        assert (row.actor, row.facts["link"], row.facts["person"]) == (reviewer, link.pk, LEADER)
        decide(link)
        article.refresh_from_db()
        assert article.stage == "final"
        final = somebody(Role.FINAL_REVIEWER)
        assert workflow.can(final, "approve", article)
        final.groups.add(*reviewer.groups.all())
        # Whoever invited at the first review decides at no other one.
        from articles.models import Appointment

        Appointment.objects.create(user=reviewer, role=Role.FINAL_REVIEWER)
        both = type(reviewer).objects.get(pk=reviewer.pk)
        both.groups.add(*final.groups.all())
        assert not workflow.can(both, "approve", article)

    def test_is_for_those_who_could_decide_themselves(self, article, editor, outsider):
        for user in (editor, outsider, somebody(Role.FINAL_REVIEWER)):
            with pytest.raises(workflow.MoveRefused):
                invite(article, user)
        assert not ReviewLink.objects.exists()

    def test_is_never_for_who_wrote_on_the_text(self, article, chief, editor):
        make("recall", article, editor)
        writing.keep(article, body="<p>新。</p>", tags=[], by=chief, based_on=article.version)
        make("submit", article, editor)
        with pytest.raises(workflow.MoveRefused):
            invite(article, chief)

    def test_refuses_a_text_that_was_not_on_screen(self, article, reviewer):
        with pytest.raises(workflow.MoveRefused):
            inviting.invite(article, by=Actor(reviewer), person=LEADER, days=3, version=99)

    @pytest.mark.parametrize(
        "typed",
        [{"person": ""}, {"person": " \0"}, {"person": "长" * 41}, {"days": 0}, {"days": 30}],
    )
    def test_refuses_in_a_sentence(self, article, reviewer, typed):
        with pytest.raises(inviting.InvitationRefused) as refusal:
            invite(article, reviewer, **typed)
        assert str(refusal.value)
        assert not ReviewLink.objects.exists()

    def test_refuses_who_wrote_or_decided_before_by_name(self, article, editor, reviewer, chief):
        with pytest.raises(inviting.InvitationRefused):
            invite(article, reviewer, person="周敏 主任")
        decide(invite(article, reviewer))
        article.refresh_from_db()
        with pytest.raises(inviting.InvitationRefused):
            invite(article, chief, person=f"{LEADER} 兼")
        assert invite(article, chief, person="李建国（另一位）").pk

    def test_knows_names_with_blanks(self, article, reviewer, editor):
        editor.last_name, editor.first_name = "John ", "Smith"
        editor.save()
        for person in ("John Smith", "John Smith 主任"):
            with pytest.raises(inviting.InvitationRefused):
                invite(article, reviewer, person=person)
        assert invite(article, reviewer, person="John Brown").pk


class TestDecide:
    def test_approves_into_the_same_record(self, article, reviewer, editor):
        link = invite(article, reviewer)
        assert decide(link, reason="同意发布。").move == "approve"
        article.refresh_from_db()
        row = Transition.objects.latest("number")
        assert (article.stage, row.actor, row.actor_name) == ("final", None, LEADER)
        assert (row.revision, row.reason, row.address) == (
            article.version,
            "同意发布。",
            "10.0.0.9",
        )
        assert row.facts == {
            "link": link.pk,
            "person": LEADER,
            "invited_by": reviewer.pk,
            "invited_by_name": "吴刚",
        }
        assert row.sha256 == article.revisions.get(number=article.version).sha256
        assert verify().faults == []
        assert workflow.missing_reviews(article) == ["final"]

    def test_returns_with_a_reason_the_author_hears(self, article, reviewer, editor):
        link = invite(article, reviewer)
        with pytest.raises(workflow.MoveRefused):
            decide(link, "send back")
        decide(link, "send back", reason="数字要核对。")
        article.refresh_from_db()
        assert article.stage == "returned"
        notice = Notice.objects.get(kind=Notice.Kind.RETURNED)
        assert (notice.user, notice.words) == (editor, "数字要核对。")

    @pytest.mark.parametrize("name", ["", " ", "\0", "长" * 41])
    def test_needs_a_name(self, article, reviewer, name):
        with pytest.raises(workflow.MoveRefused):
            decide(invite(article, reviewer), name=name)

    @pytest.mark.parametrize("decision", ["", "publish", "withdraw", "reject", "submit"])
    def test_makes_no_other_move(self, article, reviewer, decision):
        with pytest.raises(inviting.LeadsNowhere):
            decide(invite(article, reviewer), decision)
        article.refresh_from_db()
        assert article.stage == "first"

    def test_twice_decides_once(self, article, reviewer):
        link = invite(article, reviewer)
        decide(link)
        before = Transition.objects.count()
        assert decide(link).move == "approve"
        assert Transition.objects.count() == before

    @pytest.mark.parametrize(
        "other",
        [
            {"decision": "send back", "reason": "还是不行。"},
            {"name": "赵总"},
            {"reason": "另有意见。"},
        ],
    )
    def test_otherwise_a_second_time_is_refused(self, article, reviewer, other):
        """Somebody else had the page open as well: they must not be thanked for what they undid."""
        link = invite(article, reviewer)
        decide(link)
        before = Transition.objects.count()
        with pytest.raises(inviting.LeadsNowhere):
            decide(link, **other)
        assert Transition.objects.count() == before

    def test_ends_all_other_links_for_it(self, article, reviewer):
        first, second = invite(article, reviewer), invite(article, reviewer, person="王总")
        decide(first)
        second.refresh_from_db()
        assert second.revoked_at
        with pytest.raises(inviting.LeadsNowhere):
            decide(second)


class TestALinkDies:
    """Each case ends a link that led somewhere."""

    @pytest.fixture
    def link(self, article, reviewer):
        link = invite(article, reviewer)
        assert self.leads(link)
        return link

    def leads(self, link: ReviewLink) -> bool:
        open_now = inviting.open_link(inviting.token_of(link)) is not None
        if not open_now:
            with pytest.raises(inviting.LeadsNowhere):
                decide(link)
        return open_now

    def test_in_time(self, link, noon, time_machine):
        time_machine.move_to(noon + timedelta(days=3))
        assert not self.leads(link)

    def test_when_it_is_revoked(self, link):
        assert inviting.revoke(link)
        assert not inviting.revoke(link)
        assert not self.leads(link)

    def test_when_the_stage_is_over(self, link, article, reviewer):
        make("approve", article, reviewer)
        assert not self.leads(link)

    def test_for_good_when_the_text_comes_back_unchanged(
        self, link, article, reviewer, editor, noon, time_machine
    ):
        make("send back", article, reviewer, reason="请核对。")
        time_machine.move_to(noon + timedelta(hours=1))
        make("submit", article, editor)
        assert (article.stage, article.version) == (link.stage, link.revision)
        assert not self.leads(link)

    @pytest.mark.parametrize("lost", ["group", "appointment", "account"])
    def test_with_the_rights_of_its_maker(self, link, reviewer, lost):
        if lost == "group":
            reviewer.groups.clear()
        elif lost == "appointment":
            reviewer.appointments.update(role=Role.SECOND_REVIEWER)
        else:
            type(reviewer).objects.filter(pk=reviewer.pk).update(is_active=False)
        assert not self.leads(link)

    def test_with_its_article(self, link, article):
        Article.objects.filter(pk=article.pk).update(deleted_at=link.created_at)
        assert not self.leads(link)


class TestToken:
    @pytest.mark.parametrize("token", ["", "1", "1.x", "x.y", "..", "999999999999999999999.a"])
    def test_that_was_made_up_leads_nowhere(self, article, reviewer, token):
        invite(article, reviewer)
        assert inviting.open_link(token) is None
        assert inviting.decided_by(token) is None
        with pytest.raises(inviting.LeadsNowhere):
            inviting.decide(token, "approve", name="李", reason="", address="")

    def test_of_a_preview_opens_no_review(self, article, reviewer, editor):
        from articles import previewing

        link = invite(article, reviewer)
        assert inviting.open_link(previewing.signer().sign(str(link.pk))) is None


class TestRevoking:
    def test_is_for_maker_decider_and_publisher(self, article, reviewer, editor, chief, outsider):
        link = invite(article, reviewer)
        publisher, other = somebody(Role.PUBLISHER), somebody(Role.FIRST_REVIEWER)
        for user in (reviewer, other, publisher, chief):
            assert inviting.may_revoke(user, link), user
        for user in (editor, outsider, somebody(Role.AUDITOR)):
            assert not inviting.may_revoke(user, link), user
