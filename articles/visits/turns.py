"""Whose turn it is to write: of the processes that share a file of SQLite's.

SQLite lets one writer in at a time, and who finds it taken looks again after one, two, five
milliseconds and more, while it may be free. Here they wait in the kernel, which wakes the next
one at once. It is a courtesy: who does not ask, such as a drain, is kept out by SQLite itself.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import IO, Any

from django.db import connection


@contextmanager
def turn() -> Iterator[None]:
    """Holds the turn of this process; its threads do not keep each other out."""
    file = _file_beside(_database())
    if file is None:
        yield
        return
    with suppress(OSError):
        fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_UN)


def _database() -> str:
    """The file of the database; "" where there is none."""
    backend: Any = connection
    if backend.vendor != "sqlite" or backend.is_in_memory_db():
        return ""
    return str(backend.settings_dict["NAME"])


@cache
def _file_beside(database: str) -> IO[bytes] | None:
    if not database:
        return None
    # A folder that cannot be written is found out by whoever writes the views.
    with suppress(OSError):
        return open(f"{database}-turn", "ab")
    return None
