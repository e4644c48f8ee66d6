"""Brings a story before readers, and withdraws it: edition, status and files in one."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import exposing, gaps, printing, renditions, reviewing, workflow
from articles.listing import keeping
from articles.models import Article, ArticleImage, Edition, Video
from articles.recording import Actor
from articles.searching import indexing
from articles.statistics import facts
from articles.videos import showing
from articles.visits import ledger

# As long as the edition's column.
LONGEST_REASON = 200
# Later than that somebody has mistyped the year.
FARTHEST = timedelta(days=366)

logger = logging.getLogger(__name__)


class NothingNew(workflow.MoveRefused):
    """Readers have this very version already."""

    def __init__(self) -> None:
        super().__init__(_("Nothing was changed since it was published."))


@dataclass(frozen=True)
class Period:
    """When readers see a story: from a moment (None: now) until another (None: for good)."""

    starts_at: datetime | None = None
    expires_at: datetime | None = None


def publish(
    article: Article,
    *,
    by: User | Actor,
    version: int | None = None,
    at: datetime | None = None,
    period: Period | None = None,
) -> Edition:
    """Prints the newest revision for readers; raises workflow.MoveRefused with the reasons, and
    NothingNew where that is what readers have, unless the moments are chosen anew.

    `version` is the one the person has seen: when somebody saved since, nothing is published.
    The publication time is the server's, and stays when a story is printed again. With a `period`
    it appears at a moment to come, or ends at one; neither needs a job. Without one it keeps what
    was chosen before, as far as that is still to come. `at` is for content that
    was published elsewhere before (demo, imports), never for a form. Pictures the story no longer
    shows lose their public names.
    """
    actor = by if isinstance(by, Actor) else Actor(by)
    workflow.require(actor.account, "publish", article)
    _prepare(article)
    with _nothing_left_in_public(article.pk), transaction.atomic():
        article = reviewing.locked(article.pk)
        workflow.require(actor.account, "publish", article)
        if version is not None and article.version != version:
            raise workflow.MoveRefused(
                _("Somebody saved this article meanwhile. Read the new text, then publish it.")
            )
        if not (period or at) and _is_printed(article):
            raise NothingNew
        period = period or _known_period(article)
        missing = gaps.publishing(article) + _faults_of(period, article)
        if missing:
            raise workflow.MoveRefused(*missing)
        images = printing.shown_images(article)
        videos = list(article.videos.filter(order__gt=0))
        exposing.lock_shared_files(ArticleImage, images, article.pk)
        exposing.lock_shared_files(Video, videos, article.pk)
        edition = printing.print_edition(
            article, images, at or timezone.now(), period.starts_at, period.expires_at
        )
        Article.objects.filter(pk=article.pk).update(
            status=Article.Status.PUBLISHED, planned_on=None
        )
        ledger.open_account(article.pk)
        keeping.shelve(edition)
        indexing.index_edition(edition)
        facts.keep(edition)
        reviewing.record_publication(article, actor, edition)
        exposing.conceal_after_commit(article.pk)
        # Last, when nothing but the commit can fail: a file outlives a transaction undone.
        renditions.expose(images, printing.cover_of(article, images))
        showing.expose(videos)
    return edition


def _is_printed(article: Article) -> bool:
    """Whether readers have this version, as another click may have seen to."""
    return article.is_published and not article.is_changed_since_published


def _known_period(article: Article) -> Period:
    """The moments of the edition there may be that are still to come."""
    edition, now = Edition.objects.for_lists().filter(article=article).first(), timezone.now()
    if edition is None:
        return Period()
    is_waiting = edition.withdrawn_at is None and edition.published_at > now
    is_ending = edition.expires_at is not None and edition.expires_at > now
    return Period(
        edition.published_at if is_waiting else None, edition.expires_at if is_ending else None
    )


def _faults_of(period: Period, article: Article) -> list[str]:
    """What is wrong with the moments that were chosen, as sentences."""
    now = timezone.now()
    starts_at, expires_at = period.starts_at, period.expires_at
    if starts_at and article.is_published and article.edition.published_at <= now:
        return [_("Readers have this story already. Publish the new text now, without a time.")]
    if starts_at and not now < starts_at <= now + FARTHEST:
        return [_("Choose a moment that is to come, within a year.")]
    if expires_at and not (starts_at or now) < expires_at <= now + 10 * FARTHEST:
        return [_("The story has to end after it appears. Choose a later moment.")]
    return []


def withdraw(article: Article, *, by: User | Actor, reason: str) -> Edition:
    """Takes the story from every page at once; address and views stay for a re-publication.

    Raises workflow.MoveRefused; a reason is required.
    """
    actor = by if isinstance(by, Actor) else Actor(by)
    reason = reviewing.tidy_reason(
        reason, is_needed=True, missing=_("Write why the story is withdrawn.")
    )
    if len(reason) > LONGEST_REASON:
        raise workflow.MoveRefused(_("The reason is longer than 200 characters. Shorten it."))
    with transaction.atomic():
        article = reviewing.locked(article.pk)
        workflow.require(actor.account, "withdraw", article)
        edition = Edition.objects.select_for_update(of=("self",)).get(article=article)
        edition.withdrawn_at = timezone.now()
        edition.withdrawal_reason = reason
        edition.save(update_fields=["withdrawn_at", "withdrawal_reason"])
        Article.objects.filter(pk=article.pk).update(status=Article.Status.WITHDRAWN)
        article.status = Article.Status.WITHDRAWN
        keeping.unshelve(article.pk)
        indexing.forget_edition(article.pk)
        facts.withdraw(article.pk)
        reviewing.carry_out(
            article,
            "withdraw",
            by=actor,
            to_stage=article.stage,
            reason=reason,
            # A schedule was cancelled; readers lost nothing.
            facts=None if edition.is_gone else {"unseen": True},
        )
        exposing.conceal_after_commit(article.pk)
    return edition


def end_at(article: Article, expires_at: datetime | None, *, by: Actor) -> Edition:
    """Readers see a published story until this moment (None: for good); raises
    workflow.MoveRefused."""
    with transaction.atomic():
        article = reviewing.locked(article.pk)
        known = _known_period(article)
        return reschedule(article, Period(known.starts_at, expires_at), by=by)


def reschedule(article: Article, period: Period, *, by: Actor) -> Edition:
    """Gives the edition as it is printed other moments; raises workflow.MoveRefused.

    One that waits for its moment appears at the new one, or now when the period has none; what
    readers have already keeps its date. Nothing is reviewed again: the text is the same.
    """
    with transaction.atomic():
        article = reviewing.locked(article.pk)
        now, before = timezone.now(), _first_seen(article)
        is_moved = before is not None and before > now and period.starts_at != before
        move = "reschedule" if is_moved else "end"
        workflow.require(by.account, move, article)
        if faults := _faults_of(period, article):
            raise workflow.MoveRefused(*faults)
        edition = Edition.objects.select_for_update(of=("self",)).get(article=article)
        if not is_moved and period.expires_at == edition.expires_at:
            # The record tells what was changed.
            return edition
        if is_moved:
            edition.published_at = period.starts_at or now
        edition.expires_at = period.expires_at
        edition.save(update_fields=["published_at", "expires_at"])
        keeping.shelve(edition)
        indexing.index_edition(edition)
        facts.keep(edition)
        moments = {"expires_at": _spelled(edition.expires_at)}
        if edition.published_at != before:
            moments["appears_at"] = _spelled(edition.published_at)
        reviewing.carry_out(article, move, by=by, to_stage=article.stage, facts=moments)
    return edition


def _first_seen(article: Article) -> datetime | None:
    """When readers see the story, or saw it first; None when it was never printed."""
    rows = Edition.objects.filter(article=article)
    return rows.values_list("published_at", flat=True).first()


def start_at(article: Article, starts_at: datetime, *, by: Actor) -> Edition:
    """Lets a story that readers do not see yet appear at another moment; raises
    workflow.MoveRefused."""
    with transaction.atomic():
        article = reviewing.locked(article.pk)
        workflow.require(by.account, "reschedule", article)
        known = _known_period(article)
        return reschedule(article, Period(starts_at, known.expires_at), by=by)


def spoken(moment: datetime) -> str:
    """A moment as people write it, in the newsroom's time."""
    return date_format(timezone.localtime(moment), "Y-m-d H:i:s")


def _spelled(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _prepare(article: Article) -> None:
    """Makes missing renditions: slow, so before any lock is held."""
    images = printing.shown_images(article)
    cover = printing.cover_of(article, images)
    for place, image in enumerate(images, start=1):
        try:
            renditions.prepare(image, is_cover=image == cover)
        except (OSError, ValueError) as error:
            raise workflow.MoveRefused(
                _("Picture %(place)d cannot be read. Remove it and insert it again.")
                % {"place": place}
            ) from error


@contextmanager
def _nothing_left_in_public(article_id: int) -> Iterator[None]:
    """Hides again what an attempt to publish exposed before it failed."""
    try:
        yield
    except workflow.MoveRefused:
        # Refused before any file was touched.
        raise
    except BaseException:
        try:
            exposing.conceal_what_readers_do_not_see(article_id)
        except Exception:
            logger.warning("Story %s may have left public files to the sweep.", article_id)
        raise
