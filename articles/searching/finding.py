"""Answers: the stories that hold every phrase, in their titles first, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from django.db.models import QuerySet, Value
from django.db.models.functions import StrIndex
from django.utils import timezone

from articles.models import Article, ArticleEntry, Edition, EditionEntry
from articles.searching import backends, grams, opensearch
from articles.searching.backends import Expression
from articles.searching.query import Query

PAGE_SIZE = 20
# Further than any list goes; bigger numbers only reach a database to make it fail.
LAST_PAGE = 1_000_000
# A phrase of more than two characters is read in the texts that may hold it, newest first:
# so many stories are counted, and so many texts read at most.
MOST_COUNTED = 1_000
MOST_READ = 20_000
READ_AT_ONCE = 1_000


@dataclass(frozen=True)
class Found:
    """One page of an answer. `is_more`: `total` is only what was counted."""

    editions: list[Edition] = field(default_factory=list)
    total: int = 0
    is_more: bool = False


def find(query: Query, page: int = 1, *, at: datetime | None = None) -> Found:
    """A page of what is live at a moment (now)."""
    at = at or timezone.now()
    if not query.phrases:
        return Found()
    start = (page - 1) * PAGE_SIZE
    found = opensearch.find(query, start, start + PAGE_SIZE, at)
    if found is None:
        exact = all(map(grams.are_exact, query.phrases))
        search = _counted if exact else _read
        found = search(query, start, start + PAGE_SIZE, at)
    places, total, is_more = found
    return Found(_editions(places, at), total, is_more)


def articles(query: Query, rows: QuerySet[Article]) -> QuerySet[Article]:
    """Those of the working copies that hold every phrase; `rows` says which somebody may see."""
    if not query.phrases:
        return rows.none()
    matching = backends.of_database().articles(Expression(_grams(query)))
    inexact = [phrase for phrase in query.phrases if not grams.are_exact(phrase)]
    if not inexact:
        return rows.filter(pk__in=matching)
    entries = _holding(ArticleEntry.objects.filter(pk__in=matching), "text", inexact)
    return rows.filter(pk__in=entries.values("pk"))


Places = tuple[list[int], int, bool]


def _counted(query: Query, start: int, stop: int, at: datetime) -> Places:
    """The index alone knows: first those with all phrases in the title, then the others."""
    backend = backends.of_database()
    in_title = grams.marked(grams.TITLE, _grams(query))
    wanted = Expression(_grams(query), query.facets, until=query.until)
    titles, texts = replace(wanted, grams=in_title), replace(wanted, but_not=in_title)
    of_titles, total = backend.count([titles, wanted], at)
    places = backend.places(titles, at, start, stop) if start < of_titles else []
    if stop > of_titles and total > of_titles:
        first = max(0, start - of_titles)
        places += backend.places(texts, at, first, stop - of_titles)
    return places, total, False


def _read(query: Query, start: int, stop: int, at: datetime) -> Places:
    """Texts that may hold the phrases are read: titles first, as many as are counted."""
    backend = backends.of_database()
    wanted = Expression(_grams(query), query.facets, until=query.until)
    in_title = replace(wanted, grams=grams.marked(grams.TITLE, wanted.grams))
    titles = backend.places(in_title, at, 0, MOST_READ)
    texts = backend.places(wanted, at, 0, MOST_READ)
    found = list(islice(_holders(titles, "title", query), MOST_COUNTED + 1))
    known = set(found)
    others = (place for place in _holders(texts, "text", query) if place not in known)
    found += islice(others, MOST_COUNTED + 1 - len(found))
    is_more = len(found) > MOST_COUNTED or len(texts) == MOST_READ
    found = found[:MOST_COUNTED]
    return found[start:stop], len(found), is_more


def _holders(places: list[int], column: str, query: Query) -> Iterator[int]:
    """Those of the places, in their order, whose text holds every phrase."""
    for start in range(0, len(places), READ_AT_ONCE):
        part = places[start : start + READ_AT_ONCE]
        rows = _holding(EditionEntry.objects.filter(place__in=part), column, query.phrases)
        holding = set(rows.values_list("place", flat=True))
        yield from (place for place in part if place in holding)


def _holding(rows: QuerySet, column: str, phrases: Iterable[str]) -> QuerySet:
    for phrase in phrases:
        rows = rows.alias(place_of_phrase=StrIndex(column, Value(phrase))).filter(
            place_of_phrase__gt=0
        )
    return rows


def _grams(query: Query) -> list[str]:
    return sorted(set().union(*map(grams.of_phrase, query.phrases)))


def _editions(places: list[int], at: datetime) -> list[Edition]:
    """The stories at these places. What somebody changed past the index is asked once more."""
    rows = EditionEntry.objects.select_related("edition").filter(place__in=places)
    known = {row.place: row.edition for row in rows.defer("title", "text")}
    found = [known[place] for place in places if place in known]
    return [edition for edition in found if edition.is_live(at)]
