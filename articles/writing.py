"""Keeping what staff write: the working copy, its pictures' captions, a revision of each save."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.translation import gettext as _

from articles import markup
from articles.models import Article, ArticleImage, Revision, SaveReceipt
from articles.models.people import display_name

# The words of an article that a revision keeps, beside body, pictures and tags.
KEPT_FIELDS = (
    "kicker",
    "title",
    "subtitle",
    "short_title",
    "summary",
    "body",
    "channel_id",
    "source_department_id",
    "outside_source",
    "byline",
)


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


def body_for_editor(article: Article) -> str:
    """The body with captions, credits and alternative texts put back under the pictures."""
    figures = {
        image.pk: markup.Figure(image.pk, image.caption, image.credit, image.alternative)
        for image in article.images.all()
    }
    return markup.with_figures(article.body, figures)


def foreign_figures(article: Article, figures: list[markup.Figure], by: User) -> list[str]:
    """Pictures of another story or person, as sentences: `keep` would leave them out."""
    named = [figure.image for figure in figures]
    rows = ArticleImage.objects.usable_in(article, by).filter(pk__in=named)
    usable = set(rows.values_list("pk", flat=True))
    return [
        _("Picture %(place)d belongs to another article. Remove it and insert the file itself.")
        % {"place": place}
        for place, image in enumerate(named, start=1)
        if image not in usable
    ]


def figure_faults(figures: list[markup.Figure]) -> list[str]:
    """What is too long under the pictures, as sentences; [] when all of it fits."""
    faults = []
    for place, figure in enumerate(figures, start=1):
        for name in ("caption", "credit", "alternative"):
            field = cast(models.CharField, ArticleImage._meta.get_field(name))
            limit = field.max_length or 0
            if len(getattr(figure, name)) > limit:
                sentence = _(
                    "Picture %(place)d: %(field)s is longer than %(limit)d characters. Shorten it."
                )
                told = {"place": place, "field": field.verbose_name, "limit": limit}
                faults.append(sentence % told)
    return faults


@transaction.atomic
def keep(
    article: Article,
    *,
    body: str,
    tags: list[str],
    by: User,
    based_on: int = 0,
    receipt: Receipt | None = None,
) -> Article:
    """Saves the working copy and records a revision, unless nothing changed.

    `body` is the editor's HTML, figures with captions included; it is cleaned here whoever
    calls. `based_on` is the version the writer started from; raises StaleForm when the article
    has moved on. A `receipt` is filed in the same transaction: an IntegrityError on it means
    that this form was saved before.
    """
    if article.pk:
        _refuse_stale(article, based_on)
    body = markup.clean(body)
    figures = markup.read_figures(body)
    if faults := figure_faults(figures):
        raise ValueError(" ".join(faults))
    rows = _usable_rows(article, figures, by)
    known = {figure.image: figure for figure in figures if figure.image in rows}
    article.body = markup.emptied(markup.with_figures(body, known))
    if not _is_unchanged(article, list(known.values()), tags):
        article.updated_by = by
        if not article.pk:
            article.created_by = by
        article.save()
        _place(article, list(known.values()), rows)
        article.tags.set(tags)
        _record_revision(article, by)
    if receipt is not None:
        SaveReceipt.objects.create(
            key=receipt.key,
            fingerprint=receipt.fingerprint,
            article=article,
            version=article.version,
        )
    return article


def _is_unchanged(article: Article, figures: list[markup.Figure], tags: list[str]) -> bool:
    """Whether saving would only repeat the newest revision."""
    if not article.version:
        return False
    pictures = [
        {
            "id": figure.image,
            "caption": figure.caption,
            "credit": figure.credit,
            "alternative": figure.alternative,
        }
        for figure in figures
    ]
    content = content_of(article, pictures, tags)
    newest = article.revisions.filter(number=article.version)
    return newest.filter(sha256=Revision.checksum(content)).exists()


@transaction.atomic
def discard(article: Article) -> None:
    """Deletes a draft; its pictures become orphans, whose files the daily sweep takes away."""
    article.images.update(article=None)
    article.delete()


def _refuse_stale(article: Article, based_on: int) -> None:
    current = (
        Article.objects.select_for_update(of=("self",))
        .select_related("updated_by")
        .get(pk=article.pk)
    )
    if current.version != based_on:
        raise StaleForm(display_name(current.updated_by), current.updated_at, current.version)
    article.version = current.version
    article.status = current.status


def _usable_rows(
    article: Article, figures: list[markup.Figure], by: User
) -> dict[int, ArticleImage]:
    named = [figure.image for figure in figures]
    # Locked, so that neither a sweep nor another story takes a fresh upload away meanwhile.
    return ArticleImage.objects.usable_in(article, by).select_for_update().in_bulk(named)


def _place(article: Article, figures: list[markup.Figure], rows: dict[int, ArticleImage]) -> None:
    """Writes captions and order to the rows; pictures the body no longer names get order 0."""
    for order, figure in enumerate(figures, start=1):
        row = rows[figure.image]
        row.article, row.order = article, order
        row.caption = figure.caption
        row.credit = figure.credit
        row.alternative = figure.alternative
    ArticleImage.objects.bulk_update(
        rows.values(), ["article", "order", "caption", "credit", "alternative"]
    )
    article.images.exclude(pk__in=rows).exclude(order=0).update(order=0)


def snapshot(article: Article) -> dict[str, Any]:
    """What a revision keeps of an article as it is stored."""
    pictures = [image.snapshot() for image in article.images.filter(order__gt=0)]
    return content_of(article, pictures, list(article.tags.names()))


def content_of(article: Article, pictures: list[dict[str, Any]], tags: list[str]) -> dict[str, Any]:
    """A revision's content: fields, placed pictures in order with captions, tags."""
    fields: dict[str, Any] = {name: getattr(article, name) for name in KEPT_FIELDS}
    return fields | {"images": pictures, "tags": sorted(tags)}


def _record_revision(article: Article, by: User) -> None:
    content = snapshot(article)
    article.version += 1
    Revision.objects.create(
        article=article,
        number=article.version,
        content=content,
        sha256=Revision.checksum(content),
        saved_by=by,
    )
    Article.objects.filter(pk=article.pk).update(version=article.version)
