"""提醒: who has to know what after a move; read in the admin, sent by e-mail where wished."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import waiting, workflow
from articles.models import Article, Comment, Notice, Stage, Transition

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


def tell(article: Article, row: Transition) -> None:
    """Writes the notices of a move, in its transaction: to those it waits for now, and to those
    who wrote and submitted the text. Nobody is told of what they did themselves."""
    told = set(_authors(article)) - {row.actor_id}
    if kind := HEARD.get(row.move):
        _write(article, told, kind, row.reason or _appears(row))
    elif row.move == "submit" and row.from_stage in {Stage.RECEIVED, Stage.RESERVE}:
        _write(article, told, Kind.ADOPTED, "")
    if row.move == "publish":
        _tell_used(article, row)
    if row.to_stage != row.from_stage:
        _settle(article)
        asked = {person.pk for person in waiting.people(article)} - {row.actor_id}
        _write(article, asked, Kind.WAITING, "")


def _tell_used(article: Article, row: Transition) -> None:
    """Those whose manuscripts a round-up was made from, once; its title is for readers."""
    words = _("Used in “%(title)s”.") % {"title": row.title}
    if later := _appears(row):
        words = _("Used in a story that is scheduled.") + " " + later
    for use in article.made_from.select_related("manuscript"):
        told = {use.manuscript.created_by_id} - {row.actor_id}
        known = Notice.objects.filter(article=use.manuscript_id, kind=Kind.ADOPTED, words=words)
        if not known.exists():
            _write(use.manuscript, told, Kind.ADOPTED, words)


def _appears(row: Transition) -> str:
    """When readers see what was published for later, as a sentence; "" when they see it now."""
    spelled = row.facts.get("appears_at")
    if not spelled:
        return ""
    moment = timezone.localtime(datetime.fromisoformat(spelled))
    return _("It appears at %(moment)s.") % {"moment": date_format(moment, "Y-m-d H:i")}


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
