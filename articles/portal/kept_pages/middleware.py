"""Answers with kept pages before sessions, tokens and addresses are looked at."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from articles.portal.kept_pages.finding import right_page
from articles.portal.kept_pages.page import Key
from newsroom.middleware import is_for_staff


def answer_kept_pages(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """What adds a header to public pages, or chooses the language, stands above it in
    MIDDLEWARE."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or is_for_staff(request):
            return get_response(request)
        query = request.META.get("QUERY_STRING", "")
        key = Key.of(request, f"{request.path}?{query}" if query else request.path)
        page = right_page(request, key, timezone.now())
        return page.answer(request) if page else get_response(request)

    return middleware
