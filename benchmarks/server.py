"""The project behind gunicorn, started as `make run` starts it, on a loopback port."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.client import WORKERS, Connection

GUNICORN = (
    f"-m gunicorn newsroom.wsgi --workers {WORKERS} --worker-class gthread "
    "--log-level warning --no-control-socket"
).split()
PATIENCE = 20


@contextmanager
def serving(threads: int = 4) -> Iterator[int]:
    """Yields the port; the server inherits the environment and ends with the block. `threads`: of
    each worker."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        descriptor = listener.fileno()
        command = [sys.executable, *GUNICORN, f"--threads={threads}", f"--bind=fd://{descriptor}"]
        server = subprocess.Popen(command, pass_fds=[descriptor])  # noqa: S603 - our own words
    # Only gunicorn holds the socket now: if it dies, waiting ends at once.
    try:
        _await_first_answer(port)
        yield port
    finally:
        _stop(server)


def _await_first_answer(port: int) -> None:
    connection = Connection(port)
    try:
        connection.worker()
    except OSError as error:
        raise SystemExit(f"The server did not start: {error!r}") from error
    finally:
        connection.close()


def _stop(server: subprocess.Popen) -> None:
    server.terminate()
    try:
        server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
