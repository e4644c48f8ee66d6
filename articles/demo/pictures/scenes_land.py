"""Wide views: ridges, slopes, fields and water."""

from __future__ import annotations

import math

from articles.demo.pictures import figures
from articles.demo.pictures.canvas import Canvas, Stencil, mix
from articles.demo.pictures.light import COLD, DAWN, DAY, DUSK, Mood, pick, sky, water
from articles.demo.pictures.scenes_rails import wagons
from articles.demo.pictures.scenes_works import chimney, steam
from articles.demo.pictures.terrain import grass, ground, land, ranges, ridge


def wind_ridge(canvas: Canvas) -> None:
    """Turbines along ridges that sink into mist."""
    mood = pick(canvas.rng, DAWN, DUSK, DAY)
    sky(canvas, mood, 760, canvas.rng.uniform(0.15, 0.85), 0.55)
    turn = canvas.rng.uniform(0, 2)
    for number, (base, tall) in enumerate(((640, 130), (740, 230), (880, 400))):
        distance = 0.78 - 0.28 * number
        line = ridge(canvas, base + 60, 150, 0.5)
        mills = canvas.stencil()
        for step in range(5 - number):
            place = (step + canvas.rng.uniform(0.25, 0.75)) / (5 - number)
            x, y = line[int(place * 240)]
            turbine(mills, x, y + 8, tall * canvas.rng.uniform(0.85, 1.1), turn + step)
        canvas.paint(mills, mix((248, 246, 242), mood.haze, 0.25 + 0.2 * (2 - number)))
        body = land(canvas, line)
        near, far = mood.depth(distance * 0.8), mood.depth(min(1, distance + 0.3))
        canvas.paint(body, canvas.gradient(((0, near), (1, far)), base - 60, base + 200))
        canvas.haze(base - 40, base + 170, mood.haze, 0.5)
    _meadow(canvas, mood, 1010)


def turbine(stencil: Stencil, x: float, y: float, tall: float, turn: float) -> None:
    """A tower, a hub and three blades."""
    stencil.limb((x, y), (x, y - tall), tall * 0.034, tall * 0.017)
    stencil.disc(x, y - tall, tall * 0.018)
    for blade in range(3):
        angle = turn + blade * math.tau / 3
        stencil.limb(
            (x, y - tall),
            (x + math.cos(angle) * tall * 0.56, y - tall + math.sin(angle) * tall * 0.56),
            tall * 0.022,
            tall * 0.004,
        )


def _meadow(canvas: Canvas, mood: Mood, level: float) -> None:
    tint = mix(mood.shade, (112, 122, 66), 0.55)
    ground(canvas, mood, level, tint, 70)
    blades = canvas.stencil()
    grass(canvas, blades, canvas.h + 6, 120, 420)
    canvas.paint(blades, mix(mood.shade, (70, 84, 44), 0.3), 0.9, 1.5)


def solar_slope(canvas: Canvas) -> None:
    """Rows of panels following a slope towards the hills."""
    mood = pick(canvas.rng, DAY, DAWN)
    sky(canvas, mood, 560, canvas.rng.uniform(0.55, 0.9), 0.5)
    ranges(canvas, mood, 460, 610, 4)
    ground(canvas, mood, 590, mix((150, 146, 96), mood.haze, 0.2), 40)
    bend = canvas.rng.uniform(0.6, 1.1)
    y, rows = 622.0, 0
    while y < canvas.h + 120:
        near = (y - 600) / 600
        _panel_row(canvas, mood, y, near, bend)
        y += 16 + near * 150
        rows += 1
    canvas.haze(540, 650, mood.haze, 0.35)


def _panel_row(canvas: Canvas, mood: Mood, y: float, near: float, bend: float) -> None:
    """One row: the legs' shadow, the tilted glass, its frame lines and a sheen of sky."""
    tall, wide = 9 + near * 92, 20 + near * 165
    under, glass, frame = canvas.stencil(), canvas.stencil(), canvas.stencil()

    def lift(x: float) -> float:
        return y + math.sin(x / canvas.w * 2.4 + bend * 3) * (10 + near * 34)

    x = -wide * canvas.rng.random()
    gap = int(canvas.rng.uniform(5, 9))
    count = 0
    while x < canvas.w + wide:
        count += 1
        if count % gap == 0:
            x += wide * 0.45
        left, right, skew = lift(x), lift(x + wide), tall * 0.32
        under.polygon(
            [
                (x, left + 2),
                (x + wide, right + 2),
                (x + wide + skew, right + tall * 0.5),
                (x + skew, left + tall * 0.5),
            ]
        )
        glass.polygon(
            [(x, left), (x + wide, right), (x + wide + skew, right - tall), (x + skew, left - tall)]
        )
        for part in (0, 0.25, 0.5, 0.75):
            frame.line(
                [(x + wide * part, left), (x + wide * part + skew, left - tall)],
                max(0.6, (2.2 if part == 0 else 0.9) * (0.3 + near)),
            )
        frame.line(
            [(x + skew / 2, left - tall / 2), (x + wide + skew / 2, right - tall / 2)],
            max(0.5, 1.2 * near),
        )
        x += wide
    canvas.paint(under, mood.shade, 0.6, 2)
    blue, pale = (26, 58, 112), mix((92, 140, 196), mood.horizon, 0.45)
    canvas.paint(
        glass,
        canvas.gradient(
            ((0, mix(pale, mood.haze, 0.5 - near / 2)), (1, blue)), y - tall - 6, y + 14
        ),
    )
    canvas.paint(frame, mix((214, 224, 236), blue, 0.25), 0.75)


