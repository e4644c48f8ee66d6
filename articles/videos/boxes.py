"""The boxes of an MP4 file (ISO/IEC 14496-12), one after the other, never more than fits.

Nothing but headers and a few short boxes is ever read into memory, and only so many of them are
looked at, so a hostile file costs milliseconds.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

# A film of hours stays far below either.
MOST_BOXES = 5_000
LARGEST_SMALL_BOX = 64 * 1024


class Unreadable(Exception):
    """The boxes contradict each other, or stop in the middle."""


@dataclass(frozen=True)
class Box:
    """`start` and `end` of the whole box in the file; `body` is where its content begins."""

    kind: bytes
    start: int
    body: int
    end: int


class Boxes:
    """The boxes of one file. Raises Unreadable, EOFError, OSError and struct.error."""

    def __init__(self, file: BinaryIO):
        self.file = file
        self.looked_at = 0

    def children(
        self, start: int, end: int, *, is_top: bool = False, is_lenient: bool = False
    ) -> Iterator[Box]:
        """The boxes between two positions, one after the other."""
        while end - start >= 8:
            self.looked_at += 1
            if self.looked_at > MOST_BOXES:
                raise Unreadable
            size, kind = struct.unpack(">I4s", self.bytes_at(start, 8))
            body = start + 8
            if size == 1:
                (size,) = struct.unpack(">Q", self.bytes_at(body, 8))
                body += 8
            elif size == 0:
                if not is_top:
                    if is_lenient:
                        return
                    raise Unreadable
                size = end - start
            if size < body - start or start + size > end:
                if is_lenient:
                    return
                raise Unreadable
            yield Box(kind, start, body, start + size)
            start += size

    def small(self, box: Box) -> bytes:
        """The content of a box that is short in every honest file."""
        if box.end - box.body > LARGEST_SMALL_BOX:
            raise Unreadable
        return self.bytes_at(box.body, box.end - box.body)

    def bytes_at(self, start: int, length: int) -> bytes:
        self.file.seek(start)
        found = self.file.read(length)
        if len(found) != length:
            raise EOFError
        return found


def only(boxes: list[Box], kind: bytes) -> Box:
    """The one box of this kind; none or several contradict the format."""
    found = [box for box in boxes if box.kind == kind]
    if len(found) != 1:
        raise Unreadable
    return found[0]
