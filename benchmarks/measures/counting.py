"""Readers' pages while views are counted beside them: what does counting cost the pages?

A page tells that it is read by a request of its own, so pages are kept and counted all the same.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import sleep

from articles.models import Edition, KnownNetwork, ViewLedger
from benchmarks import scratch
from benchmarks.beside import going_on
from benchmarks.client import Connection, Load, Outcome, Step, generator
from benchmarks.measures.pages import CLIENTS, WARM_UP_MOST_SECONDS
from benchmarks.plan import Plan
from benchmarks.report import Line, Report
from benchmarks.server import serving

# 1.7 million a day: each of 20,000 employees reads 86 stories.
VIEWS_A_SECOND = 20
LEAST = 0.8
ARTICLES = 1_000


def measure(plan: Plan) -> Report:
    scratch.stock(plan.articles)
    KnownNetwork.objects.get_or_create(network="127.0.0.0/8", defaults={"budget": None})
    newest = list(Edition.objects.newest_first().values_list("pk", flat=True)[:ARTICLES])
    articles = random.Random(1).sample(newest, len(newest))
    pages = Step("random articles", tuple(f"/articles/{pk}/" for pk in articles))
    before, acknowledged = ViewLedger.objects.count(), 0
    alone: list[Outcome] = []
    beside: list[Outcome] = []
    with serving() as port, generator() as run:
        # Until every page is kept.
        run(Load(port, CLIENTS, WARM_UP_MOST_SECONDS, CLIENTS * len(articles)), [pages])
        load = Load(port, CLIENTS, plan.seconds)
        for _ in range(plan.rounds):
            alone += run(load, [pages])
            with _counted(port, articles) as statuses:
                beside += run(load, [pages])
            acknowledged += statuses.count(200)
    report = Report(
        f"counting, {len(articles):,} articles read, {VIEWS_A_SECOND} views a second beside them",
        "the same pages while nothing is counted, requests per second",
    )
    ratios = [counted.rate / plain.rate for counted, plain in zip(beside, alone, strict=True)]
    for name, outcomes, of in (
        ("pages alone", alone, [1.0] * len(alone)),
        ("pages, views beside", beside, ratios),
    ):
        rate = sum(outcome.rate for outcome in outcomes) / len(outcomes)
        report.lines.append(Line(name, of, f"{rate:.0f} requests/s"))
    counted = ViewLedger.objects.count() - before
    report.notes.append(f"views: {acknowledged:,} acknowledged, {counted:,} counted")
    if counted != acknowledged or not acknowledged:
        report.faults.append("not every acknowledged view is counted once")
    if median(ratios) < LEAST:
        report.faults.append(f"less than {LEAST} of the pages alone")
    if any(outcome.refused for outcome in alone + beside):
        report.faults.append("pages that were not answered with 200")
    return report


@contextmanager
def _counted(port: int, articles: list[int]) -> Iterator[list[int]]:
    """Sends views at a steady rate, each a new visit's; yields what they are answered."""
    reader, statuses = Connection(port), list[int]()

    def send() -> None:
        sleep(1 / VIEWS_A_SECOND)
        step = Step("view", (), "POST")
        request = step.request(f"/articles/{secrets.choice(articles)}/view/", reader.headers)
        statuses.append(reader.ask(request)[0])

    with going_on(send):
        yield statuses
    reader.close()
