"""Rendering: once for all who wait in this process, and what is made once a generation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock
from typing import Any, TypeVar

from articles import freshness
from articles.portal.kept_pages.page import Key, Page

T = TypeVar("T")


@dataclass(slots=True)
class Rendering:
    """One reader renders, the others wait for what comes of it."""

    done: Event = field(default_factory=Event)
    page: Page | None = None
    absent: bool = False


@dataclass(slots=True)
class Making:
    """What is known of the page that is being rendered: its generation, and what it shows."""

    generation: int
    marks: set[str] = field(default_factory=set)

    def numbers(self) -> dict[str, int] | None:
        """The numbers of its marks as they were when it was rendered; None when it named none,
        or when something changed meanwhile."""
        if not self.marks:
            return None
        found = freshness.marks({*self.marks, freshness.EVERYTHING})
        return found if freshness.generation() == self.generation else None


_NOW: ContextVar[Making | None] = ContextVar("making", default=None)
_lock = Lock()
_renderings: dict[tuple[Key, int], Rendering] = {}
_once: dict[str, tuple[int, Any]] = {}


def shows(*marks: str) -> None:
    """Names the marks of all that the page shows, besides what every page shows."""
    making = _NOW.get()
    if making is not None:
        making.marks.update(marks)


def once(name: str, make: Callable[[], T]) -> T:
    """What many pages show alike, made once a generation and process; nobody may change it."""
    making = _NOW.get()
    generation = making.generation if making else freshness.generation()
    known = _once.get(name)
    if known is None or known[0] != generation:
        known = _once[name] = (generation, make())
    return known[1]


def next_change(generation: int, now: datetime) -> datetime:
    """The next moment at which time alone changes a page; looked up once a generation."""
    known = _once.get("next change")
    if known is None or known[0] != generation or known[1] <= now:
        known = _once["next change"] = (generation, freshness.next_change(now))
    return known[1]


def forget() -> None:
    """What was made once is made again."""
    _once.clear()


@contextmanager
def making(generation: int) -> Iterator[Making]:
    """Within it `once` does not ask again which generation it is, and `shows` is heard."""
    page = Making(generation)
    token = _NOW.set(page)
    try:
        yield page
    finally:
        _NOW.reset(token)


def begin(key: Key, generation: int) -> tuple[Rendering, bool]:
    """The rendering of this page that is going on, and whether it is the caller's to do."""
    with _lock:
        known = _renderings.get((key, generation))
        if known:
            return known, False
        rendering = _renderings[key, generation] = Rendering()
        return rendering, True


def end(key: Key, generation: int) -> None:
    with _lock:
        _renderings.pop((key, generation)).done.set()
