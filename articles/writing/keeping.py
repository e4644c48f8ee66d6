"""One save of the working copy: refused, repeated or recorded as a revision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from articles import comparing, markup
from articles.models import Article, Edition, Presence, Revision, SaveReceipt
from articles.models.people import display_name
from articles.searching import indexing
from articles.writing.contents import AttachmentLine, content_from, snapshot
from articles.writing.limits import figure_faults
from articles.writing.placing import Placed, lock, place


@dataclass(frozen=True)
class Receipt:
    """One opened form (its key) and what was sent with it (a SHA-256, as hex)."""

    key: UUID
    fingerprint: str


class StaleForm(Exception):
    """Somebody saved the article after this form was opened."""

    def __init__(self, saved_by: str, saved_at: datetime, version: int):
        super().__init__(f"version {version} was saved by {saved_by}")
        self.saved_by, self.saved_at, self.version = saved_by, saved_at, version


class TextLocked(Exception):
    """The text was submitted; others read it or decided on it as it is."""


@dataclass(frozen=True)
class Sitting:
    """One opened form (32 hexadecimal digits); its autosaves fold into one revision."""

    key: str = ""
    is_autosave: bool = False
    # Rises with each save, whether it arrives or not: one that comes late changes nothing.
    step: int = 0


NO_SITTING = Sitting()


@transaction.atomic
def keep(
    article: Article,
    *,
    body: str,
    tags: list[str],
    by: User,
    based_on: int = 0,
    receipt: Receipt | None = None,
    sitting: Sitting = NO_SITTING,
    attachments: list[AttachmentLine] | None = None,
    restored_from: int | None = None,
) -> Article:
    """Saves the working copy and records a revision, unless nothing changed.

    `body` is the editor's HTML, figures with captions included; it is cleaned here whoever
    calls. `based_on` is the version the writer started from; raises StaleForm when the article
    has moved on, unless by an earlier save of the same sitting, whose answer was lost, TextLocked
    when it is under review, and Article.DoesNotExist when it was thrown away meanwhile.
    A `receipt` is filed in the same transaction: an IntegrityError on it means that this form was
    saved before. `attachments` in order; None leaves them as they are.
    """
    is_locked = _refuse_stale(article, based_on, by, sitting) if article.pk else False
    body = markup.clean(body)
    figures = markup.read_figures(body)
    if faults := figure_faults(figures):
        raise ValueError(" ".join(faults))
    placed = lock(article, figures, attachments, by)
    body = markup.with_figures(body, placed.figures)
    if placed.figures != figures:
        # What was left out may leave an empty paragraph at the end.
        body = markup.clean(body)
    article.body = markup.emptied(body)
    placed.figures = _as_stored(article.body, placed)
    if article.cover_id not in placed.images:
        article.cover_id = None
    if _is_unchanged(article, placed, tags):
        _confirm(article, by, sitting)
    elif is_locked:
        raise TextLocked
    else:
        article.updated_by = by
        if not article.pk:
            article.created_by = by
        article.save()
        place(article, placed)
        article.tags.set(tags)
        _record_revision(article, by, sitting, restored_from)
    if receipt is not None:
        SaveReceipt.objects.create(
            key=receipt.key,
            fingerprint=receipt.fingerprint,
            sitting=sitting.key,
            article=article,
            version=article.version,
        )
    return article


def _as_stored(body: str, placed: Placed) -> list[markup.Figure]:
    """The figures of the body as it is stored, with all that was said of them."""
    return markup.read_figures(markup.with_figures(body, placed.figures))


def _is_unchanged(article: Article, placed: Placed, tags: list[str]) -> bool:
    """Whether saving would only repeat the newest revision."""
    if not article.version:
        return False
    content = content_from(article, placed.figures, tags, placed.attachments)
    newest = article.revisions.filter(number=article.version)
    return newest.filter(sha256=Revision.checksum(content)).exists()


def _confirm(article: Article, by: User, sitting: Sitting) -> None:
    """What somebody's form saved by itself they now save on purpose: it is folded no more."""
    if not sitting.is_autosave:
        newest = article.revisions.filter(number=article.version, saved_by=by)
        newest.update(is_autosave=False)


def _refuse_stale(article: Article, based_on: int, by: User, sitting: Sitting) -> bool:
    """Whether the text is locked, under the lock of its row; raises StaleForm."""
    current = (
        Article.objects.select_for_update(of=("self",))
        .select_related("updated_by")
        .get(pk=article.pk, deleted_at=None)
    )
    if (
        current.version != based_on
        and not is_own_sitting(current, by, sitting)
        and not says_the_same(current, based_on)
    ):
        raise StaleForm(display_name(current.updated_by), current.updated_at, current.version)
    article.version = current.version
    # Handed over between the caller's look and now: the same as locked.
    is_handed_over = current.is_under_way and current.stage != article.stage
    # A form that was opened before knows neither.
    for name in ("status", "stage", "stage_since", "chain", "planned_on"):
        setattr(article, name, getattr(current, name))
    return current.is_locked or is_handed_over


def is_own_sitting(article: Article, by: User, sitting: Sitting) -> bool:
    """Whether the newest revision is an earlier save of this very form: its answer got lost."""
    earlier = article.revisions.filter(
        number=article.version, saved_by=by, sitting=sitting.key, step__lt=sitting.step
    )
    return bool(sitting.key) and earlier.exists()


def says_the_same(article: Article, version: int) -> bool:
    """Whether the newest revision only repeats this one: changed meanwhile, and put back."""
    known = article.revisions.filter(number__in=(version, article.version))
    sums = known.values_list("sha256", flat=True)
    return len(sums) == 2 and sums[0] == sums[1]


def _record_revision(
    article: Article, by: User, sitting: Sitting, restored_from: int | None
) -> None:
    content = snapshot(article)
    newest = article.revisions.filter(number=article.version).first()
    folded = newest if newest and _folds_into(newest, by, sitting) else None
    before = newest
    if folded:
        before = article.revisions.filter(number__lt=folded.number).first()
    article.version += 1
    amount = comparing.amount(before.content if before else {}, content)
    Revision.objects.create(
        article=article,
        number=article.version,
        content=content,
        sha256=Revision.checksum(content),
        saved_by=by,
        is_autosave=sitting.is_autosave,
        sitting=sitting.key,
        step=sitting.step,
        added=amount.added,
        removed=amount.removed,
        restored_from=restored_from,
    )
    if folded:
        folded.delete()
    Article.objects.filter(pk=article.pk).update(version=article.version)
    indexing.index_article(article, content)


def _folds_into(newest: Revision, by: User, sitting: Sitting) -> bool:
    """Whether a save takes the place of the autosave before it, which nothing refers to.

    Neither an edition nor a colleague's form, opened since, that will be compared with it.
    """
    others = Presence.objects.here().filter(article=newest.article_id, since__gte=newest.saved_at)
    return (
        newest.is_autosave
        and bool(sitting.key)
        and newest.sitting == sitting.key
        and newest.saved_by_id == by.pk
        and not Edition.objects.filter(revision=newest).exists()
        and not others.exclude(sitting=sitting.key).exists()
    )
