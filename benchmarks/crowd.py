"""Many who count at once without a server between: as many processes and threads as it has."""

from __future__ import annotations

import multiprocessing
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic

import django
from django.db import connection
from django.utils import timezone

from benchmarks import naive
from benchmarks.client import WORKERS


@contextmanager
def crowd() -> Iterator[Callable[[str, int, int, float], int]]:
    """Yields `count(way, article, clients, seconds)`, which says how many views were counted."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=context, initializer=django.setup) as pool:

        def count(way: str, article: int, clients: int, seconds: float) -> int:
            share = clients // WORKERS
            parts = [pool.submit(_count, way, article, share, seconds) for _ in range(WORKERS)]
            return sum(part.result() for part in parts)

        yield count


def _count(way: str, article: int, threads: int, seconds: float) -> int:
    until = monotonic() + seconds

    def work(_thread: int) -> int:
        done = 0
        try:
            while monotonic() < until:
                WAYS[way](article, secrets.token_hex(16))
                done += 1
        finally:
            connection.close()
        return done

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(work, range(threads)))


def _receive(article: int, key: str) -> None:
    from articles.visits import ledger, recognition

    now = timezone.now()
    visit = recognition.by_key(key, now)
    if visit is None or ledger.receive(ledger.Beacon(article, visit, now, "127.0.0.1")) is None:
        raise RuntimeError("the view was not counted")


WAYS = {"counter": naive.count, "ledger and inbox": _receive}
