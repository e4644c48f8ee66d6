"""The first reader after a real publication, against a bare view asked just before.

The process that publishes renders the pages that are asked for most; who comes later finds them
made. Who comes at the same moment waits for a rendering.
"""

from __future__ import annotations

from statistics import median
from time import perf_counter, sleep

from articles.models import Channel, Edition
from benchmarks import scratch
from benchmarks.client import Connection, Step
from benchmarks.measures.pages import CHANNEL
from benchmarks.plan import Plan
from benchmarks.report import Line, Report
from benchmarks.server import serving

BARE = Step("bare view", ("/bare/",))
TIMES = 12
LATER = 1.0  # seconds
# How often each page is asked for between two publications.
READERS = 40
LEAST = 0.15


def measure(plan: Plan) -> Report:
    scratch.stock(plan.articles)
    report = Report(
        f"first readers after a publication, {plan.articles:,} articles",
        "a bare Django view, seconds of one answer",
    )
    newest = list(Edition.objects.live().newest_first().values_list("pk", flat=True)[:200])
    channel = Channel.objects.get(slug=CHANNEL).get_absolute_url()
    addresses = {
        "home": "/",
        "channel": channel,
        "the story": f"/articles/{newest[0]}/",
        "another story": f"/articles/{newest[150]}/",
    }
    with serving() as port:
        reader = Connection(port)
        for wait in (LATER, 0.0):
            when = "1 s later" if wait else "at once"
            for name, address in addresses.items():
                ratios = [
                    _ratio(reader, newest[0], address, wait, list(addresses.values()))
                    for _ in range(plan.rounds)
                ]
                report.lines.append(Line(f"{name}, {when}", ratios))
                if wait and median(ratios) < LEAST:
                    report.faults.append(f"{name}, {when}: less than {LEAST}")
        reader.close()
    return report


def _ratio(
    reader: Connection, story: int, address: str, wait: float, addresses: list[str]
) -> float:
    bare, first = [], []
    for _ in range(TIMES):
        for other in addresses * READERS:
            _ask(reader, Step("page", (other,)), other)
        publish = Step("publish", ("",), "POST")
        _ask(reader, publish, f"/publish/{story}/")
        sleep(wait)
        bare += [_ask(reader, BARE, "/bare/") for _ in range(3)]
        first.append(_ask(reader, Step("page", (address,)), address))
    return median(bare) / median(first)


def _ask(reader: Connection, step: Step, address: str) -> float:
    start = perf_counter()
    status, _body = reader.ask(step.request(address, reader.headers))
    if status != 200:
        raise SystemExit(f"{address} answered {status}.")
    return perf_counter() - start
