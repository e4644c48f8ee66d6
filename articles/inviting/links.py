"""Where a link leads, and whether it leads anywhere now."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing
from django.db import Error as DatabaseError
from django.db import transaction
from django.utils import timezone

from articles import workflow
from articles.models import Article, ReviewLink

# “Last opened” is for people; a reload a second later is the same opening.
OPENED_AGAIN_AFTER = timedelta(minutes=1)


def signer(key: str | None = None) -> signing.Signer:
    """With a dot, because chat programs end an address at a colon."""
    return signing.Signer(key=key, salt="articles.inviting.link", sep=".")


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


def link_of(token: str) -> ReviewLink | None:
    """The link of this token, open or not, with its article; None for any other token."""
    try:
        row = int(signer().unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    related = ("article__channel", "article__source_department", "created_by")
    return ReviewLink.objects.select_related(*related).filter(pk=row).first()


def open_link(token: str) -> ReviewLink | None:
    """The link of this token with its article; None when it leads nowhere, for whatever reason."""
    link = link_of(token)
    return link if link and is_open(link) else None


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


def _fits(link: ReviewLink, article: Article) -> bool:
    """Whether the very text still waits at the very stage, since before the link was made."""
    return (
        article.stage == link.stage
        and article.version == link.revision
        # Sent back and submitted again unchanged, it has to be asked for anew.
        and (article.stage_since is None or article.stage_since <= link.created_at)
    )
