"""What the headers of a film and of its tracks say: how long, how large, in which format."""

from __future__ import annotations

import struct

from articles.videos.boxes import Box, Boxes


def duration(boxes: Boxes, header: Box) -> float:
    """Seconds, by the header of a film or of a track's media; 0 when it says none."""
    version = boxes.bytes_at(header.body, 1)[0]
    if version == 1:
        scale, length = struct.unpack(">IQ", boxes.bytes_at(header.body + 20, 12))
        unknown = 2**64 - 1
    else:
        scale, length = struct.unpack(">II", boxes.bytes_at(header.body + 12, 8))
        unknown = 2**32 - 1
    return length / scale if scale and length != unknown else 0.0


def shown_size(boxes: Boxes, header: Box, entry: Box) -> tuple[int, int]:
    """Width and height upright: a phone held high records lying and notes the turn."""
    after_times = 40 if boxes.bytes_at(header.body, 1)[0] != 1 else 52
    fields = struct.unpack(">9i2I", boxes.bytes_at(header.body + after_times, 44))
    width, height = fields[9] >> 16, fields[10] >> 16
    if not width or not height:
        width, height = struct.unpack(">HH", boxes.bytes_at(entry.body + 24, 4))
    is_on_its_side = fields[0] == 0 and fields[4] == 0 and fields[1] != 0
    return (height, width) if is_on_its_side else (width, height)


def profile(boxes: Boxes, entry: Box) -> int:
    """The H.264 profile; 0 when there is no such description."""
    for box in boxes.children(entry.body + 78, entry.end, is_lenient=True):
        if box.kind == b"avcC":
            return boxes.bytes_at(box.body, 2)[1]
    return 0


def is_aac(boxes: Boxes, entry: Box) -> bool:
    """Whether the sound's own description says AAC: of MPEG-4, or one of MPEG-2's three."""
    for box in boxes.children(entry.body + 28, entry.end, is_lenient=True):
        if box.kind == b"esds":
            body = boxes.small(box)[4:]
            return _object_type(body) in (0x40, 0x66, 0x67, 0x68)
    return False


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
