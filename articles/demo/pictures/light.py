"""Skies, the mood of a day, and what a lens does to a picture at the end."""

from __future__ import annotations

import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter

from articles.demo.pictures.canvas import Canvas, Colour, mix


@dataclass(frozen=True)
class Mood:
    """The colours of one hour: all things far away drift towards `haze`, near ones to `shade`."""

    zenith: Colour
    middle: Colour
    horizon: Colour
    light: Colour
    haze: Colour
    shade: Colour
    cloud: Colour

    def depth(self, distance: float) -> Colour:
        """The colour of a thing at a distance between 0 (near) and 1 (lost in the air)."""
        return mix(self.shade, self.haze, distance)


DUSK = (
    Mood(
        (38, 48, 92),
        (150, 98, 120),
        (246, 170, 112),
        (255, 205, 140),
        (214, 150, 128),
        (26, 24, 38),
        (118, 78, 106),
    ),
    Mood(
        (30, 58, 96),
        (112, 128, 150),
        (248, 196, 140),
        (255, 222, 168),
        (196, 168, 152),
        (22, 30, 42),
        (92, 98, 124),
    ),
    Mood(
        (52, 46, 88),
        (190, 110, 112),
        (252, 188, 120),
        (255, 214, 150),
        (222, 150, 122),
        (32, 22, 36),
        (142, 80, 102),
    ),
)
DAWN = (
    Mood(
        (104, 142, 182),
        (188, 198, 206),
        (250, 222, 192),
        (255, 238, 208),
        (222, 210, 202),
        (38, 54, 62),
        (236, 222, 214),
    ),
    Mood(
        (88, 128, 160),
        (170, 192, 196),
        (246, 226, 190),
        (255, 236, 196),
        (206, 212, 202),
        (32, 54, 54),
        (230, 226, 212),
    ),
    Mood(
        (116, 132, 176),
        (204, 186, 196),
        (252, 214, 184),
        (255, 230, 198),
        (224, 202, 200),
        (44, 46, 64),
        (240, 214, 208),
    ),
)
DAY = (
    Mood(
        (78, 126, 172),
        (146, 182, 208),
        (220, 230, 232),
        (255, 250, 236),
        (190, 212, 224),
        (36, 56, 66),
        (246, 249, 250),
    ),
    Mood(
        (88, 136, 168),
        (156, 188, 202),
        (222, 232, 226),
        (255, 248, 226),
        (198, 214, 214),
        (40, 58, 56),
        (248, 248, 244),
    ),
    Mood(
        (94, 128, 174),
        (164, 188, 212),
        (228, 234, 238),
        (255, 246, 232),
        (202, 212, 226),
        (44, 52, 70),
        (250, 250, 252),
    ),
)
COLD = (
    Mood(
        (112, 132, 156),
        (170, 184, 198),
        (220, 224, 228),
        (250, 244, 236),
        (208, 214, 222),
        (44, 54, 68),
        (232, 236, 240),
    ),
    Mood(
        (96, 122, 150),
        (160, 180, 196),
        (226, 222, 216),
        (255, 240, 222),
        (204, 212, 218),
        (38, 52, 64),
        (234, 234, 232),
    ),
)


def pick(rng: random.Random, *families: tuple[Mood, ...]) -> Mood:
    """One mood out of the given families of hours."""
    return rng.choice([mood for family in families for mood in family])


def sky(canvas: Canvas, mood: Mood, horizon: float, sun: float, cover: float = 0.5) -> None:
    """Air, clouds drawn out along the horizon, and a sun low above it at `sun` of the width."""
    stops = ((0.0, mood.zenith), (0.55, mood.middle), (1.0, mood.horizon))
    canvas.image.paste(canvas.gradient(stops, 0, horizon))
    x, y = canvas.w * sun, horizon - canvas.h * 0.1
    canvas.glow(x, y, 900, mood.light, 0.5)
    clouds(canvas, mood, cover, horizon)
    canvas.glow(x, y, 620, mood.light, 0.55)
    canvas.glow(x, y, 150, (255, 248, 232), 0.75)


