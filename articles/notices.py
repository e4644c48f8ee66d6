"""提醒: who has to know what after a move; read in the admin, sent by e-mail where wished."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import workflow
from articles.models import Article, Comment, Notice, Stage, Transition
from articles.models.article import REVIEWS

Kind = Notice.Kind
# As long as the notice's column.
LONGEST_WORDS = 500
# A move → what its author hears of it.
HEARD = {
    "send back": Kind.RETURNED,
    "reject": Kind.REJECTED,
    "reserve": Kind.RESERVED,
    "publish": Kind.PUBLISHED,
    "withdraw": Kind.WITHDRAWN,
}
# A stage → the move that is expected of somebody there.
EXPECTED = {
    **dict.fromkeys(REVIEWS, "approve"),
    Stage.RECEIVED: "submit",
    Stage.APPROVED: "publish",
}


def tell(article: Article, row: Transition) -> None:
    """Writes the notices of a move, in its transaction: to those it waits for now, and to those
    who wrote and submitted the text. Nobody is told of what they did themselves."""
    told = set(_authors(article)) - {row.actor_id}
    if kind := HEARD.get(row.move):
        _write(article, told, kind, row.reason)
    elif row.move == "submit" and row.from_stage in {Stage.RECEIVED, Stage.RESERVE}:
        _write(article, told, Kind.ADOPTED, "")
    if row.move == "publish":
        _tell_used(article, row)
    if row.to_stage != row.from_stage:
        _settle(article)
        waiting = {person.pk for person in waited_for(article)} - {row.actor_id}
        _write(article, waiting, Kind.WAITING, "")


def _tell_used(article: Article, row: Transition) -> None:
    """Those whose manuscripts a round-up was made from, once."""
    words = _("Used in “%(title)s”.") % {"title": row.title}
    for use in article.made_from.select_related("manuscript"):
        told = {use.manuscript.created_by_id} - {row.actor_id}
        known = Notice.objects.filter(article=use.manuscript_id, kind=Kind.ADOPTED, words=words)
        if not known.exists():
            _write(use.manuscript, told, Kind.ADOPTED, words)


def waited_for(article: Article) -> list[User]:
    """The people who may make the move that is expected at the article's stage, by account.

    Superusers may do all, but are not asked.
    """
    expected = EXPECTED.get(Stage(article.stage))
    if expected is None:
        return []
    right = workflow.permission_for(workflow.MOVES[expected], article)
    people = User.objects.with_perm(
        f"articles.{right}_article",
        include_superusers=False,
        backend="django.contrib.auth.backends.ModelBackend",
    ).filter(is_staff=True)
    return [
        person
        for person in people.distinct().order_by("pk")
        if workflow.can(person, expected, article)
    ]


def _authors(article: Article) -> Iterable[int]:
    """Who wrote the story and who submitted it in this round."""
    submitted = workflow.round_of(article).filter(move="submit")
    return {article.created_by_id, *submitted.values_list("actor_id", flat=True)} - {None}


def _write(article: Article, people: Iterable[int], kind: str, words: str) -> None:
    Notice.objects.bulk_create(
        Notice(user_id=person, article=article, kind=kind, words=words) for person in people
    )


def _settle(article: Article) -> None:
    """What waited has moved on: nobody has to look any more."""
    waiting = Notice.objects.unread().filter(article=article, kind__in=(Kind.WAITING, Kind.OVERDUE))
    waiting.update(read_at=timezone.now())


def tell_of_comment(article: Article, comment: Comment, mentioned: Iterable[User]) -> None:
    """Tells those who are named in a comment, and the authors that there is one: once, until
    they have looked. Nobody is told of what they wrote themselves."""
    words = comment.words or comment.replacement or ""
    named = {person.pk for person in mentioned} - {comment.made_by_id}
    _write(article, named, Kind.MENTIONED, words[:LONGEST_WORDS])
    told = Notice.objects.unread().filter(article=article, kind=Kind.COMMENTED)
    rest = set(_authors(article)) - named - {comment.made_by_id}
    unaware = rest - set(told.values_list("user_id", flat=True))
    _write(article, unaware, Kind.COMMENTED, words[:LONGEST_WORDS])
