"""Brings a story before readers, and withdraws it: edition, status and files in one."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import exposing, printing, renditions, text, workflow
from articles.listing import keeping
from articles.models import Article, ArticleImage, Edition, Video
from articles.searching import indexing
from articles.statistics import facts
from articles.videos import showing
from articles.visits import ledger

LONGEST_REASON = 200

logger = logging.getLogger(__name__)


def publish(
    article: Article, *, by: User, version: int | None = None, at: datetime | None = None
) -> Edition:
    """Prints the newest revision for readers; raises workflow.MoveRefused with the reasons.

    `version` is the one the person has seen: when somebody saved since, nothing is published.
    The publication time is the server's, and stays when a story is printed again. `at` is for
    content that was published elsewhere before (demo, imports), never for a form. Pictures the
    story no longer shows lose their public names.
    """
    workflow.require(by, "publish", article)
    _prepare(article)
    with _nothing_left_in_public(article.pk), transaction.atomic():
        article = _locked(article.pk)
        workflow.require(by, "publish", article)
        if version is not None and article.version != version:
            raise workflow.MoveRefused(
                _("Somebody saved this article meanwhile. Read the new text, then publish it.")
            )
        gaps = workflow.publishing_gaps(article)
        if gaps:
            raise workflow.MoveRefused(*gaps)
        images = printing.shown_images(article)
        videos = list(article.videos.filter(order__gt=0))
        exposing.lock_shared_files(ArticleImage, images, article.pk)
        exposing.lock_shared_files(Video, videos, article.pk)
        edition = printing.print_edition(article, images, at or timezone.now())
        Article.objects.filter(pk=article.pk).update(status=workflow.MOVES["publish"].to_status)
        ledger.open_account(article.pk)
        keeping.shelve(edition)
        indexing.index_edition(edition)
        facts.keep(edition)
        exposing.conceal_after_commit(article.pk)
        # Last, when nothing but the commit can fail: a file outlives a transaction undone.
        renditions.expose(images, printing.cover_of(article, images))
        showing.expose(videos)
    return edition


def withdraw(article: Article, *, by: User, reason: str) -> Edition:
    """Takes the story from every page at once; address and views stay for a re-publication.

    Raises workflow.MoveRefused; a reason is required.
    """
    reason = text.tidy_line(reason.replace("\0", ""))
    if not reason:
        raise workflow.MoveRefused(_("Write why the story is withdrawn."))
    if len(reason) > LONGEST_REASON:
        raise workflow.MoveRefused(_("The reason is longer than 200 characters. Shorten it."))
    with transaction.atomic():
        article = _locked(article.pk)
        workflow.require(by, "withdraw", article)
        edition = Edition.objects.select_for_update(of=("self",)).get(article=article)
        edition.withdrawn_at = timezone.now()
        edition.withdrawal_reason = reason
        edition.save(update_fields=["withdrawn_at", "withdrawal_reason"])
        Article.objects.filter(pk=article.pk).update(status=workflow.MOVES["withdraw"].to_status)
        keeping.unshelve(article.pk)
        indexing.forget_edition(article.pk)
        facts.withdraw(article.pk)
        exposing.conceal_after_commit(article.pk)
    return edition


def _locked(article_id: int) -> Article:
    return (
        Article.objects.select_for_update(of=("self",))
        .select_related("source_department")
        .get(pk=article_id)
    )


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
