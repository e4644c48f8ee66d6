"""A leader without an account: a link to read one revision and to decide at one stage, once.

Who makes a link could decide there themselves and thereby acts at this stage. What the leader
decides is the same move with the same row in the record as a decision of somebody with an
account; the row names both.

A link is as good as the address of a preview: its token is the signed number of its row, so it
can neither be guessed (256 bits) nor made up. It leads somewhere only while the very text waits
at the very stage it was made for, and while whoever made it could still decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.core import signing
from django.db import Error as DatabaseError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import reviewing, text, workflow
from articles.models import Article, ReviewLink, Transition
from articles.models.appointment import reaches
from articles.models.article import REVIEWS
from articles.models.people import display_name
from articles.recording import Actor

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

# How many days a link works at most.
LIFETIMES = (1, 3, 7)
USUAL_LIFETIME = 3
# As long as the column: a name and a post.
LONGEST_PERSON = 40
# More at once are never handed out on purpose.
MOST_OPEN_LINKS = 20
DECISIONS = ("approve", "send back")
# “Last opened” is for people; a reload a second later is the same opening.
OPENED_AGAIN_AFTER = timedelta(minutes=1)
# Whoever clicks twice or looks again is still thanked; after that the address tells nothing.
THANKED_FOR = timedelta(days=1)


class InvitationRefused(Exception):
    """A link that is not made; the message is a sentence staff can read."""


class LeadsNowhere(Exception):
    """A link by which nothing can be decided (any more), for whatever reason."""


@dataclass(frozen=True)
class Decided:
    """What was decided by a link, for the page that thanks."""

    move: str
    name: str


def signer(key: str | None = None) -> signing.Signer:
    """With a dot, because chat programs end an address at a colon."""
    return signing.Signer(key=key, salt="articles.inviting.link", sep=".")


# For staff --------------------------------------------------------------------------------


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


def token_of(link: ReviewLink) -> str:
    """What stands in the address of a link: its row, signed; nobody can make up another."""
    return signer().sign(str(link.pk))


def is_open(link: ReviewLink) -> bool:
    """Whether something can be decided by it now."""
    return link.is_open and _fits(link, link.article) and may_still_invite(link)


def may_still_invite(link: ReviewLink) -> bool:
    """Whether whoever made the link might make it today: a link outlives no right."""
    # Says no to everybody whose account is switched off.
    return workflow.can(link.created_by, "approve", link.article)


# For the leader ---------------------------------------------------------------------------


def open_link(token: str) -> ReviewLink | None:
    """The link of this token with its article; None when it leads nowhere, for whatever reason."""
    link = _link_of(token)
    return link if link and is_open(link) else None


def decide(token: str, decision: str, *, name: str, reason: str, address: str) -> Decided:
    """Makes the move; by a link that decided already nothing is done twice, and what was decided
    comes back. Raises LeadsNowhere, and workflow.MoveRefused with what is missing.
    """
    link = _link_of(token)
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
            return done
        if not is_open(link):
            raise LeadsNowhere
        if not name:
            raise workflow.MoveRefused(_("Write your name, so that the record can show it."))
        if len(name) > LONGEST_PERSON:
            raise workflow.MoveRefused(_("The name is longer than 40 characters. Shorten it."))
        _refuse_again(article, name)
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
    return Decided(decision, name)


def decided_by(token: str) -> Decided | None:
    """What was decided by this link not long ago; None for every other token."""
    link = _link_of(token)
    if link is None or link.used_at is None or link.used_at + THANKED_FOR < timezone.now():
        return None
    return _decided(link)


def note_opening(link: ReviewLink) -> None:
    """Remembers when the link was last opened, at most once a minute; may fail unnoticed."""
    now = timezone.now()
    if link.opened_at and now - link.opened_at < OPENED_AGAIN_AFTER:
        return
    try:
        # Of its own: a busy database must cost the leader neither the page nor its transaction.
        with transaction.atomic():
            ReviewLink.objects.filter(pk=link.pk).update(opened_at=now)
    except DatabaseError:
        return


def _link_of(token: str) -> ReviewLink | None:
    try:
        row = int(signer().unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    related = ("article__channel", "article__source_department", "created_by")
    return ReviewLink.objects.select_related(*related).filter(pk=row).first()


def _locked(link: ReviewLink) -> Article:
    try:
        return reviewing.locked(link.article_id)
    except Article.DoesNotExist as gone:
        raise LeadsNowhere from gone


def _fits(link: ReviewLink, article: Article) -> bool:
    """Whether the very text still waits at the very stage, since before the link was made."""
    return (
        article.stage == link.stage
        and article.version == link.revision
        # Sent back and submitted again unchanged, it has to be asked for anew.
        and (article.stage_since is None or article.stage_since <= link.created_at)
    )


def _decided(link: ReviewLink) -> Decided | None:
    if link.used_at is None:
        return None
    rows = Transition.objects.of(link.article_id)
    row = rows.filter(actor=None, move__in=DECISIONS, facts__link=link.pk).first()
    return Decided(row.move, row.actor_name) if row else None


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


def _tidy_person(person: str) -> str:
    person = text.tidy_line(person.replace("\0", ""))
    if not person:
        raise InvitationRefused(_("Write for whom the link is, for example 李建国 副总经理."))
    if len(person) > LONGEST_PERSON:
        raise InvitationRefused(_("“For whom” is longer than 40 characters. Shorten it."))
    return person


def _refuse_twice(article: Article, person: str) -> None:
    try:
        _refuse_again(article, person)
    except workflow.MoveRefused as refusal:
        raise InvitationRefused(str(refusal)) from refusal


def _refuse_again(article: Article, name: str) -> None:
    """Four eyes hold for people without an account as far as a name can tell: raises
    workflow.MoveRefused for who wrote on the text or decided at another stage of the round."""
    writers = User.objects.filter(pk__in=workflow.contributors(article))
    if any(_is_same(name, display_name(writer)) for writer in writers):
        raise workflow.MoveRefused(
            _(
                "%(name)s wrote on this text; somebody else has to review it. Is it another person "
                "of that name, write the post in brackets right behind it."
            )
            % {"name": _called(name)}
        )
    elsewhere = (
        workflow.round_of(article)
        .filter(move__in=workflow.DECISIONS, from_stage__in=REVIEWS)
        .exclude(from_stage=article.stage)
    )
    if any(_is_same(name, other) for other in elsewhere.values_list("actor_name", flat=True)):
        raise workflow.MoveRefused(
            _(
                "%(name)s decided at another stage of this article; somebody else has to here. Is "
                "it another person of that name, write the post in brackets right behind it."
            )
            % {"name": _called(name)}
        )


def _is_same(name: str, other: str) -> bool:
    """Whether both call the same person, the post that may follow the name left out."""
    return _called(name) == _called(other) or any(
        longer.startswith(f"{shorter} ") for longer, shorter in ((name, other), (other, name))
    )


def _called(name: str) -> str:
    """李建国 副总经理 → 李建国; names in Latin letters have blanks of their own."""
    first = name.split(" ", maxsplit=1)[0]
    return name if first.isascii() else first
