"""Drills: beacons while workers are killed, the database crashes, the disk is full.

No speed is measured. Readers send each beacon again until it is acknowledged, as a page does that
was not answered, while two processes drain. Afterwards every visit must be counted exactly once, by
every way of counting, and the audit must find nothing.
"""

from __future__ import annotations

import os
import random
import resource
import secrets
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic, sleep

from django.db import connection
from django.utils import timezone

from articles.models import Edition, KnownNetwork
from articles.visits import audit, draining
from benchmarks import scratch
from benchmarks.beside import going_on
from benchmarks.client import FORM, Connection
from benchmarks.measures.views import counted
from benchmarks.plan import Plan
from benchmarks.report import Report
from benchmarks.server import serving

READERS = 8
DRAINERS = 2
KILL_EVERY = 3  # seconds
CUT_EVERY = 1.5  # seconds
CRASH_EVERY = 8  # seconds
PATIENCE = 60  # seconds a beacon may take with all its repetitions
FULL_FOR = 3.0  # seconds, and as long between two times


DRAINER = """
from contextlib import suppress
from time import sleep

import django

django.setup()

from django.db import Error, connection

from articles.visits import draining

while True:
    with suppress(Error):
        draining.drain()
    connection.close()
    sleep(0.2)
"""
# What goes wrong once; it is given the port.
Trouble = Callable[[int], None]


@dataclass
class Visits:
    """What readers sent, and what was answered."""

    keys: Iterator[str]
    acknowledged: int = 0
    repeated: int = 0
    given_up: int = 0
    lock: Lock = field(default_factory=Lock)

    def next_key(self) -> str | None:
        with self.lock:
            # The server is gone for good: nobody waits for it again and again.
            return None if self.given_up else next(self.keys, None)


def measure(plan: Plan) -> Report:
    scratch.stock(20)
    KnownNetwork.objects.get_or_create(network="127.0.0.0/8", defaults={"budget": None})
    report = Report(f"drills, {plan.views:,} visits each", "every visit, once")
    _drill(report, plan, "workers killed", _kill_workers)
    if connection.vendor == "postgresql":
        _drill(report, plan, "connections cut by the database", _cut_connections)
        if plan.restart:
            _drill(report, plan, "database crashed and started again", _crash(plan.restart))
    else:
        _drill(report, plan, "disk full for a while", _fill_disk)
    return report


def _drill(report: Report, plan: Plan, name: str, trouble: Trouble) -> None:
    article = Edition.objects.newest_first().values_list("pk", flat=True)[0]
    before = counted(article)
    visits = Visits(iter([secrets.token_hex(16) for _ in range(plan.views)]))
    with ExitStack() as stack:
        port = stack.enter_context(serving())
        stack.enter_context(_draining())
        times = stack.enter_context(going_on(lambda: trouble(port)))
        with ThreadPoolExecutor(READERS) as pool:
            list(pool.map(lambda _n: _read(port, article, visits), range(READERS)))
    connection.close()
    draining.drain()
    after = {way: n - before[way] for way, n in counted(article).items()}
    differences = [*audit.recount(timezone.localdate()), *audit.recount_totals()]
    report.notes.append(
        f"{name}, {len(times)} times: {visits.acknowledged:,} acknowledged, "
        f"{visits.repeated:,} sent again, "
        f"{visits.given_up} given up; counted {after}; audit: {len(differences)} differences"
    )
    if set(after.values()) != {plan.views} or visits.given_up or differences:
        report.faults.append(f"{name}: not every visit is counted once")
    if not times:
        report.faults.append(f"{name}: nothing was disturbed")


def _read(port: int, article: int, visits: Visits) -> None:
    reader = Connection(port)
    while key := visits.next_key():
        until = monotonic() + PATIENCE
        while not _send(reader, article, key):
            with visits.lock:
                visits.repeated += 1
            if monotonic() > until:
                visits.given_up += 1
                return
            sleep(0.05)
        with visits.lock:
            visits.acknowledged += 1
    reader.close()


def _send(reader: Connection, article: int, key: str) -> bool:
    form = f"key={key}"
    head = f"POST /articles/{article}/view/ HTTP/1.1\r\n{reader.headers}"
    try:
        status, _body = reader.ask(
            f"{head}{FORM.format(length=len(form))}\r\n{form}".encode(),
        )
    except OSError:
        reader.close()
        return False
    return status == 200


@contextmanager
def _draining() -> Iterator[None]:
    """Processes that drain all the time, at once, and are killed in the middle of it at last."""
    processes = [subprocess.Popen([sys.executable, "-c", DRAINER]) for _ in range(DRAINERS)]  # noqa: S603 - our own words
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _kill_workers(port: int) -> None:
    """One worker at a time; the master starts another one."""
    sleep(KILL_EVERY * random.uniform(0.5, 1.5))
    try:
        worker = int(Connection(port).worker())
        os.kill(worker, signal.SIGKILL)
    except (OSError, ValueError):
        # It is being started.
        return


def _cut_connections(_port: int) -> None:
    """As a restart of the server does, without anybody else on it noticing."""
    sleep(CUT_EVERY)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    connection.close()


def _crash(restart: str) -> Trouble:
    """What was acknowledged is read back from the log, if the database kept its word."""

    def crash(_port: int) -> None:
        sleep(CRASH_EVERY)
        subprocess.run(shlex.split(restart), check=True, capture_output=True)  # noqa: S603 - given by whoever runs this

    return crash


def _fill_disk(port: int) -> None:
    """For a while the kernel lets no worker write, as on a full disk."""
    sleep(FULL_FOR)
    for most in (0, resource.RLIM_INFINITY):
        for worker in {int(Connection(port).worker()) for _ in range(20)}:
            with suppress(ProcessLookupError):
                limits = most, resource.RLIM_INFINITY
                resource.prlimit(worker, resource.RLIMIT_FSIZE, limits)
        sleep(FULL_FOR)
