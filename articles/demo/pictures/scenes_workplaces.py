"""Places of work under a roof: control room, workshop, roadway underground."""

from __future__ import annotations

import math
from collections.abc import Callable

from articles.demo.pictures import figures
from articles.demo.pictures.canvas import Canvas, Colour, Point, Stencil, mix

WALNUT: Colour = (122, 82, 56)

Spot = Callable[[float, float], Point]
INKS: tuple[Colour, ...] = ((120, 226, 222), (250, 196, 96), (126, 206, 255), (150, 232, 160))


def control_room(canvas: Canvas) -> None:
    """Dispatchers before a wall of screens."""
    base = canvas.rng.choice(((28, 74, 112), (22, 84, 96), (44, 66, 118)))
    dark = mix(base, (6, 10, 18), 0.82)
    canvas.image.paste(
        canvas.gradient(
            ((0, mix(base, dark, 0.8)), (0.5, mix(base, dark, 0.35)), (1, dark)), 0, 1200
        )
    )
    _wall(canvas, base)
    canvas.glow(canvas.w / 2, 380, 900, mix(base, (170, 220, 255), 0.4), 0.35)
    floor = canvas.stencil()
    floor.box(-5, 720, canvas.w + 5, 1210)
    canvas.paint(
        floor,
        canvas.gradient(((0, mix(base, (150, 190, 220), 0.25)), (1, dark)), 700, 1100),
        0.8,
        6,
    )
    for level, size, count in ((800, 230, 6), (1090, 430, 3)):
        _desks(canvas, level, size, count, base, dark)


def _wall(canvas: Canvas, base: Colour) -> None:
    """Three rows of seven screens: curves, bars, plans or a camera picture, but no words.

    Screens of one colour share a stencil; one stencil each would take three times as long.
    """
    panels = {grey: canvas.stencil() for grey in ((58, 96, 120), (46, 84, 96), (82, 108, 112))}
    inks = {colour: canvas.stencil() for colour in INKS}
    wide, tall = canvas.w * 0.92 / 7, 178
    for row in range(3):
        for column in range(7):
            x, y = canvas.w * 0.04 + column * wide + 3, 110 + row * (tall + 6)
            panels[canvas.rng.choice(list(panels))].box(x, y, x + wide - 6, y + tall)
            drawing = canvas.rng.choice((_curves, _columns, _plan, _camera))
            drawing(canvas, inks[canvas.rng.choice(INKS)], _placer(x, y, wide - 6, tall))
    for grey, panel in panels.items():
        canvas.paint(
            panel, canvas.gradient(((0, grey), (1, mix(base, (4, 10, 20), 0.5))), 110, 760)
        )
    for colour, ink in inks.items():
        canvas.paint(ink, colour, 0.85, 0.5)


def _placer(x: float, y: float, wide: float, tall: float) -> Spot:
    """Turns shares of one screen into places in the picture."""

    def spot(across: float, down: float) -> Point:
        return x + wide * across, y + tall * down

    return spot


def _curves(canvas: Canvas, ink: Stencil, spot: Spot) -> None:
    for level in (0.35, 0.6):
        heights = [level + canvas.rng.uniform(-0.1, 0.1) for _ in range(25)]
        ink.line([spot(0.08 + 0.035 * step, high) for step, high in enumerate(heights)], 2.4)


def _columns(canvas: Canvas, ink: Stencil, spot: Spot) -> None:
    for step in range(9):
        top = 0.85 - canvas.rng.uniform(0.15, 0.7)
        ink.box(*spot(0.1 + step * 0.09, top), *spot(0.15 + step * 0.09, 0.85))


def _plan(canvas: Canvas, ink: Stencil, spot: Spot) -> None:
    places = [spot(canvas.rng.uniform(0.1, 0.9), canvas.rng.uniform(0.15, 0.85)) for _ in range(8)]
    ink.line(places, 1.6)
    for place in places:
        ink.disc(*place, 5)


def _camera(canvas: Canvas, ink: Stencil, spot: Spot) -> None:
    """A road running away from the camera, at a vanishing point of its own."""
    end = canvas.rng.uniform(0.35, 0.65)
    ink.polygon([spot(0, 1), spot(end - 0.1, 0.45), spot(end + 0.1, 0.45), spot(1, 1)], 120)


