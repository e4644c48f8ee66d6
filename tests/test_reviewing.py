"""The way of a story through its reviews: moves, refusals, two at once, and random walks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import publishing, recording, reviewing, tracking, waiting, workflow, writing
from articles.models import (
    Article,
    ContentClass,
    Edition,
    Notice,
    Revision,
    Role,
    Stage,
    Transition,
)
from articles.models.review_chain import stages_for
from articles.recording import Actor
from tests.editorial import appoint, fresh, make, make_chain, manuscript
from tests.factories import make_article, make_channel, make_department

WAY = (
    ("submit", "correspondent", "unit"),
    ("approve", "unit", "received"),
    ("submit", "editor", "first"),
    ("approve", "first", "second"),
    ("approve", "second", "final"),
    ("approve", "final", "approved"),
    ("publish", "publisher", "writing"),
)


class House:
    """A department, a channel whose stories pass all reviews, and somebody for each."""

    def __init__(self) -> None:
        self.department, self.channel = make_department(name="东岭矿业有限公司"), make_channel()
        make_chain(Stage.UNIT, Stage.FIRST, Stage.SECOND, Stage.FINAL, channel=self.channel)
        self.people = {
            role.value: appoint(
                f"house-{role.value}", role, self.department if role in OF_UNIT else None
            )
            for role in Role
        }

    def __getitem__(self, role: str) -> User:
        return self.people[role]

    def manuscript(self) -> Article:
        return manuscript(self["correspondent"], self.department, self.channel)


OF_UNIT = {Role.CORRESPONDENT, Role.UNIT_REVIEWER}


@pytest.fixture
def house(db) -> House:
    return House()


def walk(house: House, article: Article, until: str) -> Article:
    """Along WAY until the working copy stands at a stage."""
    for name, who, stage in WAY:
        if article.stage == until:
            break
        make(name, article, house[who])
        assert article.stage == stage
    return article


def rewrite(article: Article, by: User, title: str) -> Article:
    current = Article.objects.get(pk=article.pk)
    current.title = title
    writing.keep(current, body=current.body, tags=[], by=by, based_on=current.version)
    article.refresh_from_db()
    return article


class TestTheWay:
    def test_leads_through_all_reviews_to_readers(self, house):
        article = house.manuscript()
        for name, who, stage in WAY:
            make(name, article, house[who])
            assert article.stage == stage
        assert article.status == "published"
        assert Edition.objects.live().filter(pk=article.pk).exists()
        rows = Transition.objects.of(article.pk)
        assert [(row.move, row.actor_name) for row in rows] == [
            (name, f"house-{who}") for name, who, _stage in WAY
        ]
        assert recording.verify().faults == []

    def test_of_an_editors_own_story_begins_at_the_first_review(self, house):
        article = make_article(by=house["editor"], channel=house.channel)
        make("submit", article, house["editor"])
        assert (article.stage, article.chain) == ("first", "first second final")

    def test_is_none_where_there_is_no_chain(self, house, editor):
        article = make_article(by=editor)
        make("publish", article, editor)
        assert article.status == "published"

    def test_of_an_editor_elsewhere_is_that_of_a_correspondent_here(self, house):
        """Who is an editor of another channel alone passes no review of this one by that."""
        appoint("house-correspondent", Role.EDITOR, channel=make_channel())
        article = house.manuscript()
        make("submit", article, house["correspondent"])
        assert article.stage == "unit"
        make("approve", article, house["unit"])
        assert not workflow.can(fresh(house["correspondent"]), "submit", article)

    def test_without_a_chain_waits_for_whoever_may_publish(self, house):
        article = make_article(by=house["editor"])
        make("submit", article, house["editor"])
        assert article.stage == "approved"
        make("publish", article, house["publisher"])
        assert article.status == "published"

    def test_is_that_of_the_nearest_channel_and_the_very_class(self, house):
        below = make_channel(parent=house.channel)
        important = ContentClass.objects.create(name="领导活动")
        make_chain(Stage.FINAL, channel=house.channel, content_class=important)
        story = Article(channel=below)
        assert len(stages_for(story)) == 4
        story.content_class = important
        assert stages_for(story) == (Stage.FINAL,)
        make_chain(channel=below)
        assert stages_for(story) == ()
        assert stages_for(Article(channel=make_channel())) == ()


class TestRefusals:
    def refused(self, name: str, article: Article, by: User, **facts) -> str:
        before = Transition.objects.count()
        with pytest.raises(workflow.MoveRefused) as caught:
            make(name, article, by, **facts)
        assert Transition.objects.count() == before
        return str(caught.value)

    def test_of_a_text_that_changed_since(self, house):
        article = walk(house, house.manuscript(), "received")
        rewrite(article, house["editor"], "改后的标题")
        old = article.version - 1
        assert self.refused("submit", article, house["editor"], version=old)

    def test_of_ones_own_text(self, house):
        """An editor who also holds the first review wrote on it."""
        appoint("house-editor", Role.FIRST_REVIEWER)
        article = walk(house, house.manuscript(), "received")
        rewrite(article, house["editor"], "编辑改过的标题")
        make("submit", article, house["editor"])
        assert self.refused("approve", article, house["editor"])
        make("approve", article, house["first"])

    def test_of_a_second_stage_by_the_same_person(self, house):
        appoint("house-first", Role.SECOND_REVIEWER)
        article = walk(house, house.manuscript(), "second")
        assert self.refused("approve", article, house["first"])

    def test_of_ones_own_text_when_it_was_withdrawn(self, house):
        """Readers have nothing of it any more, so all of it is new to them."""
        appoint("house-editor", Role.FIRST_REVIEWER)
        article = walk(house, house.manuscript(), "received")
        rewrite(article, house["editor"], "编辑改过的标题")
        for name, who, _stage in WAY[2:]:
            make(name, article, house[who])
        make("withdraw", article, house["publisher"], reason="数字有误")
        make("submit", article, house["chief"])
        assert self.refused("approve", article, house["editor"])
        assert article not in waiting.for_person(fresh(house["editor"]))
        make("approve", article, house["first"])

    def test_of_a_superuser_who_wrote_it(self, house, chief):
        article = make_article(by=chief, channel=house.channel)
        make("submit", article, chief)
        assert self.refused("approve", article, chief)

    def test_of_going_back_without_a_reason(self, house):
        article = walk(house, house.manuscript(), "first")
        assert self.refused("send back", article, house["first"])
        assert self.refused("send back", article, house["first"], reason=" \0 ")
        assert self.refused("send back", article, house["first"], reason="长" * 501)

    def test_of_publishing_past_the_reviews(self, house):
        appoint("house-editor", Role.PUBLISHER)
        article = walk(house, house.manuscript(), "received")
        assert self.refused("publish", article, house["editor"])

    def test_of_publishing_what_was_approved_otherwise(self, house):
        """Somebody who gets past the lock of the text does not get past the record."""
        article = walk(house, house.manuscript(), "approved")
        revision = Revision.objects.get(article=article, number=article.version)
        Revision.objects.filter(pk=revision.pk).update(sha256="0" * 64)
        assert self.refused("publish", article, house["publisher"])

    def test_of_a_double_click(self, house):
        article = walk(house, house.manuscript(), "first")
        make("approve", article, house["first"])
        assert self.refused("approve", article, house["first"])

    def test_of_an_empty_text(self, house):
        article = manuscript(house["correspondent"], house.department, house.channel, body="")
        assert self.refused("submit", article, house["correspondent"])


class TestTheText:
    @pytest.mark.parametrize("stage", ["unit", "first", "second", "final", "approved"])
    def test_is_locked_under_review(self, house, stage):
        article = walk(house, house.manuscript(), stage)
        with pytest.raises(writing.TextLocked):
            rewrite(article, house["editor"], "审核中改动")
        assert Article.objects.get(pk=article.pk).title != "审核中改动"

    def test_goes_back_to_whoever_submitted_it(self, house):
        article = walk(house, house.manuscript(), "second")
        make("recall", article, house["editor"])
        assert article.stage == "received"
        rewrite(article, house["editor"], "取回后改动")
        make("submit", article, house["editor"])
        assert article.stage == "first"

    def test_once_sent_back_is_read_again_from_the_start(self, house):
        article = walk(house, house.manuscript(), "final")
        make("send back", article, house["final"], reason="第三段数字请核对")
        assert article.stage == "returned"
        rewrite(article, house["editor"], "核对后的标题")
        make("submit", article, house["editor"])
        assert (article.stage, workflow.missing_reviews(article)) == (
            "first",
            [Stage.FIRST, Stage.SECOND, Stage.FINAL],
        )

    def test_of_a_published_story_is_reviewed_while_readers_keep_theirs(self, house):
        article = house.manuscript()
        for name, who, _stage in WAY:
            make(name, article, house[who])
        rewrite(article, house["editor"], "第二版标题")
        make("submit", article, house["editor"])
        assert article.stage == "first"
        for who in ("first", "second", "final"):
            assert Edition.objects.live().get(pk=article.pk).title != "第二版标题"
            make("approve", article, house[who])
        make("publish", article, house["publisher"])
        assert Edition.objects.live().get(pk=article.pk).title == "第二版标题"

    def test_what_was_submitted_is_never_folded_away(self, house):
        article = house.manuscript()
        sitting = writing.Sitting("a" * 32, is_autosave=True, step=1)
        article.title = "自动保存的标题"
        writing.keep(
            article,
            body=article.body,
            tags=[],
            by=house["correspondent"],
            based_on=article.version,
            sitting=sitting,
        )
        make("submit", article, house["correspondent"])
        submitted = article.version
        make("recall", article, house["correspondent"])
        article.title = "又一次自动保存"
        later = writing.Sitting("a" * 32, is_autosave=True, step=2)
        writing.keep(
            article,
            body=article.body,
            tags=[],
            by=house["correspondent"],
            based_on=article.version,
            sitting=later,
        )
        assert article.revisions.filter(number=submitted).exists()

    @pytest.mark.parametrize("name", ["reserve", "send back"])
    def test_what_was_decided_on_is_never_folded_away(self, house, name):
        article = walk(house, house.manuscript(), "received")

        def autosave(step: int) -> None:
            current = Article.objects.get(pk=article.pk)
            current.title = f"自动保存{step}"
            sitting = writing.Sitting("a" * 32, is_autosave=True, step=step)
            writing.keep(
                current,
                body=current.body,
                tags=[],
                by=house["editor"],
                based_on=current.version,
                sitting=sitting,
            )

        autosave(1)
        make(name, article, house["editor"], reason="暂缓")
        decided = Transition.objects.of(article.pk).last()
        autosave(2)
        assert article.revisions.filter(number=decided.revision).exists()


class TestTheMap:
    def test_shows_a_stage_as_done_until_the_text_comes_to_it_again(self, house):
        article = walk(house, house.manuscript(), "final")
        make("recall", article, house["editor"])
        make("submit", article, house["editor"])
        make("approve", article, house["first"])
        steps = tracking.track(article, house["second"]).steps
        assert [(step.stage, step.state) for step in steps if step.state != "ahead"] == [
            ("writing", "done"),
            ("unit", "done"),
            ("received", "done"),
            ("first", "done"),
            ("second", "here"),
        ]


class TestNotices:
    def test_tell_those_it_waits_for_and_those_who_wrote(self, house):
        article = walk(house, house.manuscript(), "first")
        assert self.of(house["first"]) == {"waiting"}
        assert self.of(house["correspondent"]) == {"adopted"}
        make("send back", article, house["first"], reason="请补充数据来源")
        assert self.of(house["first"]) == set()
        assert self.of(house["correspondent"]) == {"adopted", "returned"}
        assert Notice.objects.get(user=house["editor"], kind="returned").words == "请补充数据来源"

    def test_ask_nobody_who_may_not_decide(self, house):
        """The chief could do any review, but wrote on this text."""
        article = make_article(by=house["chief"], channel=house.channel)
        make("submit", article, house["chief"])
        assert self.of(house["chief"]) == set()
        assert self.of(house["first"]) == {"waiting"}

    @staticmethod
    def of(user: User) -> set[str]:
        return set(Notice.objects.unread().filter(user=user).values_list("kind", flat=True))


def at_once(*calls):
    """What each call came to, an exception included; all begin at the same moment."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait(10)
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def decide(self, article: Article, name: str, who: User, reason: str = ""):
        version = article.version
        return lambda: reviewing.make(
            name, article, by=Actor(fresh(who)), version=version, reason=reason
        )

    def test_reviewers_decide_once(self):
        house = House()
        second = appoint("other first", Role.FIRST_REVIEWER)
        article = walk(house, house.manuscript(), "first")
        results = at_once(
            self.decide(article, "approve", house["first"]),
            self.decide(article, "send back", second, "请补充数据来源"),
        )
        assert sorted(type(each).__name__ for each in results) == ["MoveRefused", "Transition"]
        assert Transition.objects.filter(from_stage="first").count() == 1
        assert recording.verify().faults == []

    def test_a_double_submit_is_one_submission(self):
        house = House()
        article = house.manuscript()
        submit = self.decide(article, "submit", house["correspondent"])
        results = at_once(submit, submit)
        assert sorted(type(each).__name__ for each in results) == ["MoveRefused", "Transition"]
        assert Transition.objects.count() == 1

    def test_a_double_publication_is_one_publication(self, editor):
        """Without a chain the stage stays as it is, so it does not stop the second click."""
        article = make_article(by=editor)
        version = article.version

        def publish() -> Edition:
            current, by = Article.objects.get(pk=article.pk), Actor(fresh(editor))
            return publishing.publish(current, by=by, version=version)

        results = at_once(publish, publish)
        assert sorted(type(each).__name__ for each in results) == ["Edition", "NothingNew"]
        assert Transition.objects.count() == 1

    def test_one_publishes_while_another_withdraws(self):
        house = House()
        article = house.manuscript()
        for name, who, _stage in WAY:
            make(name, article, house[who])
        rewrite(article, house["editor"], "第二版标题")
        for name, who, _stage in WAY[2:-1]:
            make(name, article, house[who])
        by = Actor(fresh(house["publisher"]))
        results = at_once(
            lambda: publishing.publish(Article.objects.get(pk=article.pk), by=by),
            lambda: publishing.withdraw(
                Article.objects.get(pk=article.pk), by=by, reason="数字有误"
            ),
        )
        assert not [each for each in results if not isinstance(each, Edition)]
        article, edition = Article.objects.get(pk=article.pk), Edition.objects.get()
        assert article.status == ("withdrawn" if edition.withdrawn_at else "published")
        last = Transition.objects.of(article.pk).last()
        assert last is not None
        assert last.move == ("withdraw" if edition.withdrawn_at else "publish")
        assert recording.verify().faults == []


