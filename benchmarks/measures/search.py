"""The search, against `icontains` on the same rows: how fast, whether complete, what it costs."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import accumulate
from statistics import median
from time import perf_counter
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from articles import publishing
from articles.filling.making import AUTHOR
from articles.models import Article, Channel, Edition, Revision
from articles.searching import backends, finding, indexing
from articles.searching.normal import normal
from articles.searching.query import parse
from benchmarks import scratch
from benchmarks.plan import Plan
from benchmarks.report import Line, Report

# As in a newspaper, few words are in most stories and most words are in few (Zipf's law over words
# of two characters), and a word is followed by one of some: were it followed by any, there would be
# thousands of times more different pairs of characters than in any language.
# Ours finds traditional characters by simplified ones, icontains does not: those are left out.
CHARACTERS = [chr(code) for code in range(0x4E00, 0x5D00) if normal(chr(code)) == chr(code)]
WORDS = 30_000
FOLLOWERS = 40
LENGTH = 1_000
BATCH = 500
COLUMNS = ("title", "kicker", "subtitle", "summary", "plain_text", "byline", "source_name")
# icontains takes twice as long for twice as many stories, an index hardly longer: what is
# promised of 100,000 is asked of fewer in proportion.
LEAST, LEAST_OF = 100, 100_000
PUBLISHED = 30
SAMPLE = 1_000


@dataclass(frozen=True)
class Question:
    name: str
    phrase: str
    is_promised: bool


def measure(plan: Plan) -> Report:
    # As `index_search` makes it, and as autovacuum would leave it.
    backends.of_database().clear()
    scratch.stock(PUBLISHED)
    words = _Words()
    words.write(plan.articles)
    backends.of_database().tidy()
    _settle()
    report = Report(
        f"search, {plan.articles:,} articles of {2 * LENGTH:,} characters",
        "count and newest twenty by icontains in the same columns, answers per second",
    )
    for question in words.questions():
        _add(report, question, plan)
    _add_publishing(report)
    return report


class _Words:
    def __init__(self) -> None:
        self.random = random.Random(5)
        words = ["".join(self.random.choices(CHARACTERS, k=2)) for _ in range(WORDS)]
        weights = list(accumulate(1 / place for place in range(1, WORDS + 1)))
        self.words = words
        self.followers = [
            self.random.choices(range(WORDS), cum_weights=weights, k=FOLLOWERS) for _word in words
        ]

    def write(self, stories: int) -> None:
        """Adds so many editions, an hour apart, with words of their own; they are indexed."""
        by, channel = User.objects.get(username=AUTHOR), Channel.objects.all()[0]
        now = timezone.now()
        for start in range(0, stories, BATCH):
            hours = range(stories - start, max(0, stories - start - BATCH), -1)
            self._write([now - timedelta(hours=hour) for hour in hours], by, channel)

    @transaction.atomic
    def _write(self, moments: list[datetime], by: User, channel: Channel) -> None:
        facts = {"channel": channel, "created_by": by, "updated_by": by, "version": 1}
        titles = [self._text(10) for _moment in moments]
        articles = Article.objects.bulk_create(Article(title=title, **facts) for title in titles)
        revisions = Revision.objects.bulk_create(
            Revision(article=article, number=1, content={}, sha256="", saved_by=by)
            for article in articles
        )
        editions = []
        for article, revision, moment in zip(articles, revisions, moments, strict=True):
            words = self._text(LENGTH)
            editions.append(
                Edition(
                    article=article,
                    revision=revision,
                    title=article.title,
                    summary=words[:100],
                    plain_text=words,
                    channel=channel,
                    published_at=moment,
                    reprinted_at=moment,
                )
            )
        indexing.index_new(Edition.objects.bulk_create(editions), [])

    def _text(self, words: int) -> str:
        place, found = self.random.randrange(WORDS), []
        for choice in self.random.choices(range(FOLLOWERS), k=words):
            found.append(self.words[place])
            place = self.followers[place][choice]
        return "".join(found)

    def questions(self) -> list[Question]:
        """Words by how many of some stories hold them; of the rarest, one that is in any."""
        texts = Edition.objects.order_by("published_at").values_list("plain_text", flat=True)
        middle = Edition.objects.count() // 2
        some = list(texts[middle : middle + SAMPLE])
        held = Counter(word for text in some for word in set(_pairs(text)))
        by_share = sorted(held, key=lambda word: (-held[word], word))

        def held_by(share: float) -> str:
            return min(by_share, key=lambda word: abs(held[word] - share * len(some)))

        most = by_share[0]
        return [
            # icontains is done with each story at once, and an index has to count them all.
            Question("word in most stories", most, is_promised=False),
            Question("common word, in a third", held_by(1 / 3), is_promised=True),
            Question("word in a tenth", held_by(1 / 10), is_promised=True),
            Question("rare word", by_share[-1], is_promised=True),
            Question("one character", most[0], is_promised=False),
            Question("three characters", some[0][100:103], is_promised=False),
            Question("twenty characters", some[0][40:60], is_promised=False),
        ]


def _pairs(text: str) -> list[str]:
    return [text[place : place + 2] for place in range(0, len(text), 2)]


def _settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _add(report: Report, question: Question, plan: Plan) -> None:
    least = LEAST * min(1, plan.articles / LEAST_OF)
    query = parse(question.phrase)
    truth, _seconds = _timed(lambda: _by_icontains(question.phrase))
    found, _seconds = _timed(lambda: finding.find(query))
    ratios, slow, fast = [], [], []
    for _ in range(plan.rounds):
        slow.append(_timed(lambda: _by_icontains(question.phrase))[1])
        fast.append(median(_timed(lambda: finding.find(query))[1] for _ in range(5)))
        ratios.append(slow[-1] / fast[-1])
    aside = (
        f"{found.total:,}{'+' if found.is_more else ''} found; "
        f"{1_000 * median(slow):.0f} ms by icontains, {1_000 * median(fast):.1f} ms"
    )
    report.lines.append(Line(question.name, ratios, aside))
    if not found.is_more and found.total != truth:
        report.faults.append(f"{question.name}: {found.total} found, {truth} there are")
    if question.is_promised and median(ratios) < least:
        report.faults.append(f"{question.name}: less than {least:.3g} times as fast as icontains")


def _by_icontains(phrase: str) -> int:
    """What a portal without an index asks: how many, and the newest twenty."""
    holds = Q()
    for column in COLUMNS:
        holds |= Q(**{f"{column}__icontains": phrase})
    rows = Edition.objects.live().filter(holds)
    list(rows.newest_first().for_lists()[: finding.PAGE_SIZE])
    return rows.count()


def _add_publishing(report: Report) -> None:
    """Stories of the usual length, published again one by one; the index is part of it.

    With a moment, since what readers have already is not published twice.
    """
    by = User.objects.get(username=AUTHOR)
    by.is_superuser, by.is_active = True, True
    whole, index = [], []
    for article in Article.objects.order_by("pk")[:PUBLISHED]:
        edition, seconds = _timed(partial(publishing.publish, article, by=by, at=timezone.now()))
        whole.append(seconds)
        index.append(_timed(partial(indexing.index_edition, edition))[1])
    share = median(index) / median(whole)
    line = Line("indexing, of publishing", [share], f"{1_000 * median(index):.1f} ms of")
    line = Line(line.name, line.ratios, f"{line.aside} {1_000 * median(whole):.1f} ms")
    report.lines.append(line)
    if share >= 0.5:
        report.faults.append("indexing costs as much as all else of publishing")


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = perf_counter()
    answer = work()
    return answer, perf_counter() - start
