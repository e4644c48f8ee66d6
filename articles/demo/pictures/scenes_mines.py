"""The pit head and the open pit."""

from __future__ import annotations

import math

from articles.demo.pictures import figures
from articles.demo.pictures.canvas import Canvas, Point, Stencil, mix
from articles.demo.pictures.light import DAWN, DAY, DUSK, Mood, pick, sky
from articles.demo.pictures.terrain import ground, land, ranges


def headframe_dusk(canvas: Canvas) -> None:
    """A pit head against the evening, the shift walking towards it."""
    mood = pick(canvas.rng, DUSK)
    x = canvas.w * canvas.rng.uniform(0.38, 0.6)
    sky(canvas, mood, 860, canvas.rng.choice((0.22, 0.78)), 0.6)
    ranges(canvas, mood, 690, 850, 4)
    canvas.haze(660, 880, mood.haze, 0.5)
    frame = canvas.stencil()
    _pit_head(frame, x, 900, 660)
    for offset, wide, tall in (
        (-330, 210, 120),
        (-120, 170, 170),
        (150, 330, 105),
        (520, 140, 190),
    ):
        frame.box(x + offset, 905 - tall, x + offset + wide, 905)
    frame.polygon([(x + 140, 800), (x + 320, 752), (x + 490, 800)])
    canvas.rimmed(
        frame,
        canvas.gradient(((0, mood.depth(0.22)), (1, mood.depth(0.06))), 240, 900),
        mix(mood.light, mood.horizon, 0.4),
    )
    _lamps(canvas, x, 880)
    ground(canvas, mood, 892, mix(mood.horizon, mood.shade, 0.6), 18)
    road = canvas.stencil()
    road.polygon([(x - 30, 898), (x + 40, 898), (canvas.w * 0.82, 1210), (canvas.w * 0.12, 1210)])
    canvas.paint(
        road,
        canvas.gradient(((0, mix(mood.horizon, mood.shade, 0.3)), (1, mood.shade)), 890, 1200),
        0.6,
        7,
    )
    for level, tall, count in ((950, 100, 6), (1140, 250, 4)):
        crowd = figures.Crowd(canvas)
        for step in range(count):
            crowd.add(
                x - 60 + (step - count / 2 + 0.5) * tall * 0.62,
                level + canvas.rng.uniform(-8, 8),
                tall,
                figures.WALK,
                flip=bool(step % 2),
            )
        crowd.paint(figures.NAVY, figures.RED_HELMET, dim=mood.shade, shade=0.62, rim=mood.light)


def _pit_head(stencil: Stencil, x: float, foot: float, tall: float) -> None:
    """Four legs, bracing, two winding wheels and the raking strut."""
    top, wide = foot - tall, tall * 0.13
    for side in (-1, 1):
        stencil.line([(x + side * wide, foot), (x + side * wide * 0.55, top + 60)], 13)
        stencil.line([(x + wide * 0.5, top + 70), (x + tall * (0.5 + side * 0.045), foot)], 13)
    for step in range(9):
        low, high = foot - step * tall / 10, foot - (step + 1) * tall / 10
        near = 1 - step / 9 * 0.42
        far = 1 - (step + 1) / 9 * 0.42
        stencil.line([(x - wide * near, low), (x + wide * far, high)], 5)
        stencil.line([(x + wide * near, low), (x - wide * far, high)], 5)
        stencil.line([(x - wide * far, high), (x + wide * far, high)], 6)
    stencil.box(x - wide * 0.95, top + 62, x + wide * 1.05, top + 76)
    for hub in (x - wide * 0.42, x + wide * 0.5):
        stencil.ring(hub, top + 20, 42, 7)
        stencil.disc(hub, top + 20, 7)
        for spoke in range(4):
            angle = spoke * math.pi / 4 + 0.3
            across, down = math.cos(angle) * 40, math.sin(angle) * 40
            stencil.line([(hub - across, top + 20 - down), (hub + across, top + 20 + down)], 2.5)
    stencil.line([(x - wide * 0.9, top - 34), (x + wide, top - 34)], 7)
    for post in (-0.9, 0.05, 1.0):
        stencil.line([(x + wide * post, top - 34), (x + wide * post, top + 66)], 5)
    stencil.line([(x + wide * 0.8, top + 4), (x + tall * 0.78, foot - 90)], 2)


