"""A figure as the attributes of its tag: read with what makes sense, written without the usual."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import lxml.html

from articles.markup.figures import MIDDLE, Crop, Figure, Picture

TURNS = frozenset({0, 90, 180, 270})
# Smaller parts of a picture are slips of the hand.
SMALLEST_CROP = 0.02
RIGHTS = frozenset({"own", "contributed", "agency", "other"})
# The attributes of a figure with one picture, and the keys of each picture in `data-group`.
_FACTS = ("credit", "alt", "rights", "rights-note", "turn", "crop", "focus")
_ROW = re.compile(r"[1-9][0-9]{0,17}")
_ROWS = re.compile(rf"{_ROW.pattern}(?:,{_ROW.pattern})*")
_SHARE = re.compile(r"0(?:\.[0-9]{1,8})?|1(?:\.0{1,8})?")


def read(element: lxml.html.HtmlElement) -> Figure | None:
    """What the attributes say; None when they name no row."""
    caption = _line(element.text_content())
    if _ROW.fullmatch(element.get("data-video", "")):
        poster = element.get("data-poster", "")
        return Figure(
            caption=caption,
            video=int(element.get("data-video")),
            poster=int(poster) if _ROW.fullmatch(poster) else 0,
            credit=_line(element.get("data-credit")),
        )
    pictures = _pictures(element)
    return Figure(pictures, caption) if pictures else None


def _pictures(element: lxml.html.HtmlElement) -> tuple[Picture, ...]:
    rows = element.get("data-image", "")
    if _ROW.fullmatch(rows):
        facts = {name: element.get(f"data-{name}") for name in _FACTS}
        return (_picture(int(rows), facts),)
    if _ROWS.fullmatch(rows):
        return _each_once(Picture(int(row)) for row in rows.split(","))
    try:
        listed = json.loads(element.get("data-group", ""))
    except (ValueError, RecursionError):
        return ()
    return _each_once(
        _picture(int(str(facts["image"])), facts)
        for facts in (listed if isinstance(listed, list) else [])
        if isinstance(facts, dict) and _ROW.fullmatch(str(facts.get("image", "")))
    )


def _each_once(pictures: Iterable[Picture]) -> tuple[Picture, ...]:
    found: dict[int, Picture] = {}
    for picture in pictures:
        found.setdefault(picture.image, picture)
    return tuple(found.values())


def _picture(image: int, facts: dict[str, Any]) -> Picture:
    """A picture with those of the facts that make sense."""
    rights, turn = str(facts.get("rights") or ""), str(facts.get("turn") or "0")
    return Picture(
        image=image,
        credit=_line(facts.get("credit")),
        alternative=_line(facts.get("alt")),
        rights=rights if rights in RIGHTS else "",
        rights_note=_line(facts.get("rights-note")),
        turn=int(turn) if turn in {str(each) for each in TURNS} else 0,
        crop=_crop(_numbers(facts.get("crop"), 4)),
        focus=_focus(_numbers(facts.get("focus"), 2)),
    )


def _line(value: Any) -> str:
    return " ".join(str(value or "").split())


def _numbers(value: Any, count: int) -> list[float]:
    """Shares between 0 and 1, written "0.1,0.25"; [] when it is anything else."""
    parts = str(value or "").split(",")
    if len(parts) != count or not all(_SHARE.fullmatch(part) for part in parts):
        return []
    return [float(part) for part in parts]


def _crop(numbers: list[float]) -> Crop | None:
    if not numbers:
        return None
    left, top, width, height = (round(number, 4) for number in numbers)
    width, height = min(width, round(1 - left, 4)), min(height, round(1 - top, 4))
    if min(width, height) < SMALLEST_CROP or (width, height) == (1, 1):
        return None
    return left, top, width, height


def _focus(numbers: list[float]) -> tuple[float, float]:
    return (round(numbers[0], 4), round(numbers[1], 4)) if numbers else MIDDLE


def written(figure: Figure) -> dict[str, str]:
    """Name without `data-` → value; "" for what is as usual."""
    if figure.video:
        poster = str(figure.poster) if figure.poster else ""
        return {"video": str(figure.video), "poster": poster, "credit": figure.credit}
    if len(figure.pictures) == 1:
        only = figure.pictures[0]
        return {"image": str(only.image)} | _facts(only)
    if figure == figure.bare:
        return {"image": ",".join(str(image) for image in figure.images)}
    listed = [
        {"image": picture.image} | {name: value for name, value in _facts(picture).items() if value}
        for picture in figure.pictures
    ]
    return {"group": json.dumps(listed, ensure_ascii=False, separators=(",", ":"))}


def _facts(picture: Picture) -> dict[str, str]:
    return {
        "credit": picture.credit,
        "alt": picture.alternative,
        "rights": picture.rights,
        "rights-note": picture.rights_note,
        "turn": str(picture.turn) if picture.turn else "",
        "crop": _spelled(picture.crop),
        "focus": "" if picture.focus == MIDDLE else _spelled(picture.focus),
    }


def _spelled(numbers: tuple[float, ...] | None) -> str:
    return ",".join(f"{number:.4f}".rstrip("0").rstrip(".") for number in numbers or ())
