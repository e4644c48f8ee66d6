"""What a revision keeps of an article, and the body as the editor gets it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from articles import markup
from articles.models import Article

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
    "related",
    "cover_id",
    "content_class_id",
)

# Of these a revision says nothing while there are none.
ABSENT = {"cover_id": None, "content_class_id": None, "related": ""}


@dataclass(frozen=True)
class AttachmentLine:
    """An attachment as the form names it: its row and the title typed for it."""

    attachment: int
    title: str


def snapshot(article: Article) -> dict[str, Any]:
    """What a revision keeps of an article as it is stored."""
    return content_of(
        article,
        [image.snapshot() for image in article.images.filter(order__gt=0)],
        list(article.tags.names()),
        videos=[video.snapshot() for video in article.videos.filter(order__gt=0)],
        attachments=[row.snapshot() for row in article.attachments.filter(order__gt=0)],
    )


def content_from(
    article: Article,
    figures: list[markup.Figure],
    tags: list[str],
    attachments: list[AttachmentLine],
) -> dict[str, Any]:
    """The content a revision would have if this were saved; the body is the article's."""
    pictures = [
        picture.snapshot(caption) for figure in figures for picture, caption in figure.captioned
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
        **{name: fields.pop(name) for name in ABSENT},
        "videos": videos,
        "attachments": attachments,
    }
    given = {name: value for name, value in newer.items() if value}
    return fields | given | {"images": pictures, "tags": sorted(tags)}


def body_for_editor(article: Article) -> str:
    """The body with what is said of the pictures and videos put back under them."""
    return with_words(
        article.body,
        [image.snapshot() for image in article.images.all()],
        [video.snapshot() for video in article.videos.all()],
    )


def with_words(
    body: str, pictures: Iterable[dict[str, Any]], videos: Iterable[dict[str, Any]]
) -> str:
    """A stored body as the editor has it, with what a revision keeps of pictures and videos."""
    figures = [
        markup.Figure((markup.Picture.from_snapshot(picture),), picture.get("caption", ""))
        for picture in pictures
    ]
    figures += [
        markup.Figure(
            video=video["id"],
            caption=video["caption"],
            credit=video["credit"],
            poster=video["poster"] or 0,
        )
        for video in videos
    ]
    return markup.with_figures(body, figures)
