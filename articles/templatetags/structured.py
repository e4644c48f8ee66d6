"""What a page says of itself to programs: search engines, link previews, feed readers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import text
from articles.models import Channel, Department, Edition, Topic
from newsroom import languages, site

register = template.Library()

# What stories are written in, whatever the language of the page around them.
STORY_LANGUAGE = "zh-Hans"
FEEDS = (
    ("Atom", "atom+xml", "atom.xml"),
    ("RSS", "rss+xml", "rss.xml"),
    ("JSON Feed", "feed+json", "feed.json"),
)
# WeChat shows no smaller picture on a card.
SMALLEST_SHARED = 300
# In a script block they might end it, or begin a comment.
_ESCAPED = str.maketrans({c: f"\\u{ord(c):04X}" for c in "<>&\u2028\u2029"})


@register.simple_tag(takes_context=True)
def site_host(context: Context) -> str:
    """Empty on the page that says that a request was sent to a host that is not ours."""
    try:
        return site.host(context["request"])
    except DisallowedHost:
        return ""


@register.simple_tag(takes_context=True)
def versions(context: Context) -> list[languages.Version]:
    """This page in each language; none where there is but one."""
    return languages.versions(context["request"]) if "request" in context else []


@dataclass(frozen=True)
class Feed:
    name: str
    type: str
    address: str


@register.simple_tag
def feeds_of(row: Channel | Department | Topic | None = None) -> list[Feed]:
    """The feeds of a channel, a unit or a topic; of the whole site without one."""
    args: list[str | int]
    if isinstance(row, Channel):
        view_name, args = "channel_feed", [row.slug]
    elif isinstance(row, Department):
        view_name, args = "unit_feed", [row.pk]
    elif isinstance(row, Topic):
        view_name, args = "topic_feed", [row.slug]
    else:
        view_name, args = "feed", []
    return [
        Feed(name, f"application/{kind}", reverse(view_name, args=[*args, file]))
        for name, kind, file in FEEDS
    ]


@register.filter
def is_shared(cover: Any) -> bool:
    """Whether a cover is large enough for the card of a shared link."""
    if not cover:
        return False
    width, height = (
        (cover["width"], cover["height"])
        if isinstance(cover, dict)
        else (cover.width, cover.height)
    )
    return bool(min(width, height) >= SMALLEST_SHARED)


@register.simple_tag(takes_context=True)
def news_article(context: Context, edition: Edition) -> str:
    """The story as a schema.org NewsArticle, ready for a block of data."""
    request: HttpRequest = context["request"]
    names = text.split_byline(edition.byline)
    organisation = {"@type": "Organization", "name": edition.source_name}
    values = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": site.absolute(request, edition.get_absolute_url()),
        "headline": edition.title,
        "alternativeHeadline": edition.subtitle,
        "description": edition.summary,
        "image": [site.absolute(request, edition.cover["source"])] if edition.cover else [],
        "datePublished": timezone.localtime(edition.published_at).isoformat(timespec="seconds"),
        "dateModified": timezone.localtime(
            max(edition.published_at, edition.reprinted_at)
        ).isoformat(timespec="seconds"),
        "author": [{"@type": "Person", "name": name} for name in names] or [organisation],
        "sourceOrganization": organisation,
        "publisher": {
            "@type": "Organization",
            "name": str(settings.SITE_NAME),
            "url": site.absolute(request, reverse("home")),
        },
        "articleSection": str(edition.channel),
        "keywords": edition.tag_names,
        "inLanguage": STORY_LANGUAGE,
        "isAccessibleForFree": True,
    }
    return _data({name: value for name, value in values.items() if value})


@register.simple_tag(takes_context=True)
def breadcrumb_list(context: Context, path: list[Any], title: str = "") -> str:
    """Where the page stands, as a schema.org BreadcrumbList; `title`: of a page beneath `path`."""
    request: HttpRequest = context["request"]
    steps = [(_("Home"), reverse("home"))]
    steps += [(str(row), row.get_absolute_url()) for row in path]
    items: list[dict[str, Any]] = [
        {"name": name, "item": site.absolute(request, address)} for name, address in steps
    ]
    if title:
        items.append({"name": title})
    return _data(
        {
            "@context": "https://schema.org",
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": place, **item}
                for place, item in enumerate(items, start=1)
            ],
        }
    )


def _data(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False).translate(_ESCAPED)
