"""What keeps the grams and finds entries by them: the database itself, of either kind.

A back end says how entries get their grams (`add`), how many live ones an expression matches
(`count`) and which, newest first (`places`), and which working copies (`articles`). A search
server beside the database is another road (`opensearch`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from django.db import connection
from django.db.models.expressions import RawSQL

from articles.models import ArticleEntry, EditionEntry

Entry = TypeVar("Entry", EditionEntry, ArticleEntry)


@dataclass(frozen=True)
class Expression:
    """Entries with all of these grams, with one value of each facet, and not with all of those.

    `until`: nothing published later.
    """

    grams: list[str]
    facets: list[list[str]] = field(default_factory=list)
    but_not: list[str] = field(default_factory=list)
    until: datetime | None = None

    def published_by(self, at: datetime) -> datetime:
        """The last moment of publication that is found of what is live at a moment."""
        return min(self.until, at) if self.until else at


class Backend(Protocol):
    def add(self, entries: Sequence[Entry]) -> None: ...

    def count(self, expressions: Sequence[Expression], at: datetime) -> list[int]: ...

    def places(self, expression: Expression, at: datetime, start: int, stop: int) -> list[int]: ...

    def articles(self, expression: Expression) -> RawSQL: ...

    def clear(self) -> None: ...

    def tidy(self) -> None: ...


def of_database() -> Backend:
    from articles.searching.backends import postgresql, sqlite

    backend: Backend = sqlite if connection.vendor == "sqlite" else postgresql
    return backend
