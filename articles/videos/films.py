"""Reading an MP4 file (ISO/IEC 14496-12): what it holds, how large, how long, what it gives away.

Pure: a seekable file in, values out. The tree of boxes is walked along one fixed path, never
recursively.

What is not on the list of boxes that a player needs may say where a film was made, on what, by
whom (udta with ©xyz, meta, uuid with XMP, tracks of positions): `Film.boxes` and `Film.ranges`
tell where that lies. The roads not taken: ffprobe (not installed everywhere, and itself a
target), a parser of PyPI (unbounded, none kept up).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from articles.videos import headers
from articles.videos.boxes import Box, Boxes, Unreadable, only
from articles.videos.samples import Range, Samples, joined

MOST_TRACKS = 32
# One is usual; some cameras begin another every few gigabytes.
MOST_DATA = 64

# What a player needs; everything else in these places is blanked out.
TOP = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"pdin"})
MOVIE = frozenset({b"mvhd", b"trak", b"iods"})
TRACK = frozenset({b"tkhd", b"mdia", b"edts", b"tapt"})
FREE = b"free"
HANDLERS = {b"vide": "picture", b"soun": "sound"}


class Fragmented(Exception):
    """The film is cut into fragments, as for streaming: its length and tables are elsewhere."""


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
    # Boxes to be renamed `free` and emptied, then bare ranges to be emptied.
    boxes: tuple[Box, ...]
    ranges: tuple[Range, ...]


@dataclass(frozen=True)
class _Track:
    handler: str
    codec: str
    profile: int = 0
    width: int = 0
    height: int = 0
    duration: float = 0.0


def read(file: BinaryIO, size: int) -> Film:
    """What an MP4 file holds. Raises Unreadable or Fragmented; reads no more than it must."""
    try:
        return _film(Boxes(file), size)
    except (struct.error, EOFError, OSError) as error:
        raise Unreadable from error


def _film(boxes: Boxes, size: int) -> Film:
    top = list(boxes.children(0, size, is_top=True))
    if not top or top[0].kind != b"ftyp":
        raise Unreadable
    kinds = [box.kind for box in top]
    if b"moof" in kinds:
        raise Fragmented
    if kinds.count(b"moov") != 1 or not 0 < kinds.count(b"mdat") <= MOST_DATA:
        raise Unreadable
    movie = top[kinds.index(b"moov")]
    inner = list(boxes.children(movie.body, movie.end))
    if any(box.kind == b"mvex" for box in inner):
        raise Fragmented
    needless = [box for box in top if box.kind not in TOP]
    needless += [box for box in inner if box.kind not in MOVIE]
    samples = Samples(boxes, [box for box in top if box.kind == b"mdat"])
    tracks, ranges = _tracks(boxes, inner, samples, needless)
    pictures = [track for track in tracks if track.handler == "picture"]
    sounds = [track.codec for track in tracks if track.handler == "sound"]
    if not pictures:
        raise Unreadable
    first = pictures[0]
    return Film(
        brand=_name(boxes.bytes_at(top[0].body, 4)),
        width=first.width,
        height=first.height,
        duration=first.duration or headers.duration(boxes, only(inner, b"mvhd")),
        picture=first.codec,
        profile=first.profile,
        # One sound nobody can play is enough to refuse the film.
        sound=next((codec for codec in sounds if codec != "aac"), "aac" if sounds else ""),
        boxes=tuple(needless),
        ranges=tuple(joined(ranges)),
    )


def _tracks(
    boxes: Boxes, inner: list[Box], samples: Samples, needless: list[Box]
) -> tuple[list[_Track], list[Range]]:
    """The tracks of picture and sound; of the others box and samples are to be blanked out.

    Adds to `needless` the boxes that no player asks for.
    """
    kept: list[_Track] = []
    ranges: list[Range] = []
    found = [box for box in inner if box.kind == b"trak"]
    if len(found) > MOST_TRACKS:
        raise Unreadable
    for box in found:
        parts = list(boxes.children(box.body, box.end))
        whole = only(parts, b"mdia")
        media = list(boxes.children(whole.body, whole.end))
        handler = boxes.bytes_at(only(media, b"hdlr").body + 8, 4)
        if handler not in HANDLERS:
            needless.append(box)
            ranges += samples.of(_table(boxes, media))
            continue
        needless += [part for part in parts if part.kind not in TRACK]
        needless += [part for part in media if part.kind in (b"udta", b"meta", b"uuid")]
        kept.append(_track(boxes, HANDLERS[handler], parts, media))
    return kept, ranges


def _track(boxes: Boxes, handler: str, parts: list[Box], media: list[Box]) -> _Track:
    description = only(_table(boxes, media), b"stsd")
    entry = next(iter(boxes.children(description.body + 8, description.end)), None)
    if entry is None:
        raise Unreadable
    if handler == "sound":
        is_aac = entry.kind == b"mp4a" and headers.is_aac(boxes, entry)
        return _Track(handler, "aac" if is_aac else "other")
    width, height = headers.shown_size(boxes, only(parts, b"tkhd"), entry)
    return _Track(
        handler,
        _name(entry.kind),
        duration=headers.duration(boxes, only(media, b"mdhd")),
        profile=headers.profile(boxes, entry),
        width=width,
        height=height,
    )


def _table(boxes: Boxes, media: list[Box]) -> list[Box]:
    information = only(media, b"minf")
    table = only(list(boxes.children(information.body, information.end)), b"stbl")
    return list(boxes.children(table.body, table.end))


def _name(four: bytes) -> str:
    return four.decode("latin-1").strip()
