"""How much of a picture is shown. Floor 0, pure.

A picture is turned first, then cropped; for lists a part of 3:2 is cut from what is left, around
the point that must stay in sight. Boxes are in pixels of the turned picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

# Width to height of the pictures in lists and on the front page.
COVER_RATIO = (3, 2)

Size = tuple[int, int]
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Frame:
    """Turned by degrees clockwise; `crop` and `focus` as `markup.Picture` has them."""

    turn: int = 0
    crop: tuple[float, float, float, float] | None = None
    focus: tuple[float, float] = (0.5, 0.5)

    @property
    def is_whole(self) -> bool:
        return not self.turn and not self.crop

    def turned(self, size: Size) -> Size:
        width, height = size
        return (height, width) if self.turn in (90, 270) else (width, height)

    def box(self, size: Size) -> Box:
        """Left, top, right and bottom of the part that is shown; at least a pixel wide."""
        width, height = self.turned(size)
        left, top, across, down = self.crop or (0.0, 0.0, 1.0, 1.0)
        x, right = _span(left, across, width)
        y, bottom = _span(top, down, height)
        return x, y, right, bottom

    def shown(self, size: Size) -> Size:
        return _size(self.box(size))

    def cover_box(self, size: Size) -> Box:
        """The largest part of 3:2 in what is shown, as near to the focus as it can be."""
        left, top, right, bottom = self.box(size)
        wide, high = COVER_RATIO
        width = max(1, min(right - left, round((bottom - top) * wide / high)))
        height = max(1, min(bottom - top, round((right - left) * high / wide)))
        turned = self.turned(size)
        x = _around(self.focus[0] * turned[0], width, left, right)
        y = _around(self.focus[1] * turned[1], height, top, bottom)
        return x, y, x + width, y + height

    def cover(self, size: Size) -> Size:
        return _size(self.cover_box(size))


def scaled(size: Size, width: int) -> Size:
    """The size at most that wide, never enlarged, in the same proportions."""
    shown = min(size[0], width)
    return shown, max(1, round(size[1] * shown / size[0]))


def times(size: Size, factor: float) -> Size:
    return ceil(size[0] * factor), ceil(size[1] * factor)


def _span(start: float, share: float, length: int) -> tuple[int, int]:
    first = min(max(0, round(start * length)), length - 1)
    return first, max(first + 1, min(length, round((start + share) * length)))


def _around(middle: float, length: int, first: int, last: int) -> int:
    return min(max(first, round(middle - length / 2)), last - length)


def _size(box: Box) -> Size:
    left, top, right, bottom = box
    return right - left, bottom - top
