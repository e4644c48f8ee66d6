"""Whose turn it is among the processes that share a file of SQLite's."""

from __future__ import annotations

import fcntl
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from articles.visits import turns

PATIENCE = 20  # seconds


def test_waits_for_another_process(tmp_path, monkeypatch):
    monkeypatch.setattr(turns, "_database", lambda: str(tmp_path / "db.sqlite3"))
    has_begun, done = Event(), []

    def write() -> None:
        has_begun.set()
        with turns.turn():
            done.append("written")

    # Locks belong to the opened file, not to the process.
    with open(tmp_path / "db.sqlite3-turn", "ab") as other, ThreadPoolExecutor(1) as pool:
        fcntl.flock(other, fcntl.LOCK_EX)
        writing = pool.submit(write)
        assert has_begun.wait(PATIENCE)
        assert not done
        fcntl.flock(other, fcntl.LOCK_UN)
        writing.result(PATIENCE)
        assert done
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize("folder", ["", "missing/"])
def test_is_everybody_s_where_no_file_can_be(tmp_path, monkeypatch, folder):
    database = f"{tmp_path}/{folder}db.sqlite3" if folder else ""
    monkeypatch.setattr(turns, "_database", lambda: database)
    with turns.turn(), turns.turn():
        pass
