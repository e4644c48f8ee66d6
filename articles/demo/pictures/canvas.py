"""The drawing surface: one picture measured in units of which 1,200 make its height.

Scenes place things in these units, so any size and either orientation gives the same picture.
Edges are cut from stencils drawn at twice the size and reduced, since Pillow's own polygons
are not smoothed.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterable, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Point = tuple[float, float]
Stops = Sequence[tuple[float, Colour]]

UNITS = 1200.0
OVERSAMPLE = 2


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """The colour `share` of the way from the first to the second."""
    share = min(1.0, max(0.0, share))
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def at(stops: Stops, place: float) -> Colour:
    """The colour of a gradient at one place between 0 and 1."""
    for (low, below), (high, above) in itertools.pairwise(stops):
        if place <= high:
            share = max(0.0, (place - low) / (high - low or 1))
            return mix(below, above, share * share * (3 - 2 * share))
    return stops[-1][1]


class Stencil:
    """A mask under construction; everything drawn on it is later painted in one colour."""

    def __init__(self, size: tuple[int, int], scale: float) -> None:
        self.scale = scale * OVERSAMPLE
        self.mask = Image.new("L", (size[0] * OVERSAMPLE, size[1] * OVERSAMPLE))
        self.pen = ImageDraw.Draw(self.mask)

    def polygon(self, points: Iterable[Point], value: int = 255) -> None:
        """Fill an outline."""
        self.pen.polygon([(x * self.scale, y * self.scale) for x, y in points], fill=value)

    def box(self, left: float, top: float, right: float, bottom: float, value: int = 255) -> None:
        """Fill an upright rectangle."""
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], value)

    def disc(self, x: float, y: float, across: float, down: float = 0, value: int = 255) -> None:
        """Fill an ellipse given by its centre and its half axes."""
        down = down or across
        k = self.scale
        self.pen.ellipse(
            [(x - across) * k, (y - down) * k, (x + across) * k, (y + down) * k], fill=value
        )

    def line(self, points: Sequence[Point], thick: float, value: int = 255) -> None:
        """A bar of even thickness through the points."""
        spots = [(x * self.scale, y * self.scale) for x, y in points]
        self.pen.line(spots, fill=value, width=max(1, round(thick * self.scale)), joint="curve")

    def limb(self, start: Point, end: Point, first: float, last: float, value: int = 255) -> None:
        """A round-ended bar that may taper: arms, legs, towers."""
        angle = math.atan2(end[1] - start[1], end[0] - start[0]) + math.pi / 2
        across, down = math.cos(angle) / 2, math.sin(angle) / 2
        self.polygon(
            [
                (start[0] + across * first, start[1] + down * first),
                (end[0] + across * last, end[1] + down * last),
                (end[0] - across * last, end[1] - down * last),
                (start[0] - across * first, start[1] - down * first),
            ],
            value,
        )
        self.disc(*start, first / 2, value=value)
        self.disc(*end, last / 2, value=value)

    def ring(self, x: float, y: float, radius: float, thick: float) -> None:
        """A circle drawn as a bar: wheels, arches."""
        k = self.scale
        self.pen.ellipse(
            [(x - radius) * k, (y - radius) * k, (x + radius) * k, (y + radius) * k],
            outline=255,
            width=max(1, round(thick * k)),
        )


class Canvas:
    """A picture in the making, with its own source of chance."""

    def __init__(self, width: int, height: int, rng: random.Random) -> None:
        self.size = (width, height)
        self.k = height / UNITS
        self.w = width / self.k
        self.h = UNITS
        self.rng = rng
        self.image = Image.new("RGB", self.size)

    def stencil(self) -> Stencil:
        """A new empty stencil of the canvas's size."""
        return Stencil(self.size, self.k)

    def gradient(self, stops: Stops, top: float = 0.0, bottom: float = UNITS) -> Image.Image:
        """A vertical run of colours between two heights, even above and below them."""
        rows = 300
        column = Image.new("RGB", (1, rows))
        span = (bottom - top) or 1
        column.putdata([at(stops, (row / rows * UNITS - top) / span) for row in range(rows)])
        return column.resize(self.size, Image.Resampling.BILINEAR)

    def cut(self, stencil: Stencil, opacity: float = 1.0, soften: float = 0.0) -> Image.Image:
        """The finished mask of a stencil, softened by a radius in units."""
        mask = stencil.mask.reduce(OVERSAMPLE)
        if soften:
            mask = self.blurred(mask, soften)
        return mask if opacity >= 1 else mask.point(lambda value: int(value * opacity))

    def blurred(self, picture: Image.Image, radius: float) -> Image.Image:
        """Blur by a radius in units; wide blurs are made small first, which nobody can see."""
        pixels = radius * self.k
        if pixels < 8:
            return picture.filter(ImageFilter.GaussianBlur(pixels))
        step = min(16, max(2, int(pixels / 4)))
        small = picture.reduce(step).filter(ImageFilter.GaussianBlur(pixels / step))
        return small.resize(picture.size, Image.Resampling.BICUBIC)

    def paint(
        self,
        stencil: Stencil,
        paint: Colour | Image.Image,
        opacity: float = 1.0,
        soften: float = 0.0,
        shift: Point = (0, 0),
    ) -> None:
        """Lay a colour or a gradient through a stencil, touching only where it is drawn on."""
        field = self._field(stencil, soften)
        if field is None:
            return
        left, top, right, bottom = field
        wide = (left * OVERSAMPLE, top * OVERSAMPLE, right * OVERSAMPLE, bottom * OVERSAMPLE)
        mask = stencil.mask.crop(wide).reduce(OVERSAMPLE)
        if soften:
            mask = self.blurred(mask, soften)
        if opacity < 1:
            mask = mask.point(lambda value: int(value * opacity))
        source = paint.crop(field) if isinstance(paint, Image.Image) else paint
        across, down = round(shift[0] * self.k), round(shift[1] * self.k)
        self.image.paste(source, (left + across, top + down, right + across, bottom + down), mask)

    def _field(self, stencil: Stencil, soften: float) -> tuple[int, int, int, int] | None:
        """The part of the picture a stencil covers, with room for its soft edge."""
        box = stencil.mask.getbbox()
        if box is None:
            return None
        room = int(soften * self.k * 3) + 2
        return (
            max(0, box[0] // OVERSAMPLE - room),
            max(0, box[1] // OVERSAMPLE - room),
            min(self.size[0], -(-box[2] // OVERSAMPLE) + room),
            min(self.size[1], -(-box[3] // OVERSAMPLE) + room),
        )

    def rimmed(
        self, stencil: Stencil, paint: Colour | Image.Image, rim: Colour, shift: Point = (-2, -2)
    ) -> None:
        """A dark shape with a thin edge of light on the side of the sun."""
        self.paint(stencil, rim, 0.85, 0, shift)
        self.paint(stencil, paint)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float) -> None:
        """Add a round light that fades to nothing; drawn only where it falls."""
        reach = max(2, round(radius * self.k))
        spot = Image.radial_gradient("L").resize((reach * 2, reach * 2))
        spot = spot.point([int(255 * strength * max(0, 1 - i / 181) ** 2.2) for i in range(256)])
        place = (round(x * self.k) - reach, round(y * self.k) - reach)
        field = (*place, place[0] + reach * 2, place[1] + reach * 2)
        under = self.image.crop(field)
        light = Image.merge("RGB", [spot.point(_times(part)) for part in colour])
        self.image.paste(ImageChops.screen(under, light), place)

    def noise(self, cell: float, *, stretch: float = 1.0, octaves: int = 4) -> Image.Image:
        """Cloudy random grey of the canvas's size; `stretch` draws it out sideways."""
        total, weight = Image.new("L", (self.size[0] // 2, self.size[1] // 2)), 0.0
        for octave in range(octaves):
            across = max(2, round(self.w / (cell * stretch) * 2**octave) + 2)
            down = max(2, round(self.h / cell * 2**octave) + 2)
            grid = Image.frombytes("L", (across, down), self.rng.randbytes(across * down))
            layer = grid.resize((self.size[0] // 2, self.size[1] // 2), Image.Resampling.BICUBIC)
            weight += 0.56**octave
            total = Image.blend(total, layer, 0.56**octave / weight)
        return total.resize(self.size, Image.Resampling.BILINEAR)

    def texture(
        self, stencil: Stencil, cell: float, colour: Colour, strength: float, stretch: float = 1.0
    ) -> None:
        """Mottle what lies under a stencil, so that no surface is flat."""
        curve = [max(0, min(255, int((value - 104) * 4))) for value in range(256)]
        grey = self.noise(cell, stretch=stretch, octaves=3).point(curve)
        self.image.paste(
            colour, (0, 0, *self.size), ImageChops.multiply(grey, self.cut(stencil, strength))
        )

    def haze(self, top: float, bottom: float, colour: Colour, strength: float) -> None:
        """Thicken the air towards `bottom`; below it the air is clear again."""
        rows = 300
        values = []
        for row in range(rows):
            place = (row / rows * UNITS - top) / (bottom - top)
            fade = place if place <= 1 else max(0.0, 1 - (place - 1) * 2.5)
            values.append(int(255 * strength * max(0.0, fade) ** 1.4))
        column = Image.new("L", (1, rows))
        column.putdata(values)
        self.image.paste(
            colour, (0, 0, *self.size), column.resize(self.size, Image.Resampling.BILINEAR)
        )


def _times(part: int) -> list[int]:
    return [value * part // 255 for value in range(256)]
