"""Finds a kept page that is still right."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from articles import freshness
from articles.portal.kept_pages.page import Key, Page
from articles.portal.kept_pages.store import PAGES
from articles.portal.kept_pages.warming import remember


def generation_of(request: HttpRequest) -> int:
    """Asked for once a request, and before anything that is rendered."""
    known: int | None = getattr(request, "_generation", None)
    if known is None:
        known = request._generation = freshness.generation()  # type: ignore[attr-defined]
    return known


def right_page(request: HttpRequest, key: Key, now: datetime) -> Page | None:
    """The page as it was kept, when no moment, no change and no mark has made it old."""
    found = _right_page(request, key, now)
    if found:
        remember(key)
    return found


def _right_page(request: HttpRequest, key: Key, now: datetime) -> Page | None:
    page = PAGES.find(key.digest())
    if page is None or now >= page.valid_until:
        return None
    generation = generation_of(request)
    if page.generation == generation:
        return page
    if page.marks and not _is_known_as_old(request, page):
        # A number never comes back, so what is the same now was the same in that generation.
        if freshness.marks(page.marks) == page.marks:
            PAGES.confirm(key.digest(), generation)
            return page
        request._old_page = page.etag, page.generation  # type: ignore[attr-defined]
    return None


def _is_known_as_old(request: HttpRequest, page: Page) -> bool:
    """Whether the middleware asked for its marks already, before the view looks again."""
    return getattr(request, "_old_page", None) == (page.etag, page.generation)