def _desks(
    canvas: Canvas, level: float, size: float, count: int, base: Colour, dark: Colour
) -> None:
    crowd, chairs, monitors = figures.Crowd(canvas), canvas.stencil(), canvas.stencil()
    desk = canvas.stencil()
    desk.box(-5, level - size * 0.16, canvas.w + 5, level + size * 0.6)
    gap = canvas.w / count
    for step in range(count):
        x = gap * (step + 0.5) + canvas.rng.uniform(-20, 20)
        for side in (-1, 1):
            wide = size * 0.3
            spot = x + side * size * 0.35
            monitors.box(spot - wide, level - size * 0.5, spot + wide, level - size * 0.17)
        crowd.add(x, level + size * 0.82, size * 1.25, figures.STAND, helmet=False, stripes=False)
        chairs.limb((x, level + size * 0.1), (x, level + size * 0.6), size * 0.42, size * 0.46)
    canvas.paint(
        desk,
        canvas.gradient(
            ((0, mix(base, (190, 210, 226), 0.35)), (0.12, mix(base, dark, 0.5)), (1, dark)),
            level - size * 0.16,
            level + size * 0.6,
        ),
    )
    canvas.paint(
        monitors,
        canvas.gradient(
            ((0, mix(base, (190, 236, 255), 0.75)), (1, mix(base, (120, 190, 230), 0.5))),
            level - size * 0.5,
            level - size * 0.16,
        ),
    )
    canvas.paint(monitors, mix(base, (180, 230, 255), 0.6), 0.35, 22)
    crowd.paint(
        (58, 78, 108),
        figures.HAIR,
        dim=dark,
        shade=0.4,
        rim=mix(base, (200, 236, 255), 0.7),
        side=0,
    )
    canvas.rimmed(chairs, mix(dark, (8, 10, 14), 0.5), mix(base, (200, 230, 255), 0.35), (0, -2))


def workshop_craft(canvas: Canvas) -> None:
    """One craftsman, a bench, a window of light and sparks."""
    warm = canvas.rng.choice(((214, 168, 108), (196, 178, 150), (186, 160, 130)))
    dark = (20, 20, 26)
    canvas.image.paste(
        canvas.gradient(
            ((0, (34, 34, 40)), (0.6, mix(warm, dark, 0.6)), (1, (16, 16, 20))), 0, 1200
        )
    )
    side = canvas.rng.choice((0.16, 0.84))
    _window(canvas, canvas.w * side, warm)
    shelf = canvas.stencil()
    for step in range(14):
        x, high = canvas.w * step / 13, canvas.rng.uniform(90, 300)
        shelf.box(x - 60, 800 - high, x + canvas.rng.uniform(10, 60), 810)
        shelf.disc(x, 800 - high, 34)
    canvas.paint(shelf, mix(warm, dark, 0.76), 0.85, 9)
    flip = side > 0.5
    turn = -1 if flip else 1
    x = canvas.w * 0.5 - turn * 70
    point = (x + turn * 330, 800)
    canvas.glow(*point, 620, (255, 190, 110), 0.42)
    crowd = figures.Crowd(canvas)
    crowd.add(x, 1290, 900, figures.WORK, flip=flip, stripes=False)
    crowd.paint(
        (60, 76, 104),
        figures.YELLOW_HELMET,
        dim=dark,
        shade=0.42,
        rim=(255, 206, 140),
        side=4.0 * turn,
    )
    bench, job = canvas.stencil(), canvas.stencil()
    bench.box(-5, 880, canvas.w + 5, 930)
    bench.box(-5, 930, canvas.w + 5, 1210)
    canvas.paint(
        bench,
        canvas.gradient(
            ((0, mix(warm, (60, 60, 66), 0.5)), (0.12, (44, 42, 46)), (1, (14, 14, 18))), 880, 1200
        ),
    )
    for offset, size in ((0, 62), (120 * turn, 88), (-130 * turn, 40)):
        job.disc(point[0] + offset, 884 - size * 0.55, size, size * 0.6)
        job.box(point[0] + offset - size, 884 - size * 0.5, point[0] + offset + size, 890)
    canvas.rimmed(job, (48, 46, 52), (255, 196, 128), (-3 * turn, -3))
    sparks(canvas, point[0], point[1] + 20)


def _window(canvas: Canvas, x: float, warm: Colour) -> None:
    panes, shaft = canvas.stencil(), canvas.stencil()
    for column in range(3):
        for row in range(4):
            panes.box(
                x - 150 + column * 104, 90 + row * 116, x - 54 + column * 104, 196 + row * 116
            )
    canvas.paint(panes, mix(warm, (255, 250, 240), 0.7), 0.95, 3)
    away = canvas.w * 0.6 * (1 if x < canvas.w / 2 else -1)
    shaft.polygon([(x - 150, 90), (x + 160, 90), (x + 160 + away, 1200), (x - 300 + away, 1200)])
    canvas.paint(shaft, warm, 0.17, 40)
    canvas.glow(x, 320, 560, warm, 0.5)


