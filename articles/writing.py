"""Keeping what staff write: the working copy, its pictures' captions, a revision of each save."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import comparing, markup
from articles.models import (
    Article,
    ArticleImage,
    Attachment,
    Edition,
    Presence,
    Revision,
    SaveReceipt,
    Video,
)
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
    "cover_id",
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


@dataclass(frozen=True)
class Sitting:
    """One opened form (32 hexadecimal digits); its autosaves fold into one revision."""

    key: str = ""
    is_autosave: bool = False
    # Rises with each save, whether it arrives or not: one that comes late changes nothing.
    step: int = 0


NO_SITTING = Sitting()


@dataclass(frozen=True)
class AttachmentLine:
    """An attachment as the form names it: its row and the title typed for it."""

    attachment: int
    title: str


@dataclass
class _Placed:
    """What a text names, as far as this person may use it."""

    figures: list[markup.Figure]
    images: dict[int, ArticleImage]
    videos: dict[int, Video]
    attachments: list[AttachmentLine]


def body_for_editor(article: Article) -> str:
    """The body with what is said of the pictures and videos put back under them."""
    pictures = [
        markup.Figure((image.as_picture(),), image.caption) for image in article.images.all()
    ]
    videos = [
        markup.Figure(
            video=video.pk,
            caption=video.caption,
            credit=video.credit,
            poster=video.poster_id or 0,
        )
        for video in article.videos.all()
    ]
    return markup.with_figures(article.body, [*pictures, *videos])


def foreign_figures(article: Article, figures: list[markup.Figure], by: User) -> list[str]:
    """Pictures of another story or person, as sentences: `keep` would leave them out."""
    named = [image for figure in figures for image in figure.images]
    rows = ArticleImage.objects.usable_in(article, by).filter(pk__in=named)
    usable = set(rows.values_list("pk", flat=True))
    videos = [figure.video for figure in figures if figure.video]
    if videos:
        films = Video.objects.usable_in(article, by).filter(pk__in=videos)
        videos = sorted(set(videos) - set(films.values_list("pk", flat=True)))
    return [
        _("Picture %(place)d belongs to another article. Remove it and insert the file itself.")
        % {"place": place}
        for place, image in enumerate(named, start=1)
        if image not in usable
    ] + [
        _("A video belongs to another article. Remove it and insert the file itself.")
        for _video in videos
    ]


def figure_faults(figures: list[markup.Figure]) -> list[str]:
    """What is too long under the pictures and videos, as sentences; [] when all of it fits."""
    faults = []
    place = 0
    for figure in figures:
        for picture in figure.pictures:
            place += 1
            name = _("Picture %(place)d") % {"place": place}
            faults += _too_long(name, ArticleImage, vars(picture))
        if figure.pictures:
            first = _("Picture %(place)d") % {"place": place - len(figure.pictures) + 1}
            faults += _too_long(first, ArticleImage, {"caption": figure.caption})
        if figure.video:
            words = {"caption": figure.caption, "credit": figure.credit}
            faults += _too_long(_("The video"), Video, words)
    return faults


def _too_long(name: str, model: type[models.Model], words: dict[str, Any]) -> list[str]:
    faults = []
    for column in ("caption", "credit", "alternative", "rights_note"):
        if column not in words:
            continue
        field = cast(models.CharField, model._meta.get_field(column))
        limit = field.max_length or 0
        if len(words[column]) > limit:
            sentence = _("%(name)s: %(field)s is longer than %(limit)d characters. Shorten it.")
            faults.append(sentence % {"name": name, "field": field.verbose_name, "limit": limit})
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
    sitting: Sitting = NO_SITTING,
    attachments: list[AttachmentLine] | None = None,
    restored_from: int | None = None,
) -> Article:
    """Saves the working copy and records a revision, unless nothing changed.

    `body` is the editor's HTML, figures with captions included; it is cleaned here whoever
    calls. `based_on` is the version the writer started from; raises StaleForm when the article
    has moved on, unless by an earlier save of the same sitting, whose answer was lost, and
    Article.DoesNotExist when it was thrown away meanwhile. A
    `receipt` is filed in the same transaction: an IntegrityError on it means that this form was
    saved before. `attachments` in order; None leaves them as they are.
    """
    if article.pk:
        _refuse_stale(article, based_on, by, sitting)
    body = markup.clean(body)
    figures = markup.read_figures(body)
    if faults := figure_faults(figures):
        raise ValueError(" ".join(faults))
    placed = _usable(article, figures, attachments, by)
    article.body = markup.emptied(markup.with_figures(body, placed.figures))
    placed.figures = _as_stored(article.body, placed)
    if article.cover_id not in placed.images:
        article.cover_id = None
    if _is_unchanged(article, placed, tags):
        _confirm(article, by, sitting)
    else:
        article.updated_by = by
        if not article.pk:
            article.created_by = by
        article.save()
        _place(article, placed)
        article.tags.set(tags)
        _record_revision(article, by, sitting, restored_from)
    if receipt is not None:
        SaveReceipt.objects.create(
            key=receipt.key,
            fingerprint=receipt.fingerprint,
            article=article,
            version=article.version,
        )
    return article


def _as_stored(body: str, placed: _Placed) -> list[markup.Figure]:
    """The figures of the body as it is stored, with all that was said of them."""
    return markup.read_figures(markup.with_figures(body, placed.figures))


def _is_unchanged(article: Article, placed: _Placed, tags: list[str]) -> bool:
    """Whether saving would only repeat the newest revision."""
    if not article.version:
        return False
    content = content_from(article, placed.figures, tags, placed.attachments)
    newest = article.revisions.filter(number=article.version)
    return newest.filter(sha256=Revision.checksum(content)).exists()


def content_from(
    article: Article,
    figures: list[markup.Figure],
    tags: list[str],
    attachments: list[AttachmentLine],
) -> dict[str, Any]:
    """The content a revision would have if this were saved; the body is the article's."""
    pictures = [
        picture.snapshot(figure.caption if place == 0 else "")
        for figure in figures
        for place, picture in enumerate(figure.pictures)
    ]
    videos = [
        {
            "id": figure.video,
            "caption": figure.caption,
            "credit": figure.credit,
            "poster": figure.poster or None,
        }
        for figure in figures
        if figure.video
    ]
    lines = [{"id": line.attachment, "title": line.title} for line in attachments]
    return content_of(article, pictures, tags, videos=videos, attachments=lines)


