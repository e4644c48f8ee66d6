"""An article through nginx and its memory, against nginx serving the same bytes as a file.

nginx runs with the configuration of `deploy/`, without TLS, which would cost both the same. The
client is wrk: Python's cannot ask as fast as nginx answers. That it is nginx which is measured is
seen from how busy its one process was.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

from django.conf import settings

from articles.models import Edition
from benchmarks import scratch
from benchmarks.plan import Plan
from benchmarks.report import Line, Report
from benchmarks.server import serving
from deploy import trial

CLIENTS = 8
# One is asked for.
MOST_ARTICLES = 100
LEAST = 0.8
# Turns a round: what else the machine does meets page and file alike.
TURNS = 3
ENCODING = "Accept-Encoding: gzip"
FILE = "benchmark/page.html"
MISSING = "Not measured: wrk or nginx is missing. To get them: sudo apt-get install wrk nginx"


@dataclass
class Outcome:
    """Of one address in one round."""

    answered: int = 0
    refused: int = 0
    seconds: float = 0.0
    busy: float = 0.0

    @property
    def rate(self) -> float:
        return self.answered / self.seconds


def measure(plan: Plan) -> Report:
    report = Report("nginx, one article", "the same bytes as a file, requests per second")
    if not (trial.nginx() and shutil.which("wrk")):
        report.notes.append(MISSING)
        return report
    scratch.stock(min(plan.articles, MOST_ARTICLES))
    path = Edition.objects.newest_first()[0].get_absolute_url()
    with TemporaryDirectory(prefix="newsroom-nginx-") as folder, serving() as node:
        places = _places(Path(folder), node)
        with trial.serving(places) as process:
            _put_down(f"http://127.0.0.1:{places.port}{path}")
            rounds = [_round(plan, places.port, process, path) for _ in range(plan.rounds)]
    pages, files = map(list, zip(*rounds, strict=True))
    _compare(report, pages, files)
    return report


def _compare(report: Report, pages: list[Outcome], files: list[Outcome]) -> None:
    ratios = [page.rate / file.rate for page, file in zip(pages, files, strict=True)]
    report.lines.append(Line("page kept by nginx", ratios))
    if median(ratios) < LEAST:
        report.faults.append(f"less than {LEAST}")
    for name, outcomes in (("page", pages), ("file", files)):
        seconds = sum(each.seconds for each in outcomes)
        rate = sum(each.answered for each in outcomes) / seconds
        busy = sum(each.busy for each in outcomes) / seconds
        report.notes.append(
            f"{name}: {rate:.0f} requests/s, nginx {busy:.0%} busy, "
            f"{1_000_000 * busy / rate:.0f} µs of its CPU a request"
        )
        if refused := sum(each.refused for each in outcomes):
            report.faults.append(f"{name}: {refused} requests were not answered with 200")


def _places(folder: Path, node: int) -> trial.Places:
    return trial.Places(
        folder=folder,
        node=f"127.0.0.1:{node}",
        static=Path(settings.STATIC_ROOT),
        media=Path(settings.MEDIA_ROOT),
        port=trial.free_port(),
        redirecting_port=trial.free_port(),
    )


def _put_down(address: str) -> None:
    """What readers are sent, beneath /static/: compressed, as collectstatic leaves its files."""
    name, _, value = ENCODING.partition(": ")
    with urlopen(Request(address, headers={name: value})) as answer:  # noqa: S310 - our own address
        assert answer.headers["Content-Encoding"] == "gzip"
        packed = answer.read()
    target = Path(settings.STATIC_ROOT) / f"{FILE}.gz"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(packed)


def _round(plan: Plan, port: int, process: int, path: str) -> tuple[Outcome, Outcome]:
    outcomes = {path: Outcome(), f"/static/{FILE}": Outcome()}
    for _ in range(TURNS):
        for address, outcome in outcomes.items():
            before = _busy(process)
            _ask(outcome, f"http://127.0.0.1:{port}{address}", plan.seconds / TURNS)
            outcome.busy += _busy(process) - before
    page, file = outcomes.values()
    return page, file


def _ask(outcome: Outcome, address: str, seconds: float) -> None:
    """wrk knows whole seconds only."""
    options = ["-t1", f"-c{CLIENTS}", f"-d{max(1, round(seconds))}s", "-H", ENCODING]
    said = subprocess.run(  # noqa: S603 - our own words
        ["wrk", *options, address],  # noqa: S607 - wherever it is installed
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    answered = re.search(r"(\d+) requests in ([\d.]+)s", said)
    assert answered, said
    outcome.answered += int(answered[1])
    outcome.seconds += float(answered[2])
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    broken = re.search(r"Socket errors: (.*)", said)
    outcome.refused += int(refused[1]) if refused else 0
    outcome.refused += sum(map(int, re.findall(r"\d+", broken[1]))) if broken else 0


def _busy(master: int) -> float:
    """Seconds of CPU that nginx's one worker has taken."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
    total = 0.0
    for child in children:
        fields = Path(f"/proc/{child}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        total += sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
    return total
