"""One transaction for all who write at the same moment.

A commit waits for the disk, about five milliseconds, and SQLite lets one writer in at a time.
Threads that come while another one's commit is on its way are written together in the next one.
Those it wakes are a moment late for that one: so whoever writes waits for as many as there were
last time, but hardly longer than a commit takes. Who comes alone after one who came alone waits for
nobody. Nobody is told that something is written before it is.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
# Seconds. Sixteen threads without it: every third time one wrote alone, the others the next.
PATIENCE = 0.002


def _taken() -> Lock:
    lock = Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class _Waiting(Generic[T]):
    """`turn` is released when the item is written, or when its thread is to write next;
    `is_gone`: its thread was stopped (KeyboardInterrupt) and writes nothing any more."""

    item: T
    turn: Lock = field(default_factory=_taken)
    is_done: bool = False
    is_gone: bool = False
    error: Exception | None = None


class Together(Generic[T]):
    """`write` is given all items that wait, in the order they came, and commits them. It is called
    within `turn`, which waits for other processes.

    One thread writes at a time. Each is woken once, by whoever wrote before: a Condition would
    wake all of them each time, most of them for nothing.
    """

    def __init__(
        self,
        write: Callable[[list[T]], None],
        turn: Callable[[], AbstractContextManager[None]] = nullcontext,
    ):
        self._write = write
        self._turn = turn
        self._lock = Lock()
        self._waiting: list[_Waiting[T]] = []
        self._expected = 1
        self._all_came: Lock | None = None
        self._writer: _Waiting[T] | None = None

    def submit(self, item: T) -> T:
        """Returns when the item is written; raises what writing it raised."""
        mine = _Waiting(item)
        with self._lock:
            self._waiting.append(mine)
            is_first = self._writer is None
            if is_first:
                self._writer = mine
            elif self._all_came and len(self._waiting) >= self._expected:
                self._all_came.release()
                self._all_came = None
        if not is_first:
            self._await_turn(mine)
        if not mine.is_done:
            self._write_out(mine)
        if mine.error:
            raise mine.error
        return item

    def _await_turn(self, mine: _Waiting[T]) -> None:
        try:
            mine.turn.acquire()
        except BaseException:
            with self._lock:
                mine.is_gone = True
                # Perhaps just when it was to write for the others.
                if self._writer is mine:
                    self._pass_on()
            raise

    def _write_out(self, mine: _Waiting[T]) -> None:
        """Where this thread is stopped, the next one writes for the others."""
        batch: list[_Waiting[T]] = []
        error, is_over = None, False
        try:
            self._gather()
            with self._turn():
                # As late as that: more of them came while it was another process's turn.
                with self._lock:
                    batch, self._waiting = self._waiting, []
                    self._expected = len(batch)
                self._write([waiting.item for waiting in batch])
            is_over = True
        except Exception as raised:
            error, is_over = raised, True
        finally:
            with self._lock:
                if not is_over:
                    mine.is_gone = True
                    self._waiting = batch + self._waiting
                self._pass_on()
            if is_over:
                self._tell(batch, error)

    def _gather(self) -> None:
        """Until as many wait as were written last."""
        with self._lock:
            if len(self._waiting) >= self._expected:
                return
            self._all_came = all_came = _taken()
        all_came.acquire(timeout=PATIENCE)
        with self._lock:
            self._all_came = None

    def _pass_on(self) -> None:
        """To the first whose thread still waits."""
        self._writer = next((waiting for waiting in self._waiting if not waiting.is_gone), None)
        if self._writer:
            self._writer.turn.release()

    def _tell(self, batch: list[_Waiting[T]], error: Exception | None) -> None:
        for waiting in batch:
            waiting.error, waiting.is_done = error, True
            waiting.turn.release()
