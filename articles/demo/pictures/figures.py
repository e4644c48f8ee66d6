"""People, seen from afar or from behind, never with a face.

A crowd keeps one stencil for each material, so a whole row is painted in five strokes and rows
can stand behind one another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PIL import ImageChops

from articles.demo.pictures.canvas import Canvas, Colour, Point, Stencil, mix

Placer = Callable[[Point], Point]

NAVY: Colour = (44, 62, 92)
ORANGE: Colour = (206, 104, 42)
GREY: Colour = (92, 98, 104)
SKIN: Colour = (190, 142, 114)
HAIR: Colour = (34, 30, 32)
RED_HELMET: Colour = (178, 44, 38)
WHITE_HELMET: Colour = (232, 230, 222)
YELLOW_HELMET: Colour = (226, 172, 48)
REFLEX: Colour = (238, 236, 206)


@dataclass(frozen=True)
class Pose:
    """Hands and feet relative to the person's height, from the point between the feet."""

    left_hand: Point = (-0.132, -0.45)
    right_hand: Point = (0.14, -0.46)
    left_elbow: Point = (-0.148, -0.62)
    right_elbow: Point = (0.15, -0.62)
    left_foot: Point = (-0.06, 0.0)
    right_foot: Point = (0.055, 0.0)
    lean: float = 0.0


STAND = Pose()
WALK = Pose(
    (-0.15, -0.48), (0.11, -0.46), (-0.145, -0.62), (0.142, -0.62), (-0.075, 0), (0.05, -0.03)
)
POINT = Pose(right_hand=(0.42, -0.78), right_elbow=(0.27, -0.72))
WAVE = Pose(right_hand=(0.25, -1.02), right_elbow=(0.25, -0.8))
CARRY = Pose((-0.05, -0.58), (0.06, -0.58), (-0.16, -0.62), (0.162, -0.62))
WORK = Pose((0.24, -0.5), (0.28, -0.52), (0.05, -0.6), (0.2, -0.62), (-0.1, 0), (0.09, 0), 0.08)
SHARE = Pose(left_hand=(-0.06, -0.58), right_hand=(0.2, -0.6), left_elbow=(-0.15, -0.62))


