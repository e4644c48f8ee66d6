"""Pictures whose subject is people: drills, teams, speakers and readers."""

from __future__ import annotations

import itertools
import math

from articles.demo.pictures import figures
from articles.demo.pictures.canvas import Canvas, Colour, mix
from articles.demo.pictures.light import COLD, DAWN, DAY, DUSK, pick, sky
from articles.demo.pictures.scenes_rails import wagons
from articles.demo.pictures.scenes_works import chimney
from articles.demo.pictures.terrain import ground, ranges


def safety_drill(canvas: Canvas) -> None:
    """A rescue team at work before smoke and an arc of water."""
    mood = pick(canvas.rng, COLD, DUSK)
    sky(canvas, mood, 780, canvas.rng.uniform(0.2, 0.8), 0.5)
    ranges(canvas, mood, 660, 760, 2)
    x, smoke = canvas.w * canvas.rng.uniform(0.66, 0.76), canvas.stencil()
    yard = canvas.stencil()
    yard.box(x - 200, 590, x + 270, 870)
    yard.box(x - 330, 690, x - 200, 870)
    chimney(yard, x + 210, 600, 330, 44)
    canvas.paint(yard, canvas.gradient(((0, mood.depth(0.5)), (1, mood.depth(0.3))), 580, 880))
    for step in range(22):
        part = step / 22
        smoke.disc(
            x - 60 - part * canvas.w * 0.3 + canvas.rng.uniform(-30, 30),
            640 - part**0.8 * 430,
            46 + part * 150 * canvas.rng.uniform(0.6, 1.1),
        )
    canvas.paint(smoke, mix(mood.shade, mood.haze, 0.4), 0.66, 42)
    canvas.glow(x - 60, 720, 210, (255, 130, 50), 0.8)
    ground(canvas, mood, 862, mix((132, 130, 124), mood.haze, 0.2), 8)
    _jet(canvas, canvas.w * 0.3, 850, x - 90, 690)
    for level, tall, count, place in ((960, 210, 3, 0.24), (1130, 430, 3, 0.13)):
        crowd = figures.Crowd(canvas)
        for step in range(count):
            pose = (
                figures.SHARE
                if step == count - 1
                else canvas.rng.choice((figures.WALK, figures.CARRY))
            )
            crowd.add(canvas.w * place + step * tall * 0.52, level + step * 6, tall, pose)
        crowd.paint(
            figures.ORANGE,
            figures.YELLOW_HELMET,
            dim=mood.shade,
            shade=0.22,
            rim=mood.light,
            side=2,
        )
    wet = canvas.stencil()
    wet.box(-5, 1130, canvas.w + 5, 1210)
    canvas.paint(wet, mood.shade, 0.4, 40)


def _jet(canvas: Canvas, x: float, y: float, end: float, high: float) -> None:
    for thick, opacity, soften in ((34, 0.35, 12), (12, 0.7, 4)):
        water = canvas.stencil()
        points = []
        for step in range(25):
            part = step / 24
            points.append(
                (
                    x + (end - x) * part,
                    y + (high - y) * part - 330 * math.sin(math.pi * part) * 0.62,
                )
            )
        for first, second in itertools.pairwise(points):
            water.limb(
                first,
                second,
                thick * (0.3 + first[0] / canvas.w),
                thick * (0.3 + second[0] / canvas.w),
            )
        canvas.paint(water, (246, 250, 255), opacity, soften)


def team_portrait(canvas: Canvas) -> None:
    """A team shoulder to shoulder, seen from behind, looking over the works."""
    mood = pick(canvas.rng, DAWN, DUSK, DAY)
    sky(canvas, mood, 800, canvas.rng.uniform(0.35, 0.65), 0.55)
    ranges(canvas, mood, 600, 780, 4)
    plant = canvas.stencil()
    for step in range(9):
        x = canvas.w * (0.06 + step * 0.11)
        plant.box(x, 830 - canvas.rng.uniform(40, 140), x + canvas.rng.uniform(70, 150), 850)
    for place in (0.2, 0.28, 0.7):
        chimney(plant, canvas.w * place, 840, 560, 30)
    wagons(plant, canvas.w * 0.36, 850, 7, 90, 44)
    canvas.paint(plant, mood.depth(0.52), 1, 3)
    canvas.haze(700, 880, mood.haze, 0.55)
    ground(canvas, mood, 850, mix((128, 120, 96), mood.haze, 0.2), 20)
    count = max(2, int(canvas.w / 330))
    coat, hat = canvas.rng.choice(
        (
            (figures.NAVY, figures.RED_HELMET),
            (figures.ORANGE, figures.WHITE_HELMET),
            (figures.GREY, figures.YELLOW_HELMET),
        )
    )
    for level, tall, shift in ((1290, 640, 0.5), (1520, 860, 0.0)):
        crowd = figures.Crowd(canvas)
        for step in range(count + 1):
            x = canvas.w * (step + shift) / count + canvas.rng.uniform(-22, 22)
            crowd.add(x, level + canvas.rng.uniform(-26, 26), tall, figures.STAND)
        crowd.paint(coat, hat, dim=mood.shade, shade=0.5, rim=mood.light, side=0.5)


