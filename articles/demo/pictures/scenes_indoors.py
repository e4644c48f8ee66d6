"""Halls, control rooms, workshops and the galleries underground."""

from __future__ import annotations

import math

from articles.demo.pictures import figures
from articles.demo.pictures.canvas import Canvas, Colour, mix

WALNUT: Colour = (122, 82, 56)


def meeting_hall(canvas: Canvas) -> None:
    """Rows of listeners before a lit stage with a plain screen."""
    warm = canvas.rng.choice(((206, 164, 118), (190, 172, 150), (176, 150, 130)))
    tint = canvas.rng.choice(((168, 36, 34), (36, 78, 132), (150, 44, 40)))
    dark = mix(warm, (22, 16, 18), 0.82)
    canvas.image.paste(
        canvas.gradient(((0, mix(warm, dark, 0.75)), (0.45, warm), (1, dark)), 0, 1200)
    )
    _ceiling(canvas, warm)
    cx, stage = canvas.w * canvas.rng.uniform(0.44, 0.56), 640
    drapes(canvas, cx - canvas.w * 0.42, cx + canvas.w * 0.42, 210, stage, mix(tint, dark, 0.25))
    screen = canvas.stencil()
    half = min(canvas.w * 0.27, 470)
    screen.box(cx - half, 250, cx + half, 540)
    canvas.paint(
        screen,
        canvas.gradient(
            ((0, mix(tint, (255, 255, 255), 0.12)), (1, mix(tint, (255, 236, 214), 0.5))), 250, 560
        ),
    )
    hills = canvas.stencil()
    hills.polygon(
        [(cx - half, 540)]
        + [
            (cx - half + half * 2 * t / 30, 500 - 46 * math.sin(t / 4.2) ** 2 - 2 * t)
            for t in range(31)
        ]
        + [(cx + half, 540)]
    )
    canvas.paint(hills, mix(tint, (255, 255, 255), 0.4), 0.35)
    canvas.glow(cx, 420, 620, mix(tint, (255, 240, 220), 0.7), 0.42)
    _platform(canvas, cx, stage, warm, dark)
    for row in range(7):
        near = row / 6
        line = canvas.stencil()
        size = 15 + 92 * near**1.5
        figures.heads(canvas, line, 706 + 440 * near**1.25, size, size * 3.1)
        canvas.paint(line, mix(warm, dark, 0.45), 0.8, 1 + 4 * near, (0, -2.5 - near * 3))
        canvas.paint(
            line, mix(mix(warm, dark, 0.8), (14, 14, 20), 0.15 + near * 0.6), 1, 0.6 + 5 * near**3
        )


def _ceiling(canvas: Canvas, warm: Colour) -> None:
    lamps = canvas.stencil()
    for row in range(4):
        y, half = 26 + row * 46, canvas.w * (0.62 - row * 0.1)
        for step in range(7):
            x = canvas.w / 2 + (step - 3) / 3 * half
            lamps.limb((x - 34 + row * 6, y), (x + 34 - row * 6, y), 9 - row, 9 - row)
    canvas.paint(lamps, (255, 244, 222), 1, 1)
    canvas.paint(lamps, mix(warm, (255, 236, 200), 0.6), 0.6, 26)


def drapes(
    canvas: Canvas, left: float, right: float, top: float, foot: float, tint: Colour
) -> None:
    """A curtain: folds lit from one side."""
    cloth, folds, lights = canvas.stencil(), canvas.stencil(), canvas.stencil()
    cloth.box(left, top, right, foot)
    x = left
    while x < right:
        wide = canvas.rng.uniform(18, 34)
        folds.box(x, top, min(right, x + wide * 0.42), foot)
        lights.box(min(right, x + wide * 0.6), top, min(right, x + wide * 0.8), foot)
        x += wide
    canvas.paint(cloth, canvas.gradient(((0, mix(tint, (12, 8, 10), 0.4)), (1, tint)), top, foot))
    canvas.paint(folds, (14, 8, 10), 0.42, 4)
    canvas.paint(lights, mix(tint, (255, 226, 190), 0.4), 0.3, 4)


def _platform(canvas: Canvas, cx: float, stage: float, warm: Colour, dark: Colour) -> None:
    """The stage's edge, a long table and people behind it."""
    crowd = figures.Crowd(canvas)
    for step in range(7):
        crowd.add(
            cx - 330 + step * 110, stage + 88, 180, figures.STAND, helmet=False, stripes=False
        )
    crowd.paint((40, 46, 62), figures.HAIR, dim=dark, shade=0.12)
    table, edge = canvas.stencil(), canvas.stencil()
    table.box(cx - 410, stage - 16, cx + 410, stage + 52)
    edge.box(-5, stage + 44, canvas.w + 5, stage + 74)
    canvas.paint(
        table,
        canvas.gradient(
            ((0, mix(WALNUT, warm, 0.5)), (1, mix(WALNUT, dark, 0.5))), stage - 16, stage + 52
        ),
    )
    canvas.paint(edge, mix(WALNUT, dark, 0.55))
