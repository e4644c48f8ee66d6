"""Something that goes on in a thread while a block of the benchmark runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic


@contextmanager
def going_on(action: Callable[[], None]) -> Iterator[list[float]]:
    """Does it again and again until the block ends; yields when it was done."""
    is_over, times = Event(), list[float]()

    def work() -> None:
        while not is_over.is_set():
            action()
            times.append(monotonic())

    thread = Thread(target=work)
    thread.start()
    try:
        yield times
    finally:
        is_over.set()
        thread.join()
