"""One transaction for all who write at the same moment.

A commit waits for the disk, about five milliseconds, and SQLite lets one writer in at a time.
Threads that come while another one's commit is on its way are written together in the next one.
Nobody is told that something is written before it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Waiting(Generic[T]):
    item: T
    is_done: bool = False
    error: Exception | None = None


class Together(Generic[T]):
    """`write` is given all items that wait, in the order they came, and commits them."""

    def __init__(self, write: Callable[[list[T]], None]):
        self._write = write
        self._waiting: list[_Waiting[T]] = []
        self._is_writing = False
        self._changed = Condition()

    def submit(self, item: T) -> T:
        """Returns when the item is written; raises what writing it raised."""
        mine = _Waiting(item)
        with self._changed:
            self._waiting.append(mine)
            self._changed.wait_for(lambda: mine.is_done or not self._is_writing)
            batch = [] if mine.is_done else self._take()
        if batch:
            self._write_out(batch)
        if mine.error:
            raise mine.error
        return item

    def _take(self) -> list[_Waiting[T]]:
        self._is_writing = True
        batch, self._waiting = self._waiting, []
        return batch

    def _write_out(self, batch: list[_Waiting[T]]) -> None:
        """Where this thread is stopped (KeyboardInterrupt), the next one writes for the others."""
        error, is_over = None, False
        try:
            self._write([waiting.item for waiting in batch])
            is_over = True
        except Exception as raised:
            error, is_over = raised, True
        finally:
            with self._changed:
                self._is_writing = False
                for waiting in batch:
                    waiting.error, waiting.is_done = error, is_over
                if not is_over:
                    self._waiting = batch + self._waiting
                self._changed.notify_all()
