"""What is said of pictures and films, merged fact by fact wherever they stand.

So a caption written here and a picture moved there are no conflict. A group's caption is stored
with its first picture; for merging all three contents hold it with one and the same picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from articles import markup
from articles.comparing import facts
from articles.merging.parts import Part
from articles.merging.places import Row, Rows

# No value: the row is not there, or nobody knows what was there before.
UNKNOWN: Any = object()
FACTS = {"images": facts.PICTURE_FACTS, "videos": facts.VIDEO_FACTS}
# Never left out of a row, though empty.
ALWAYS = {
    "images": frozenset({"caption", "credit", "alternative"}),
    "videos": frozenset({"caption", "credit", "poster"}),
}
# An end of a sentence needs no semicolon; the same in places.js.
_ENDS = tuple("。！？.!?；;")

Words = dict[Row, dict[str, Any]]


@dataclass(frozen=True)
class Fact:
    """One fact of one picture or film, and what is decided about it."""

    kind: str
    number: int
    name: str
    part: Part


def words(*contents: dict[str, Any]) -> list[Words]:
    """Row → its facts, for base, mine and theirs; captions where all three can have them."""
    found: list[Words] = [
        {(kind, row["id"]): dict(row) for kind in FACTS for row in content.get(kind, [])}
        for content in contents
    ]
    figures = [_groups(content) for content in contents]
    carriers = set()
    for images in figures[0]:
        everywhere = [row for row in images if all(row in side for side in found)]
        carriers.add((everywhere or images)[0])
    for side, groups in zip(found, figures, strict=True):
        for images in groups:
            carrier = next((row for row in images if row in carriers), images[0])
            if carrier != images[0] and carrier in side and images[0] in side:
                side[carrier]["caption"] = side[images[0]].get("caption", "")
                side[images[0]]["caption"] = ""
    return found


def _groups(content: dict[str, Any]) -> list[list[Row]]:
    figures = markup.read_figures(content.get("body", ""))
    return [[("images", image) for image in each.images] for each in figures if each.images]


def parts(base: Words, mine: Words, theirs: Words) -> list[Fact]:
    """A part for each fact of each row that stands on both sides; else the one who has it says."""
    found = []
    for row in {**mine, **theirs}:
        kind, number = row
        for name in FACTS[kind]:
            before, one, other = (
                side[row].get(name) or None if row in side else UNKNOWN
                for side in (base, mine, theirs)
            )
            if one is UNKNOWN:
                one = before if before is not UNKNOWN else other
            if other is UNKNOWN:
                other = before if before is not UNKNOWN else one
            if before is UNKNOWN:
                # Put in by both: what one of them left empty is no wish.
                before = None
            if name in ALWAYS[kind] and name != "poster":
                before, one, other = before or "", one or "", other or ""
            part = Part(f"{kind}-{number}-{name}", before, one, other)
            found.append(Fact(kind, number, name, part))
    return found


def out_of_one(base: Words, remover: Words, writer: Words) -> Rows:
    """What one took out while the other rewrote what is said of it."""
    return frozenset(
        row
        for row in base
        if row in writer
        and row not in remover
        and any(
            (base[row].get(name) or None) != (writer[row].get(name) or None)
            for name in FACTS[row[0]]
        )
    )


def placed(
    figures: list[markup.Figure], known: Words
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Pictures and films as the figures show them; each group has its captions with the first."""
    images, videos = [], []
    for figure in figures:
        rows = [known[row] for image in figure.images if (row := ("images", image)) in known]
        caption = _joined([row.get("caption", "") for row in rows])
        images += [row | {"caption": "" if place else caption} for place, row in enumerate(rows)]
        if ("videos", figure.video) in known:
            videos.append(known["videos", figure.video])
    return images, videos


def _joined(captions: list[str]) -> str:
    """Nothing that was written gets lost."""
    found = ""
    for caption in dict.fromkeys(filter(None, captions)):
        found += f"；{caption}" if found and not found.endswith(_ENDS) else caption
    return found
