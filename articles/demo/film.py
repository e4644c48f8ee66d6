"""A short film out of drawings, written by hand: a valid MP4 with H.264, without any encoder.

Blocks of 16 × 16 pixels are kept as they are (I_PCM of ITU-T H.264, 7.3.5); in a later frame,
those that did not change are skipped. Large for its length, and played everywhere.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from PIL import Image

BLOCK = 16
SCALE = 1000
# Constrained Baseline, level 3: 1,620 blocks a frame.
PROFILE, LEVEL = 66, 30
MOST_BLOCKS = 1_620


class _Bits:
    """Bits, the first one highest, as the standard writes them."""

    def __init__(self) -> None:
        self.bytes = bytearray()
        self.value, self.length = 0, 0

    def u(self, value: int, length: int) -> _Bits:
        """A number in so many bits."""
        self.value = self.value << length | value
        self.length += length
        while self.length >= 8:
            self.length -= 8
            self.bytes.append(self.value >> self.length)
            self.value &= (1 << self.length) - 1
        return self

    def ue(self, value: int) -> _Bits:
        """A number in the standard's variable length (9.1)."""
        return self.u(value + 1, 2 * (value + 1).bit_length() - 1)

    def align(self, *, stop: bool = False) -> _Bits:
        """To the next full byte, with zeros or, at the end of a unit, a one and zeros."""
        if stop:
            self.u(1, 1)
        return self.u(0, -self.length % 8)

    def unit(self, header: int) -> bytes:
        """A NAL unit: no run of zeros may look like the beginning of another (7.4.1)."""
        self.align(stop=True)
        escaped, zeros = bytearray([header]), 0
        for byte in self.bytes:
            if zeros == 2 and byte <= 3:
                escaped.append(3)
                zeros = 0
            escaped.append(byte)
            zeros = 0 if byte else zeros + 1
        return bytes(escaped)


def film(frames: Sequence[Image.Image], *, frame_seconds: float = 1.0) -> bytes:
    """The pictures one after the other as an MP4 file; sides are multiples of 16 pixels."""
    width, height = frames[0].size
    if width % BLOCK or height % BLOCK or width * height > MOST_BLOCKS * BLOCK * BLOCK:
        raise ValueError(f"{width}×{height} does not fit")
    samples, before = [], None
    for number, frame in enumerate(frames):
        blocks = _blocks(frame)
        samples.append(_sample(number, blocks, before))
        before = blocks
    return _file(samples, width, height, frame_seconds)


def _blocks(frame: Image.Image) -> list[bytes]:
    """Brightness, then both colours at half the size, block by block."""
    planes = frame.convert("YCbCr").split()
    half = (frame.width // 2, frame.height // 2)
    colours = [plane.resize(half, Image.Resampling.BOX) for plane in planes[1:]]
    return [
        b"".join(
            plane.crop(
                (left // part, top // part, (left + 16) // part, (top + 16) // part)
            ).tobytes()
            for plane, part in ((planes[0], 1), (colours[0], 2), (colours[1], 2))
        )
        for top in range(0, frame.height, BLOCK)
        for left in range(0, frame.width, BLOCK)
    ]


def _sample(number: int, blocks: list[bytes], before: list[bytes] | None) -> bytes:
    bits = _Bits().ue(0).ue(7 if before is None else 5).ue(0).u(number % 16, 4)
    if before is None:
        bits.ue(0).u(0, 2)
    else:
        bits.u(0, 3)
    # No change of the quantiser; no smoothing of block borders.
    bits.ue(0).ue(1)
    skipped = 0
    for place, block in enumerate(blocks):
        if before is not None:
            if block == before[place]:
                skipped += 1
                continue
            bits.ue(skipped)
            skipped = 0
        bits.ue(25 if before is None else 30).align()
        bits.bytes += block
    if skipped:
        bits.ue(skipped)
    unit = bits.unit(0x65 if before is None else 0x41)
    return struct.pack(">I", len(unit)) + unit


def _parameters(width: int, height: int) -> tuple[bytes, bytes]:
    sequence = _Bits().u(PROFILE, 8).u(0xC0, 8).u(LEVEL, 8)
    sequence.ue(0).ue(0).ue(2).ue(1).u(0, 1)
    sequence.ue(width // BLOCK - 1).ue(height // BLOCK - 1).u(0b110, 3)
    # Brightness from 0 to 255, as in photographs.
    sequence.u(1, 1).u(0b001, 3).u(5, 3).u(0b10, 2).u(0, 6)
    picture = _Bits().ue(0).ue(0).u(0, 2).ue(0).ue(0).ue(0).u(0, 3).ue(0).ue(0).ue(0).u(0b100, 3)
    return sequence.unit(0x67), picture.unit(0x68)


def box(kind: bytes, *parts: bytes) -> bytes:
    """A box of ISO/IEC 14496-12."""
    content = b"".join(parts)
    return struct.pack(">I4s", 8 + len(content), kind) + content


MATRIX = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def _file(samples: list[bytes], width: int, height: int, frame_seconds: float) -> bytes:
    head = box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomavc1mp41")
    place = len(head) + 8
    length = round(len(samples) * frame_seconds * SCALE)
    table = box(
        b"stbl",
        box(b"stsd", struct.pack(">II", 0, 1), _entry(width, height)),
        box(b"stts", struct.pack(">IIII", 0, 1, len(samples), round(frame_seconds * SCALE))),
        box(b"stss", struct.pack(">III", 0, 1, 1)),
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, len(samples), 1)),
        box(b"stsz", struct.pack(f">III{len(samples)}I", 0, 0, len(samples), *map(len, samples))),
        box(b"stco", struct.pack(">III", 0, 1, place)),
    )
    media = box(
        b"mdia",
        box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, SCALE, length, 0x55C4, 0)),
        box(b"hdlr", bytes(8), b"vide", bytes(12), b"\0"),
        box(
            b"minf",
            box(b"vmhd", struct.pack(">IQ", 1, 0)),
            box(b"dinf", box(b"dref", struct.pack(">II", 0, 1), box(b"url ", b"\0\0\0\1"))),
            table,
        ),
    )
    shown = struct.pack(">IIIIII", 7, 0, 0, 1, 0, length) + bytes(16)
    track = box(
        b"trak",
        box(b"tkhd", shown, MATRIX, struct.pack(">II", width << 16, height << 16)),
        media,
    )
    times = struct.pack(">IIIIIIH", 0, 0, 0, SCALE, length, 0x10000, 0x100) + bytes(10)
    header = box(b"mvhd", times, MATRIX, bytes(24), struct.pack(">I", 2))
    return head + box(b"mdat", *samples) + box(b"moov", header, track)


def _entry(width: int, height: int) -> bytes:
    sequence, picture = _parameters(width, height)
    configuration = box(
        b"avcC",
        bytes([1, *sequence[1:4], 0xFF, 0xE1]),
        struct.pack(">H", len(sequence)) + sequence,
        b"\1" + struct.pack(">H", len(picture)) + picture,
    )
    shown = struct.pack(">HHIII", width, height, 0x480000, 0x480000, 0)
    return box(
        b"avc1",
        bytes(6) + b"\0\1" + bytes(16) + shown + b"\0\1" + bytes(32) + b"\0\x18\xff\xff",
        configuration,
    )
