"""Reading an MP4 file (ISO/IEC 14496-12): what it holds, how large, how long, what it gives away.

Pure: a seekable file in, values out. The tree of boxes is walked along one fixed path, never
recursively, with a limit on how many boxes are looked at; nothing but headers and a few short
boxes is ever read into memory, so a hostile file costs milliseconds.

What is not on the list of boxes that a player needs may say where a film was made, on what, by
whom (udta with ©xyz, meta, uuid with XMP, tracks of positions): `Film.boxes` and `Film.ranges`
tell where that lies. The roads not taken: ffprobe (not installed everywhere, and itself a
target), a parser of PyPI (unbounded, none kept up).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

# A box that needs more than this is not looked into; a film of hours stays far below.
MOST_BOXES = 5_000
MOST_TRACKS = 32
LARGEST_SMALL_BOX = 64 * 1024
# In the tables of all tracks that are blanked out: a position a frame, for hours.
MOST_SAMPLES = 300_000
# One is usual; some cameras begin another every few gigabytes.
MOST_DATA = 64
# Separate stretches to be blanked out; a camera writes its positions every second or so.
MOST_RANGES = 100_000

# What a player needs; everything else in these places is blanked out.
TOP = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"pdin"})
MOVIE = frozenset({b"mvhd", b"trak", b"iods"})
TRACK = frozenset({b"tkhd", b"mdia", b"edts", b"tapt"})
FREE = b"free"
HANDLERS = {b"vide": "picture", b"soun": "sound"}


class Unreadable(Exception):
    """The boxes contradict each other, or stop in the middle."""


class Fragmented(Exception):
    """The film is cut into fragments, as for streaming: its length and tables are elsewhere."""


@dataclass(frozen=True)
class Box:
    """`start` and `end` of the whole box in the file; `body` is where its content begins."""

    kind: bytes
    start: int
    body: int
    end: int


@dataclass(frozen=True)
class Film:
    """What a file says of itself. Width and height as shown, upright, in pixels."""

    brand: str
    width: int
    height: int
    duration: float
    picture: str
    profile: int
    sound: str
    # Boxes to be renamed `free` and emptied, then bare ranges to be emptied: (start, end).
    boxes: tuple[Box, ...]
    ranges: tuple[tuple[int, int], ...]


@dataclass
class _Track:
    box: Box
    handler: str
    codec: str = ""
    profile: int = 0
    width: int = 0
    height: int = 0
    duration: float = 0.0


def read(file: BinaryIO, size: int) -> Film:
    """What an MP4 file holds. Raises Unreadable or Fragmented; reads no more than it must."""
    reader = _Reader(file)
    try:
        return reader.film(size)
    except (struct.error, EOFError, OSError) as error:
        raise Unreadable from error


class _Reader:
    def __init__(self, file: BinaryIO):
        self.file = file
        self.looked_at = 0
        self.rows_read = 0
        self.ranges_found = 0

    def film(self, size: int) -> Film:
        top = list(self.children(0, size, is_top=True))
        if not top or top[0].kind != b"ftyp":
            raise Unreadable
        kinds = [box.kind for box in top]
        if b"moof" in kinds:
            raise Fragmented
        if kinds.count(b"moov") != 1 or not 0 < kinds.count(b"mdat") <= MOST_DATA:
            raise Unreadable
        movie = top[kinds.index(b"moov")]
        inner = list(self.children(movie.body, movie.end))
        if any(box.kind == b"mvex" for box in inner):
            raise Fragmented
        boxes = [box for box in top if box.kind not in TOP]
        boxes += [box for box in inner if box.kind not in MOVIE]
        tracks, ranges = self.tracks(inner, [box for box in top if box.kind == b"mdat"], boxes)
        pictures = [track for track in tracks if track.handler == "picture"]
        sounds = [track.codec for track in tracks if track.handler == "sound"]
        if not pictures:
            raise Unreadable
        first = pictures[0]
        return Film(
            brand=_name(self.bytes_at(top[0].body, 4)),
            width=first.width,
            height=first.height,
            duration=first.duration or self.duration(self.only(inner, b"mvhd")),
            picture=first.codec,
            profile=first.profile,
            # One sound nobody can play is enough to refuse the film.
            sound=next((codec for codec in sounds if codec != "aac"), "aac" if sounds else ""),
            boxes=tuple(boxes),
            ranges=tuple(_joined(ranges)),
        )

    def tracks(
        self, inner: list[Box], data: list[Box], boxes: list[Box]
    ) -> tuple[list[_Track], list[tuple[int, int]]]:
        """The tracks of picture and sound; of the others box and samples are to be blanked out."""
        kept: list[_Track] = []
        ranges: list[tuple[int, int]] = []
        found = [box for box in inner if box.kind == b"trak"]
        if len(found) > MOST_TRACKS:
            raise Unreadable
        for box in found:
            parts = list(self.children(box.body, box.end))
            media = self.only(parts, b"mdia")
            media_parts = list(self.children(media.body, media.end))
            handler = self.bytes_at(self.only(media_parts, b"hdlr").body + 8, 4)
            if handler not in HANDLERS:
                boxes.append(box)
                ranges += self.samples(media_parts, data)
                continue
            boxes += [part for part in parts if part.kind not in TRACK]
            boxes += [part for part in media_parts if part.kind in (b"udta", b"meta", b"uuid")]
            kept.append(self.track(box, HANDLERS[handler], parts, media_parts))
        return kept, ranges

    def track(self, box: Box, handler: str, parts: list[Box], media: list[Box]) -> _Track:
        track = _Track(box, handler)
        table = self.table(media)
        description = self.only(table, b"stsd")
        entry = next(iter(self.children(description.body + 8, description.end)), None)
        if entry is None:
            raise Unreadable
        if handler == "picture":
            track.codec = _name(entry.kind)
            track.width, track.height = self.shown_size(self.only(parts, b"tkhd"), entry)
            track.duration = self.duration(self.only(media, b"mdhd"))
            track.profile = self.profile(entry)
        else:
            track.codec = "aac" if entry.kind == b"mp4a" and self.is_aac(entry) else "other"
        return track

    def table(self, media: list[Box]) -> list[Box]:
        information = self.only(media, b"minf")
        table = self.only(list(self.children(information.body, information.end)), b"stbl")
        return list(self.children(table.body, table.end))

    def samples(self, media: list[Box], data: list[Box]) -> list[tuple[int, int]]:
        """Where the samples of a track lie, cut to the boxes of data: (start, end) each."""
        table = {box.kind: box for box in self.table(media)}
        places = self.numbers(table, b"co64", ">Q") or self.numbers(table, b"stco", ">I")
        runs = self.numbers(table, b"stsc", ">III")
        sizes = self.sample_sizes(table)
        found: list[tuple[int, int]] = []
        # In the order of the file, as `children` walks it.
        bodies = [box.body for box in data]
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
            self.add(found, start, start + length, data, bodies)
        return found

    def add(
        self,
        found: list[tuple[int, int]],
        start: int,
        end: int,
        data: list[Box],
        bodies: list[int],
    ) -> None:
        """What of a stretch lies in the boxes of data; what follows on what was found joins it."""
        place = max(bisect_right(bodies, start) - 1, 0)
        while place < len(data) and data[place].body < end:
            first, last = max(start, data[place].body), min(end, data[place].end)
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

    def sample_sizes(self, table: dict[bytes, Box]) -> Iterator[int]:
        box = table.get(b"stsz")
        if box is None:
            return
        _version, each, count = struct.unpack(">III", self.bytes_at(box.body, 12))
        self.afford(count)
        if each:
            yield from (each for _sample in range(count))
            return
        if box.body + 12 + 4 * count > box.end:
            raise Unreadable
        yield from struct.unpack(f">{count}I", self.bytes_at(box.body + 12, 4 * count))

    def numbers(self, table: dict[bytes, Box], kind: bytes, row: str) -> list[tuple[int, ...]]:
        """The rows of a table box: a version, a count, then so many rows."""
        box = table.get(kind)
        if box is None:
            return []
        _version, count = struct.unpack(">II", self.bytes_at(box.body, 8))
        length = count * struct.calcsize(row)
        self.afford(count)
        if box.body + 8 + length > box.end:
            raise Unreadable
        return list(struct.iter_unpack(row, self.bytes_at(box.body + 8, length)))

    def afford(self, count: int) -> None:
        self.rows_read += count
        if self.rows_read > MOST_SAMPLES:
            raise Unreadable

    def duration(self, header: Box) -> float:
        """Seconds, by the header of a film or of a track's media; 0 when it says none."""
        version = self.bytes_at(header.body, 1)[0]
        if version == 1:
            scale, length = struct.unpack(">IQ", self.bytes_at(header.body + 20, 12))
            unknown = 2**64 - 1
        else:
            scale, length = struct.unpack(">II", self.bytes_at(header.body + 12, 8))
            unknown = 2**32 - 1
        return length / scale if scale and length != unknown else 0.0

    def shown_size(self, header: Box, entry: Box) -> tuple[int, int]:
        """Width and height upright: a phone held high records lying and notes the turn."""
        after_times = 40 if self.bytes_at(header.body, 1)[0] != 1 else 52
        fields = struct.unpack(">9i2I", self.bytes_at(header.body + after_times, 44))
        width, height = fields[9] >> 16, fields[10] >> 16
        if not width or not height:
            width, height = struct.unpack(">HH", self.bytes_at(entry.body + 24, 4))
        is_on_its_side = fields[0] == 0 and fields[4] == 0 and fields[1] != 0
        return (height, width) if is_on_its_side else (width, height)

    def profile(self, entry: Box) -> int:
        """The H.264 profile; 0 when there is no such description."""
        for box in self.children(entry.body + 78, entry.end, is_lenient=True):
            if box.kind == b"avcC":
                return self.bytes_at(box.body, 2)[1]
        return 0

    def is_aac(self, entry: Box) -> bool:
        """Whether the sound's own description says AAC: of MPEG-4, or one of MPEG-2's three."""
        for box in self.children(entry.body + 28, entry.end, is_lenient=True):
            if box.kind == b"esds":
                body = self.small(box)[4:]
                return _object_type(body) in (0x40, 0x66, 0x67, 0x68)
        return False

    # The file ------------------------------------------------------------------------------

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

    def only(self, boxes: list[Box], kind: bytes) -> Box:
        found = [box for box in boxes if box.kind == kind]
        if len(found) != 1:
            raise Unreadable
        return found[0]

    def small(self, box: Box) -> bytes:
        if box.end - box.body > LARGEST_SMALL_BOX:
            raise Unreadable
        return self.bytes_at(box.body, box.end - box.body)

    def bytes_at(self, start: int, length: int) -> bytes:
        self.file.seek(start)
        found = self.file.read(length)
        if len(found) != length:
            raise EOFError
        return found


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same bytes, each once: a hostile table names one place a thousand times."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _name(four: bytes) -> str:
    return four.decode("latin-1").strip()


def _object_type(descriptors: bytes) -> int:
    """The objectTypeIndication of ISO/IEC 14496-1, 7.2.6; 0 when it is not found."""
    at = 0
    while at < len(descriptors):
        tag = descriptors[at]
        at += 1
        # A length is written in up to four bytes, seven bits each.
        for _byte in range(4):
            if at >= len(descriptors):
                return 0
            at += 1
            if descriptors[at - 1] < 0x80:
                break
        if tag == 4:
            return descriptors[at] if at < len(descriptors) else 0
        if tag != 3 or at + 3 > len(descriptors):
            return 0
        flags = descriptors[at + 2]
        at += 3
        at += 2 if flags & 0x80 else 0
        if flags & 0x40:
            at += 1 + (descriptors[at] if at < len(descriptors) else 0)
        at += 2 if flags & 0x20 else 0
    return 0
