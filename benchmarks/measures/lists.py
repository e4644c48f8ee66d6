"""Lists of many stories, each page rendered anew: does one cost what it costs with few?

Rendered in this process, without a server. Both times are told in those of a bare view that is
asked just before, because the short list is measured first and the machine changes meanwhile.
"""

from __future__ import annotations

from statistics import median
from time import perf_counter, process_time

from django.db import connection
from django.db.models import Sum
from django.test import Client

from articles.listing.pages import PAGE_SIZE
from articles.models import Edition, ShelfMonth
from articles.portal.kept_pages import making
from articles.portal.kept_pages.store import PAGES
from benchmarks import scratch
from benchmarks.plan import Plan
from benchmarks.report import Line, Report

SHORT = 10_000
# The channel above two others: its list is the longest.
CHANNEL = "/channels/news/"
DEEP = 5_000
RENDERINGS = 15
LEAST = 0.8
BARE = "/bare/"
FIRST = "first page"


def measure(plan: Plan) -> Report:
    scratch.stock(min(SHORT, plan.articles // 5), fast=True)
    short = Edition.objects.count()
    _cost(CHANNEL)
    reference = median(_cost(CHANNEL) for _ in range(plan.rounds))
    scratch.stock(short + plan.articles, fast=True)
    report = Report(
        f"lists, {Edition.objects.count():,} articles",
        f"the first page of the channel among {short:,} articles, renderings per second",
    )
    addresses = _addresses()
    costs: dict[str, list[float]] = {name: [] for name in addresses}
    for _ in range(plan.rounds):
        for name, address in addresses.items():
            costs[name].append(_cost(address))
    for name, found in costs.items():
        ratios = [reference / cost for cost in found]
        report.lines.append(Line(name, ratios, addresses[name]))
        if median(ratios) < LEAST:
            report.faults.append(f"{name}: less than {LEAST} of the short list's first page")
    return report


def _addresses() -> dict[str, str]:
    months = ShelfMonth.objects.filter(shelf__channel__slug=CHANNEL.split("/")[2])
    last = -(-(months.aggregate(n=Sum("stories"))["n"] or 0) // PAGE_SIZE)
    newest = Edition.objects.live().newest_first()
    story = newest[Edition.objects.count() // 2]
    return {
        FIRST: CHANNEL,
        "deep page": f"{CHANNEL}?page={min(DEEP, last // 2 or 1)}",
        "last page": f"{CHANNEL}?page={last}",
        "month of the archive": f"/archive/{story.published_at:%Y}/{story.published_at.month}/",
        "story and its neighbours": story.get_absolute_url(),
    }


def _cost(address: str) -> float:
    """How many bare views one rendering takes."""
    # SQLite works in this process, whose own time no busy neighbour lengthens.
    clock = process_time if connection.vendor == "sqlite" else perf_counter
    client = Client(SERVER_NAME="127.0.0.1")
    times: dict[str, list[float]] = {BARE: [], address: []}
    for _ in range(RENDERINGS):
        for asked, found in times.items():
            PAGES.clear()
            making.forget()
            start = clock()
            answer = client.get(asked)
            found.append(clock() - start)
            if answer.status_code != 200:
                raise SystemExit(f"{asked} answered {answer.status_code}.")
    return median(times[address]) / median(times[BARE])
