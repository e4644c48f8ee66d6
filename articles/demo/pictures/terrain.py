"""Hills, ground and plants: what most outdoor scenes stand on."""

from __future__ import annotations

import math

from articles.demo.pictures.canvas import Canvas, Colour, Point, Stencil, mix
from articles.demo.pictures.light import Mood


def ridge(canvas: Canvas, base: float, height: float, rough: float = 0.5) -> list[Point]:
    """The skyline of a range of hills, from the left edge to the right one."""
    waves = [
        (1.1 * 1.9**n, canvas.rng.uniform(0, 7), rough**n * canvas.rng.uniform(0.7, 1.2))
        for n in range(7)
    ]
    total = sum(weight for _, _, weight in waves)
    steps = 240
    points = []
    for step in range(steps + 1):
        place = step / steps
        swell = sum(w * math.sin(f * place * canvas.w / 420 + p) for f, p, w in waves) / total
        points.append((place * canvas.w, base - height * (0.5 + 0.5 * swell)))
    return points


def land(canvas: Canvas, line: list[Point]) -> Stencil:
    """Everything below a skyline."""
    stencil = canvas.stencil()
    stencil.polygon([*line, (canvas.w, canvas.h + 9), (0, canvas.h + 9)])
    return stencil


def ranges(canvas: Canvas, mood: Mood, top: float, bottom: float, count: int = 4) -> None:
    """Hills behind hills, each with mist at its foot."""
    for number in range(count):
        share = number / max(1, count - 1)
        base = top + (bottom - top) * share
        line = ridge(canvas, base + 50, 90 + 60 * share, 0.52)
        far = mix(mood.horizon, mood.haze, 0.4 + 0.6 * share)
        near = mix(far, mood.depth(0.3), 0.25 + 0.55 * share)
        canvas.paint(
            land(canvas, line), canvas.gradient(((0, near), (1, far)), base - 80, base + 170)
        )


def ground(
    canvas: Canvas, mood: Mood, level: float, tint: Colour, height: float = 24, dusk: float = 0.6
) -> Stencil:
    """The near ground: lit at its far edge, dark at our feet, with a little texture."""
    field = land(canvas, ridge(canvas, level + height / 2, height, 0.5))
    far, near = mix(tint, mood.haze, 0.35), mix(tint, mood.shade, dusk)
    canvas.paint(field, canvas.gradient(((0, far), (1, near)), level, canvas.h))
    canvas.texture(field, 26, mood.shade, 0.3, stretch=5)
    return field


def trees(canvas: Canvas, stencil: Stencil, x: float, y: float, height: float) -> None:
    """One broad-leaved tree made of a trunk and overlapping crowns."""
    stencil.limb((x, y), (x, y - height * 0.5), height * 0.05, height * 0.03)
    for _ in range(44):
        angle, reach = canvas.rng.uniform(0, 6.3), canvas.rng.random() ** 0.6 * height * 0.27
        stencil.disc(
            x + math.cos(angle) * reach,
            y - height * 0.66 + math.sin(angle) * reach * 1.15,
            height * canvas.rng.uniform(0.025, 0.085),
        )


def wood(
    canvas: Canvas, stencil: Stencil, level: float, tall: float, span: tuple[float, float] = (0, 1)
) -> None:
    """A strip of trees along a line."""
    x = span[0] * canvas.w
    while x < span[1] * canvas.w:
        height = tall * canvas.rng.uniform(0.55, 1.1)
        trees(canvas, stencil, x, level + 6, height)
        x += height * canvas.rng.uniform(0.22, 0.6)


def grass(canvas: Canvas, stencil: Stencil, level: float, tall: float, count: int = 500) -> None:
    """Blades along the lower edge of the picture."""
    for _ in range(count):
        x = canvas.rng.uniform(-20, canvas.w + 20)
        height = tall * canvas.rng.uniform(0.3, 1)
        lean = canvas.rng.uniform(-0.4, 0.5) * height
        stencil.polygon([(x - 2.5, level), (x + lean, level - height), (x + 2.5, level)])
