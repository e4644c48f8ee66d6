"""One action on many stories: forecast, run, undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection

from articles import bulk, publishing, recording, writing
from articles.bulk import ACTIONS, Chosen, Facts
from articles.models import Appointment, Article, BulkRun, Edition, Revision
from articles.models.bulk_run import SILENCE
from articles.publishing import Period
from articles.recording import Actor
from articles.workflow import MoveRefused
from tests.factories import (
    figure,
    make_article,
    make_chain,
    make_channel,
    make_colleague,
    make_department,
    make_edition,
    make_image,
    move,
    rewrite,
)

pytestmark = pytest.mark.django_db

NONE = Facts()


def run(name: str, by: User, facts: Facts = NONE, key=None, articles=None) -> BulkRun:
    """On all articles as they are now; with fresh rights, as a request has."""
    chosen = [
        Chosen(article.pk, article.version)
        for article in (articles or Article.objects.order_by("pk"))
    ]
    actor = Actor(User.objects.get(pk=by.pk), "10.0.0.8")
    kept, _is_new = bulk.run(ACTIONS[name], chosen, facts, by=actor, key=key or uuid4())
    return kept


def undo(kept: BulkRun, by: User) -> list[bool]:
    """Whether each story that was done is undone."""
    assert bulk.undo(kept, by=Actor(User.objects.get(pk=by.pk)))
    return [line["undo"]["done"] for line in kept.lines if line["done"]]


def before_call(number: int, act: Callable[[], Any], name: str, monkeypatch) -> None:
    """Something happens before the call of this number of `publishing.publish`, or another one."""
    original, calls = getattr(publishing, name), []

    def called(*values, **options):
        calls.append(1)
        if len(calls) == number:
            act()
        return original(*values, **options)

    monkeypatch.setattr(publishing, name, called)


def killed() -> None:
    raise KeyboardInterrupt


def done(kept: BulkRun) -> list[bool]:
    return [line["done"] for line in kept.lines]


def facts_of(name: str) -> Facts:
    needs = ACTIONS[name].needs
    channel = make_channel(name="另一个").pk if needs == "channel" else None
    return Facts(
        reason="撤下" if needs == "reason" else "",
        channel=channel,
        tag="新标签" if needs == "tag" else "",
    )


class TestForecast:
    def test_says_what_happens_or_why_not(self, editor):
        make_article(by=editor)
        make_article(by=editor, body="")
        lines = bulk.forecast(
            ACTIONS["publish"], list(Article.objects.order_by("pk")), NONE, by=Actor(editor)
        )
        assert lines[0].says
        assert not lines[0].why_not
        assert not lines[1].says
        assert lines[1].why_not

    @pytest.mark.parametrize("name", ACTIONS)
    def test_changes_nothing(self, editor, name):
        article = make_article(by=editor)
        make_edition(by=editor)
        before = list(Article.objects.values())
        rows = Article.objects.select_related("channel", "edition__revision")
        bulk.forecast(ACTIONS[name], list(rows), facts_of(name), by=Actor(editor))
        assert list(Article.objects.values()) == before
        assert Revision.objects.filter(article=article).count() == 1

    @pytest.mark.parametrize("name", ACTIONS)
    def test_says_what_the_run_then_does(self, editor, name):
        make_article(by=editor)
        make_article(by=editor, body="")
        make_edition(by=editor)
        facts = facts_of(name)
        rows = list(Article.objects.order_by("pk"))
        lines = bulk.forecast(ACTIONS[name], rows, facts, by=Actor(editor))
        assert done(run(name, editor, facts)) == [not line.why_not for line in lines]

    @pytest.mark.parametrize("name", ACTIONS)
    def test_offers_an_outsider_nothing(self, editor, outsider, name):
        make_article(by=editor)
        lines = bulk.forecast(
            ACTIONS[name], list(Article.objects.all()), facts_of(name), by=Actor(outsider)
        )
        assert lines[0].why_not

    def test_says_when_undoing_will_not_bring_it_back(self, editor):
        changed = rewrite(make_edition(by=editor), by=editor, title="改")
        as_read = make_edition(by=editor).article
        facts = facts_of("withdraw")
        lines = bulk.forecast(ACTIONS["withdraw"], [changed, as_read], facts, by=Actor(editor))
        assert ["不能在这里撤销" in line.says for line in lines] == [True, False]
        kept = run("withdraw", editor, facts, articles=[changed, as_read])
        assert undo(kept, editor) == [False, True]

    def test_takes_nothing_from_readers_who_have_nothing_yet(self, editor, noon):
        seen = rewrite(make_edition(by=editor), by=editor, title="改")
        waits = make_article(by=editor)
        period = Period(noon + timedelta(days=1))
        waits = rewrite(publishing.publish(waits, by=editor, period=period), by=editor, title="改")
        lines = bulk.forecast(ACTIONS["publish"], [seen, waits], NONE, by=Actor(editor))
        assert "2026-06-16 12:00:00" in lines[1].says
        assert "2026" not in lines[0].says
        run("publish", editor, articles=[waits])
        assert Edition.objects.get(pk=waits.pk).published_at == period.starts_at

    @pytest.mark.parametrize(
        ("name", "facts"),
        [
            ("withdraw", Facts(reason="  ")),
            ("withdraw", Facts(reason="\0")),
            ("withdraw", Facts(reason="长" * 201)),
            ("move", NONE),
            ("move", Facts(channel=4711)),
            ("tag", NONE),
            ("tag", Facts(tag="一、二")),
            ("tag", Facts(tag="长" * 31)),
        ],
    )
    def test_asks_for_what_is_missing(self, name, facts):
        assert facts.faults(ACTIONS[name])

    def test_takes_a_reason_as_long_as_its_column(self):
        assert not Facts(reason="长" * 200 + "  ").faults(ACTIONS["withdraw"])


class TestRun:
    def test_does_what_it_can_and_reports_the_rest(self, editor):
        make_article(by=editor)
        make_article(by=editor, body="")
        kept = run("publish", editor)
        assert done(kept) == [True, False]
        assert kept.lines[1]["why"]
        assert Edition.objects.live().count() == 1
        assert not recording.verify().faults

    def test_follows_the_rule_of_the_single_action(self, writer, editor):
        """Who may not publish one may not publish many."""
        make_article(by=writer)
        assert done(run("publish", writer)) == [False]
        channel = make_channel()
        make_chain(channel=channel, first=True)
        Article.objects.update(channel=channel)
        assert done(run("publish", editor)) == [False]
        assert done(run("submit", editor)) == [True]
        assert Article.objects.get().stage == "first"

    def test_does_not_touch_what_one_may_not_open(self, editor):
        unit = make_department()
        make_article(by=editor, title="暗号金丝猴")
        other = make_colleague("he", "editor", department=unit)
        kept = run("tag", other, Facts(tag="新"))
        assert done(kept) == [False]
        assert "暗号金丝猴" not in str(kept.lines)

    def test_leaves_what_was_saved_since_it_was_looked_at(self, editor):
        article = make_article(by=editor)
        rewrite_draft(article, editor)
        assert done(run("publish", editor, articles=[article])) == [False]

    def test_sent_twice_runs_once(self, editor):
        make_article(by=editor)
        key = uuid4()
        first = run("publish", editor, key=key)
        again = run("publish", editor, key=key)
        assert first == again
        assert BulkRun.objects.count() == 1

    def test_takes_at_most_two_hundred(self, editor):
        chosen = [Chosen(number, 1) for number in range(1, 202)]
        with pytest.raises(ValueError, match="200"):
            bulk.run(ACTIONS["publish"], chosen, NONE, by=Actor(editor), key=uuid4())

    def test_killed_half_way_says_how_far_it_came(self, editor, monkeypatch, noon, time_machine):
        for _ in range(3):
            make_article(by=editor)
        before_call(2, killed, "publish", monkeypatch)
        with pytest.raises(KeyboardInterrupt):
            run("publish", editor)
        kept = BulkRun.objects.get()
        assert (done(kept), kept.left, kept.is_under_way) == ([True], 2, True)
        time_machine.move_to(noon + 2 * SILENCE, tick=False)
        assert not kept.is_under_way
        assert undo(kept, editor) == [True]

    @pytest.mark.parametrize("error", [OSError, IntegrityError])
    def test_goes_on_after_a_story_that_failed(self, editor, monkeypatch, caplog, error):
        def fail() -> None:
            raise error("暗号")

        articles = [make_article(by=editor) for _ in range(3)]
        before_call(2, fail, "publish", monkeypatch)
        kept = run("publish", editor)
        assert done(kept) == [True, False, True]
        assert kept.lines[1]["why"]
        assert "暗号" not in str(kept.lines)
        assert str(articles[1].pk) in caplog.text

    @pytest.mark.django_db(transaction=True)
    def test_prepares_pictures_in_no_transaction(self, editor, monkeypatch):
        """On SQLite it would hold the only write lock."""
        held: list[bool] = []
        prepare = publishing._prepare

        def watched(article: Article) -> None:
            held.append(connection.in_atomic_block)
            prepare(article)

        make_article(by=editor, body=figure(make_image(by=editor)))
        monkeypatch.setattr(publishing, "_prepare", watched)
        run("publish", editor)
        assert undo(run("withdraw", editor, Facts(reason="误发")), editor) == [True]
        assert held == [False, False]

    def test_asks_for_rights_before_each(self, editor, monkeypatch):
        for _ in range(3):
            make_article(by=editor)
        before_call(2, editor.user_permissions.clear, "publish", monkeypatch)
        assert done(run("publish", editor)) == [True, True, False]

    def test_asks_for_appointments_before_each(self, monkeypatch):
        news, other = make_channel(), make_channel()
        person = make_colleague("shen", "chief", channel=news)
        for _ in range(3):
            make_article(by=person, channel=news)
        before_call(2, lambda: Appointment.objects.update(channel=other), "publish", monkeypatch)
        assert done(run("publish", person)) == [True, True, False]

    @pytest.mark.parametrize(
        ("name", "facts", "kept"),
        [
            ("withdraw", Facts(reason=" 误\0发\n"), Facts(reason="误发")),
            ("tag", Facts(tag="安\0全 "), Facts(tag="安全")),
        ],
    )
    def test_keeps_what_a_database_can_keep(self, editor, name, facts, kept):
        make_edition(by=editor)
        noted = run(name, editor, facts)
        assert done(noted) == [True]
        assert (noted.facts["reason"], noted.facts["tag"]) == (kept.reason, kept.tag)
        assert "\0" not in str(list(Edition.objects.values()) + list(Revision.objects.values()))

    def test_moves_to_a_channel_one_files_in(self):
        unit, news, other = make_department(), make_channel(), make_channel()
        person = make_colleague("shen", "editor", department=unit, channel=news)
        make_article(by=person, source_department=unit, channel=news)
        assert done(run("move", person, Facts(channel=other.pk))) == [False]
        assert Article.objects.get().channel == news

    def test_keeps_text_and_pictures(self, editor):
        article = make_article(by=editor, tags=["旧"], body=figure(make_image(by=editor)))
        run("tag", editor, Facts(tag="新"))
        now = Article.objects.get()
        assert sorted(now.tags.names()) == ["新", "旧"]
        assert (now.body, now.version) == (article.body, 2)
        assert now.images.filter(order__gt=0).count() == 1


def rewrite_draft(article: Article, by: User) -> Article:
    now = Article.objects.get(pk=article.pk)
    return writing.keep(now, body="<p>又改了。</p>", tags=[], by=by, based_on=now.version)


class TestUndo:
    def test_takes_back_a_publication(self, editor):
        make_article(by=editor)
        assert undo(run("publish", editor), editor) == [True]
        assert Article.objects.get().status == "withdrawn"
        assert Edition.objects.get().withdrawal_reason

    def test_takes_nothing_from_readers_that_they_had_before(self, editor):
        edition = make_edition(by=editor)
        rewrite(edition, by=editor, title="第二版")
        kept = run("publish", editor)
        assert done(kept) == [True]
        assert undo(kept, editor) == [False]
        assert Edition.objects.live().get().title == "第二版"

    def test_publishes_again_what_was_withdrawn(self, editor, noon):
        make_edition(by=editor, at=noon - timedelta(days=3))
        kept = run("withdraw", editor, Facts(reason="误发"))
        assert not Edition.objects.live()
        assert undo(kept, editor) == [True]
        assert Edition.objects.live().get().published_at == noon - timedelta(days=3)

    def test_publishes_nothing_that_readers_never_had(self, editor):
        rewrite(make_edition(by=editor), by=editor, title="第二版")
        kept = run("withdraw", editor, Facts(reason="误发"))
        assert done(kept) == [True]
        assert undo(kept, editor) == [False]
        assert not Edition.objects.live()
        assert Article.objects.get().status == "withdrawn"

    def test_gives_a_scheduled_story_its_moment_back(self, editor, noon):
        moment = noon + timedelta(days=2)
        publishing.publish(make_article(by=editor), by=editor, period=Period(moment))
        kept = run("withdraw", editor, Facts(reason="误发"))
        assert undo(kept, editor) == [True]
        assert not Edition.objects.live()
        assert Edition.objects.get().published_at == moment

    def test_publishes_nothing_again_that_needs_a_review(self, editor):
        edition = make_edition(by=editor)
        kept = run("withdraw", editor, Facts(reason="误发"))
        make_chain(channel=edition.article.channel, first=True)
        assert undo(kept, editor) == [False]
        assert Article.objects.get().status == "withdrawn"

    def test_recalls_what_was_submitted(self, editor):
        channel = make_channel()
        make_chain(channel=channel, first=True)
        make_article(by=editor, channel=channel)
        assert undo(run("submit", editor), editor) == [True]
        assert Article.objects.get().stage == "writing"

    def test_brings_channel_and_tags_back(self, editor):
        article = make_article(by=editor, tags=["旧"])
        moved = run("move", editor, Facts(channel=make_channel().pk))
        assert undo(moved, editor) == [True]
        assert Article.objects.get().channel == article.channel
        tagged = run("tag", editor, Facts(tag="新"))
        assert undo(tagged, editor) == [True]
        assert list(Article.objects.get().tags.names()) == ["旧"]

    def test_leaves_alone_what_somebody_changed_since(self, editor):
        article = make_article(by=editor)
        kept = run("tag", editor, Facts(tag="新"))
        rewrite_draft(article, editor)
        assert undo(kept, editor) == [False]

    def test_leaves_alone_what_moved_on(self, editor):
        channel = make_channel()
        make_chain(channel=channel, first=True)
        article = make_article(by=editor, channel=channel)
        reviewer = make_colleague("gu", "first")
        kept = run("submit", editor)
        move("send back", article, by=reviewer, reason="缺时间")
        assert undo(kept, editor) == [False]

    def test_needs_the_right_it_needed_before(self, editor, writer):
        make_article(by=editor)
        kept = run("publish", editor)
        assert undo(kept, writer) == [False]
        assert Edition.objects.live()

    def test_happens_once(self, editor):
        make_article(by=editor)
        kept = run("publish", editor)
        undo(kept, editor)
        with pytest.raises(MoveRefused):
            bulk.undo(kept, by=Actor(editor))

    def test_goes_on_after_a_story_that_failed(self, editor, monkeypatch):
        def fail() -> None:
            raise OSError

        for _ in range(3):
            make_article(by=editor)
        kept = run("publish", editor)
        before_call(2, fail, "withdraw", monkeypatch)
        assert undo(kept, editor) == [True, False, True]

    def test_asks_for_rights_before_each(self, editor, monkeypatch):
        for _ in range(3):
            make_article(by=editor)
        kept = run("publish", editor)
        before_call(2, editor.user_permissions.clear, "withdraw", monkeypatch)
        assert undo(kept, editor) == [False, True, True]

    def test_goes_on_where_it_was_cut_off(self, editor, monkeypatch, noon, time_machine):
        for _ in range(3):
            make_article(by=editor)
        kept = run("publish", editor)
        before_call(2, killed, "withdraw", monkeypatch)
        with pytest.raises(KeyboardInterrupt):
            undo(kept, editor)
        assert [line.get("undo", {}).get("done") for line in kept.lines] == [None, None, True]
        with pytest.raises(MoveRefused):
            bulk.undo(kept, by=Actor(editor))
        time_machine.move_to(noon + 2 * SILENCE, tick=False)
        assert len(bulk.undo(kept, by=Actor(editor))) == 2
        assert [line["undo"]["done"] for line in kept.lines] == [True, True, True]
        assert (kept.undone_at, kept.is_undone) == (noon, True)
        assert not Edition.objects.live()

    def test_leaves_a_record_that_holds(self, editor):
        for _ in range(3):
            make_article(by=editor)
        undo(run("publish", editor), editor)
        checked = recording.verify()
        assert (checked.rows, checked.faults) == (6, [])


class TestRunAndUndoAtOnce:
    def test_a_run_is_not_undone_before_its_end(self, editor, monkeypatch):
        for _ in range(3):
            make_article(by=editor)

        def try_it() -> None:
            with pytest.raises(MoveRefused):
                bulk.undo(BulkRun.objects.get(), by=Actor(editor))

        before_call(2, try_it, "publish", monkeypatch)
        kept = run("publish", editor)
        assert done(kept) == [True, True, True]
        assert kept.undone_at is None
        assert undo(kept, editor) == [True, True, True]

    def test_a_run_that_was_taken_for_cut_off_stops(self, editor, monkeypatch, noon, time_machine):
        """It was at its second story all the while; that one can still be taken back."""
        for _ in range(3):
            make_article(by=editor)

        def undo_it() -> None:
            time_machine.move_to(noon + 2 * SILENCE, tick=False)
            assert undo(BulkRun.objects.get(), editor) == [True]

        before_call(2, undo_it, "publish", monkeypatch)
        run("publish", editor)
        kept = BulkRun.objects.get()
        assert done(kept) == [True, True]
        assert kept.lines[0]["undo"]["done"]
        assert Edition.objects.live().count() == 1
        time_machine.move_to(noon + 4 * SILENCE, tick=False)
        assert undo(kept, editor) == [True, True]
        assert not Edition.objects.live()

    def test_an_undo_that_was_taken_for_cut_off_keeps_the_other_report(
        self, editor, monkeypatch, noon, time_machine
    ):
        for _ in range(2):
            make_article(by=editor)
        kept = run("publish", editor)

        def overtake() -> None:
            time_machine.move_to(noon + 2 * SILENCE, tick=False)
            assert undo(BulkRun.objects.get(), editor) == [True, True]

        before_call(2, overtake, "withdraw", monkeypatch)
        assert undo(kept, editor) == [True, True]
        assert [line["undo"]["done"] for line in BulkRun.objects.get().lines] == [True, True]

    def test_of_two_undos_the_one_that_did_it_says_so(
        self, editor, monkeypatch, noon, time_machine
    ):
        """The other one came between the withdrawal and its note, and found nothing to do."""
        make_article(by=editor)
        kept = run("publish", editor)
        withdraw = publishing.withdraw

        def overtaken(*values, **options):
            edition = withdraw(*values, **options)
            monkeypatch.setattr(publishing, "withdraw", withdraw)
            time_machine.move_to(noon + 2 * SILENCE, tick=False)
            assert undo(BulkRun.objects.get(), editor) == [False]
            return edition

        monkeypatch.setattr(publishing, "withdraw", overtaken)
        assert undo(kept, editor) == [True]
        assert BulkRun.objects.get().lines[0]["undo"]["done"]
