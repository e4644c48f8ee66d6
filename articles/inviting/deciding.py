"""What a leader decides by a link: the same move as anybody's, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import reviewing, text, workflow
from articles.inviting.links import is_open, link_of
from articles.inviting.names import LONGEST_PERSON, refuse_again
from articles.models import Article, ReviewLink, Transition
from articles.models.people import display_name
from articles.recording import Actor

DECISIONS = ("approve", "send back")
# Whoever clicks twice or looks again is still thanked; after that the address tells nothing.
THANKED_FOR = timedelta(days=1)


class LeadsNowhere(Exception):
    """A link by which nothing can be decided (any more), for whatever reason."""


@dataclass(frozen=True)
class Decided:
    """What was decided by a link, for the page that thanks."""

    move: str
    name: str
    reason: str


def decide(token: str, decision: str, *, name: str, reason: str, address: str) -> Decided:
    """Makes the move; what was decided by this link already is not done twice, and comes back.
    Raises LeadsNowhere, also for anything else than was decided, and workflow.MoveRefused with
    what is missing.
    """
    link = link_of(token)
    if link is None or decision not in DECISIONS:
        raise LeadsNowhere
    name = text.tidy_line(name.replace("\0", ""))
    with transaction.atomic():
        article = _locked(link)
        # Read again under the lock: of two clicks the second finds what the first one did.
        # Nor is it revoked meanwhile.
        links = ReviewLink.objects.select_for_update(of=("self",)).select_related("created_by")
        link = links.get(pk=link.pk)
        link.article = article
        if done := _decided(link):
            # Of other words, too, nobody is told that they were kept.
            if done != Decided(decision, name, reviewing.tidy_reason(reason, is_needed=False)):
                raise LeadsNowhere
            return done
        if not is_open(link):
            raise LeadsNowhere
        if not name:
            raise workflow.MoveRefused(_("Write your name, so that the record can show it."))
        if len(name) > LONGEST_PERSON:
            raise workflow.MoveRefused(_("The name is longer than 40 characters. Shorten it."))
        refuse_again(article, name)
        move = workflow.MOVES[decision]
        reason = reviewing.tidy_reason(reason, is_needed=move.needs_reason)
        maker = link.created_by
        reviewing.carry_out(
            article,
            decision,
            by=Actor(name=name, address=address, facts=_facts(link, maker)),
            to_stage=workflow.destination(move, maker, article),
            reason=reason,
        )
        _end(link)
    return Decided(decision, name, reason)


def decided_by(token: str) -> Decided | None:
    """What was decided by this link not long ago; None for every other token."""
    link = link_of(token)
    if link is None or link.used_at is None or link.used_at + THANKED_FOR < timezone.now():
        return None
    return _decided(link)


def _locked(link: ReviewLink) -> Article:
    try:
        return reviewing.locked(link.article_id)
    except Article.DoesNotExist as gone:
        raise LeadsNowhere from gone


def _decided(link: ReviewLink) -> Decided | None:
    if link.used_at is None:
        return None
    rows = Transition.objects.of(link.article_id)
    row = rows.filter(actor=None, move__in=DECISIONS, facts__link=link.pk).first()
    return Decided(row.move, row.actor_name, row.reason) if row else None


def _end(link: ReviewLink) -> None:
    """The link is used, all others for that revision and stage are dead."""
    now = timezone.now()
    ReviewLink.objects.filter(pk=link.pk).update(used_at=now)
    others = ReviewLink.objects.filter(
        article=link.article_id,
        revision=link.revision,
        stage=link.stage,
        used_at=None,
        revoked_at=None,
    )
    others.update(revoked_at=now)


def _facts(link: ReviewLink, maker: User) -> dict[str, Any]:
    return {
        "link": link.pk,
        "person": link.person,
        "invited_by": maker.pk,
        "invited_by_name": display_name(maker),
    }
