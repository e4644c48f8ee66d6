"""Stages: prizes, lectures and those who listen."""

from __future__ import annotations

from articles.demo.pictures import figures
from articles.demo.pictures.canvas import Canvas, Colour, mix
from articles.demo.pictures.scenes_indoors import drapes


def award_stage(canvas: Canvas) -> None:
    """People in a line on a lit stage, applause in the dark below."""
    tint = canvas.rng.choice(((172, 34, 36), (30, 70, 128), (128, 40, 60)))
    canvas.image.paste(mix(tint, (10, 6, 8), 0.7), (0, 0, *canvas.size))
    drapes(canvas, -5, canvas.w + 5, 0, 800, mix(tint, (20, 8, 10), 0.25))
    _spotlights(canvas, (255, 232, 200))
    boards = canvas.stencil()
    boards.polygon([(-5, 790), (canvas.w + 5, 790), (canvas.w + 5, 960), (-5, 960)])
    canvas.paint(boards, canvas.gradient(((0, (206, 152, 98)), (1, (96, 58, 40))), 790, 960))
    crowd, flowers = figures.Crowd(canvas), canvas.stencil()
    count = max(3, int(canvas.w / 210))
    for step in range(count):
        x = canvas.w * (step + 0.5) / count * 0.8 + canvas.w * 0.1
        crowd.add(x, 880, 400, figures.CARRY, helmet=False, stripes=False)
        for _ in range(12):
            flowers.disc(x + canvas.rng.gauss(0, 18), 660 + canvas.rng.gauss(0, 15), 11)
    crowd.paint(
        (52, 68, 98), figures.HAIR, dim=(30, 14, 16), shade=0.15, rim=(255, 236, 206), side=1
    )
    canvas.paint(flowers, mix((236, 96, 70), tint, 0.2))
    canvas.paint(flowers, (255, 214, 120), 0.4, 3, (-2, -3))
    _listeners(canvas, tint)


def _spotlights(canvas: Canvas, colour: Colour) -> None:
    beams = canvas.stencil()
    for step in range(5):
        x = canvas.w * (step + 0.5) / 5
        aim = canvas.w * (0.2 + step * 0.15)
        beams.polygon([(x - 12, -20), (x + 12, -20), (aim + 190, 900), (aim - 190, 900)], 120)
    canvas.paint(beams, colour, 0.42, 24)
    for step in range(5):
        canvas.glow(canvas.w * (step + 0.5) / 5, 8, 130, colour, 0.95)


def _listeners(canvas: Canvas, tint: Colour) -> None:
    for level, size in ((1000, 44), (1130, 84)):
        row = canvas.stencil()
        figures.heads(canvas, row, level, size, size * 2.7)
        canvas.paint(row, mix(tint, (255, 210, 170), 0.5), 0.7, 2, (0, -4))
        canvas.paint(row, mix(tint, (8, 6, 10), 0.86), 1, size / 26)


def lecture_podium(canvas: Canvas) -> None:
    """A speaker beside a plain screen, close enough to see the gesture."""
    tint = canvas.rng.choice(((40, 84, 132), (150, 44, 40), (46, 100, 98)))
    dark = mix(tint, (10, 10, 14), 0.8)
    canvas.image.paste(canvas.gradient(((0, mix(tint, dark, 0.55)), (1, dark)), 0, 1200))
    side = canvas.rng.choice((-1, 1))
    cx = canvas.w * (0.5 - side * 0.2)
    screen = canvas.stencil()
    left = canvas.w * (0.5 + side * 0.2)
    screen.box(left - 480, 150, left + 480, 690)
    canvas.paint(
        screen,
        canvas.gradient(
            ((0, mix(tint, (255, 255, 255), 0.72)), (1, mix(tint, (255, 250, 240), 0.9))), 150, 700
        ),
        1,
        4,
    )
    _bars(canvas, left, tint)
    canvas.glow(left, 420, 900, mix(tint, (255, 255, 255), 0.7), 0.4)
    crowd = figures.Crowd(canvas)
    crowd.add(cx, 1180, 760, figures.POINT, helmet=False, stripes=False, flip=side < 0)
    crowd.paint(
        (46, 58, 84),
        figures.HAIR,
        dim=dark,
        shade=0.2,
        rim=mix(tint, (255, 255, 255), 0.8),
        side=3.0 * side,
    )
    stand = canvas.stencil()
    stand.polygon([(cx - 190, 760), (cx + 190, 760), (cx + 150, 1210), (cx - 150, 1210)])
    stand.limb((cx - 200, 752), (cx + 200, 752), 26, 26)
    stand.line([(cx + 60, 748), (cx + 34, 640)], 5)
    canvas.rimmed(
        stand,
        canvas.gradient(((0, (150, 104, 70)), (1, (58, 38, 30))), 740, 1200),
        (226, 186, 140),
        (0, -4),
    )
    row = canvas.stencil()
    figures.heads(canvas, row, 1120, 92, 250)
    canvas.paint(row, mix(dark, tint, 0.5), 0.8, 5, (0, -5))
    canvas.paint(row, mix(dark, (4, 4, 8), 0.5), 1, 6)


def _bars(canvas: Canvas, left: float, tint: Colour) -> None:
    bars, line = canvas.stencil(), canvas.stencil()
    tops = [620 - canvas.rng.uniform(0.5, 1) * (60 + 42 * step) for step in range(8)]
    for step, top in enumerate(tops):
        bars.box(left - 400 + step * 102, top, left - 340 + step * 102, 630)
    line.line([(left - 370 + step * 102, top - 44) for step, top in enumerate(tops)], 7)
    canvas.paint(bars, mix(tint, (255, 255, 255), 0.35), 0.85, 3)
    canvas.paint(line, (232, 140, 60), 0.9, 3)
