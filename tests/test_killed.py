"""A process killed in the middle of a move: all of it happened or nothing, before every query."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from articles import recording, sweeping, workflow, writing
from articles.models import Article, Edition, Notice, Role, Stage, Transition
from tests.editorial import appoint, fresh, make, make_chain, manuscript
from tests.factories import figure, make_channel, make_department, make_image

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW = "一号竖井贯通", "一号竖井提前贯通"
# A publication asks far fewer; a loop that never comes to its end is a fault.
MOST_QUERIES = 300


def _die(*_args: Any, **_options: Any) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("killed")


def _dying_before(number: int) -> Callable[..., Any]:
    asked = 0

    def ask(execute: Any, *query: Any) -> Any:
        nonlocal asked
        asked += 1
        return _die() if asked == number else execute(*query)

    return ask


def survives(move: Callable[[], None], *, query: int = 0, step: str = "") -> bool:
    """Whether a process of its own comes to the end of the move; it is killed before the query of
    this number, or when it comes to this step of the connection."""
    connection.close()
    child = os.fork()
    if not child:
        try:
            if step:
                setattr(connection, step, _die)
            with connection.execute_wrapper(_dying_before(query)):
                move()
            os._exit(0)
        finally:
            os._exit(1)
    _child, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the move failed by itself"
    return not os.WIFSIGNALED(status)


class Round:
    """The second version of a published story on its way, with a picture of its own."""

    def __init__(self) -> None:
        department, channel = make_department(), make_channel()
        self.people = {
            role: appoint(role.value, role, department if role == Role.CORRESPONDENT else None)
            for role in (Role.CORRESPONDENT, Role.EDITOR, Role.FINAL_REVIEWER, Role.PUBLISHER)
        }
        editor = self.people[Role.EDITOR]
        article = manuscript(
            editor,
            department,
            channel,
            title=OLD,
            body="<p>贯通。</p>" + figure(make_image(by=editor), "旧图"),
        )
        make("publish", article, self.people[Role.PUBLISHER])
        make_chain(Stage.FINAL, channel=channel)
        article.refresh_from_db()
        article.title = NEW
        body = "<p>提前贯通。</p>" + figure(make_image(by=editor), "新图")
        writing.keep(article, body=body, tags=[], by=editor, based_on=article.version)
        make("submit", article, editor)
        self.article = article

    def approve(self) -> None:
        make("approve", self.article, self.people[Role.FINAL_REVIEWER])

    def publish(self) -> None:
        make("publish", self.article, self.people[Role.PUBLISHER])

    def state(self) -> tuple[Any, ...]:
        """What readers, staff and the record have of the story."""
        article = Article.objects.get(pk=self.article.pk)
        edition = Edition.objects.get(pk=article.pk)
        page = Client().get(edition.get_absolute_url()).content.decode()
        row = Transition.objects.of(article.pk).last()
        listed = Client().get(edition.channel.get_absolute_url()).content.decode()
        return (
            edition.revision.number,
            edition.title,
            (OLD in page, NEW in page),
            (OLD in listed, NEW in listed),
            (article.status, article.stage, row and row.move),
            edition.body,
            list(Notice.objects.order_by("pk").values_list("user_id", "kind", "read_at")),
        )


def assert_whole(story: Round, move: Callable[[], None]) -> tuple[Any, ...]:
    """Killed before any query of the move, nothing has happened; of what follows the commit, all
    has. Returns what there is then."""
    before = story.state()
    for query in range(1, MOST_QUERIES):
        has_ended, now = survives(move, query=query), story.state()
        assert recording.verify().faults == []
        if has_ended or now != before:
            assert query > 10, "hardly anything was tried"
            return now
    raise AssertionError("the move does not come to an end")


NEW_STATE = (2, NEW, (False, True), (False, True), ("published", "writing", "publish"))


class TestKilled:
    def test_approving_is_decided_or_is_not(self):
        story = Round()
        assert assert_whole(story, story.approve)[4] == ("published", "approved", "approve")
        assert not workflow.missing_reviews(Article.objects.get(pk=story.article.pk))

    def test_publishing_leaves_the_old_version_or_the_new_one(self):
        story = Round()
        story.approve()
        assert assert_whole(story, story.publish)[:5] == NEW_STATE

    def test_before_the_commit_nothing_has_happened(self):
        story = Round()
        story.approve()
        before = story.state()
        assert not survives(story.publish, step="commit")
        assert story.state() == before
        sweeping.sweep(timezone.now())
        assert story.state() == before
        story.publish()
        assert story.state()[:5] == NEW_STATE

    def test_after_the_commit_all_has_happened(self):
        story = Round()
        story.approve()
        assert not survives(story.publish, step="run_and_clear_commit_hooks")
        killed = story.state()
        assert killed[:5] == NEW_STATE
        with pytest.raises(workflow.MoveRefused):
            make("publish", story.article, fresh(story.people[Role.PUBLISHER]))
        assert story.state() == killed
        assert recording.verify().faults == []
