"""One hot article and as many readers as the server has threads, against the obvious counter.

The reference inserts a row that removes duplicates and raises `views` of the one article, in one
transaction. Whoever raises it holds its row until the disk has the commit, so nobody else does
meanwhile; the slower a commit, the more is gained by writing rows that nobody waits for.
"""

from __future__ import annotations

from statistics import median
from time import perf_counter

from django.db import connection

from articles.models import Edition, KnownNetwork
from benchmarks import scratch
from benchmarks.client import WORKERS, Load, Outcome, Step, generator
from benchmarks.measures.views import WARM_UP_REQUESTS, add_speed, check, counted
from benchmarks.plan import Plan
from benchmarks.report import Report
from benchmarks.server import serving

CLIENTS = 32
# On PostgreSQL; SQLite lets one writer in at a time, whatever he writes.
LEAST = 4
TABLES = (
    "CREATE TABLE benchmark_seen (article_id bigint, visit varchar(64),"
    " PRIMARY KEY (article_id, visit))",
    "CREATE TABLE benchmark_counter (article_id bigint PRIMARY KEY, views bigint NOT NULL)",
)
COMMITS = 50


def measure(plan: Plan) -> Report:
    """Each request is a new visit; both must have counted what they acknowledged."""
    scratch.stock(min(plan.articles, 200))
    KnownNetwork.objects.get_or_create(network="127.0.0.0/8", defaults={"budget": None})
    article = Edition.objects.newest_first().values_list("pk", flat=True)[0]
    report = Report(
        f"hot article, {CLIENTS} clients, {WORKERS} workers of {CLIENTS // WORKERS} threads",
        "a row against duplicates and `views = views + 1`, requests per second",
    )
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(table)
        cursor.execute("INSERT INTO benchmark_counter VALUES (%s, 0)", [article])
    before = counted(article)
    rounds = _run(plan, article)
    add_speed(report, rounds[1:])
    ratio = median(outcomes[1].rate / outcomes[0].rate for outcomes in rounds[1:])
    if connection.vendor == "postgresql" and ratio < LEAST:
        report.faults.append(f"less than {LEAST}")
    report.notes.append(f"a commit takes {_commit():.2f} ms")
    _check_counter(report, [outcomes[0] for outcomes in rounds])
    check(report, article, before, [outcomes[1] for outcomes in rounds])
    return report


def _run(plan: Plan, article: int) -> list[list[Outcome]]:
    """The warm-up and the rounds: (counter, ledger) each."""
    steps = [
        Step("counter", (f"/naive/{article}/",), "POST"),
        Step("ledger and inbox", (f"/articles/{article}/view/",), "POST"),
    ]
    with serving(threads=CLIENTS // WORKERS) as port, generator() as run:
        warm_up = Load(port, CLIENTS, plan.seconds, WARM_UP_REQUESTS)
        load = Load(port, CLIENTS, plan.seconds, plan.views)
        return [run(warm_up, steps), *(run(load, steps) for _ in range(plan.rounds))]


def _commit() -> float:
    """Milliseconds, of a transaction that writes one row while nobody else does."""
    with connection.cursor() as cursor:
        start = perf_counter()
        for number in range(COMMITS):
            cursor.execute("INSERT INTO benchmark_seen VALUES (%s, %s)", [0, str(number)])
        return (perf_counter() - start) / COMMITS * 1000


def _check_counter(report: Report, outcomes: list[Outcome]) -> None:
    acknowledged = sum(outcome.statuses[200] for outcome in outcomes)
    refused = sum(outcome.refused for outcome in outcomes)
    with connection.cursor() as cursor:
        cursor.execute("SELECT views FROM benchmark_counter")
        (views,) = cursor.fetchone()
    report.notes.append(f"the counter: {acknowledged} acknowledged, {refused} refused, {views}")
    if views != acknowledged:
        report.faults.append("the counter did not count what it acknowledged")
