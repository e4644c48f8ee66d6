"""Mines, plants, railways and quays."""

from __future__ import annotations

from articles.demo.pictures import figures
from articles.demo.pictures.canvas import Canvas, Colour, Stencil, mix
from articles.demo.pictures.light import COLD, DAWN, DAY, Mood, pick, sky
from articles.demo.pictures.terrain import ground, ranges


def chimney(stencil: Stencil, x: float, foot: float, top: float, wide: float) -> None:
    """A tapering stack."""
    stencil.polygon(
        [(x - wide / 2, foot), (x - wide * 0.32, top), (x + wide * 0.32, top), (x + wide / 2, foot)]
    )


def steam(canvas: Canvas, x: float, y: float, reach: float, colour: Colour) -> None:
    """A plume that drifts and thins."""
    drift = canvas.rng.uniform(0.5, 1.1)
    for share, soften in ((0.5, 7), (1.0, 22)):
        plume = canvas.stencil()
        for step in range(int(16 * share)):
            part = step / 16
            plume.disc(
                x + reach * drift * part**1.2 + canvas.rng.uniform(-8, 8),
                y - 8 - reach * 0.7 * part**0.8,
                10 + 46 * part * canvas.rng.uniform(0.7, 1.2),
            )
        canvas.paint(plume, colour, 0.62, soften)


def conveyor_plant(canvas: Canvas) -> None:
    """A preparation plant: galleries climbing to the washing house, domes and silos."""
    mood = pick(canvas.rng, DAY, DAWN, COLD)
    sky(canvas, mood, 780, canvas.rng.uniform(0.15, 0.85), 0.55)
    ranges(canvas, mood, 640, 760, 3)
    canvas.haze(640, 800, mood.haze, 0.5)
    left, blue = (
        canvas.w * canvas.rng.uniform(0.08, 0.16),
        canvas.rng.choice(((58, 98, 138), (66, 112, 118), (120, 92, 74))),
    )
    wall, far = mix((214, 216, 214), mood.haze, 0.3), mix(blue, mood.haze, 0.3)
    domes = canvas.stencil()
    for offset, size in ((60, 118), (300, 128)):
        domes.disc(left + offset, 860, size, size * 1.05)
    canvas.paint(
        domes, canvas.gradient(((0, (238, 240, 240)), (1, mix(wall, mood.shade, 0.35))), 740, 870)
    )
    house = canvas.stencil()
    house.box(left + 760, 430, left + 1010, 880)
    house.box(left + 1010, 560, left + 1220, 880)
    house.box(left + 1270, 680, left + 1420, 880)
    canvas.paint(house, canvas.gradient(((0, wall), (1, mix(wall, mood.shade, 0.3))), 420, 880))
    canvas.texture(house, 40, mood.shade, 0.12)
    _plant_trim(canvas, left, far, mood)
    _galleries(canvas, left, far, mood)
    steam(canvas, left + 1120, 560, 260, mix((255, 255, 255), mood.haze, 0.2))
    ground(canvas, mood, 868, mix((138, 138, 122), mood.haze, 0.2), 12)
    crowd = figures.Crowd(canvas)
    for step in range(3):
        crowd.add(
            canvas.w * 0.3 + step * 118,
            1096 + step * 8,
            240,
            (figures.POINT, figures.STAND, figures.SHARE)[step],
        )
    crowd.paint(figures.ORANGE, figures.WHITE_HELMET, dim=mood.shade, shade=0.22, rim=mood.light)


def _plant_trim(canvas: Canvas, left: float, tint: Colour, mood: Mood) -> None:
    bands, panes = canvas.stencil(), canvas.stencil()
    for x, right, top in ((760, 1010, 430), (1010, 1220, 560), (1270, 1420, 680)):
        bands.box(left + x, top, left + right, top + 20)
        bands.box(left + x, 846, left + right, 880)
        for y in range(top + 54, 820, 74):
            for spot in range(x + 18, right - 34, 44):
                panes.box(left + spot, y, left + spot + 26, y + 32)
    canvas.paint(bands, tint)
    canvas.paint(
        panes,
        canvas.gradient(
            ((0, mix(mood.middle, mood.shade, 0.35)), (1, mix(tint, mood.shade, 0.5))), 430, 860
        ),
        0.85,
    )


def _galleries(canvas: Canvas, left: float, tint: Colour, mood: Mood) -> None:
    legs, tubes, glass = canvas.stencil(), canvas.stencil(), canvas.stencil()
    runs = (
        ((left + 60, 752), (left + 770, 486)),
        ((left + 300, 752), (left + 780, 600)),
        ((left + 1010, 610), (left + 1340, 700)),
    )
    for (x, y), (end, high) in runs:
        for step in range(1, 5):
            part = step / 5
            spot, level = x + (end - x) * part, y + (high - y) * part
            for side in (-1, 1):
                legs.line([(spot, level), (spot + side * 20, 880)], 6)
            legs.line([(spot - 9, (level + 880) / 2), (spot + 9, (level + 880) / 2)], 4)
        tubes.line([(x, y), (end, high)], 46)
        for step in range(2, 46):
            part = step / 47
            spot, level = x + (end - x) * part, y + (high - y) * part
            glass.box(spot - 4, level - 10, spot + 4, level + 2)
    canvas.paint(legs, mood.depth(0.4))
    canvas.rimmed(tubes, tint, mix(tint, mood.light, 0.7), (0, -5))
    canvas.paint(glass, mix((230, 240, 246), tint, 0.2), 0.8)
