"""Synthetic published articles in bulk: the same rows publishing makes, made a batch at a time.

For benchmarks on an otherwise idle database: row numbers are reserved ahead, so that bodies can
name their pictures without a second write. Every story has its article, revision, edition, four
captioned pictures and sums; the picture files are shared by all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.core.management.color import no_style
from django.db import connection

from articles.filling.copying import Copies
from articles.filling.making import FastFiller, Filler
from articles.listing import keeping
from articles.models import Article, ArticleImage, Revision

BATCH = 1_000
# Of a fast filling; the others are copies of them.
ORIGINALS = 5_000


def fill(articles: int, *, now: datetime, fast: bool = False) -> Iterator[int]:
    """Adds that many articles; yields how many are there after each batch.

    `fast`: one paragraph, no pictures in the text, and after the first thousands copies of them:
    for lists of a million.
    """
    originals = min(articles, ORIGINALS) if fast else articles
    writer = FastFiller(now) if fast else Filler(now)
    for start in range(0, originals, BATCH):
        writer.add(start, min(BATCH, originals - start), of=originals)
        yield min(start + BATCH, originals)
    if articles > originals:
        number = -(-articles // originals) - 1
        copies = Copies(originals, now, of=number)
        for copy in range(1, number + 1):
            done = originals * copy
            copies.add(copy, min(originals, articles - done))
            yield min(done + originals, articles)
        keeping.recount()
    with connection.cursor() as cursor:
        models = [Article, ArticleImage, Revision]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
