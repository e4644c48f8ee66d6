"""Staff make a link for a leader, and revoke it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import reviewing, text, workflow
from articles.inviting.names import LONGEST_PERSON, refuse_again
from articles.models import Article, ReviewLink
from articles.models.appointment import reaches
from articles.recording import Actor

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

# How many days a link works at most.
LIFETIMES = (1, 3, 7)
USUAL_LIFETIME = 3
# More at once are never handed out on purpose.
MOST_OPEN_LINKS = 20


class InvitationRefused(Exception):
    """A link that is not made; the message is a sentence staff can read."""


def may_invite(user: User | AnonymousUser, article: Article) -> bool:
    """Whoever could decide here themselves; never somebody who wrote on the text."""
    return workflow.can(user, "approve", article)


@transaction.atomic
def invite(article: Article, *, by: Actor, person: str, days: int, version: int) -> ReviewLink:
    """Lets `person` decide at the present stage on the present text. Raises InvitationRefused,
    and workflow.MoveRefused where `by` may not decide or has not seen the newest text."""
    person = _tidy_person(person)
    if days not in LIFETIMES:
        raise InvitationRefused(_("Choose how long the link works: 1, 3 or 7 days."))
    article = reviewing.locked(article.pk)
    workflow.require(by.account, "approve", article)
    reviewing.refuse_unseen(article, version)
    _refuse_twice(article, person)
    if ReviewLink.objects.open().filter(article=article).count() >= MOST_OPEN_LINKS:
        raise InvitationRefused(_("This article has 20 working links. Revoke some of them."))
    link = ReviewLink.objects.create(
        article=article,
        revision=article.version,
        stage=article.stage,
        person=person,
        created_by=by.account,
        expires_at=timezone.now() + timedelta(days=days),
    )
    reviewing.carry_out(
        article,
        "invite",
        by=by,
        to_stage=article.stage,
        facts={"link": link.pk, "person": person, "until": link.expires_at.isoformat()},
    )
    return link


def may_revoke(user: User | AnonymousUser, link: ReviewLink) -> bool:
    """Whoever made the link, could decide in its place, or publishes there."""
    return (
        link.created_by_id == user.pk
        or workflow.can(user, "approve", link.article)
        or reaches(user, "publish", link.article)
    )


def revoke(link: ReviewLink) -> bool:
    """From now on the link leads nowhere. Whether it did until now; repeating changes nothing."""
    open_links = ReviewLink.objects.filter(pk=link.pk, revoked_at=None, used_at=None)
    return open_links.update(revoked_at=timezone.now()) > 0


def _tidy_person(person: str) -> str:
    person = text.tidy_line(person.replace("\0", ""))
    if not person:
        raise InvitationRefused(_("Write for whom the link is, for example 李建国 副总经理."))
    if len(person) > LONGEST_PERSON:
        raise InvitationRefused(_("“For whom” is longer than 40 characters. Shorten it."))
    return person


def _refuse_twice(article: Article, person: str) -> None:
    try:
        refuse_again(article, person)
    except workflow.MoveRefused as refusal:
        raise InvitationRefused(str(refusal)) from refusal