def river_bridge(canvas: Canvas) -> None:
    """A railway bridge of arches over still water, with a train on it."""
    mood = pick(canvas.rng, DAWN, DUSK)
    sky(canvas, mood, 700, canvas.rng.uniform(0.25, 0.75), 0.55)
    ranges(canvas, mood, 520, 690, 4)
    canvas.haze(560, 740, mood.haze, 0.5)
    dark = mood.depth(0.3)
    deck, spans = 560, 4
    wide = canvas.w / (spans - 0.4)
    bridge, start = canvas.stencil(), -wide * canvas.rng.uniform(0.2, 0.6)
    bridge.box(-5, deck, canvas.w + 5, deck + 22)
    for number in range(spans + 2):
        x = start + number * wide
        bridge.polygon([(x - 17, deck), (x + 17, deck), (x + 26, 770), (x - 26, 770)])
        arch = [
            (x + wide * t, 736 - 168 * math.sin(math.pi * t)) for t in (i / 40 for i in range(41))
        ]
        bridge.line(arch, 17)
        for place, high in arch[4:-3:4]:
            bridge.line([(place, high), (place, deck)], 5)
    canvas.rimmed(bridge, dark, mood.light)
    train = canvas.stencil()
    wagons(train, canvas.w * 0.16, deck, 13, 74, 34)
    canvas.rimmed(train, mood.depth(0.16), mood.light)
    water(canvas, 768, mood)
    bank = canvas.stencil()
    grass(canvas, bank, canvas.h + 8, 250, 260)
    canvas.paint(bank, mood.shade, 0.95, 2)


def winter_station(canvas: Canvas) -> None:
    """A heating station under snow, steam standing in cold air."""
    mood = pick(canvas.rng, COLD)
    sky(canvas, mood, 700, canvas.rng.uniform(0.2, 0.8), 0.7)
    ranges(canvas, mood, 560, 690, 3)
    wall = canvas.stencil()
    left = canvas.w * canvas.rng.uniform(0.16, 0.34)
    stacks = [(left + 70, 300), (left + 150, 360), (left + 560, 420)]
    for x, top in stacks:
        chimney(wall, x, 800, top, 34)
    for offset, wide, top in ((-60, 300, 610), (220, 240, 540), (440, 320, 640), (740, 190, 690)):
        wall.box(left + offset, top, left + offset + wide, 820)
    canvas.paint(wall, canvas.gradient(((0, mood.depth(0.5)), (1, mood.depth(0.25))), 300, 820))
    panes, snow = canvas.stencil(), canvas.stencil()
    for offset, wide, top in ((-60, 300, 610), (220, 240, 540), (440, 320, 640), (740, 190, 690)):
        snow.limb((left + offset, top), (left + offset + wide, top), 15, 13)
        for x in range(int(left + offset + 22), int(left + offset + wide - 24), 46):
            for y in range(int(top + 36), 770, 56):
                if canvas.rng.random() < 0.62:
                    panes.box(x, y, x + 24, y + 28)
    canvas.paint(snow, (240, 243, 248))
    canvas.paint(panes, (255, 206, 128), 0.9, 0.6)
    for x, top in stacks:
        steam(canvas, x, top, 250, (246, 246, 250))
    field = ground(canvas, mood, 800, (236, 240, 247), 30, 0.12)
    canvas.texture(field, 60, (150, 166, 194), 0.35, stretch=4)
    _winter_people(canvas, mood)
    flakes = canvas.stencil()
    for _ in range(320):
        flakes.disc(
            canvas.rng.uniform(0, canvas.w),
            canvas.rng.uniform(0, canvas.h),
            1.6 + 8 * canvas.rng.random() ** 5,
        )
    canvas.paint(flakes, (255, 255, 255), 0.75, 1.2)


def _winter_people(canvas: Canvas, mood: Mood) -> None:
    crowd = figures.Crowd(canvas)
    start = canvas.w * canvas.rng.uniform(0.5, 0.7)
    for step in range(3):
        crowd.add(start + step * 96, 1010 + step * 12, 270, figures.WALK, flip=True)
    crowd.paint(figures.NAVY, figures.YELLOW_HELMET, dim=mood.shade, shade=0.35, rim=mood.light)