def sparks(canvas: Canvas, x: float, y: float) -> None:
    """A fan of bright trails from the point of work."""
    trails = canvas.stencil()
    for _ in range(110):
        angle, reach = canvas.rng.gauss(-1.4, 0.8), abs(canvas.rng.gauss(0, 150)) + 20
        points = [
            (x + math.cos(angle) * reach * t, y + math.sin(angle) * reach * t + 130 * t * t)
            for t in (0.35, 0.6, 0.8, 1)
        ]
        trails.line(points, canvas.rng.uniform(1, 2.6))
    canvas.paint(trails, (255, 150, 60), 0.8, 5)
    canvas.paint(trails, (255, 232, 180), 1, 0.5)
    canvas.glow(x, y, 210, (255, 214, 150), 0.95)
    canvas.glow(x, y, 60, (255, 255, 250), 1.0)


def mine_tunnel(canvas: Canvas) -> None:
    """A supported roadway, rails, and miners whose lamps cut the dust."""
    warm = canvas.rng.choice(((226, 172, 104), (206, 184, 146), (190, 190, 178)))
    dark = (12, 12, 15)
    canvas.image.paste(dark, (0, 0, *canvas.size))
    cx, cy = canvas.w * canvas.rng.uniform(0.44, 0.56), 590.0
    canvas.glow(cx, cy, 900, mix(warm, dark, 0.25), 0.75)
    walls = canvas.stencil()
    walls.box(0, 0, canvas.w, canvas.h)
    canvas.texture(walls, 46, (8, 8, 10), 0.72)
    lamps = []
    for step in range(10):
        size = 74 * 1.36**step
        ring, wide = canvas.stencil(), size * 0.06
        arch = [
            (cx + math.cos(a) * size, cy + math.sin(a) * size * 0.86)
            for a in (math.pi * (1 + i / 30) for i in range(31))
        ]
        ring.line([(cx - size, cy + size * 0.6), *arch, (cx + size, cy + size * 0.6)], wide)
        tone = mix(mix(warm, (90, 86, 84), 0.45), dark, min(0.86, step * 0.1))
        canvas.rimmed(ring, mix(tone, dark, 0.35), tone, (0, 2.5 + step * 0.5))
        lamps.append((cx + size * 0.35, cy - size * 0.7, size))
    _roadway(canvas, cx, cy, warm, dark)
    for x, y, size in lamps[::2][:4]:
        canvas.glow(x, y, size * 0.9, (255, 226, 170), 0.75)
    beams = canvas.stencil()
    people = ((-0.26, 300), (0.2, 330), (-0.04, 190), (0.1, 170))
    for offset, tall in people:
        x, y = cx + offset * tall * 2.6, cy + 74 + tall * 0.98
        beams.polygon([(x, y - tall * 0.96), (cx - 90, cy - 30), (cx + 60, cy + 90)], 150)
    canvas.paint(beams, (255, 240, 206), 0.2, 16)
    for offset, tall in sorted(people, key=lambda person: person[1]):
        crowd = figures.Crowd(canvas)
        crowd.add(
            cx + offset * tall * 2.6, cy + 74 + tall * 0.98, tall, figures.WALK, flip=offset > 0
        )
        crowd.paint(
            (54, 66, 88),
            figures.RED_HELMET,
            dim=dark,
            shade=0.5,
            rim=warm,
            side=2 if offset < 0 else -2,
        )


def _roadway(canvas: Canvas, cx: float, cy: float, warm: Colour, dark: Colour) -> None:
    floor = canvas.stencil()
    floor.polygon([(cx - 74, cy + 46), (cx + 74, cy + 46), (cx + 1500, 1240), (cx - 1500, 1240)])
    canvas.paint(
        floor,
        canvas.gradient(
            ((0, mix(warm, dark, 0.3)), (0.35, mix(warm, dark, 0.72)), (1, dark)), cy + 40, 1200
        ),
    )
    canvas.texture(floor, 16, dark, 0.5, stretch=3)
    sleepers, rails = canvas.stencil(), canvas.stencil()
    for step in range(13):
        near = 1.33**step
        y = cy + 44 + 14 * near
        sleepers.box(cx - 22 * near, y, cx + 22 * near, y + 2.8 * near)
    for side in (-1, 1):
        rails.polygon(
            [
                (cx + side * 12, cy + 52),
                (cx + side * 14, cy + 52),
                (cx + side * 700, 1240),
                (cx + side * 660, 1240),
            ]
        )
    canvas.paint(sleepers, mix(dark, warm, 0.12), 0.8)
    canvas.paint(
        rails,
        canvas.gradient(
            ((0, mix(warm, (255, 255, 255), 0.3)), (1, mix(warm, dark, 0.6))), cy + 50, 1200
        ),
    )
