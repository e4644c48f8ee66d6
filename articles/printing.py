"""Printing an Edition: the body, its pictures and its plain text are rendered once, here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from articles import attachments, crediting, figures, markup, renditions, text
from articles.models import Article, ArticleImage, Edition
from articles.renditions import Photograph
from articles.videos import showing
from articles.videos.showing import ShownVideo

# Two lines of a phone: 100 half columns each.
SUMMARY_WIDTH = 200


def print_edition(
    article: Article,
    images: list[ArticleImage],
    now: datetime,
    starts_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Edition:
    """Writes the edition of an article's newest revision, over the one there may be.

    It appears now, or at `starts_at`; printed again it keeps the time readers know it by.
    """
    photographs = renditions.photographs(images)
    shown = cover_of(article, images)
    cover = renditions.cover_photograph(shown) if shown else None
    revision = article.revisions.get(number=article.version)
    known = Edition.objects.filter(article=article).first()
    edition = known or Edition(article=article, published_at=now)
    if edition.withdrawn_at and not edition.is_gone:
        # Its moment passed without it: nobody knows it by that time.
        edition.published_at = now
    edition.revision = revision
    edition.reprinted_at = now
    edition.published_at = starts_at or min(edition.published_at, now)
    edition.expires_at = expires_at
    edition.withdrawn_at, edition.withdrawal_reason = None, ""
    for name, value in printed_values(article, photographs, cover=cover).items():
        setattr(edition, name, value)
    edition.save(force_insert=known is None)
    return edition


def shown_images(article: Article) -> list[ArticleImage]:
    """The pictures of the text in order, then those shown before its videos play."""
    placed = list(article.images.filter(order__gt=0))
    posters = article.videos.filter(order__gt=0, poster__order=0).values_list("poster_id")
    return placed + (list(article.images.filter(pk__in=posters)) if posters else [])


def cover_of(article: Article, images: list[ArticleImage]) -> ArticleImage | None:
    """The picture lists show: the chosen one, else the first of `images`."""
    return cover_among(images, article.cover_id)


def cover_among(images: list[ArticleImage], chosen: int | None) -> ArticleImage | None:
    """The chosen one of `images`, else the first."""
    first = images[0] if images else None
    return next((image for image in images if image.pk == chosen), first)


def printed_values(
    article: Article,
    photographs: dict[int, Photograph],
    *,
    cover: Photograph | None = None,
    tags: list[str] | None = None,
    films: dict[int, ShownVideo] | None = None,
    files: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """What an edition shows of an article: its words, rendered body and names, as columns.

    Works on an article that is not saved, too, when `tags` are given. `films` and `files` (see
    `attachments.printed`) are those of the saved article unless told.
    """
    if films is None:
        films = films_of(article, photographs)
    if files is None:
        named = article.attachments.filter(order__gt=0) if article.pk else []
        files = attachments.printed(named)
    words = markup.plain_text(article.body)
    draw = figures.photograph_printer(photographs)
    body = markup.render(article.body, draw, showing.film_printer(films))
    return {
        "kicker": article.kicker,
        "title": article.title,
        "subtitle": article.subtitle,
        "short_title": article.short_title,
        "summary": article.summary or text.excerpt(words, SUMMARY_WIDTH),
        "body": body,
        "plain_text": words,
        "channel_id": article.channel_id,
        "department_id": article.source_department_id,
        "source_name": article.source_name,
        "byline": article.byline,
        "tag_names": sorted(article.tags.names() if tags is None else tags),
        "related_ids": [int(number) for number in article.related.split()],
        "cover": cover.as_dict() if cover else None,
        "pictures": figures.count_in(body),
        "attachments": files,
        "staff": crediting.responsible(article),
        "units": crediting.units(article),
    }


def films_of(
    article: Article,
    photographs: dict[int, Photograph],
    address: showing.Address | None = None,
) -> dict[int, ShownVideo]:
    """The videos in the text of a saved article, each with its poster among `photographs`."""
    videos = article.videos.filter(order__gt=0) if article.pk else []
    posters = {row: photograph.source for row, photograph in photographs.items()}
    return showing.films(videos, posters, address)
