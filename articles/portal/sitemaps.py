"""What search engines are told: which addresses there are, with their pictures, and what is new.

Stories are listed by their numbers, so many numbers to a page: each page is one stretch of one
index, and a new story changes the last one only. django.contrib.sitemaps counts all
stories for every page, skips those of the pages before it, and took three times as long for 10,000
addresses without their pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from html import unescape

from django.conf import settings
from django.db import connection
from django.db.models import Case, TextField, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from articles.models import Department, Edition, Shelf, Topic
from articles.portal.feeds import clean
from articles.portal.kept_pages import kept, not_kept, until
from articles.portal.pages import channel_tree, fresh
from newsroom import languages, site

# The protocol allows 50,000 addresses and 50 MB.
NUMBERS_A_PAGE = 10_000
# Beyond it are numbers no database gives to a row.
LAST_PAGE = 10**14
ROWS_AT_ONCE = 500
# These limits are defined by Google: two days, 1,000 addresses.
NEWS_FOR = timedelta(days=2)
MOST_NEWS = 1_000
MOST_PICTURES = 1_000
FOR_GUESTS = ("/preview/", "/review/")
# And its name for Simplified Chinese.
NEWS_LANGUAGE = "zh-cn"

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGES = "http://www.google.com/schemas/sitemap-image/1.1"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
XHTML = "http://www.w3.org/1999/xhtml"

_PICTURE = re.compile(r'<img [^>]*?\bsrc="([^"]+)"')
# From one page that holds something to the next, without looking at those between.
LIVE = "withdrawn_at IS NULL AND published_at <= %s AND (expires_at IS NULL OR expires_at > %s)"
PAGES_WITH_STORIES = f"""
    WITH RECURSIVE pages(number) AS (
        SELECT (SELECT (article_id - 1) / {NUMBERS_A_PAGE} FROM articles_edition
            WHERE {LIVE} ORDER BY article_id LIMIT 1)
        UNION ALL
        SELECT (SELECT (article_id - 1) / {NUMBERS_A_PAGE} FROM articles_edition
            WHERE article_id > (number + 1) * {NUMBERS_A_PAGE} AND {LIVE}
            ORDER BY article_id LIMIT 1)
        FROM pages WHERE number IS NOT NULL
    ) SELECT number FROM pages WHERE number IS NOT NULL
"""  # noqa: S608 - our own names


@require_safe
@kept()
@fresh
def index(request: HttpRequest) -> HttpResponse:
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(PAGES_WITH_STORIES, [now] * 4)
        numbers = [row[0] for row in cursor.fetchall()]
    addresses = [reverse("sitemap_sections"), reverse("sitemap_news")]
    addresses += [reverse("sitemap_stories", args=[number + 1]) for number in numbers]
    lines = (f"<sitemap>{_location(request, address)}</sitemap>" for address in addresses)
    return _xml("sitemapindex", "", lines)


@require_safe
@kept()
@fresh
def stories(request: HttpRequest, number: int) -> HttpResponse:
    """Large, and asked for by few: rendered anew for each of them."""
    if number > LAST_PAGE:
        raise Http404
    first = (number - 1) * NUMBERS_A_PAGE
    editions = Edition.objects.live().filter(pk__gt=first, pk__lte=first + NUMBERS_A_PAGE)
    pictured = Case(
        When(cover__isnull=False, then="body"), default=Value(""), output_field=TextField()
    )
    rows = editions.order_by("pk").values_list("pk", "published_at", "reprinted_at", pictured)
    lines = [_story(request, *row) for row in rows.iterator(chunk_size=ROWS_AT_ONCE)]
    if not lines:
        raise Http404
    return not_kept(_xml("urlset", f' xmlns:image="{IMAGES}"', lines))


def _story(
    request: HttpRequest, pk: int, published_at: datetime, reprinted_at: datetime, body: str
) -> str:
    pictures = list(dict.fromkeys(_PICTURE.findall(body)))[:MOST_PICTURES]
    shown = "".join(
        f"<image:image><image:loc>{escape(site.absolute(request, unescape(picture)))}"
        "</image:loc></image:image>"
        for picture in pictures
    )
    changed = f"<lastmod>{max(published_at, reprinted_at):%Y-%m-%dT%H:%M:%SZ}</lastmod>"
    return f"<url>{_location(request, reverse('article', args=[pk]))}{changed}{shown}</url>"


@require_safe
@kept()
@fresh
def sections(request: HttpRequest) -> HttpResponse:
    """The pages that are no stories, each in every language."""
    with_stories = set(Shelf.objects.exclude(unit=None).values_list("unit", flat=True))
    units = [row for row in Department.objects.all() if row.pk in with_stories]
    named: list[tuple[str, list[str | int]]] = [("home", []), ("pictures", []), ("archive", [])]
    named += [("channel", [row.slug]) for row in channel_tree().rows.values()]
    named += [("unit", [row.pk]) for row in units]
    named += [("topics", []), ("hot", [])]
    readable = Topic.objects.readable(timezone.now())
    named += [("topic", [slug]) for slug in readable.values_list("slug", flat=True)]
    lines = [line for name, args in named for line in _in_all_languages(request, name, args)]
    return _xml("urlset", f' xmlns:xhtml="{XHTML}"', lines)


def _in_all_languages(request: HttpRequest, name: str, args: list[str | int]) -> Iterator[str]:
    found = languages.versions_of(name, args)
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{version.tag}"'
        f' href="{escape(site.absolute(request, version.address))}"/>'
        for version in found
    )
    for version in found:
        yield f"<url>{_location(request, version.address)}{links}</url>"


@require_safe
@kept()
@fresh
def news(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows = Edition.objects.live(now).filter(published_at__gt=now - NEWS_FOR).newest_first()
    found = list(rows.values_list("pk", "published_at", "title")[:MOST_NEWS])
    publication = (
        f"<news:publication><news:name>{escape(settings.SITE_NAME)}</news:name>"
        f"<news:language>{NEWS_LANGUAGE}</news:language></news:publication>"
    )
    lines = (
        f"<url>{_location(request, reverse('article', args=[pk]))}<news:news>{publication}"
        f"<news:publication_date>{timezone.localtime(at).isoformat(timespec='seconds')}"
        f"</news:publication_date><news:title>{escape(clean(title))}</news:title></news:news></url>"
        for pk, at, title in found
    )
    response = _xml("urlset", f' xmlns:news="{NEWS}"', lines)
    return until(response, found[-1][1] + NEWS_FOR) if found else response


def _location(request: HttpRequest, address: str) -> str:
    return f"<loc>{escape(site.absolute(request, address))}</loc>"


def _xml(root: str, attributes: str, lines: Iterable[str]) -> HttpResponse:
    body = "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<{root} xmlns="{NAMESPACE}"{attributes}>',
            *lines,
            f"</{root}>\n",
        ]
    )
    response = HttpResponse(body, content_type="application/xml; charset=utf-8")
    response.headers["Last-Modified"] = http_date(timezone.now().timestamp())
    return response


@require_safe
@kept()
@fresh
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read; the desk and the links for guests are nobody's business."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {address}" for address in (reverse("admin:index"), *FOR_GUESTS)),
        "",
        f"Sitemap: {site.absolute(request, reverse('sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