def reading_desk(canvas: Canvas) -> None:
    """Open books, a lamp and a cup on a long table by the window."""
    warm = canvas.rng.choice(((232, 204, 164), (222, 210, 190), (236, 196, 150)))
    dark = (46, 34, 30)
    canvas.image.paste(
        canvas.gradient(
            ((0, mix(warm, (255, 255, 255), 0.45)), (0.5, warm), (1, mix(warm, dark, 0.6))), 0, 1000
        )
    )
    _bokeh(canvas, warm)
    desk = canvas.stencil()
    desk.box(-5, 690, canvas.w + 5, 1210)
    canvas.paint(
        desk,
        canvas.gradient(((0, mix((176, 122, 80), warm, 0.5)), (1, (88, 54, 38))), 690, 1200),
        1,
        6,
    )
    canvas.texture(desk, 18, (84, 50, 34), 0.3, stretch=18)
    for place, y, size, soften in (
        (0.78, 760, 0.62, 3.0),
        (0.24, 800, 0.8, 1.6),
        (0.52, 960, 1.3, 0.0),
    ):
        _book(canvas, canvas.w * place, y, 300 * size, soften, warm)
    cup, lip = canvas.stencil(), canvas.stencil()
    x = canvas.w * 0.86
    cup.polygon([(x - 74, 900), (x + 74, 900), (x + 58, 1060), (x - 58, 1060)])
    cup.disc(x, 1060, 58, 18)
    cup.ring(x + 84, 968, 42, 13)
    lip.disc(x, 900, 74, 22)
    canvas.paint(
        cup, canvas.gradient(((0, (244, 242, 236)), (1, (176, 164, 152))), 890, 1080), 1, 1.5
    )
    canvas.paint(lip, (118, 84, 56), 1, 1.5)


def _bokeh(canvas: Canvas, warm: Colour) -> None:
    shapes, lights = canvas.stencil(), canvas.stencil()
    for _ in range(5):
        x = canvas.rng.uniform(0, canvas.w)
        shapes.limb((x, 760), (x, 520), 190, 150)
        shapes.disc(x, 390, 62, 74)
    canvas.paint(shapes, mix(warm, (70, 84, 110), 0.6), 0.55, 34)
    for _ in range(26):
        lights.disc(
            canvas.rng.uniform(0, canvas.w),
            canvas.rng.uniform(20, 480),
            canvas.rng.uniform(18, 52),
            value=canvas.rng.randint(70, 200),
        )
    canvas.paint(lights, (255, 250, 236), 0.5, 4)


def _book(canvas: Canvas, x: float, y: float, wide: float, soften: float, warm: Colour) -> None:
    cover, pages, lines = canvas.stencil(), canvas.stencil(), canvas.stencil()
    tall = wide * 0.42
    cover.polygon(
        [
            (x - wide * 1.04, y + tall * 0.52),
            (x - wide * 0.8, y - tall * 0.52),
            (x + wide * 0.8, y - tall * 0.52),
            (x + wide * 1.04, y + tall * 0.52),
            (x, y + tall * 0.66),
        ]
    )
    for side in (-1, 1):
        curve = [
            (x + side * wide * t, y + tall * 0.5 - tall * 0.16 * math.sin(math.pi * t**0.7))
            for t in (i / 12 for i in range(13))
        ]
        top = [
            (x + side * wide * 0.78 * t, y - tall * 0.5 - tall * 0.12 * math.sin(math.pi * t**0.7))
            for t in (i / 12 for i in range(12, -1, -1))
        ]
        pages.polygon([*curve, *top])
        for row in range(9):
            part = 0.12 + row * 0.088
            reach = 0.78 + 0.2 * part
            points = [
                (
                    x + side * wide * reach * t,
                    y - tall * 0.46 + tall * part * 0.98 - tall * 0.14 * math.sin(math.pi * t**0.7),
                )
                for t in (0.12, 0.3, 0.5, 0.7, 0.88)
            ]
            lines.line(points, max(1.2, wide * 0.011))
    canvas.paint(cover, (50, 30, 24), 0.5, 12, (0, 10))
    canvas.paint(cover, canvas.rng.choice(((140, 40, 36), (36, 72, 112), (52, 92, 78))), 1, soften)
    canvas.paint(
        pages,
        canvas.gradient(
            ((0, (252, 248, 238)), (1, mix((232, 222, 204), warm, 0.4))),
            y - tall * 0.6,
            y + tall * 0.6,
        ),
        1,
        soften,
    )
    canvas.paint(lines, (150, 140, 130), 0.6, soften + 0.6)
