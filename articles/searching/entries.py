"""What of a story is searched, as rows of an index that are not saved yet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from django.utils import timezone
from django.utils.html import strip_tags

from articles.models import Article, ArticleEntry, Edition, EditionEntry
from articles.searching import grams
from articles.searching.normal import joined

_CAPTION = re.compile(r"<figcaption[^>]*>(.*?)</figcaption>", re.DOTALL)


def of_edition(edition: Edition) -> EditionEntry:
    """A printed story, its place in the order of publication as if nobody else had it."""
    headlines = [edition.kicker, edition.title, edition.subtitle, edition.short_title]
    words = [
        *headlines,
        edition.byline,
        edition.source_name,
        *edition.tag_names,
        edition.summary,
        edition.plain_text,
        *captions_in(edition.body),
    ]
    return EditionEntry(
        place=int(edition.published_at.timestamp()),
        edition_id=edition.pk,
        title=joined(headlines),
        text=joined(words)[: grams.LONGEST_TEXT],
        facets=grams.facets(
            channel=edition.channel_id,
            department=edition.department_id,
            year=timezone.localtime(edition.published_at).year,
        ),
        published_at=edition.published_at,
        expires_at=edition.expires_at,
    )


def of_article(article: Article, words: str, content: dict[str, Any]) -> ArticleEntry:
    """A working copy: `words` of its body, and the content of its newest revision."""
    headlines = [article.kicker, article.title, article.subtitle, article.short_title]
    said = [
        *headlines,
        article.byline,
        article.source_name,
        *content["tags"],
        article.summary,
        words,
        *_said_of(content["images"]),
        *_said_of(content.get("videos", [])),
    ]
    return ArticleEntry(
        article_id=article.pk,
        title=joined(headlines),
        text=joined(said)[: grams.LONGEST_TEXT],
    )


def captions_in(body: str) -> list[str]:
    """What stands under the photographs and films of a printed body, with its credits."""
    return [unescape(strip_tags(caption.replace("<", " <"))) for caption in _CAPTION.findall(body)]


def _said_of(figures: Iterable[dict[str, Any]]) -> Iterable[str]:
    for figure in figures:
        yield figure.get("caption", "")
        yield figure.get("credit", "")
