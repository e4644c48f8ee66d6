"""A search server for those who outgrow the database: OpenSearch, named by SEARCH_URL.

What it has to be told is written as a message in the transaction that prints or withdraws a
story and sent after the commit; what could not be sent waits for the next one, or for
`manage.py index_search --send`. The database keeps its own index all the same: when the server
does not answer, it does.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from articles.models import EditionEntry, SearchMessage
from articles.searching import grams
from articles.searching.query import Query

logger = logging.getLogger(__name__)

BATCH = 200
# OpenSearch refuses to page further (index.max_result_window).
LAST = 10_000
TIMEOUT = 2
# The answer to deleting what the server never knew.
NOT_THERE = 404
# One field for each length of gram: a phrase is a row of neighbouring grams, which is exact.
_PHRASES = {
    "type": "text",
    "analyzer": "two",
    "fields": {"one": {"type": "text", "analyzer": "one"}},
}
INDEX = {
    "settings": {
        "analysis": {
            "tokenizer": {
                "one": {"type": "ngram", "min_gram": 1, "max_gram": 1},
                "two": {"type": "ngram", "min_gram": 2, "max_gram": 2},
            },
            "analyzer": {
                "one": {"type": "custom", "tokenizer": "one"},
                "two": {"type": "custom", "tokenizer": "two"},
            },
        }
    },
    "mappings": {
        "dynamic": "strict",
        "properties": {
            "title": _PHRASES,
            "text": _PHRASES,
            "facets": {"type": "keyword"},
            "place": {"type": "long"},
            "published_at": {"type": "date"},
            "expires_at": {"type": "date"},
        },
    },
}


def is_used() -> bool:
    return bool(settings.SEARCH_URL)


def tell(*edition_ids: int) -> None:
    """What the server knows of these stories is old: it is told after the commit."""
    if is_used() and edition_ids:
        SearchMessage.objects.bulk_create(SearchMessage(edition_id=row) for row in edition_ids)
        transaction.on_commit(send, robust=True)


def send() -> int:
    """Tells the server what waits; returns of how many stories. What fails goes on waiting."""
    from opensearchpy.exceptions import OpenSearchException

    sent = 0
    try:
        while messages := list(SearchMessage.objects.order_by("pk")[:BATCH]):
            sent += _send({message.edition_id for message in messages})
            SearchMessage.objects.filter(pk__in=[message.pk for message in messages]).delete()
    except OpenSearchException as error:
        logger.warning("The search server could not be told: %s", type(error).__name__)
    return sent


def _send(edition_ids: set[int]) -> int:
    from opensearchpy.exceptions import OpenSearchException

    entries = {
        entry.edition_id: entry for entry in EditionEntry.objects.filter(edition__in=edition_ids)
    }
    lines: list[dict[str, Any]] = []
    for row in sorted(edition_ids):
        if entry := entries.get(row):
            lines += [{"index": {"_id": str(row)}}, _document(entry)]
        else:
            lines.append({"delete": {"_id": str(row)}})
    answer = client(settings.SEARCH_URL).bulk(body=lines, index=_index_name())
    told = [outcome["status"] for item in answer["items"] for outcome in item.values()]
    if any(status >= 400 and status != NOT_THERE for status in told):
        raise OpenSearchException("some stories were refused")
    return len(edition_ids)


def _document(entry: EditionEntry) -> dict[str, Any]:
    return {
        "title": entry.title,
        "text": entry.text,
        "facets": entry.facets.split(),
        "place": entry.place,
        "published_at": entry.published_at.isoformat(),
        "expires_at": entry.expires_at.isoformat() if entry.expires_at else None,
    }


def begin_anew() -> None:
    """An empty index with our settings, in place of the one that is there."""
    indices, name = client(settings.SEARCH_URL).indices, _index_name()
    indices.delete(index=name, ignore_unavailable=True)
    indices.create(index=name, body=INDEX)


def find(query: Query, start: int, stop: int, at: datetime) -> tuple[list[int], int, bool] | None:
    """Places, how many there are in all, False; None when the database has to answer."""
    if not is_used() or stop > LAST:
        return None
    from opensearchpy.exceptions import OpenSearchException

    body = question(query, start, stop, at)
    try:
        answer = client(settings.SEARCH_URL).search(body=body, index=_index_name())
    except OpenSearchException as error:
        logger.warning("The search server did not answer: %s", type(error).__name__)
        return None
    hits = answer["hits"]
    return [hit["_source"]["place"] for hit in hits["hits"]], hits["total"]["value"], False


def question(query: Query, start: int, stop: int, at: datetime) -> dict[str, Any]:
    moment = at.isoformat()
    newest = min(query.until, at).isoformat() if query.until else moment
    return {
        "from": start,
        "size": stop - start,
        "_source": ["place"],
        "track_total_hits": True,
        "query": {
            "bool": {
                "filter": [
                    *(_holds("text", phrase) for phrase in query.phrases),
                    *({"terms": {"facets": values}} for values in query.facets),
                    {"range": {"published_at": {"lte": newest}}},
                ],
                "must_not": [{"range": {"expires_at": {"lte": moment}}}],
                "should": [
                    {
                        "constant_score": {
                            "filter": {
                                "bool": {
                                    "filter": [_holds("title", each) for each in query.phrases]
                                }
                            }
                        }
                    }
                ],
            }
        },
        "sort": [{"_score": "desc"}, {"place": "desc"}],
    }


def _holds(column: str, phrase: str) -> dict[str, Any]:
    field = column if len(phrase) >= grams.LONGEST else f"{column}.one"
    return {"match_phrase": {field: phrase}}


def _index_name() -> str:
    return urlsplit(settings.SEARCH_URL).path.strip("/") or "newsroom"


@cache
def client(url: str) -> Any:
    from opensearchpy import OpenSearch

    parts = urlsplit(url)
    return OpenSearch(
        hosts=[{"host": parts.hostname, "port": parts.port or 9200}],
        http_auth=(parts.username, parts.password or "") if parts.username else None,
        use_ssl=parts.scheme == "opensearchs",
        timeout=TIMEOUT,
        max_retries=0,
    )
