"""Villages, orchards and young woods."""

from __future__ import annotations

import math

from articles.demo.pictures import figures
from articles.demo.pictures.canvas import Canvas, mix
from articles.demo.pictures.light import DAWN, DAY, Mood, pick, sky
from articles.demo.pictures.terrain import grass, ground, land, ranges, trees, wood


def village_terrace(canvas: Canvas) -> None:
    """White houses above terraced fields in morning mist."""
    mood = pick(canvas.rng, DAWN, DAY)
    sky(canvas, mood, 520, canvas.rng.uniform(0.2, 0.8), 0.6)
    ranges(canvas, mood, 400, 560, 4)
    canvas.haze(470, 600, mood.haze, 0.6)
    grove = canvas.stencil()
    wood(canvas, grove, 640, 84)
    canvas.paint(grove, mix(mood.depth(0.45), (70, 96, 60), 0.4))
    _houses(canvas, mood)
    front = canvas.stencil()
    wood(canvas, front, 690, 50)
    canvas.paint(front, mix(mood.depth(0.3), (74, 104, 58), 0.45))
    phase, crops = canvas.rng.uniform(0, 6), ((150, 158, 74), (186, 172, 90), (112, 140, 70))
    for step in range(9):
        level = 676 + step * 34 + step * step * 3.6
        _terrace(canvas, mood, level, phase + step * 0.35, canvas.rng.choice(crops), step / 8)
    blades = canvas.stencil()
    grass(canvas, blades, canvas.h + 8, 190, 420)
    canvas.paint(blades, mix(mood.shade, (78, 96, 44), 0.4), 0.95, 2)


def _houses(canvas: Canvas, mood: Mood) -> None:
    walls, roofs, doors = canvas.stencil(), canvas.stencil(), canvas.stencil()
    for number in range(11):
        x = canvas.w * (0.12 + number * 0.072) + canvas.rng.uniform(-24, 24)
        y, wide = 664 + canvas.rng.uniform(-34, 12), canvas.rng.uniform(62, 96)
        tall = wide * canvas.rng.uniform(0.5, 0.8)
        walls.box(x, y - tall, x + wide, y)
        roofs.polygon(
            [
                (x - 8, y - tall + 2),
                (x + wide * 0.16, y - tall - wide * 0.24),
                (x + wide * 0.84, y - tall - wide * 0.24),
                (x + wide + 8, y - tall + 2),
            ]
        )
        for part in (0.2, 0.55):
            doors.box(x + wide * part, y - tall * 0.7, x + wide * (part + 0.2), y - tall * 0.3)
    canvas.paint(
        walls,
        canvas.gradient(
            ((0, (242, 238, 228)), (1, mix((206, 204, 200), mood.haze, 0.4))), 590, 680
        ),
    )
    canvas.paint(roofs, mix((96, 84, 84), mood.haze, 0.3))
    canvas.paint(doors, mix((92, 92, 98), mood.haze, 0.3), 0.8)


def _terrace(
    canvas: Canvas, mood: Mood, level: float, phase: float, crop: tuple[int, int, int], near: float
) -> None:
    """One field with the dark bank under the one above it and a bright edge."""
    swing = 14 + near * 46

    def edge(drop: float) -> list[tuple[float, float]]:
        return [
            (
                x,
                level
                + drop
                + swing * (math.sin(x / 330 + phase) + 0.4 * math.sin(x / 140 - phase)),
            )
            for x in range(-10, int(canvas.w) + 30, 18)
        ]

    field = land(canvas, edge(0))
    canvas.paint(field, mix(mood.shade, crop, 0.42), 1, 0.5)
    top = mix(mix(crop, mood.light, 0.3), mood.haze, 0.35 * (1 - near))
    canvas.paint(
        land(canvas, edge(6 + near * 16)),
        canvas.gradient(((0, top), (1, mix(crop, mood.shade, 0.35))), level, level + 190),
    )
    rim = canvas.stencil()
    rim.line(edge(6 + near * 16), 1.6 + near * 2)
    canvas.paint(rim, mix(mood.light, crop, 0.35), 0.7)


