"""Counting the views of one hot article: how fast, and whether to the last one."""

from __future__ import annotations

from collections import Counter

from articles.models import (
    ArticleViews,
    DailyViews,
    Edition,
    KnownNetwork,
    ViewInbox,
    ViewLedger,
)
from articles.visits import draining, figures
from benchmarks import scratch
from benchmarks.client import Load, Outcome, Step, generator
from benchmarks.plan import Plan
from benchmarks.report import Line, Report
from benchmarks.server import serving

CLIENTS = 8
WARM_UP_REQUESTS = 200


def measure(plan: Plan) -> Report:
    """Each request is a new visit; afterwards every acknowledged view must be there, once."""
    scratch.stock(plan.articles)
    # All visits come from this machine; none is to wait for a person.
    KnownNetwork.objects.get_or_create(network="127.0.0.0/8", defaults={"budget": None})
    article = Edition.objects.newest_first().values_list("pk", flat=True)[0]
    report = Report(
        f"views, {CLIENTS} clients on one article of {plan.articles:,}",
        "a bare Django view that is POSTed to, requests per second",
    )
    before = counted(article)
    rounds = _run(plan, article)
    add_speed(report, rounds[1:])
    check(report, article, before, [outcomes[1] for outcomes in rounds])
    return report


def _run(plan: Plan, article: int) -> list[list[Outcome]]:
    """The warm-up and the rounds: (bare, views) each."""
    steps = [
        Step("bare view", ("/bare/",), "POST"),
        Step("counted views", (f"/articles/{article}/view/",), "POST"),
    ]
    with serving() as port, generator() as run:
        warm_up = Load(port, CLIENTS, plan.seconds, WARM_UP_REQUESTS)
        load = Load(port, CLIENTS, plan.seconds, plan.views)
        return [run(warm_up, steps), *(run(load, steps) for _ in range(plan.rounds))]


def add_speed(report: Report, rounds: list[list[Outcome]]) -> None:
    for step in range(2):
        rates = [outcomes[step].rate for outcomes in rounds]
        ratios = [outcomes[step].rate / outcomes[0].rate for outcomes in rounds]
        name = rounds[0][step].name
        report.lines.append(Line(name, ratios, f"{sum(rates) / len(rates):.0f} requests/s"))


def counted(article: int) -> dict[str, int]:
    """The article's views by every way of reading them."""
    days = DailyViews.objects.filter(article_id=article).values_list("views", flat=True)
    sums = ArticleViews.objects.filter(article_id=article).values_list("total", flat=True)
    inbox = ViewInbox.objects.filter(article_id=article).values_list("n", flat=True)
    waiting = sum(inbox)
    return {
        "ledger rows": ViewLedger.objects.filter(article_id=article).count(),
        "live figure": figures.views(article),
        "total and inbox": sum(sums) + waiting,
        "days and inbox": sum(days) + waiting,
    }


def check(report: Report, article: int, before: dict[str, int], views: list[Outcome]) -> None:
    answers: Counter[int] = Counter()
    for outcome in views:
        answers.update(outcome.statuses)
    lost = sum(outcome.lost for outcome in views)
    report.notes.append(f"answers: {dict(answers)}, {lost} lost; acknowledged: {answers[200]}")
    _compare(report, "after the run", article, before, answers[200])
    moved = draining.drain()
    _compare(report, f"after a drain of {moved} rows", article, before, answers[200])
    if ViewInbox.objects.exists():
        report.faults.append("the drained inbox is not empty")


def _compare(
    report: Report, moment: str, article: int, before: dict[str, int], acknowledged: int
) -> None:
    grown = {name: views - before[name] for name, views in counted(article).items()}
    words = ", ".join(f"{name} {views}" for name, views in grown.items())
    report.notes.append(f"counted {moment}: {words}")
    if set(grown.values()) != {acknowledged}:
        report.faults.append(f"{moment}: {acknowledged} views acknowledged, but {words}")
