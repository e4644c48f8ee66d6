"""Where the samples of a track lie in the data of a film, by the tables of the track.

A hostile table names one place a thousand times, or claims millions of rows: both are counted
over all tracks of a file.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator

from articles.videos.boxes import Box, Boxes, Unreadable

# In the tables of all tracks that are blanked out: a position a frame, for hours.
MOST_SAMPLES = 300_000
# Separate stretches to be blanked out; a camera writes its positions every second or so.
MOST_RANGES = 100_000

# From the first byte to behind the last.
Range = tuple[int, int]


class Samples:
    """The samples in the boxes of data, which are given in the order of the file."""

    def __init__(self, boxes: Boxes, data: list[Box]):
        self.boxes = boxes
        self.data = data
        self.bodies = [box.body for box in data]
        self.rows_read = 0
        self.ranges_found = 0

    def of(self, tables: list[Box]) -> list[Range]:
        """The samples of one track, cut to the boxes of data."""
        table = {box.kind: box for box in tables}
        places = self.numbers(table, b"co64", ">Q") or self.numbers(table, b"stco", ">I")
        runs = self.numbers(table, b"stsc", ">III")
        sizes = self.sizes(table)
        found: list[Range] = []
        run = 0
        for number, (start,) in enumerate(places, start=1):
            while run + 1 < len(runs) and runs[run + 1][0] <= number:
                run += 1
            count = runs[run][1] if runs else 0
            length = 0
            for _sample in range(count):
                each = next(sizes, None)
                if each is None:
                    break
                length += each
            self.add(found, start, start + length)
        return found

    def add(self, found: list[Range], start: int, end: int) -> None:
        """What of a stretch lies in the boxes of data; what follows on what was found joins it."""
        place = max(bisect_right(self.bodies, start) - 1, 0)
        while place < len(self.data) and self.data[place].body < end:
            box = self.data[place]
            first, last = max(start, box.body), min(end, box.end)
            place += 1
            if first >= last:
                continue
            if found and found[-1][0] <= first <= found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], last))
                continue
            self.ranges_found += 1
            if self.ranges_found > MOST_RANGES:
                raise Unreadable
            found.append((first, last))

    def sizes(self, table: dict[bytes, Box]) -> Iterator[int]:
        box = table.get(b"stsz")
        if box is None:
            return
        _version, each, count = struct.unpack(">III", self.boxes.bytes_at(box.body, 12))
        self.afford(count)
        if each:
            yield from (each for _sample in range(count))
            return
        if box.body + 12 + 4 * count > box.end:
            raise Unreadable
        yield from struct.unpack(f">{count}I", self.boxes.bytes_at(box.body + 12, 4 * count))

    def numbers(self, table: dict[bytes, Box], kind: bytes, row: str) -> list[tuple[int, ...]]:
        """The rows of a table box: a version, a count, then so many rows."""
        box = table.get(kind)
        if box is None:
            return []
        _version, count = struct.unpack(">II", self.boxes.bytes_at(box.body, 8))
        length = count * struct.calcsize(row)
        self.afford(count)
        if box.body + 8 + length > box.end:
            raise Unreadable
        return list(struct.iter_unpack(row, self.boxes.bytes_at(box.body + 8, length)))

    def afford(self, count: int) -> None:
        self.rows_read += count
        if self.rows_read > MOST_SAMPLES:
            raise Unreadable


def joined(ranges: list[Range]) -> list[Range]:
    """The same bytes, each once, in the order of the file."""
    once: list[Range] = []
    for start, end in sorted(ranges):
        if once and start <= once[-1][1]:
            once[-1] = (once[-1][0], max(end, once[-1][1]))
        else:
            once.append((start, end))
    return once
