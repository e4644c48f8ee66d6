"""Public pages are rendered once and kept, compressed, until something readers see changes.

Every process keeps its own. A page is right as long as the generation of the portal is the one
it was rendered in (`articles.freshness`) and no moment has come at which time alone changes it:
one small statement a request, whatever the page shows. When many readers ask for a page that
has just changed, one of them renders it and the others wait for that.

    @kept("page", "year", life=timedelta(minutes=10))
    def channel(request, slug): …

The parameters are those of the query string the view reads; all others are ignored. Only what is
there for everybody is kept: 200 and 410. Refusals, errors and what `not_kept` names are not. A
view that shows something which ends at a moment of its own says so with `until`.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps
from threading import Event, Lock
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, parse_http_date_safe, urlencode
from django.utils.translation import get_language

from articles import freshness

View = Callable[..., HttpResponse]
T = TypeVar("T")

# The generation a page is being rendered in.
RENDERED: ContextVar[int | None] = ContextVar("generation", default=None)

# Of all pages of a process together; a page of 2,000 characters takes 3 to 5 KB.
MOST_BYTES = 24 * 1024 * 1024
# What Python needs for an entry besides the page itself.
ENTRY_BYTES = 1_000
LONGEST_ADDRESS = 500
KEPT_STATUSES = (200, 410)
# The levels above take longer and save next to nothing.
COMPRESSION = 6
# Readers who wait longer for another one's rendering render for themselves.
PATIENCE = 20
# RFC 9110, 15.4.5, and what lets a program of another site see the answer at all.
NOT_MODIFIED_HEADERS = (
    "Access-Control-Allow-Origin",
    "Cache-Control",
    "Content-Location",
    "Date",
    "Expires",
    "Last-Modified",
    "Vary",
)
GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Key:
    """What makes two requests the same page: canonical links hold scheme and host."""

    origin: str
    address: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """An answer, ready to be sent."""

    status: int
    body: bytes
    etag: str
    headers: tuple[tuple[str, str], ...]
    generation: int
    valid_until: datetime

    def is_right(self, generation: int, now: datetime) -> bool:
        return self.generation == generation and now < self.valid_until


@dataclass(slots=True)
class Rendering:
    """One reader renders, the others wait for what comes of it."""

    done: Event = field(default_factory=Event)
    page: Page | None = None
    absent: bool = False


class Store:
    """The pages of a process; those nobody asked for the longest go first."""

    def __init__(self, most_bytes: int = MOST_BYTES):
        self.most_bytes = most_bytes
        self.clear()

    def clear(self) -> None:
        self.bytes = 0
        self._lock = Lock()
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._renderings: dict[tuple[Key, int], Rendering] = {}
        self._once: dict[str, tuple[int, Any]] = {}

    def __contains__(self, key: Key) -> bool:
        return key in self._pages

    def find(self, key: Key, generation: int, now: datetime) -> Page | None:
        """The page as it was kept, when it is still right."""
        with self._lock:
            page = self._pages.get(key)
            if page is None or not page.is_right(generation, now):
                return None
            self._pages.move_to_end(key)
            return page

    def keep(self, key: Key, page: Page) -> None:
        with self._lock:
            self._forget(key)
            self._pages[key] = page
            self.bytes += _weight(key, page)
            while self.bytes > self.most_bytes:
                self._forget(next(iter(self._pages)))

    def _forget(self, key: Key) -> None:
        if page := self._pages.pop(key, None):
            self.bytes -= _weight(key, page)

    def begin(self, key: Key, generation: int) -> tuple[Rendering, bool]:
        """The rendering of this page that is going on, and whether it is the caller's to do."""
        with self._lock:
            known = self._renderings.get((key, generation))
            if known:
                return known, False
            rendering = self._renderings[key, generation] = Rendering()
            return rendering, True

    def end(self, key: Key, generation: int) -> None:
        with self._lock:
            self._renderings.pop((key, generation)).done.set()

    def next_change(self, generation: int, now: datetime) -> datetime:
        """The next moment at which time alone changes a page; looked up once a generation."""
        known = self._once.get("next change")
        if known is None or known[0] != generation or known[1] <= now:
            known = self._once["next change"] = (generation, freshness.next_change(now))
        return known[1]

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What many pages show alike, made once a generation; nobody may change it."""
        generation = RENDERED.get()
        if generation is None:
            generation = freshness.generation()
        known = self._once.get(name)
        if known is None or known[0] != generation:
            known = self._once[name] = (generation, make())
        return known[1]


PAGES = Store()


def _weight(key: Key, page: Page) -> int:
    return len(page.body) + len(key.address) + ENTRY_BYTES


def kept(*parameters: str, life: timedelta | None = None) -> Callable[[View], View]:
    """Keeps what the view answers to GET; `life` bounds it for figures that change unnoticed."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return view(request, *args, **kwargs)
            request.parameters_read = parameters  # type: ignore[attr-defined]
            key = _key(request, _address(request, parameters))
            return _shared(request, key, lambda: view(request, *args, **kwargs), life)

        return wrapper

    return decorate


