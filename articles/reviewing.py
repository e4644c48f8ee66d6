"""Moves of the working copy between writing and printing: each locks, asks, moves and records.

Printing and withdrawing are moves as well (`publishing`); they record themselves here, too.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import gaps, notices, recording, text, workflow
from articles.models import Article, Edition, Stage, Transition
from articles.recording import Actor

LONGEST_REASON = 500


@transaction.atomic
def make(
    name: str, article: Article, *, by: Actor, version: int, stage: str = "", reason: str = ""
) -> Transition:
    """Makes one of the moves of `workflow.MOVES` that change the stage alone.

    `version` is the one that was on screen: a text changed since has to be read again. `stage`,
    where it is known, is the one it was read at: a decision is not for the next one. Raises
    workflow.MoveRefused with the reasons; Article.DoesNotExist when it was thrown away.
    """
    move = workflow.MOVES[name]
    article = locked(article.pk)
    if stage:
        refuse_moved(article, stage)
    workflow.require(by.account, name, article)
    refuse_unseen(article, version)
    reason = tidy_reason(reason, is_needed=move.needs_reason)
    to_stage = workflow.destination(move, by.account, article)
    if name == "submit":
        if missing := gaps.submitting(article):
            raise workflow.MoveRefused(*missing)
        article.chain = workflow.chain_submitted(by.account, article)
    return carry_out(article, name, by=by, to_stage=to_stage, reason=reason)


def locked(article_id: int) -> Article:
    """The article under a lock, not from the bin."""
    return (
        Article.objects.select_for_update(of=("self",))
        .select_related("source_department", "channel")
        .get(pk=article_id, deleted_at=None)
    )


def refuse_unseen(article: Article, version: int) -> None:
    if article.version != version:
        raise workflow.MoveRefused(
            _("The text was changed since you opened it. Read version %(version)d, then decide.")
            % {"version": article.version}
        )


def refuse_moved(article: Article, stage: str) -> None:
    if article.stage != stage:
        raise workflow.MoveRefused(
            _(
                "It has moved on since you opened it and stands at “%(stage)s” now. "
                "Nothing was recorded. Look at it again, then decide."
            )
            % {"stage": article.get_stage_display()}
        )


def tidy_reason(reason: str, *, is_needed: bool, missing: str = "") -> str:
    """One line of at most LONGEST_REASON characters; raises workflow.MoveRefused."""
    reason = text.tidy_line(reason.replace("\0", ""))
    if is_needed and not reason:
        raise workflow.MoveRefused(
            missing or _("Write the reason, so that the author knows what to do.")
        )
    if len(reason) > LONGEST_REASON:
        raise workflow.MoveRefused(_("The reason is longer than 500 characters. Shorten it."))
    return reason


def carry_out(
    article: Article,
    name: str,
    *,
    by: Actor,
    to_stage: str,
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> Transition:
    """Moves a locked article whose move was allowed, records it and tells whom it concerns."""
    from_stage = article.stage
    if to_stage != from_stage or name == "publish":
        set_stage(article, to_stage)
    # What the record names is kept for good: no autosave folds into it any more.
    article.revisions.filter(number=article.version).update(is_autosave=False)
    row = recording.append(
        article,
        name,
        by=by,
        from_stage=from_stage,
        to_stage=to_stage,
        reason=reason,
        facts=facts,
    )
    notices.tell(article, row)
    return row


def record_publication(article: Article, by: Actor, edition: Edition) -> Transition:
    """The row of a printing, with the moments readers see it from and until where they differ."""
    facts = {}
    if edition.published_at > edition.reprinted_at:
        facts["appears_at"] = edition.published_at.isoformat()
    if edition.expires_at:
        facts["expires_at"] = edition.expires_at.isoformat()
    return carry_out(article, "publish", by=by, to_stage=Stage.WRITING, facts=facts)


def set_stage(article: Article, stage: str) -> None:
    """Puts the working copy at a stage; the round is over where it is written on."""
    if stage in {Stage.WRITING, Stage.REJECTED}:
        article.chain = ""
    article.stage, article.stage_since = stage, timezone.now()
    Article.objects.filter(pk=article.pk).update(
        stage=stage, stage_since=article.stage_since, chain=article.chain
    )
