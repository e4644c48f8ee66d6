"""`@kept`: a view whose answers are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode

from articles.portal.kept_pages import making
from articles.portal.kept_pages.finding import generation_of, right_page
from articles.portal.kept_pages.page import Key, Page
from articles.portal.kept_pages.store import PAGES

View = Callable[..., HttpResponse]

LONGEST_ADDRESS = 500
KEPT_STATUSES = (200, 410)
# Read and taken away by nginx. In whole seconds, of which the first has begun: at most two.
FOR_NGINX = ("X-Accel-Expires", "1")
# Readers who wait longer for another one's rendering render for themselves.
PATIENCE = 20  # seconds


def kept(*parameters: str, life: timedelta | None = None) -> Callable[[View], View]:
    """Keeps what the view answers to GET; `life` bounds it for figures that change unnoticed."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return view(request, *args, **kwargs)
            request.parameters_read = parameters  # type: ignore[attr-defined]
            key = Key.of(request, _address(request, parameters))
            return _shared(request, key, lambda: view(request, *args, **kwargs), life)

        return wrapper

    return decorate


def not_kept(response: HttpResponse) -> HttpResponse:
    """Marks an answer to an address somebody made up, which would only take room."""
    response.is_made_up = True  # type: ignore[attr-defined]
    return response


def until(response: HttpResponse, moment: datetime) -> HttpResponse:
    """Marks an answer that shows something which ends at a moment of its own."""
    response.valid_until = moment  # type: ignore[attr-defined]
    return response


def _address(request: HttpRequest, parameters: tuple[str, ...]) -> str:
    """The path with those parameters the view reads, in one order."""
    given = {name: request.GET[name] for name in parameters if name in request.GET}
    return f"{request.path}?{urlencode(given)}" if given else request.path


def _shared(
    request: HttpRequest, key: Key, render: Callable[[], HttpResponse], life: timedelta | None
) -> HttpResponse:
    generation, now = generation_of(request), timezone.now()
    if page := right_page(request, key, now):
        return page.answer(request)
    rendering, is_ours = making.begin(key, generation)
    if not is_ours:
        rendering.done.wait(PATIENCE)
        if rendering.absent:
            raise Http404
        if rendering.page:
            return rendering.page.answer(request)
        return render()
    try:
        page, response = _rendered(render, generation, now, life)
        is_wanted = not hasattr(response, "is_made_up") and len(key.address) <= LONGEST_ADDRESS
        if page and is_wanted:
            page = replace(page, headers=(*page.headers, FOR_NGINX))
            PAGES.keep(key.digest(), page)
        rendering.page = page
        return page.answer(request) if page else response
    except Http404:
        rendering.absent = True
        raise
    finally:
        making.end(key, generation)


def _rendered(
    render: Callable[[], HttpResponse], generation: int, now: datetime, life: timedelta | None
) -> tuple[Page | None, HttpResponse]:
    """What the view answers, and the page that may be shared of it."""
    with making.making(generation) as made:
        response = render()
        if response.status_code not in KEPT_STATUSES or response.cookies:
            return None, response
        moments = [making.next_change(generation, now)]
        if life:
            moments.append(now + life)
        if hasattr(response, "valid_until"):
            moments.append(response.valid_until)
        return Page.from_response(response, generation, min(moments), made.numbers()), response
