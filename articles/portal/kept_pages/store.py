"""What is kept: a file of SQLite's, shared by all processes of a machine.

Memory of its own would hold each page once a process and few of them; Redis or the database would
be asked over the network each time. The file may be lost at any moment: it is neither synced nor
backed up, and whatever is wrong with it, pages are rendered.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import local
from time import monotonic
from typing import TypeVar
from zlib import crc32

from django.conf import settings

from articles.portal.kept_pages import release
from articles.portal.kept_pages.page import Page

logger = logging.getLogger(__name__)
T = TypeVar("T")

# A page of 2,000 characters takes 3 to 5 KB: room for 50,000.
MOST_BYTES = 256 * 1024 * 1024
# How many are kept between two looks at how much there is.
LOOK_EVERY = 500
# The oldest go until this part is left, so that looking pays.
KEPT_PART = 0.9
# Another process writes; rendering again would take longer than this.
PATIENCE = 0.1  # seconds
SILENCE = 60  # seconds
SCHEMA = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -256;
    CREATE TABLE IF NOT EXISTS page (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        key BLOB NOT NULL UNIQUE,
        generation INTEGER NOT NULL,
        valid_until REAL NOT NULL,
        status INTEGER NOT NULL,
        etag TEXT NOT NULL,
        headers TEXT NOT NULL,
        marks TEXT NOT NULL,
        crc INTEGER NOT NULL,
        body BLOB NOT NULL
    );
"""
FIND = """
    SELECT generation, valid_until, status, etag, headers, marks, crc, body FROM page WHERE key = ?
"""
KEEP = """
    INSERT OR REPLACE INTO page
        (key, generation, valid_until, status, etag, headers, marks, crc, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
CONFIRM = "UPDATE page SET generation = ? WHERE key = ?"
SUMS = "SELECT COALESCE(SUM(LENGTH(body)), 0), COUNT(*) FROM page"
# Those rendered longest ago: by number, until so many bytes are gone.
FORGET = """
    DELETE FROM page WHERE number IN (
        SELECT number FROM (
            SELECT number, SUM(LENGTH(body)) OVER (ORDER BY number) - LENGTH(body) AS before
            FROM page
        ) WHERE before < ?
    )
"""


class Store:
    """The kept pages of a folder; `most_bytes` bounds their bodies."""

    def __init__(self, folder: Path | None = None, most_bytes: int = MOST_BYTES):
        self._folder = folder
        self.most_bytes = most_bytes
        self._open = local()
        self._until_look = LOOK_EVERY
        self._silent_until = 0.0

    def find(self, key: bytes) -> Page | None:
        """What is kept under this key, be it right or not."""
        row = self._do(lambda file: file.execute(FIND, (key,)).fetchone(), None)
        if row is None:
            return None
        generation, until, status, etag, headers, marks, crc, body = row
        # After a power cut parts of the file may be older than others.
        if crc32(body) != crc:
            return None
        return Page(
            status,
            body,
            etag,
            tuple((name, value) for name, value in json.loads(headers)),
            generation,
            datetime.fromtimestamp(until, UTC),
            json.loads(marks),
        )

    def keep(self, key: bytes, page: Page) -> None:
        row = (
            key,
            page.generation,
            page.valid_until.timestamp(),
            page.status,
            page.etag,
            json.dumps(page.headers),
            json.dumps(page.marks),
            crc32(page.body),
            page.body,
        )
        self._do(lambda file: file.execute(KEEP, row), None)
        self._until_look -= 1
        if self._until_look <= 0:
            self._until_look = LOOK_EVERY
            self._make_room()

    def confirm(self, key: bytes, generation: int) -> None:
        """The page is right in this generation, too."""
        self._do(lambda file: file.execute(CONFIRM, (generation, key)), None)

    def clear(self) -> None:
        self._do(lambda file: file.execute("DELETE FROM page"), None)

    @property
    def bytes(self) -> int:
        """Of all bodies together."""
        return self._sums()[0]

    @property
    def pages(self) -> int:
        return self._sums()[1]

    def _sums(self) -> tuple[int, int]:
        return self._do(lambda file: file.execute(SUMS).fetchone(), (0, 0))

    def _make_room(self) -> None:
        too_many = self.bytes - int(self.most_bytes * KEPT_PART)
        if too_many > self.most_bytes * (1 - KEPT_PART):
            self._do(lambda file: file.execute(FORGET, (too_many,)), None)

    def _do(self, action: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """What the action gives, or the other value: nobody loses a page because of this file."""
        try:
            return action(self._connection())
        except sqlite3.OperationalError as error:
            self._complain("Kept pages could not be reached: %s", error)
        except (sqlite3.DatabaseError, OSError) as error:
            self._complain("The file of kept pages is of no use and is made again: %s", error)
            self._forget_file()
        return otherwise

    def _complain(self, words: str, error: Exception) -> None:
        """Once a while: a folder that cannot be written fails at every request."""
        if monotonic() >= self._silent_until:
            self._silent_until = monotonic() + SILENCE
            logger.warning(words, error)

    def _connection(self) -> sqlite3.Connection:
        """SQLite's connections belong to one thread, and to the process before a fork."""
        if getattr(self._open, "process", None) != os.getpid():
            path = self.path()
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
            connection.executescript(SCHEMA)
            self._open.connection, self._open.process = connection, os.getpid()
            _forget_other_releases(path)
        found: sqlite3.Connection = self._open.connection
        return found

    def path(self) -> Path:
        return (self._folder or settings.KEPT_PAGES_DIR) / f"pages-{release.name()}.sqlite3"

    def _forget_file(self) -> None:
        self._open = local()
        _remove(self.path())


def _forget_other_releases(path: Path) -> None:
    """Processes that still run with one keep what they have open."""
    for other in path.parent.glob("pages-*.sqlite3"):
        if other != path:
            _remove(other)


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + ending).unlink()


PAGES = Store()
