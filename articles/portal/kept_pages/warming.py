"""After a publication, the pages asked for most are rendered before the next reader asks.

The process in which staff publish does it, in a thread, once the transaction is committed. Nothing
depends on it: a reader who comes earlier renders the page, or waits for the thread's rendering.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from io import BytesIO
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import connections
from django.urls import resolve
from django.utils.translation import override

from articles import freshness
from articles.portal.kept_pages.page import Key

logger = logging.getLogger(__name__)

# Half a second of one core, at most.
MOST_PAGES = 20
# Of so many addresses it is remembered how often they were asked for.
MOST_REMEMBERED = 2_000
# A page asked for once since the last look is not worth it.
OFTEN = 3

_asked: Counter[Key] = Counter()
_wanted = Event()
_lock = Lock()
# Process → its thread; one that was forked off has none yet.
_threads: dict[int, Thread] = {}


def remember(key: Key) -> None:
    """Somebody was given this page."""
    if key in _asked or len(_asked) < MOST_REMEMBERED:
        _asked[key] += 1


def watch() -> None:
    """Connects to what is published, withdrawn or arranged in this process."""
    freshness.committed.connect(_changed, dispatch_uid="warming of kept pages")


def warm() -> int:
    """Renders what is asked for most, unless it is right; returns how many pages it looked at."""
    found = [key for key, times in _asked.most_common(MOST_PAGES) if times >= OFTEN]
    _asked.clear()
    for key in found:
        # It stays among the most asked unless nobody comes.
        _asked[key] = OFTEN
        _render(key)
    return len(found)


def _render(key: Key) -> None:
    """The view's decorator keeps what it answers, or finds that it is kept."""
    with override(key.language):
        request = _request(key)
        match = resolve(request.path_info)
        request.resolver_match = match
        match.func(request, *match.args, **match.kwargs)


def _request(key: Key) -> WSGIRequest:
    """What a reader without cookies would send."""
    origin, address = urlsplit(key.origin), urlsplit(key.address)
    return WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            # PEP 3333: bytes, told as Latin-1.
            "PATH_INFO": address.path.encode().decode("latin-1"),
            "QUERY_STRING": address.query,
            "HTTP_HOST": origin.netloc,
            "SERVER_NAME": origin.hostname or "",
            "SERVER_PORT": str(origin.port or 80),
            "wsgi.url_scheme": origin.scheme,
            "wsgi.input": BytesIO(),
        }
    )


def _changed(**_facts: Any) -> None:
    if not settings.WARM_KEPT_PAGES or not _asked:
        return
    with _lock:
        if os.getpid() not in _threads:
            thread = Thread(target=_work, name="warming of kept pages", daemon=True)
            _threads[os.getpid()] = thread
            thread.start()
    _wanted.set()


def _work() -> None:
    while _wanted.wait():
        _wanted.clear()
        try:
            warm()
        except Exception:
            logger.warning("Pages could not be rendered ahead of readers.", exc_info=True)
        finally:
            connections.close_all()
