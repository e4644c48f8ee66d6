"""One hot article and 32 who read it at once, against the obvious counter.

The reference inserts a row that removes duplicates and raises `views` of the one article, in one
transaction. Whoever raises it holds its row until the disk has the commit, so nobody else does
meanwhile. Measured with the server, where both pay for HTTP, and without it.
"""

from __future__ import annotations

from statistics import median
from time import perf_counter

from django.db import connection

from articles.models import Edition, KnownNetwork
from articles.visits import draining
from benchmarks import naive, scratch
from benchmarks.client import WORKERS, Load, Outcome, Step, generator
from benchmarks.crowd import WAYS, crowd
from benchmarks.measures.views import WARM_UP_REQUESTS, add_speed, check, counted
from benchmarks.plan import Plan
from benchmarks.report import Line, Report
from benchmarks.server import serving

CLIENTS = 32
# Without the server, on PostgreSQL; SQLite lets one writer in at a time, whatever he writes.
LEAST = 4
COMMITS = 50


def measure(plan: Plan) -> Report:
    """Each view is a new visit; both ways must have counted what they acknowledged."""
    scratch.stock(min(plan.articles, 200))
    KnownNetwork.objects.get_or_create(network="127.0.0.0/8", defaults={"budget": None})
    article = Edition.objects.newest_first().values_list("pk", flat=True)[0]
    report = Report(
        f"hot article, {CLIENTS} clients, {WORKERS} processes of {CLIENTS // WORKERS} threads",
        "a row against duplicates and `views = views + 1`, requests per second",
    )
    naive.set_up(article)
    before = counted(article)
    rounds = _serve(plan, article)
    add_speed(report, rounds[1:])
    check(report, article, before, [outcomes[1] for outcomes in rounds])
    acknowledged = sum(outcomes[0].statuses[200] for outcomes in rounds)
    _compare(report, "the counter", acknowledged, naive.counted())
    _without_server(report, plan, article)
    report.notes.append(f"a commit takes {_commit():.2f} ms")
    return report


def _serve(plan: Plan, article: int) -> list[list[Outcome]]:
    """The warm-up and the rounds: (counter, ledger) each."""
    steps = [
        Step("counter", (f"/naive/{article}/",), "POST"),
        Step("ledger and inbox", (f"/articles/{article}/view/",), "POST"),
    ]
    with serving(threads=CLIENTS // WORKERS) as port, generator() as run:
        warm_up = Load(port, CLIENTS, plan.seconds, WARM_UP_REQUESTS)
        load = Load(port, CLIENTS, plan.seconds, plan.views)
        return [run(warm_up, steps), *(run(load, steps) for _ in range(plan.rounds))]


def _without_server(report: Report, plan: Plan, article: int) -> None:
    done: dict[str, list[int]] = {way: [] for way in WAYS}
    counter, ledger = naive.counted(), counted(article)["ledger rows"]
    with crowd() as count:
        # The first one connects, plans and reads what a process knows.
        for _round in range(1 + plan.rounds):
            for way, views in done.items():
                views.append(count(way, article, CLIENTS, plan.seconds))
                draining.drain()
    reference, ours = done.values()
    _compare(report, "the counter, without server", sum(reference), naive.counted() - counter)
    rows = counted(article)["ledger rows"] - ledger
    _compare(report, "ledger and inbox, without server", sum(ours), rows)
    ratios = [mine / theirs for mine, theirs in zip(ours, reference, strict=True)][1:]
    for way, of_rounds in (("counter", [1.0] * len(ratios)), ("ledger and inbox", ratios)):
        rate = sum(done[way][1:]) / plan.rounds / plan.seconds
        report.lines.append(Line(f"{way}, without server", of_rounds, f"{rate:.0f} views/s"))
    if connection.vendor == "postgresql" and median(ratios) < LEAST:
        report.faults.append(f"without server: less than {LEAST}")


def _compare(report: Report, name: str, acknowledged: int, views: int) -> None:
    report.notes.append(f"{name}: {acknowledged} acknowledged, {views} counted")
    if views != acknowledged:
        report.faults.append(f"{name} differs from what was acknowledged")


def _commit() -> float:
    """Milliseconds, of a transaction that writes one row while nobody else does."""
    with connection.cursor() as cursor:
        start = perf_counter()
        for number in range(COMMITS):
            cursor.execute(naive.SEEN, [0, str(number)])
        return (perf_counter() - start) / COMMITS * 1000