def not_kept(response: HttpResponse) -> HttpResponse:
    """Marks an answer to an address somebody made up, which would only fill the memory."""
    response.is_made_up = True  # type: ignore[attr-defined]
    return response


def until(response: HttpResponse, moment: datetime) -> HttpResponse:
    """Marks an answer that shows something which ends at a moment of its own."""
    response.valid_until = moment  # type: ignore[attr-defined]
    return response


def answer_kept_pages(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """A middleware that answers before sessions, tokens and addresses are looked at.

    What adds a header to public pages, or chooses the language, stands above it in MIDDLEWARE.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        query = request.META.get("QUERY_STRING", "")
        key = _key(request, f"{request.path}?{query}" if query else request.path)
        page = PAGES.find(key, _generation(request), timezone.now()) if key in PAGES else None
        return _answer(request, page) if page else get_response(request)

    return middleware


def _generation(request: HttpRequest) -> int:
    """Asked for once a request, and before anything that is rendered."""
    known: int | None = getattr(request, "_generation", None)
    if known is None:
        known = request._generation = freshness.generation()  # type: ignore[attr-defined]
    return known


def _key(request: HttpRequest, address: str) -> Key:
    return Key(f"{request.scheme}://{request.get_host()}", address, get_language())


def _address(request: HttpRequest, parameters: tuple[str, ...]) -> str:
    """The path with those parameters the view reads, in one order."""
    given = {name: request.GET.getlist(name) for name in parameters if name in request.GET}
    return f"{request.path}?{urlencode(given, doseq=True)}" if given else request.path


def _shared(
    request: HttpRequest, key: Key, render: Callable[[], HttpResponse], life: timedelta | None
) -> HttpResponse:
    generation, now = _generation(request), timezone.now()
    if page := PAGES.find(key, generation, now):
        return _answer(request, page)
    rendering, is_ours = PAGES.begin(key, generation)
    if not is_ours:
        rendering.done.wait(PATIENCE)
        if rendering.absent:
            raise Http404
        if rendering.page:
            return _answer(request, rendering.page)
        return _rendered(render, generation)
    try:
        response = _rendered(render, generation)
        if response.status_code not in KEPT_STATUSES or response.cookies:
            return response
        page = rendering.page = _page(response, key, generation, now, life)
        if not hasattr(response, "is_made_up") and len(key.address) <= LONGEST_ADDRESS:
            PAGES.keep(key, page)
        return _answer(request, page)
    except Http404:
        rendering.absent = True
        raise
    finally:
        PAGES.end(key, generation)


def _rendered(render: Callable[[], HttpResponse], generation: int) -> HttpResponse:
    """Renders with `once` not asking again which generation it is."""
    token = RENDERED.set(generation)
    try:
        return render()
    finally:
        RENDERED.reset(token)


def _page(
    response: HttpResponse, key: Key, generation: int, now: datetime, life: timedelta | None
) -> Page:
    moments = [PAGES.next_change(generation, now)]
    if life:
        moments.append(now + life)
    if hasattr(response, "valid_until"):
        moments.append(response.valid_until)
    patch_vary_headers(response, ["Accept-Encoding"])
    content = response.content
    return Page(
        status=response.status_code,
        body=gzip.compress(content, COMPRESSION, mtime=0),
        etag=f'W/"{hashlib.sha256(content).hexdigest()[:24]}"',
        headers=tuple(response.headers.items()),
        generation=generation,
        valid_until=min(moments),
    )


def _is_known(request: HttpRequest, page: Page) -> bool:
    """Whether the reader has it already; the tag decides where there is one (RFC 9110, 13.2.2)."""
    if "If-None-Match" in request.headers:
        known = parse_etags(request.headers["If-None-Match"])
        return page.etag in known or known == ["*"]
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    rendered = parse_http_date_safe(dict(page.headers).get("Last-Modified", ""))
    return since is not None and rendered is not None and rendered <= since


def _answer(request: HttpRequest, page: Page) -> HttpResponse:
    if page.status == 200 and _is_known(request, page):
        response: HttpResponse = HttpResponseNotModified()
        for name, value in page.headers:
            if name in NOT_MODIFIED_HEADERS:
                response.headers[name] = value
    else:
        body = page.body
        is_compressed = bool(GZIP.search(request.headers.get("Accept-Encoding", "")))
        if not is_compressed:
            body = gzip.decompress(body)
        response = HttpResponse(b"" if request.method == "HEAD" else body, status=page.status)
        for name, value in page.headers:
            response.headers[name] = value
        if is_compressed:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(body))
    response.headers["ETag"] = page.etag
    return response
