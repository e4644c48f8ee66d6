"""The newest stories for feed readers and screens: Atom, RSS and JSON Feed, with all of the text.

A feed is of a `Subject`: whatever has a name, an address and stories.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import (
    Atom1Feed,
    Rss201rev2Feed,
    SyndicationFeed,
    rfc3339_date,
)
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from articles import documents, text
from articles.listing import cursors, pages
from articles.models import Department, Edition, Topic
from articles.models.edition import EditionQuerySet
from articles.portal import listing
from articles.portal.kept_pages import kept
from articles.portal.listing import Facet
from articles.portal.pages import channel_tree, fresh
from articles.topics import composing, installments
from newsroom import site

STORIES = 20
# What the stories are written in, whatever the language of the page around them.
LANGUAGE = "zh-Hans"
MEDIA = "http://search.yahoo.com/mrss/"
# XML knows none of them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Subject:
    """What a feed is about."""

    title: str
    address: str
    # Its newest, at a moment.
    stories: Callable[[datetime], Iterable[Edition]]
    description: str = ""


class Atom(Atom1Feed):
    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:media": MEDIA}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})
        _add_thumbnail(handler, item)


class Rss(Rss201rev2Feed):
    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:media": MEDIA,
        }

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])
        _add_thumbnail(handler, item)


class JsonFeed(SyndicationFeed):
    """Version 1.1, https://www.jsonfeed.org/version/1.1/."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: Any, encoding: str) -> None:
        values = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["description"],
            "language": self.feed["language"],
            "items": [self._item(item) for item in self.items],
        }
        outfile.write(json.dumps(_filled(values), ensure_ascii=False).encode(encoding))

    def _item(self, item: dict[str, Any]) -> dict[str, Any]:
        values = {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "summary": item["description"],
            "content_html": item["content"],
            "image": item["thumbnail"] and item["thumbnail"]["url"],
            "date_published": rfc3339_date(item["pubdate"]),
            "date_modified": rfc3339_date(item["updateddate"]),
            "authors": [{"name": name} for name in item["authors"]],
            "tags": list(item["categories"]),
            "attachments": item["files"],
        }
        # An item without any content is none, so that member stays even where it is empty.
        return {"content_html": ""} | _filled(values)


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _add_thumbnail(handler: Any, item: dict[str, Any]) -> None:
    if item["thumbnail"]:
        handler.addQuickElement("media:thumbnail", None, item["thumbnail"])


# The last part of an address → what is sent.
FORMATS: dict[str, type[SyndicationFeed]] = {
    "atom.xml": Atom,
    "rss.xml": Rss,
    "feed.json": JsonFeed,
}


class StoryFeed(Feed):
    """The stories of one subject, in one of the formats."""

    language = LANGUAGE

    def __init__(self, format_name: str, subject: Subject, request: HttpRequest):
        self.feed_type = FORMATS[format_name]
        self.subject = subject
        self.request = request

    def title(self) -> str:
        return clean(self.subject.title)

    def link(self) -> str:
        return self._absolute(self.subject.address)

    def description(self) -> str:
        return clean(self.subject.description or self.subject.title)

    def feed_url(self) -> str:
        return self._absolute(self.request.path)

    def items(self) -> list[Edition]:
        return list(self.subject.stories(timezone.now()))

    def item_title(self, item: Edition) -> str:
        return clean(item.title)

    def item_description(self, item: Edition) -> str:
        return clean(item.summary)

    def item_link(self, item: Edition) -> str:
        return self._absolute(item.get_absolute_url())

    def item_pubdate(self, item: Edition) -> datetime:
        return timezone.localtime(item.published_at)

    def item_updateddate(self, item: Edition) -> datetime:
        return timezone.localtime(max(item.published_at, item.reprinted_at))

    def item_author_name(self, item: Edition) -> str:
        return clean(item.byline or item.source_name)

    def item_categories(self, item: Edition) -> list[str]:
        return [clean(name) for name in item.tag_names]

    def item_extra_kwargs(self, item: Edition) -> dict[str, Any]:
        return {
            "content": clean(site.absolute_html(self.request, item.body)),
            "authors": text.split_byline(item.byline) or [item.source_name],
            "thumbnail": self._thumbnail(item.cover),
            "files": [self._file(row) for row in item.attachments],
        }

    def _thumbnail(self, cover: dict[str, Any] | None) -> dict[str, str] | None:
        if not cover:
            return None
        return {
            "url": self._absolute(cover["source"]),
            "width": str(cover["width"]),
            "height": str(cover["height"]),
        }

    def _file(self, row: dict[str, Any]) -> dict[str, Any]:
        return {
            "url": self._absolute(reverse("attachment", args=[row["id"]])),
            "title": row["title"],
            "mime_type": documents.KINDS[row["kind"]].content_type,
            "size_in_bytes": row["size"],
        }

    def _absolute(self, address: str) -> str:
        return site.absolute(self.request, address)


def clean(words: str) -> str:
    """Without what XML cannot hold."""
    return _CONTROL.sub("", words)


@require_safe
@kept()
@fresh
def everything(request: HttpRequest, format_name: str) -> HttpResponse:
    stories = _standing_on(listing.of_everything())
    subject = Subject(str(settings.SITE_NAME), reverse("home"), stories)
    return _answer(request, format_name, subject)


@require_safe
@kept()
@fresh
def channel(request: HttpRequest, slug: str, format_name: str) -> HttpResponse:
    row = listing.channel_of(channel_tree(), slug)
    stories = _standing_on(listing.of_channel(row))
    subject = Subject(_named(row.name), row.get_absolute_url(), stories, row.description)
    return _answer(request, format_name, subject)


@require_safe
@kept()
@fresh
def unit(request: HttpRequest, unit_id: int, format_name: str) -> HttpResponse:
    row = Department.objects.filter(pk=unit_id).first()
    if row is None:
        raise Http404
    stories = _standing_on(listing.of_unit(row))
    return _answer(request, format_name, Subject(_named(row.name), row.get_absolute_url(), stories))


@require_safe
@kept()
@fresh
def topic(request: HttpRequest, slug: str, format_name: str) -> HttpResponse:
    row = get_object_or_404(Topic.objects.readable(timezone.now()), slug=slug)

    def stories(now: datetime) -> Iterable[Edition]:
        found = composing.stories_of(row, list(row.sections.all()), now)
        numbers = {story.article_id for section in found.values() for story in section}
        for series in installments.of_topic(row, now):
            numbers |= {row.edition_id for row in series.installments}
        return _wide().live(now).filter(pk__in=numbers).newest_first()[:STORIES]

    subject = Subject(_named(row.title), row.get_absolute_url(), stories, row.introduction)
    return _answer(request, format_name, subject)


def _standing_on(facet: Facet) -> Callable[[datetime], Iterable[Edition]]:
    """The stories on the shelf of a list."""

    def stories(now: datetime) -> Iterable[Edition]:
        shelves = pages.shelves([facet.shelf])
        return cursors.read(shelves, STORIES, now=now, editions=_wide()).editions if shelves else []

    return stories


def _wide() -> EditionQuerySet:
    """With the text as it is shown, without its words alone."""
    return Edition.objects.defer("plain_text")


def _named(name: str) -> str:
    return f"{name} - {settings.SITE_NAME}"


def _answer(request: HttpRequest, format_name: str, subject: Subject) -> HttpResponse:
    response = StoryFeed(format_name, subject, request)(request)
    # Not the newest story's: one that was withdrawn changes the feed, too.
    response.headers["Last-Modified"] = http_date(timezone.now().timestamp())
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
