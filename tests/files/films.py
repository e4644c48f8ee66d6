"""Films made by hand: a real one that plays, and box trees as cameras and attackers write them."""

from __future__ import annotations

import struct
from functools import cache

from PIL import Image, ImageDraw

from articles.demo.film import box, film

GPS = b"+36.1234+117.5678/"
AAC = bytes.fromhex("03190001000411401500000000000000000000000005021190060102")


@cache
def real_film() -> bytes:
    """Two seconds a browser can play: a square crosses a blue field."""
    frames = []
    for number in range(4):
        frame = Image.new("RGB", (160, 96), (30, 60, 120))
        ImageDraw.Draw(frame).rectangle((10 + 30 * number, 30, 40 + 30 * number, 60), "orange")
        frames.append(frame)
    return film(frames, frame_seconds=0.5)


def film_file(
    *,
    entry: bytes = b"avc1",
    profile: int = 100,
    sound: bytes | None = b"mp4a",
    descriptor: bytes = AAC,
    size: tuple[int, int] = (1280, 720),
    matrix: tuple[int, ...] = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000),
    scale: int = 1000,
    length: int = 65_000,
    version: int = 0,
    brand: bytes = b"isom",
    in_movie: bytes = b"",
    in_track: bytes = b"",
    more: bytes = b"",
    data: bytes = b"pictures",
    fragments: bool = False,
    data_first: bool = False,
) -> bytes:
    """A box tree as an export writes it; nobody could play its data."""
    shown = bytes(24) + struct.pack(">HH", *size) + bytes(50)
    configuration = box(b"avcC", bytes([1, profile, 0, 31, 0xFF, 0xE1, 0, 0, 0]))
    tracks = track(b"vide", box(entry, shown, configuration), size, matrix, scale, length, version)
    tracks = box(b"trak", tracks, in_track)
    if sound:
        esds = box(b"esds", bytes(4), descriptor)
        tracks += box(
            b"trak", track(b"soun", box(sound, bytes(28), esds), (0, 0), matrix, scale, length)
        )
    header = box(b"mvhd", times(scale, length, version) + bytes(80))
    extends = box(b"mvex", box(b"trex", bytes(24))) if fragments else b""
    movie = box(b"moov", header, tracks, in_movie, extends)
    head = box(b"ftyp", brand, bytes(4), b"isommp42")
    parts = [box(b"mdat", data), movie] if data_first else [movie, box(b"mdat", data)]
    return head + b"".join(parts) + more


def times(scale: int, length: int, version: int = 0) -> bytes:
    if version == 1:
        return struct.pack(">IQQIQ", 1 << 24, 0, 0, scale, length)
    return struct.pack(">IIIII", 0, 0, 0, scale, length)


def track(
    handler: bytes,
    entry: bytes,
    size: tuple[int, int] = (0, 0),
    matrix: tuple[int, ...] = (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000),
    scale: int = 1000,
    length: int = 65_000,
    version: int = 0,
    tables: bytes = b"",
) -> bytes:
    """What is in a trak box."""
    before = bytes([version]) + bytes(51 if version else 39)
    shown = struct.pack(">9iII", *matrix, size[0] << 16, size[1] << 16)
    return box(b"tkhd", before, shown) + box(
        b"mdia",
        box(b"mdhd", times(scale, length, version) + bytes(4)),
        box(b"hdlr", bytes(8), handler, bytes(13)),
        box(b"minf", box(b"stbl", box(b"stsd", struct.pack(">II", 0, 1), entry), tables)),
    )


def position_track(place: int, sizes: list[int]) -> bytes:
    """A track that notes where the camera was, as action cameras and drones write."""
    tables = (
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, len(sizes), 1))
        + box(b"stsz", struct.pack(f">III{len(sizes)}I", 0, 0, len(sizes), *sizes))
        + box(b"stco", struct.pack(">III", 0, 1, place))
    )
    return box(b"trak", track(b"meta", box(b"gpmd", bytes(8)), tables=tables))
