"""The form in which the read API tells of things; described in `api_document`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from articles import text
from articles.models import Channel, Department, Edition
from articles.models.tree import Tree
from articles.portal.kept_pages import once
from articles.portal.pages import channel_tree
from newsroom import site


def unit_tree() -> Tree:
    """All units, read once a generation; nobody changes what it holds."""
    return once("unit tree", lambda: Tree(Department.objects.all()))


class Shapes:
    """Draws rows for one request: addresses lead to the host and the language that asked."""

    def __init__(self, request: HttpRequest):
        self.request = request
        self.channels = channel_tree()
        self.units = unit_tree()

    def story(self, edition: Edition) -> dict[str, Any]:
        """What a list tells of a story."""
        return {
            "id": edition.pk,
            "url": self.absolute(edition.get_absolute_url()),
            "api_url": self.absolute(reverse("api_story", args=[edition.pk])),
            "kicker": edition.kicker,
            "title": edition.title,
            "subtitle": edition.subtitle,
            "short_title": edition.list_title,
            "summary": edition.summary,
            "channel": self._channel_name(edition.channel_id),
            "unit": self._unit_name(edition.department_id),
            "source": edition.source_name,
            "byline": edition.byline,
            "authors": text.split_byline(edition.byline),
            "tags": edition.tag_names,
            "cover": self._cover(edition.cover),
            "published_at": _moment(edition.published_at),
            "updated_at": _moment(max(edition.published_at, edition.reprinted_at)),
        }

    def whole_story(
        self, edition: Edition, files: list[dict[str, Any]], views: int
    ) -> dict[str, Any]:
        """All there is to read. `files`: as `attachments.listed` gives them."""
        body = site.absolute_html(self.request, edition.body)
        return self.story(edition) | {
            "body_html": body,
            "pictures": list(_pictures(body)),
            "attachments": [self._file(row) for row in files],
            "views": views,
        }

    def channel(self, row: Channel) -> dict[str, Any]:
        """A channel with all beneath it."""
        beneath = [self.channel(each) for each in self.channels.children(row.pk)]
        return {
            "slug": row.slug,
            "name": row.name,
            "description": row.description,
            "url": self.absolute(row.get_absolute_url()),
            "feed_url": self.absolute(reverse("channel_feed", args=[row.slug, "feed.json"])),
            "stories_url": self.absolute(f"{reverse('api_stories')}?channel={row.slug}"),
            "beneath": beneath,
        }

    def unit(self, row: Department) -> dict[str, Any]:
        """A unit with all beneath it."""
        beneath = [self.unit(each) for each in self.units.children(row.pk)]
        return {
            "id": row.pk,
            "name": row.name,
            "short_name": row.short_name,
            "url": self.absolute(row.get_absolute_url()),
            "feed_url": self.absolute(reverse("unit_feed", args=[row.pk, "feed.json"])),
            "stories_url": self.absolute(f"{reverse('api_stories')}?unit={row.pk}"),
            "beneath": beneath,
        }

    def absolute(self, address: str) -> str:
        return site.absolute(self.request, address)

    def _channel_name(self, channel_id: int) -> dict[str, Any]:
        row = self.channels.rows[channel_id]
        return {"slug": row.slug, "name": row.name}

    def _unit_name(self, unit_id: int | None) -> dict[str, Any] | None:
        row = self.units.rows.get(unit_id) if unit_id else None
        return {"id": row.pk, "name": row.name, "short_name": row.short_name} if row else None

    def _cover(self, cover: dict[str, Any] | None) -> dict[str, Any] | None:
        if not cover:
            return None
        return {
            "src": self.absolute(cover["source"]),
            "srcset": site.absolute_set(self.request, cover["source_set"]),
            "width": cover["width"],
            "height": cover["height"],
            "caption": cover["caption"],
            "credit": cover["credit"],
            "alternative": cover["alternative"],
        }

    def _file(self, row: dict[str, Any]) -> dict[str, Any]:
        return {
            "title": row["title"],
            "name": row["name"],
            "kind": row["kind"],
            "size": row["size"],
            "url": self.absolute(reverse("attachment", args=[row["id"]])),
            "downloads": row.get("downloads") or 0,
        }


def _moment(value: datetime) -> str:
    return timezone.localtime(value).isoformat(timespec="seconds")


def _pictures(body: str) -> list[dict[str, Any]]:
    """The photographs of a printed body; those of a group share caption and credit."""
    if "<img" not in body:
        return []
    found = []
    for figure in html.fragment_fromstring(body, create_parent="div").iter("figure"):
        caption, credit = _words_under(figure)
        for picture in figure.iter("picture"):
            # Older parsers take an <img> after a <source> for part of it.
            image, source = next(picture.iter("img")), next(picture.iter("source"), None)
            found.append(
                {
                    "src": image.get("src"),
                    "srcset": source.get("srcset", "") if source is not None else "",
                    "width": int(image.get("width")),
                    "height": int(image.get("height")),
                    "caption": caption,
                    "credit": credit,
                    "alternative": image.get("alt", ""),
                }
            )
    return found


def _words_under(figure: html.HtmlElement) -> tuple[str, str]:
    """(caption, credit) of a printed figure; the credit without the word before it."""
    below = figure.find("figcaption")
    if below is None:
        return "", ""
    mark = below.find("span[@class='credit']")
    if mark is None:
        return below.text_content().strip(), ""
    credit = mark.text_content()
    caption = below.text_content().removesuffix(credit).strip()
    return caption, credit.partition("：")[2].strip() or credit