def _lamps(canvas: Canvas, x: float, level: float) -> None:
    spots = [
        (x + offset, level - canvas.rng.uniform(20, 110))
        for offset in (-290, -190, -60, 190, 300, 400, 580)
    ]
    lights = canvas.stencil()
    for place, high in spots:
        lights.box(place - 8, high - 6, place + 8, high + 6)
    canvas.paint(lights, (255, 214, 142), 0.95, 0.6)
    for place, high in spots:
        canvas.glow(place, high, 74, (255, 178, 92), 0.6)
    canvas.glow(x, 262, 60, (255, 120, 90), 0.7)


def open_pit(canvas: Canvas) -> None:
    """Benches of an open pit with haul trucks on the ramps."""
    mood = pick(canvas.rng, DAY, DAWN, DUSK)
    sky(canvas, mood, 420, canvas.rng.uniform(0.2, 0.8), 0.5)
    ranges(canvas, mood, 330, 420, 3)
    rock, phase = (
        canvas.rng.choice(((164, 128, 100), (150, 138, 124), (134, 122, 118))),
        canvas.rng.uniform(0, 6),
    )
    for step in range(8):
        level = 420 + step * 46 + step * step * 7
        swing = 10 + step * 7
        line: list[Point] = [
            (
                x,
                level
                + swing * math.sin(x / canvas.w * 3.4 + phase + step * 0.2)
                + canvas.rng.uniform(-3, 3),
            )
            for x in range(-10, int(canvas.w) + 30, 15)
        ]
        far = 0.6 - step * 0.085
        lit, dark = (
            mix(mix(rock, mood.light, 0.4), mood.haze, far),
            mix(mix(rock, mood.shade, 0.6), mood.haze, far),
        )
        bench = land(canvas, line)
        canvas.paint(
            bench,
            canvas.gradient(
                ((0, lit), (0.16, lit), (0.3, dark), (1, dark)), level - swing, level + 120 + swing
            ),
        )
        canvas.texture(bench, 14, mix(mood.shade, mood.haze, far), 0.4, stretch=0.5)
        if step in (3, 5, 7):
            _haul(canvas, mood, line, 44 + step * step * 3.4, far)
    canvas.haze(420, 760, mood.haze, 0.28)


def _haul(
    canvas: Canvas, mood: Mood, line: list[tuple[float, float]], size: float, far: float
) -> None:
    for number in range(2):
        x, y = line[int(len(line) * (canvas.rng.uniform(0.1, 0.4) + 0.45 * number))]
        y += size * 0.26
        body, dark = canvas.stencil(), canvas.stencil()
        body.polygon(
            [
                (x + size * 0.3, y - size * 0.42),
                (x + size * 0.22, y - size * 0.72),
                (x + size * 1.3, y - size * 0.8),
                (x + size * 1.1, y - size * 0.36),
            ]
        )
        body.box(x, y - size * 0.56, x + size * 0.3, y - size * 0.2)
        dark.polygon(
            [
                (x + size * 0.26, y - size * 0.73),
                (x + size * 0.7, y - size * 0.96),
                (x + size * 1.22, y - size * 0.8),
            ]
        )
        dark.box(x + size * 0.06, y - size * 0.5, x + size * 0.22, y - size * 0.36)
        dark.box(x, y - size * 0.3, x + size * 1.05, y - size * 0.2)
        for part in (0.2, 0.86):
            dark.disc(x + size * part, y - size * 0.17, size * 0.18)
        canvas.paint(body, mix((224, 160, 44), mood.haze, max(0.0, far)))
        canvas.paint(dark, mix(mood.shade, mood.haze, max(0.0, far)))
