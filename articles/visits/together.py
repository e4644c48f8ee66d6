"""One transaction for all who write at the same moment.

A commit waits for the disk, about five milliseconds, and SQLite lets one writer in at a time.
Threads that come while another one's commit is on its way are written together in the next one.
Nobody is told that something is written before it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Waiting(Generic[T]):
    item: T
    is_done: bool = False
    error: BaseException | None = None


class Together(Generic[T]):
    """`write` is given all items that wait, in the order they came, and commits them."""

    def __init__(self, write: Callable[[list[T]], None]):
        self._write = write
        self._waiting: list[_Waiting[T]] = []
        self._list, self._turn = Lock(), Lock()

    def submit(self, item: T) -> T:
        """Returns when the item is written; raises what writing it raised."""
        mine = _Waiting(item)
        with self._list:
            self._waiting.append(mine)
        with self._turn:
            # Whoever had the turn before may have taken it along.
            if not mine.is_done:
                self._write_waiting()
        if mine.error:
            raise mine.error
        return item

    def _write_waiting(self) -> None:
        with self._list:
            batch, self._waiting = self._waiting, []
        error: BaseException | None = None
        try:
            self._write([waiting.item for waiting in batch])
        except BaseException as raised:
            error = raised
        for waiting in batch:
            waiting.error, waiting.is_done = error, True
