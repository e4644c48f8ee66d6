"""A load generator: a few keep-alive connections, each asking again as soon as it is answered.

It runs in a process of its own and knows neither Django nor http.client, whose objects cost
more than the view it would measure. Kept connections stay with the worker that took them, often
one worker for all of them; so a round begins with as many connections to each worker and keeps
them for all its steps.
"""

from __future__ import annotations

import multiprocessing
import secrets
import socket
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from time import monotonic
from typing import Protocol

TIMEOUT = 30
# Workers of the server, and the view that answers with the number of its worker.
WORKERS = 2
WHICH_WORKER = "/bare/"
MOST_OPENED = 400
# A round takes the steps in turn this often, so that what else the machine does meets them all.
TURNS = 3
HEADERS = (
    "Host: 127.0.0.1:{port}\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
    "Accept-Encoding: gzip, deflate, br\r\n"
    "Accept-Language: zh-CN\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
)
FORM = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n"


@dataclass(frozen=True)
class Step:
    """Addresses asked in turn. A POST sends a fresh key each time, as a new visit does."""

    name: str
    paths: tuple[str, ...]
    method: str = "GET"

    def request(self, path: str, headers: str) -> bytes:
        start = f"{self.method} {path} HTTP/1.1\r\n{headers}"
        if self.method == "GET":
            return f"{start}\r\n".encode()
        form = f"key={secrets.token_hex(16)}"
        return f"{start}{FORM.format(length=len(form))}\r\n{form}".encode()


@dataclass(frozen=True)
class Load:
    """How hard and how long; a step's turn ends at its part of the limit that comes first."""

    port: int
    clients: int
    seconds: float
    requests: int = 1_000_000


@dataclass
class Outcome:
    """What came back in one step. `lost`: requests whose connection broke before an answer."""

    name: str
    statuses: Counter[int] = field(default_factory=Counter)
    lost: int = 0
    seconds: float = 0.0

    def add(self, other: Outcome) -> None:
        self.statuses.update(other.statuses)
        self.lost += other.lost
        self.seconds += other.seconds

    @property
    def rate(self) -> float:
        return self.statuses.total() / self.seconds

    @property
    def refused(self) -> int:
        """Requests that were not answered with 200."""
        return self.statuses.total() - self.statuses[200] + self.lost


class Generator(Protocol):
    def __call__(self, load: Load, steps: list[Step]) -> list[Outcome]: ...


@contextmanager
def generator() -> Iterator[Generator]:
    """A process that runs rounds; it ends with the block."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        yield lambda load, steps: pool.submit(run, load, steps).result()


def run(load: Load, steps: list[Step]) -> list[Outcome]:
    """One round: all steps over the same connections, several times in turn."""
    with ThreadPoolExecutor(load.clients) as pool:
        connections = _balanced(pool, load)
        outcomes = [Outcome(step.name) for step in steps]
        try:
            for _ in range(TURNS):
                for step, outcome in zip(steps, outcomes, strict=True):
                    outcome.add(_take_turn(pool, connections, load, step))
        finally:
            _close(connections)
        return outcomes


def _balanced(pool: ThreadPoolExecutor, load: Load) -> list[Connection]:
    """As many connections to each worker; opened many at once, so that all of them wake up."""
    by_worker: dict[bytes, list[Connection]] = defaultdict(list)
    share = load.clients // WORKERS
    opened = 0
    while len(by_worker) < WORKERS or min(map(len, by_worker.values())) < share:
        if opened >= MOST_OPENED:
            raise RuntimeError(f"of {opened} connections, one worker took too many")
        batch = [Connection(load.port) for _ in range(load.clients)]
        for connection, worker in zip(batch, pool.map(Connection.worker, batch), strict=True):
            by_worker[worker].append(connection)
        opened += len(batch)
    for connections in by_worker.values():
        _close(connections[share:])
    return [connection for connections in by_worker.values() for connection in connections[:share]]


def _close(connections: list[Connection]) -> None:
    for connection in connections:
        connection.close()


def _take_turn(
    pool: ThreadPoolExecutor, connections: list[Connection], load: Load, step: Step
) -> Outcome:
    start = monotonic()
    until = start + load.seconds / TURNS
    # Shared by all threads; next() of a range is one step of the interpreter.
    tickets = iter(range(max(1, load.requests // TURNS)))
    total = Outcome(step.name)
    for part in pool.map(lambda connection: connection.work(step, tickets, until), connections):
        total.add(part)
    total.seconds = monotonic() - start
    return total


class Connection:
    """One reader's connection; opened again when it was closed."""

    def __init__(self, port: int):
        self.port = port
        self.headers = HEADERS.format(port=port)
        self.socket: socket.socket | None = None

    def work(self, step: Step, tickets: Iterator[int], until: float) -> Outcome:
        outcome = Outcome(step.name)
        offset = secrets.randbelow(len(step.paths))
        paths = cycle(step.paths[offset:] + step.paths[:offset])
        while monotonic() < until and next(tickets, None) is not None:
            try:
                status, _body = self.ask(step.request(next(paths), self.headers))
                outcome.statuses[status] += 1
            except OSError:
                outcome.lost += 1
                self.close()
        return outcome

    def worker(self) -> bytes:
        """The name of the worker this connection leads to."""
        return self.ask(Step("worker", ()).request(WHICH_WORKER, self.headers))[1]

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Sends the request, reads the whole answer, returns status and body."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), TIMEOUT)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += _receive(self.socket)
        head, _, body = received.partition(b"\r\n\r\n")
        head = head.lower()
        missing = _length(head) - len(body)
        while missing > 0:
            body += (chunk := _receive(self.socket))
            missing -= len(chunk)
        if b"\r\nconnection: close" in head:
            self.close()
        return int(head[9:12]), body

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def _receive(wire: socket.socket) -> bytes:
    chunk = wire.recv(65_536)
    if not chunk:
        raise ConnectionResetError
    return chunk


def _length(head: bytes) -> int:
    """Django gives every answer that is not streamed its length."""
    _, found, rest = head.partition(b"\r\ncontent-length: ")
    if not found:
        raise ConnectionAbortedError("an answer without a length")
    return int(rest.partition(b"\r\n")[0])