MOVES = sorted(workflow.MOVES)


@pytest.mark.django_db
@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from([*MOVES, "write"]), st.sampled_from(list(Role))),
        min_size=20,
        max_size=60,
    ),
    is_eager=st.booleans(),
)
def test_random_walks_break_no_rule(house, steps, is_eager):
    """Whoever tries whatever: readers only get what every review approved, each by another."""
    with transaction.atomic():
        article = house.manuscript()
        for number, step in enumerate(steps):
            # Half of the walks follow the way at every other step, so that they arrive.
            name, role = _next_on_the_way(article) if is_eager and number % 2 else step
            _try(house, article, name, role.value, number)
            _assert_no_rule_is_broken(article)
        assert recording.verify().faults == []
        transaction.set_rollback(True)


def _next_on_the_way(article: Article) -> tuple[str, Role]:
    ways = {
        "writing": ("submit", Role.CORRESPONDENT),
        "returned": ("submit", Role.CORRESPONDENT),
        "received": ("submit", Role.EDITOR),
        "reserve": ("submit", Role.EDITOR),
        "rejected": ("reopen", Role.EDITOR),
        "approved": ("publish", Role.PUBLISHER),
        "unit": ("approve", Role.UNIT_REVIEWER),
        "first": ("approve", Role.FIRST_REVIEWER),
        "second": ("approve", Role.SECOND_REVIEWER),
        "final": ("approve", Role.FINAL_REVIEWER),
    }
    return ways[article.stage]


