"""Pages readers open, against a bare view in the same workers."""

from __future__ import annotations

import random
from math import ceil

from articles.listing.pages import PAGE_SIZE
from articles.models import Channel, Edition
from benchmarks import scratch
from benchmarks.client import Load, Outcome, Step, generator
from benchmarks.plan import Plan
from benchmarks.report import Line, Report
from benchmarks.server import serving

CLIENTS = 8
# The channel above two others: its list is the longest and gathered from both.
CHANNEL = "news"
RANDOM_ARTICLES = 10_000
# Pages rendered anew; kept under other addresses than readers', so few.
UNKEPT_ARTICLES = 200
WARM_UP_SECONDS = 0.5
WARM_UP_MOST_SECONDS = 600
BARE = Step("bare view", ("/bare/",))


def measure(plan: Plan) -> Report:
    scratch.stock(plan.articles)
    steps = [BARE, *_pages()]
    with serving() as port, generator() as run:
        run(Load(port, CLIENTS, WARM_UP_SECONDS), steps)
        # Until every page is kept.
        longest = max(steps, key=lambda step: len(step.paths))
        run(Load(port, CLIENTS, WARM_UP_MOST_SECONDS, CLIENTS * len(longest.paths)), [longest])
        load = Load(port, CLIENTS, plan.seconds)
        rounds = [run(load, steps) for _ in range(plan.rounds)]
    report = Report(f"pages, {plan.articles:,} articles", "a bare Django view, requests per second")
    for step in zip(*rounds, strict=True):
        _add(report, [outcomes[0] for outcomes in rounds], list(step))
    return report


def _pages() -> list[Step]:
    articles = list(Edition.objects.newest_first().values_list("pk", flat=True))
    sample = random.Random(1).sample(articles, min(RANDOM_ARTICLES, len(articles)))
    channel = Channel.objects.get(slug=CHANNEL)
    stories = Edition.objects.filter(channel__parent=channel).count()
    last = ceil(stories / PAGE_SIZE)
    unkept = [f"/first/articles/{pk}/" for pk in sample[:UNKEPT_ARTICLES]]
    return [
        Step("home", ("/",)),
        Step("channel, first page", (channel.get_absolute_url(),)),
        Step("channel, last page", (f"{channel.get_absolute_url()}?page={last}",)),
        Step("one article", (f"/articles/{articles[len(articles) // 2]}/",)),
        Step("random articles", tuple(f"/articles/{pk}/" for pk in sample)),
        Step("home, rendered", ("/first/",)),
        Step("channel, rendered", (f"/first{channel.get_absolute_url()}",)),
        Step("article, rendered", tuple(unkept)),
    ]


def _add(report: Report, bare: list[Outcome], page: list[Outcome]) -> None:
    rates = [outcome.rate for outcome in page]
    ratios = [rate / reference.rate for rate, reference in zip(rates, bare, strict=True)]
    report.lines.append(Line(page[0].name, ratios, f"{sum(rates) / len(rates):.0f} requests/s"))
    for outcome in page:
        if outcome.refused:
            answers = dict(outcome.statuses)
            report.faults.append(f"{outcome.name}: {answers}, {outcome.lost} lost")