def _confirm(article: Article, by: User, sitting: Sitting) -> None:
    """What somebody's form saved by itself they now save on purpose: it is folded no more."""
    if not sitting.is_autosave:
        newest = article.revisions.filter(number=article.version, saved_by=by)
        newest.update(is_autosave=False)


@transaction.atomic
def throw_away(article: Article, *, by: User) -> None:
    """Puts a draft into the recycle bin, where it stays for 30 days."""
    Article.objects.filter(pk=article.pk, deleted_at=None).update(
        deleted_at=timezone.now(), deleted_by=by
    )


@transaction.atomic
def take_back(article: Article) -> None:
    """Takes a draft out of the recycle bin, as it was."""
    Article.objects.filter(pk=article.pk).update(deleted_at=None, deleted_by=None)


@transaction.atomic
def discard(article: Article) -> None:
    """Deletes a draft for good; its files become orphans, which the daily sweep takes away."""
    article.images.update(article=None)
    article.attachments.update(article=None)
    article.videos.update(article=None)
    article.delete()


def _refuse_stale(article: Article, based_on: int, by: User, sitting: Sitting) -> None:
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
    article.status = current.status


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


def _usable(
    article: Article,
    figures: list[markup.Figure],
    attachments: list[AttachmentLine] | None,
    by: User,
) -> _Placed:
    """The rows a text names. Locked: neither a sweep nor another story takes an upload away."""
    images = [image for figure in figures for image in figure.images]
    posters = [figure.poster for figure in figures if figure.poster]
    rows = (
        ArticleImage.objects.usable_in(article, by).select_for_update().in_bulk([*images, *posters])
    )
    videos = {}
    if any(figure.video for figure in figures):
        named = [figure.video for figure in figures if figure.video]
        videos = Video.objects.usable_in(article, by).select_for_update().in_bulk(named)
    known = []
    for figure in figures:
        if figure.video:
            poster = figure.poster if figure.poster in rows else 0
            known += [replace(figure, poster=poster)] if figure.video in videos else []
        elif pictures := tuple(each for each in figure.pictures if each.image in rows):
            known.append(replace(figure, pictures=pictures))
    if attachments is None:
        lines = [
            AttachmentLine(row.pk, row.title)
            for row in (article.attachments.filter(order__gt=0) if article.pk else [])
        ]
    elif attachments:
        usable = Attachment.objects.usable_in(article, by).select_for_update()
        files = usable.in_bulk([line.attachment for line in attachments])
        lines = [line for line in attachments if line.attachment in files]
    else:
        lines = []
    return _Placed(known, rows, videos, lines)


