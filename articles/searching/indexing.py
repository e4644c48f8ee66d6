"""When entries are written: in the transaction that prints, withdraws or saves a story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, Max, OuterRef

from articles import markup
from articles.models import Article, ArticleEntry, Edition, EditionEntry, Revision
from articles.searching import backends, entries, opensearch

BATCH = 500
# Of one second: an import of a whole day under one date and time.
PATIENCE = 100
NO_CONTENT: dict[str, Any] = {"tags": [], "images": []}


@transaction.atomic(savepoint=False)
def index_edition(edition: Edition) -> None:
    """Makes a printed story found as it is printed now."""
    EditionEntry.objects.filter(edition=edition.pk).delete()
    entry = entries.of_edition(edition)
    for _attempt in range(PATIENCE):
        entry.place = _free_place(entry.place)
        try:
            with transaction.atomic():
                backends.of_database().add([entry])
        except IntegrityError:
            # Somebody else published in the same second, and committed first.
            continue
        opensearch.tell(edition.pk)
        return
    raise IntegrityError(f"There is no place for story {edition.pk} in the order of publication.")


@transaction.atomic(savepoint=False)
def forget_edition(edition_id: int) -> None:
    """Readers find it no longer."""
    EditionEntry.objects.filter(edition=edition_id).delete()
    opensearch.tell(edition_id)


@transaction.atomic(savepoint=False)
def index_article(article: Article, content: dict[str, Any]) -> None:
    """Makes a working copy found as it is saved now; `content` as its newest revision has it."""
    ArticleEntry.objects.filter(article=article.pk).delete()
    words = markup.plain_text(article.body)
    backends.of_database().add([entries.of_article(article, words, content)])


def index_new(editions: Iterable[Edition], articles: Iterable[tuple[Article, dict]]) -> None:
    """Many stories that no entry tells of yet, their editions oldest first."""
    printed = [entries.of_edition(edition) for edition in editions]
    last = EditionEntry.objects.aggregate(last=Max("place"))["last"] or 0
    place = 0
    for entry in sorted(printed, key=lambda entry: (entry.place, entry.edition_id)):
        place = max(entry.place, place + 1)
        entry.place = place if place > last else _free_place(place)
        place = entry.place
    copies = [
        entries.of_article(article, markup.plain_text(article.body), content)
        for article, content in articles
    ]
    for rows in (printed, copies):
        if rows:
            backends.of_database().add(rows)  # type: ignore[type-var]
    opensearch.tell(*(entry.edition_id for entry in printed))


def rebuild() -> Iterator[int]:
    """Writes all entries anew, a batch at a time; yields how many stories are done.

    While it is going on, less is found.
    """
    backends.of_database().clear()
    yield from index_missing()
    backends.of_database().tidy()


def index_missing() -> Iterator[int]:
    """Writes the entries there are none of yet, a batch at a time, and yields how many."""
    done = 0
    while batch := _missing():
        with transaction.atomic():
            index_new(*batch)
        printed, written = batch
        done += max(len(printed), len(written))
        yield done


def _missing() -> tuple[list[Edition], list[tuple[Article, dict]]] | None:
    known = EditionEntry.objects.filter(edition=OuterRef("pk"))
    editions = Edition.objects.filter(~Exists(known), withdrawn_at=None).order_by("published_at")
    copies = ArticleEntry.objects.filter(article=OuterRef("pk"))
    articles = Article.objects.filter(~Exists(copies)).select_related("source_department")
    printed, saved = list(editions[:BATCH]), list(articles[:BATCH])
    contents = _newest_content_of(saved)
    written = [(article, contents.get(article.pk, NO_CONTENT)) for article in saved]
    return (printed, written) if printed or written else None


def _newest_content_of(articles: list[Article]) -> dict[int, dict[str, Any]]:
    newest = Revision.objects.filter(article__in=articles, number=F("article__version"))
    return dict(newest.values_list("article_id", "content"))


def _free_place(place: int) -> int:
    """This second if nobody was published in it, else the next one that is free."""
    taken = EditionEntry.objects.filter(place=OuterRef("place") + 1)
    if not EditionEntry.objects.filter(place=place).exists():
        return place
    gaps = EditionEntry.objects.filter(~Exists(taken), place__gte=place).order_by("place")
    return gaps.values_list("place", flat=True)[0] + 1