def tree_planting(canvas: Canvas) -> None:
    """Volunteers with spades and saplings on a restored slope."""
    mood = pick(canvas.rng, DAWN, DAY)
    sky(canvas, mood, 620, canvas.rng.uniform(0.2, 0.8), 0.55)
    ranges(canvas, mood, 500, 640, 4)
    canvas.haze(520, 690, mood.haze, 0.55)
    ground(canvas, mood, 690, (150, 128, 88), 46)
    rows = ((742, 150, 9), (860, 260, 6), (1090, 470, 3))
    coats = (figures.ORANGE, (58, 92, 128), (168, 52, 48))
    for number, (level, tall, count) in enumerate(rows):
        _saplings(canvas, mood, level, tall, 11 - 3 * number)
        crowd = figures.Crowd(canvas)
        for step in range(count):
            x = canvas.w * (step + canvas.rng.uniform(0.25, 0.75)) / count
            pose = canvas.rng.choice((figures.WORK, figures.CARRY, figures.STAND, figures.WORK))
            flip = canvas.rng.random() < 0.5
            crowd.add(
                x,
                level + canvas.rng.uniform(-10, 14),
                tall,
                pose,
                flip=flip,
                helmet=False,
                stripes=False,
            )
            if pose is figures.WORK:
                _spade(crowd, x, level, tall, -1 if flip else 1)
        crowd.paint(
            coats[number],
            mix((206, 52, 44), mood.shade, 0.15),
            dim=mood.depth(0.35 - 0.15 * number),
            shade=0.4,
            rim=mood.light,
        )
        canvas.haze(level - 120, level + 60, mood.haze, 0.2 - 0.08 * number)
    blades = canvas.stencil()
    grass(canvas, blades, canvas.h + 6, 110, 500)
    canvas.paint(blades, mix(mood.shade, (86, 98, 48), 0.4), 0.9, 2)


def _spade(crowd: figures.Crowd, x: float, y: float, tall: float, side: int) -> None:
    top, foot = (x + side * tall * 0.3, y - tall * 0.6), (x + side * tall * 0.42, y - tall * 0.02)
    crowd.trousers.line([top, foot], tall * 0.022)
    crowd.trousers.limb((foot[0], foot[1] - tall * 0.08), foot, tall * 0.08, tall * 0.05)


def _saplings(canvas: Canvas, mood: Mood, level: float, tall: float, count: int) -> None:
    stems = canvas.stencil()
    for step in range(count):
        x = canvas.w * (step + canvas.rng.random()) / count
        high = tall * canvas.rng.uniform(0.5, 0.8)
        stems.limb((x, level - 4), (x + 4, level - 4 - high), tall * 0.02, tall * 0.008)
        for _ in range(26):
            share = canvas.rng.uniform(0.4, 1.05)
            stems.disc(
                x + canvas.rng.gauss(0, tall * 0.07),
                level - high * share,
                tall * 0.022,
                tall * 0.014,
            )
    canvas.paint(stems, mix(mood.depth(0.2), (84, 120, 60), 0.55))


def orchard_harvest(canvas: Canvas) -> None:
    """Baskets carried between rows of fruit trees."""
    mood = pick(canvas.rng, DAWN, DAY)
    sky(canvas, mood, 540, canvas.rng.uniform(0.3, 0.7), 0.4)
    ranges(canvas, mood, 420, 560, 3)
    ground(canvas, mood, 580, (164, 156, 92), 20)
    for number in range(5):
        level, tall = 640 + number * number * 26 + number * 20, 120 + number * 118
        for side in (-1, 1):
            _fruit_tree(
                canvas,
                mood,
                canvas.w * (0.5 + side * (0.13 + number * 0.1)),
                level,
                tall,
                0.5 - number * 0.1,
            )
        if number in (1, 3):
            crowd = figures.Crowd(canvas)
            crowd.add(
                canvas.w * 0.47, level, tall * 0.7, figures.CARRY, helmet=False, stripes=False
            )
            crowd.add(
                canvas.w * 0.55, level + 14, tall * 0.68, figures.WALK, helmet=False, stripes=False
            )
            crowd.paint(
                (176, 62, 52) if number == 1 else (58, 86, 122),
                figures.HAIR,
                dim=mood.shade,
                shade=0.25,
                rim=mood.light,
            )
            baskets = canvas.stencil()
            baskets.disc(canvas.w * 0.47, level - tall * 0.36, tall * 0.13, tall * 0.07)
            canvas.paint(baskets, mix((196, 150, 88), mood.shade, 0.2))


def _fruit_tree(canvas: Canvas, mood: Mood, x: float, y: float, tall: float, far: float) -> None:
    crown, fruit = canvas.stencil(), canvas.stencil()
    for _ in range(3):
        trees(canvas, crown, x + canvas.rng.uniform(-0.1, 0.1) * tall, y, tall)
    leaf = mix(mix((66, 104, 48), mood.shade, 0.2), mood.haze, max(0.0, far))
    canvas.rimmed(
        crown,
        canvas.gradient(
            ((0, mix(leaf, mood.light, 0.25)), (1, mix(leaf, mood.shade, 0.4))), y - tall, y
        ),
        mix(leaf, mood.light, 0.6),
        (-3, -3),
    )
    for _ in range(34):
        fruit.disc(
            x + canvas.rng.gauss(0, 0.14) * tall,
            y - tall * canvas.rng.uniform(0.45, 0.92),
            tall * 0.018,
        )
    canvas.paint(fruit, mix((226, 118, 38), mood.haze, max(0.0, far) * 0.7))