def _try(house: House, article: Article, name: str, who: str, number: int) -> None:
    try:
        with transaction.atomic():
            if name == "write":
                current = Article.objects.get(pk=article.pk)
                if workflow.can(fresh(house[who]), "edit", current):
                    rewrite(article, house[who], f"第{number}稿")
            else:
                make(name, article, house[who], reason="按规定办理")
    except workflow.MoveRefused:
        pass


def _assert_no_rule_is_broken(article: Article) -> None:
    rows = list(Transition.objects.of(article.pk))
    writers = {article.created_by_id}
    deciders: dict[int, set[str]] = {}
    approved: dict[str, str] = {}
    round_began = 0
    for row in rows:
        if row.move == "publish":
            assert set(approved) >= {"first", "second", "final"}
            assert {approved[stage] for stage in ("first", "second", "final")} == {row.sha256}
            deciders, approved, round_began = {}, {}, row.revision
        elif row.from_stage in {"unit", "first", "second", "final"} and row.move in {
            "approve",
            "send back",
            "reject",
            "reserve",
        }:
            assert row.actor_id is not None
            written = article.revisions.filter(
                number__gt=round_began, number__lte=row.revision
            ).values_list("saved_by_id", flat=True)
            assert row.actor_id not in writers | set(written)
            deciders.setdefault(row.actor_id, set()).add(row.from_stage)
            assert len(deciders[row.actor_id]) == 1
            if row.move == "approve":
                approved[row.from_stage] = row.sha256