def clouds(canvas: Canvas, mood: Mood, cover: float, horizon: float) -> None:
    """Bodies of cloud, with their lower edges lit."""
    start = int(168 - cover * 80)
    curve = [int(225 * _eased((value - start) / 74)) for value in range(256)]
    body = canvas.noise(300, stretch=2.6, octaves=6).point(curve)
    fade = canvas.gradient(((0.0, (255,) * 3), (0.6, (190,) * 3), (1.0, (0,) * 3)), 0, horizon)
    body = ImageChops.multiply(body, fade.getchannel(0))
    whole = (0, 0, *canvas.size)
    drop = round(16 * canvas.k)
    lit = ImageChops.offset(body, 0, drop)
    lit.paste(body.crop((0, 0, canvas.size[0], drop)), (0, 0))
    canvas.image.paste(mix(mood.light, mood.horizon, 0.4), whole, lit.point(_share(0.6)))
    canvas.image.paste(mood.cloud, whole, body.point(_share(0.72)))


def water(canvas: Canvas, level: float, mood: Mood, dim: float = 0.25) -> None:
    """Mirror everything above `level` below it, broken by ripples that widen towards us."""
    row = round(level * canvas.k)
    width, height = canvas.size
    depth = height - row
    above = canvas.image.crop((0, max(0, row - depth), width, row))
    mirror = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((width, depth))
    mirror = Image.blend(mirror, Image.new("RGB", mirror.size, mood.depth(0.25)), dim)
    mirror = canvas.blurred(mirror, 5)
    canvas.image.paste(_rippled(canvas, mirror), (0, row))
    sheen = canvas.stencil()
    for _ in range(150):
        near = canvas.rng.random() ** 1.6
        x, y = canvas.rng.uniform(0, canvas.w), level + 4 + near * (canvas.h - level)
        half = canvas.rng.uniform(14, 60) * (0.3 + near)
        sheen.disc(x, y, half, 0.8 + 2.2 * near)
    canvas.paint(sheen, mix(mood.light, mood.horizon, 0.4), 0.22, 1.2)


def _rippled(canvas: Canvas, mirror: Image.Image) -> Image.Image:
    """Shift each band of a reflection a little sideways."""
    width, depth = mirror.size
    result, top = mirror.copy(), 0
    while top < depth:
        tall = max(1, round((1 + top / depth * 6) * canvas.k))
        band = mirror.crop((0, top, width, min(depth, top + tall)))
        shift = round(canvas.rng.uniform(-1, 1) * (2 + top / depth * 12) * canvas.k)
        result.paste(ImageChops.offset(band, shift, 0), (0, top))
        top += tall
    return result


def finish(canvas: Canvas, *, bloom: float = 0.34, vignette: float = 0.3) -> Image.Image:
    """Bloom round the lights, darker corners and the grain of a sensor."""
    image = canvas.image.filter(ImageFilter.GaussianBlur(0.75 * canvas.k))
    bright = image.point([max(0, int((value - 150) * 1.7)) for value in range(256)] * 3)
    image = Image.blend(image, ImageChops.screen(image, canvas.blurred(bright, 34)), bloom)
    ring = Image.radial_gradient("L").resize(canvas.size)
    ring = ring.point([int(255 * vignette * (value / 255) ** 3) for value in range(256)])
    image.paste(mix((10, 12, 18), at_centre(image), 0.08), (0, 0, *canvas.size), ring)
    return _grained(canvas, image)


def at_centre(image: Image.Image) -> Colour:
    """The mean colour of a picture, for tinting its shadows."""
    red, green, blue = image.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))  # type: ignore[misc]
    return red, green, blue


def _grained(canvas: Canvas, image: Image.Image) -> Image.Image:
    width, height = canvas.size
    grain = Image.frombytes("L", canvas.size, canvas.rng.randbytes(width * height))
    grain = grain.resize((width * 5 // 4, height * 5 // 4), Image.Resampling.BILINEAR)
    grain = grain.crop((0, 0, width, height)).point(
        [118 + value * 20 // 255 for value in range(256)]
    )
    return ImageChops.overlay(image, Image.merge("RGB", [grain] * 3))


def _eased(place: float) -> float:
    place = min(1.0, max(0.0, place))
    return place * place * (3 - 2 * place)


def _share(part: float) -> list[int]:
    return [int(value * part) for value in range(256)]