def _place(article: Article, placed: _Placed) -> None:
    """Writes words and order to the rows; what the story no longer names gets order 0."""
    before = {image: _columns(row) for image, row in placed.images.items()}
    order = 0
    for figure in placed.figures:
        for place, picture in enumerate(figure.pictures):
            order += 1
            row = placed.images[picture.image]
            row.article, row.order = article, order
            row.caption = figure.caption if place == 0 else ""
            row.show_as(picture)
    shown = {image for figure in placed.figures for image in figure.images}
    for image, row in placed.images.items():
        if image not in shown:
            row.article, row.order = article, 0
    changed = [row for image, row in placed.images.items() if _columns(row) != before[image]]
    ArticleImage.objects.bulk_update(changed, IMAGE_FIELDS)
    article.images.exclude(pk__in=shown).exclude(order=0).update(order=0)
    _place_videos(article, placed)
    _place_attachments(article, placed)


IMAGE_FIELDS = (
    "article",
    "order",
    "caption",
    "credit",
    "alternative",
    "rights",
    "rights_note",
    "turn",
    "crop",
    "focal_point",
)


def _columns(row: ArticleImage) -> list[Any]:
    return [row.article_id, *(getattr(row, name) for name in IMAGE_FIELDS if name != "article")]


def _place_videos(article: Article, placed: _Placed) -> None:
    films = [figure for figure in placed.figures if figure.video]
    for order, figure in enumerate(films, start=1):
        row = placed.videos[figure.video]
        row.article, row.order = article, order
        row.caption, row.credit = figure.caption, figure.credit
        row.poster_id = figure.poster or None
    if films:
        Video.objects.bulk_update(
            [placed.videos[figure.video] for figure in films],
            ["article", "order", "caption", "credit", "poster"],
        )
    shown = [figure.video for figure in films]
    article.videos.exclude(pk__in=shown).exclude(order=0).update(order=0)


def _place_attachments(article: Article, placed: _Placed) -> None:
    rows = [
        Attachment(pk=line.attachment, article=article, order=order, title=line.title)
        for order, line in enumerate(placed.attachments, start=1)
    ]
    if rows:
        Attachment.objects.bulk_update(rows, ["article", "order", "title"])
    named = [row.pk for row in rows]
    article.attachments.exclude(pk__in=named).exclude(order=0).update(order=0)


def snapshot(article: Article) -> dict[str, Any]:
    """What a revision keeps of an article as it is stored."""
    return content_of(
        article,
        [image.snapshot() for image in article.images.filter(order__gt=0)],
        list(article.tags.names()),
        videos=[video.snapshot() for video in article.videos.filter(order__gt=0)],
        attachments=[row.snapshot() for row in article.attachments.filter(order__gt=0)],
    )


def content_of(
    article: Article,
    pictures: list[dict[str, Any]],
    tags: list[str],
    *,
    videos: list[dict[str, Any]] | None = None,
    attachments: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """A revision's content: fields, what is placed in order with its words, tags."""
    fields: dict[str, Any] = {name: getattr(article, name) for name in KEPT_FIELDS}
    # Left out while there are none: revisions older than these words stay equal to newer ones.
    newer = {
        "cover_id": fields.pop("cover_id"),
        "videos": videos,
        "attachments": attachments,
    }
    given = {name: value for name, value in newer.items() if value}
    return fields | given | {"images": pictures, "tags": sorted(tags)}


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
