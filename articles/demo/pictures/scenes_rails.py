"""Trains and quays: how the goods leave."""

from __future__ import annotations

import math

from articles.demo.pictures.canvas import Canvas, Stencil, mix
from articles.demo.pictures.light import DAWN, DAY, DUSK, Mood, pick, sky, water
from articles.demo.pictures.terrain import grass, land, ranges


def wagons(stencil: Stencil, x: float, rail: float, count: int, long: float, tall: float) -> None:
    """A locomotive and open wagons heaped with coal, seen from the side."""
    _locomotive(stencil, x, rail, long * 1.35, tall * 1.12)
    x += long * 1.42
    for _ in range(count):
        base = rail - tall * 0.22
        stencil.polygon(
            [
                (x + long * 0.05, rail - tall),
                (x + long * 0.93, rail - tall),
                (x + long * 0.88, base),
                (x + long * 0.1, base),
            ]
        )
        heap = [
            (x + long * (0.08 + 0.82 * t), rail - tall - tall * 0.24 * math.sin(math.pi * t))
            for t in (i / 10 for i in range(11))
        ]
        stencil.polygon(heap)
        stencil.line([(x, base + tall * 0.05), (x + long, base + tall * 0.05)], tall * 0.05)
        for part in (0.16, 0.27, 0.71, 0.82):
            stencil.disc(x + long * part, rail - tall * 0.1, tall * 0.1)
        x += long


def _locomotive(stencil: Stencil, x: float, rail: float, long: float, tall: float) -> None:
    base = rail - tall * 0.2
    stencil.polygon(
        [
            (x, base),
            (x, rail - tall * 0.55),
            (x + long * 0.07, rail - tall * 0.95),
            (x + long * 0.12, rail - tall),
            (x + long * 0.97, rail - tall),
            (x + long * 0.97, base),
        ]
    )
    for part in (0.12, 0.22, 0.32, 0.66, 0.76, 0.86):
        stencil.disc(x + long * part, rail - tall * 0.1, tall * 0.11)
    stencil.line(
        [
            (x + long * 0.3, rail - tall),
            (x + long * 0.38, rail - tall * 1.22),
            (x + long * 0.46, rail - tall),
        ],
        tall * 0.03,
    )


def coal_train(canvas: Canvas) -> None:
    """A loaded train on an embankment under the wires."""
    mood = pick(canvas.rng, DAWN, DUSK, DAY)
    sky(canvas, mood, 760, canvas.rng.uniform(0.2, 0.8), 0.55)
    ranges(canvas, mood, 600, 760, 4)
    canvas.haze(600, 800, mood.haze, 0.55)
    rail = 846
    masts = canvas.stencil()
    for step in range(6):
        x = canvas.w * (step + 0.4) / 5.6
        masts.limb((x, rail + 16), (x, rail - 262), 11, 8)
        masts.line([(x, rail - 236), (x - 104, rail - 220)], 6)
        masts.line([(x, rail - 196), (x - 96, rail - 218)], 4)
    for high in (-222, -184):
        masts.line([(-5, rail + high), (canvas.w + 5, rail + high)], 2.2)
    canvas.paint(masts, mood.depth(0.25))
    train = canvas.stencil()
    start = canvas.w * canvas.rng.uniform(0.04, 0.14)
    wagons(train, start, rail, 9, 216, 124)
    canvas.rimmed(
        train,
        canvas.gradient(((0, mood.depth(0.3)), (1, mood.depth(0.02))), rail - 160, rail),
        mood.light,
    )
    _livery(canvas, mood, start, rail)
    bank = land(canvas, [(-5, rail), (canvas.w + 5, rail)])
    canvas.paint(
        bank,
        canvas.gradient(((0, mix((146, 136, 124), mood.haze, 0.3)), (1, mood.shade)), rail, 1060),
    )
    canvas.texture(bank, 12, mood.shade, 0.45)
    steel = canvas.stencil()
    steel.box(-5, rail - 2, canvas.w + 5, rail + 5)
    canvas.paint(steel, mix(mood.light, mood.shade, 0.3))
    blades = canvas.stencil()
    grass(canvas, blades, canvas.h + 10, 300, 700)
    canvas.rimmed(blades, mix(mood.shade, (92, 92, 48), 0.3), mix(mood.light, (140, 130, 70), 0.5))


