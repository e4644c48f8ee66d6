"""The palette of portal.css can be read: in light and dark, in large type, on grey days."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

STYLES = Path("articles/static/articles/portal/portal.css").read_text(encoding="utf-8")
# WCAG 2.2: 1.4.3 (AA), 1.4.6 (AAA), 1.4.11 (what is no text).
AA, AAA, SHAPES = 4.5, 7.0, 3.0

Rgb = tuple[float, float, float]


def palettes() -> dict[str, dict[str, Rgb]]:
    """Each dress over the one it changes: the blocks of :root and html.elder, in their order."""
    blocks = re.findall(r"(?::root|html\.elder) \{([^}]*--paper[^}]*)\}", STYLES)
    light, dark, elder, elder_dark, paper = map(_colours, blocks)
    return {
        "light": light,
        "dark": light | dark,
        "elder": light | elder,
        "elder dark": light | dark | elder | elder_dark,
        "print": light | paper,
    }


def _colours(block: str) -> dict[str, Rgb]:
    return {name: _rgb(value) for name, value in re.findall(r"--(\w+): #([0-9a-f]{3,6});", block)}


def _rgb(value: str) -> Rgb:
    if len(value) == 3:
        value = "".join(digit * 2 for digit in value)
    red, green, blue = (int(value[place : place + 2], 16) / 255 for place in (0, 2, 4))
    return red, green, blue


def greyed(colour: Rgb) -> Rgb:
    """As `filter: grayscale(1)` does: on the values as they are stored, not as they shine."""
    grey = 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]
    return grey, grey, grey


def contrast(one: Rgb, other: Rgb) -> float:
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("is_grey", [False, True], ids=["coloured", "grey"])
@pytest.mark.parametrize(("dress", "colours"), palettes().items(), ids=palettes())
def test_can_be_read(dress: str, colours: dict[str, Rgb], is_grey: bool):
    if is_grey:
        colours = {name: greyed(colour) for name, colour in colours.items()}
    wanted = {"ink": AAA, "soft": AAA, "muted": AA, "accent": AA}
    if dress.startswith("elder"):
        wanted = dict.fromkeys(wanted, AAA) | {"rule": SHAPES}
    too_faint = [
        f"{name} on {ground}: {found:.2f}"
        for (name, least), ground in itertools.product(wanted.items(), ("paper", "tint"))
        if (found := contrast(colours[name], colours[ground])) < least
    ]
    assert too_faint == []