class Crowd:
    """People on one plane of the picture."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.coat = canvas.stencil()
        self.trousers = canvas.stencil()
        self.skin = canvas.stencil()
        self.hat = canvas.stencil()
        self.stripe = canvas.stencil()
        self.shadow = canvas.stencil()

    def add(
        self,
        x: float,
        y: float,
        tall: float,
        pose: Pose = STAND,
        *,
        helmet: bool = True,
        flip: bool = False,
        stripes: bool = True,
    ) -> None:
        """Stand one person with the feet at a point."""
        side = -1 if flip else 1

        def spot(place: Point) -> Point:
            lean = pose.lean * max(0.0, -place[1] - 0.5) * 1.6
            return x + (place[0] + lean) * side * tall, y + place[1] * tall

        self.shadow.disc(x + tall * 0.04, y, tall * 0.2, tall * 0.024)
        self._legs(spot, pose, tall)
        self._arms(spot, pose, tall)
        self._trunk(spot, tall)
        self._head(spot, tall, helmet=helmet)
        if stripes:
            self._stripes(spot, tall)

    def _legs(self, spot: Placer, pose: Pose, tall: float) -> None:
        for hip, foot in ((-0.05, pose.left_foot), (0.05, pose.right_foot)):
            knee = ((hip + foot[0]) / 2 * 1.05, -0.26)
            self.trousers.limb(spot((hip, -0.48)), spot(knee), tall * 0.1, tall * 0.08)
            self.trousers.limb(
                spot(knee), spot((foot[0], foot[1] - 0.03)), tall * 0.08, tall * 0.055
            )
            self.trousers.disc(*spot((foot[0] + 0.01, foot[1] - 0.012)), tall * 0.042, tall * 0.02)

    def _arms(self, spot: Placer, pose: Pose, tall: float) -> None:
        for shoulder, elbow, hand in (
            (-0.105, pose.left_elbow, pose.left_hand),
            (0.105, pose.right_elbow, pose.right_hand),
        ):
            self.coat.limb(spot((shoulder, -0.79)), spot(elbow), tall * 0.058, tall * 0.052)
            self.coat.limb(spot(elbow), spot(hand), tall * 0.055, tall * 0.04)
            self.skin.disc(*spot(hand), tall * 0.026)

    def _trunk(self, spot: Placer, tall: float) -> None:
        outline = [
            (-0.038, -0.858),
            (0.038, -0.858),
            (0.095, -0.832),
            (0.13, -0.79),
            (0.108, -0.64),
            (0.106, -0.46),
            (-0.106, -0.46),
            (-0.108, -0.64),
            (-0.13, -0.79),
            (-0.095, -0.832),
        ]
        self.coat.polygon([spot(place) for place in outline])

    def _head(self, spot: Placer, tall: float, *, helmet: bool) -> None:
        self.skin.limb(spot((0, -0.85)), spot((0, -0.9)), tall * 0.062, tall * 0.06)
        self.skin.disc(*spot((0, -0.925)), tall * 0.047, tall * 0.062)
        if not helmet:
            self.hat.disc(*spot((0, -0.945)), tall * 0.05, tall * 0.052)
            return
        self.hat.disc(*spot((0, -0.955)), tall * 0.058, tall * 0.052)
        self.hat.disc(*spot((0, -0.93)), tall * 0.063, tall * 0.014)

    def _stripes(self, spot: Placer, tall: float) -> None:
        for height in (-0.66, -0.54):
            self.stripe.line([spot((-0.106, height)), spot((0.106, height))], tall * 0.015)
        for side in (-0.06, 0.06):
            self.stripe.line([spot((side, -0.82)), spot((side, -0.66))], tall * 0.013)

    def paint(
        self,
        coat: Colour = NAVY,
        hat: Colour = RED_HELMET,
        *,
        dim: Colour = (20, 24, 34),
        shade: float = 0.4,
        rim: Colour | None = None,
        side: float = -2.0,
    ) -> None:
        """Dress the people; `dim` and `shade` set how much they stand against the light."""
        whole = self._joined()
        self.canvas.paint(self.shadow, dim, 0.55, 5)
        if rim:
            self.canvas.paint(whole, rim, 0.8, 0.6, (side, -1.5))
        for stencil, colour in (
            (self.trousers, mix(coat, (14, 16, 24), 0.4)),
            (self.skin, SKIN),
            (self.coat, coat),
            (self.hat, hat),
            (self.stripe, mix(REFLEX, coat, 0.4)),
        ):
            self.canvas.paint(stencil, mix(colour, dim, shade))
        self._modelled(whole, dim, side)

    def _joined(self) -> Stencil:
        whole = self.canvas.stencil()
        for part in (self.coat, self.trousers, self.skin, self.hat):
            whole.mask.paste(255, (0, 0, *whole.mask.size), part.mask)
        return whole

    def _modelled(self, whole: Stencil, dim: Colour, side: float) -> None:
        """Darken the side away from the light: the mask minus itself moved over."""
        mask = self.canvas.cut(whole)
        away = round((-9 if side > 0 else 9) * self.canvas.k)
        lit = self.canvas.blurred(ImageChops.offset(mask, -away, 0), 7)
        dark = ImageChops.multiply(mask, ImageChops.invert(lit)).point(lambda v: int(v * 0.7))
        self.canvas.image.paste(dim, (0, 0, *self.canvas.size), dark)


def heads(canvas: Canvas, stencil: Stencil, y: float, size: float, gap: float) -> None:
    """A row of listeners seen from behind: heads and shoulders."""
    x = -gap * canvas.rng.random()
    while x < canvas.w + gap:
        up = y + canvas.rng.uniform(-0.25, 0.2) * size
        stencil.disc(x, up, size * 0.5, size * 0.62)
        stencil.limb((x, up + size * 0.3), (x, up + size), size * 0.5, size * 0.6)
        stencil.limb(
            (x - size * 0.62, up + size * 1.3),
            (x + size * 0.62, up + size * 1.3),
            size * 0.9,
            size * 0.9,
        )
        stencil.box(x - size * 1.07, up + size * 1.3, x + size * 1.07, up + size * 6)
        x += gap * canvas.rng.uniform(0.88, 1.14)
