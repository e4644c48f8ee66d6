"""The rows a text names: whose they are, and the words and the order they get from it."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from articles import markup
from articles.comparing import facts
from articles.models import Article, ArticleImage, Attachment, Video
from articles.writing.contents import AttachmentLine

IMAGE_FIELDS = ("article", "order", *map(facts.column, facts.PICTURE_FACTS))
VIDEO_FIELDS = ("article", "order", *map(facts.column, facts.VIDEO_FACTS))


@dataclass
class Placed:
    """What a text names, as far as this person may use it."""

    figures: list[markup.Figure]
    images: dict[int, ArticleImage]
    videos: dict[int, Video]
    attachments: list[AttachmentLine]


def foreign_figures(article: Article, figures: list[markup.Figure], by: User) -> list[str]:
    """Pictures of another story or person, as sentences: `keep` would leave them out."""
    named = [image for figure in figures for image in figure.images]
    rows = ArticleImage.objects.usable_in(article, by).filter(pk__in=named)
    usable = set(rows.values_list("pk", flat=True))
    videos = [figure.video for figure in figures if figure.video]
    if videos:
        known = Video.objects.usable_in(article, by).filter(pk__in=videos)
        videos = sorted(set(videos) - set(known.values_list("pk", flat=True)))
    return [
        _("Picture %(place)d belongs to another article. Remove it and insert the file itself.")
        % {"place": place}
        for place, image in enumerate(named, start=1)
        if image not in usable
    ] + [
        _("A video belongs to another article. Remove it and insert the file itself.")
        for _video in videos
    ]


def usable_figures(
    figures: Iterable[markup.Figure], images: Container[int], videos: Container[int]
) -> list[markup.Figure]:
    """What of the figures these rows allow; a poster that is not among them is left out."""
    usable = []
    for figure in figures:
        if figure.video:
            poster = figure.poster if figure.poster in images else 0
            usable += [replace(figure, poster=poster)] if figure.video in videos else []
        elif pictures := tuple(each for each in figure.pictures if each.image in images):
            usable.append(replace(figure, pictures=pictures))
    return usable


def lock(
    article: Article,
    figures: list[markup.Figure],
    attachments: list[AttachmentLine] | None,
    by: User,
) -> Placed:
    """The rows a text names. Locked: neither a sweep nor another story takes an upload away."""
    named = [row for figure in figures for row in (*figure.images, figure.poster) if row]
    images = ArticleImage.objects.usable_in(article, by).select_for_update().in_bulk(named)
    videos = {}
    if any(figure.video for figure in figures):
        named = [figure.video for figure in figures if figure.video]
        videos = Video.objects.usable_in(article, by).select_for_update().in_bulk(named)
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
    return Placed(usable_figures(figures, images, videos), images, videos, lines)


def place(article: Article, placed: Placed) -> None:
    """Writes words and order to the rows; what the story no longer names gets order 0."""
    before = {image: _columns(row) for image, row in placed.images.items()}
    captioned = [each for figure in placed.figures for each in figure.captioned]
    for order, (picture, caption) in enumerate(captioned, start=1):
        row = placed.images[picture.image]
        row.article, row.order, row.caption = article, order, caption
        row.show_as(picture)
    shown = {picture.image for picture, _caption in captioned}
    for image, row in placed.images.items():
        if image not in shown:
            row.article, row.order = article, 0
    changed = [row for image, row in placed.images.items() if _columns(row) != before[image]]
    ArticleImage.objects.bulk_update(changed, IMAGE_FIELDS)
    article.images.exclude(pk__in=shown).exclude(order=0).update(order=0)
    _place_videos(article, placed)
    _place_attachments(article, placed)


def _columns(row: ArticleImage) -> list[Any]:
    return [row.article_id, *(getattr(row, name) for name in IMAGE_FIELDS if name != "article")]


def _place_videos(article: Article, placed: Placed) -> None:
    figures = [figure for figure in placed.figures if figure.video]
    for order, figure in enumerate(figures, start=1):
        row = placed.videos[figure.video]
        row.article, row.order = article, order
        row.caption, row.credit = figure.caption, figure.credit
        row.poster_id = figure.poster or None
    if figures:
        Video.objects.bulk_update([placed.videos[figure.video] for figure in figures], VIDEO_FIELDS)
    shown = [figure.video for figure in figures]
    article.videos.exclude(pk__in=shown).exclude(order=0).update(order=0)


def _place_attachments(article: Article, placed: Placed) -> None:
    rows = [
        Attachment(pk=line.attachment, article=article, order=order, title=line.title)
        for order, line in enumerate(placed.attachments, start=1)
    ]
    if rows:
        Attachment.objects.bulk_update(rows, ["article", "order", "title"])
    named = [row.pk for row in rows]
    article.attachments.exclude(pk__in=named).exclude(order=0).update(order=0)