def _livery(canvas: Canvas, mood: Mood, x: float, rail: float) -> None:
    """Colour on the locomotive and light in its cab."""
    long, tall = 216 * 1.35, 124 * 1.12
    body, pane = canvas.stencil(), canvas.stencil()
    body.polygon(
        [
            (x + 3, rail - tall * 0.3),
            (x + 3, rail - tall * 0.54),
            (x + long * 0.05, rail - tall * 0.78),
            (x + long * 0.96, rail - tall * 0.78),
            (x + long * 0.96, rail - tall * 0.3),
        ]
    )
    pane.polygon(
        [
            (x + long * 0.05, rail - tall * 0.62),
            (x + long * 0.085, rail - tall * 0.9),
            (x + long * 0.17, rail - tall * 0.9),
            (x + long * 0.17, rail - tall * 0.62),
        ]
    )
    canvas.paint(body, mix((164, 46, 40), mood.shade, 0.25), 0.92)
    canvas.paint(pane, mix((255, 232, 180), mood.haze, 0.3), 0.9)
    canvas.glow(x, rail - tall * 0.45, 150, (255, 240, 200), 0.8)


def port_cranes(canvas: Canvas) -> None:
    """Gantries over a quay, stacks of boxes, a ship at rest."""
    mood = pick(canvas.rng, DUSK, DAWN, DAY)
    sky(canvas, mood, 780, canvas.rng.uniform(0.2, 0.8), 0.55)
    ranges(canvas, mood, 690, 770, 2)
    canvas.haze(680, 800, mood.haze, 0.6)
    for count, tall, distance in ((5, 250, 0.62), (3, 480, 0.28)):
        cranes = canvas.stencil()
        for step in range(count):
            x = canvas.w * (step + 0.5 + canvas.rng.uniform(-0.12, 0.12)) / count
            _gantry(cranes, x, 800, tall, raised=canvas.rng.random() < 0.35)
        canvas.rimmed(cranes, mood.depth(distance), mood.light)
    _boxes(canvas, mood)
    quay = canvas.stencil()
    quay.box(-5, 792, canvas.w + 5, 836)
    canvas.paint(quay, mood.depth(0.2))
    water(canvas, 836, mood)


def _gantry(stencil: Stencil, x: float, foot: float, tall: float, *, raised: bool) -> None:
    thick, wide = tall * 0.024, tall * 0.2
    for side in (-1, 1):
        stencil.line(
            [(x + side * wide, foot), (x + side * wide * 0.86, foot - tall * 0.72)], thick * 1.5
        )
    stencil.line([(x - wide, foot - tall * 0.3), (x + wide, foot - tall * 0.3)], thick)
    stencil.line(
        [(x - wide * 0.9, foot - tall * 0.68), (x + wide * 0.95, foot - tall * 0.32)], thick * 0.7
    )
    head, level = (x - wide * 0.5, foot - tall), foot - tall * 0.7
    stencil.line([(x - wide * 0.9, level), head, (x + wide * 0.9, level)], thick)
    tip = (x - tall * 0.34, foot - tall * 1.12) if raised else (x - tall * 0.78, level)
    stencil.line([(x + tall * 0.46, level), (x - wide * 0.7, level), tip], thick * 1.6)
    stencil.line([head, tip], thick * 0.5)
    stencil.line([head, (x + tall * 0.44, level)], thick * 0.5)
    stencil.box(x + wide * 0.9, level - tall * 0.09, x + wide * 1.7, level)


def _boxes(canvas: Canvas, mood: Mood) -> None:
    colours = ((168, 64, 48), (44, 92, 132), (58, 110, 92), (196, 144, 62), (140, 142, 146))
    stacks = [canvas.stencil() for _ in colours]
    seams = canvas.stencil()
    x = canvas.w * 0.04
    while x < canvas.w * 0.97:
        for level in range(canvas.rng.randint(1, 4)):
            top = 794 - (level + 1) * 38
            canvas.rng.choice(stacks).box(x, top, x + 92, top + 36)
            for rib in range(8, 92, 9):
                seams.box(x + rib, top + 3, x + rib + 2, top + 33)
        x += 96 if canvas.rng.random() < 0.85 else 190
    for stencil, colour in zip(stacks, colours, strict=True):
        canvas.paint(stencil, mix(mix(colour, mood.haze, 0.28), mood.shade, 0.22))
    canvas.paint(seams, mood.shade, 0.28)
