"""One transaction for all who write at the same moment: who waits, who is told what."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest

from articles.visits.together import Together

PATIENCE = 20  # seconds


class Desk:
    """Writes batches, the first of them not before it may."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.refused: dict[str, BaseException] = {}
        self.begun, self.may_end = Event(), Event()
        self.together: Together[str] = Together(self.write)

    def write(self, items: list[str]) -> None:
        self.batches.append(items)
        if len(self.batches) == 1:
            self.begun.set()
            assert self.may_end.wait(PATIENCE)
        for item in items:
            if item in self.refused:
                raise self.refused.pop(item)

    def hold_up(self, pool: ThreadPoolExecutor, others: list[str]) -> list[Future[str]]:
        """`first` is being written while the others arrive."""
        calls = [pool.submit(self.together.submit, "first")]
        assert self.begun.wait(PATIENCE)
        for place, item in enumerate(others, start=1):
            calls.append(pool.submit(self.together.submit, item))
            while len(self.together._waiting) < place:
                pass
        self.may_end.set()
        return calls


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def pool():
    with ThreadPoolExecutor(8) as pool:
        yield pool


class TestTogether:
    def test_writes_one_alone_at_once(self, desk):
        desk.may_end.set()
        assert desk.together.submit("one") == "one"
        assert desk.together.submit("two") == "two"
        assert desk.batches == [["one"], ["two"]]

    def test_writes_together_what_came_meanwhile_in_the_order_it_came(self, desk, pool):
        calls = desk.hold_up(pool, ["a", "b", "c", "d"])
        assert [call.result(PATIENCE) for call in calls] == ["first", "a", "b", "c", "d"]
        assert desk.batches == [["first"], ["a", "b", "c", "d"]]

    def test_takes_who_came_while_it_was_the_turn_of_another_process(self, desk, pool):
        is_our_turn, has_asked = Event(), Event()

        @contextmanager
        def turn():
            has_asked.set()
            assert is_our_turn.wait(PATIENCE)
            yield

        desk.may_end.set()
        together = Together(desk.write, turn)
        calls = [pool.submit(together.submit, "first")]
        assert has_asked.wait(PATIENCE)
        calls.append(pool.submit(together.submit, "a"))
        while len(together._waiting) < 2:
            pass
        is_our_turn.set()
        assert [call.result(PATIENCE) for call in calls] == ["first", "a"]
        assert desk.batches == [["first", "a"]]

    def test_waits_for_as_many_as_came_last_time(self, desk, pool, monkeypatch):
        monkeypatch.setattr("articles.visits.together.PATIENCE", PATIENCE)
        for call in desk.hold_up(pool, ["a", "b"]):
            call.result(PATIENCE)
        calls = [pool.submit(desk.together.submit, item) for item in "cd"]
        assert [call.result(PATIENCE) for call in calls] == ["c", "d"]
        assert [sorted(batch) for batch in desk.batches] == [["first"], ["a", "b"], ["c", "d"]]

    def test_waits_in_vain_once(self, desk, pool, monkeypatch):
        for call in desk.hold_up(pool, ["a", "b"]):
            call.result(PATIENCE)
        assert desk.together.submit("c") == "c"
        monkeypatch.setattr("articles.visits.together.PATIENCE", PATIENCE)
        assert pool.submit(desk.together.submit, "d").result(PATIENCE / 2) == "d"
        assert desk.batches[2:] == [["c"], ["d"]]

    def test_tells_nobody_before_it_is_written(self, desk, pool):
        call = pool.submit(desk.together.submit, "first")
        assert desk.begun.wait(PATIENCE)
        assert not call.done()
        desk.may_end.set()
        assert call.result(PATIENCE) == "first"

    def test_tells_all_of_a_batch_that_it_failed_and_goes_on(self, desk, pool):
        desk.refused["b"] = ValueError("disk full")
        first, *others = desk.hold_up(pool, ["a", "b", "c"])
        assert first.result(PATIENCE) == "first"
        for call in others:
            with pytest.raises(ValueError, match="disk full"):
                call.result(PATIENCE)
        assert desk.together.submit("next") == "next"

    @pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
    def test_writes_for_the_others_when_one_is_stopped(self, desk, pool, stop):
        desk.refused["first"] = stop()
        stopped, other = desk.hold_up(pool, ["a"])
        with pytest.raises(stop):
            stopped.result(PATIENCE)
        assert other.result(PATIENCE) == "a"
        # Nobody knows how far the first one came.
        assert desk.batches == [["first"], ["first", "a"]]

    def test_goes_on_when_all_who_wait_are_stopped(self, desk, pool):
        desk.refused |= {"first": KeyboardInterrupt(), "a": KeyboardInterrupt()}
        calls = desk.hold_up(pool, ["a"])
        for call in calls:
            with pytest.raises(KeyboardInterrupt):
                call.result(PATIENCE)
        assert desk.together.submit("next") == "next"
        assert desk.batches == [["first"], ["first", "a"], ["first", "a", "next"]]

    def test_writes_everything_once_whoever_comes(self, desk, pool):
        desk.may_end.set()
        wanted = [str(number) for number in range(400)]
        assert list(pool.map(desk.together.submit, wanted)) == wanted
        written = [item for batch in desk.batches for item in batch]
        assert sorted(written) == sorted(wanted)
