"""All decisions about two contents that grew out of one, and the content that comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from articles import markup
from articles.comparing import blocks, sequences
from articles.comparing.facts import Content
from articles.merging import body, rows
from articles.merging.parts import Part
from articles.merging.rows import ALWAYS, UNKNOWN, Fact

# More to decide than this is a rewrite: whole texts are chosen then.
MOST_CONFLICTS = 200
# A story has one source, so both columns are decided together.
SOURCE = ("source_department_id", "outside_source")
FIELDS = (
    "kicker",
    "title",
    "subtitle",
    "channel_id",
    "content_class_id",
    SOURCE,
    "byline",
    "related",
    "short_title",
    "summary",
    "cover_id",
)


@dataclass(frozen=True)
class Merge:
    """All decisions about two texts, in the order of the form; most of them are made."""

    base: dict[str, Any]
    mine: dict[str, Any]
    theirs: dict[str, Any]
    fields: list[tuple[Any, Part]]
    facts: list[Fact]
    attachments: list[tuple[int, Part]]
    body: list[Part]

    @cached_property
    def parts(self) -> list[Part]:
        found = [part for _name, part in self.fields]
        found += [fact.part for fact in self.facts]
        return found + [part for _row, part in self.attachments] + self.body

    @cached_property
    def conflicts(self) -> list[Part]:
        return [part for part in self.parts if part.is_conflict]

    @property
    def can_be_chosen(self) -> bool:
        return len(self.conflicts) <= MOST_CONFLICTS

    def merged(self, choices: Mapping[str, str]) -> dict[str, Any]:
        """The content that comes out; `choices` by key of the conflict.

        Raises KeyError when a conflict is not decided.
        """

        def decided(part: Part) -> Any:
            return part.outcome(choices[part.key] if part.is_conflict else "")

        content: dict[str, Any] = {}
        for name, part in self.fields:
            value = decided(part)
            content |= dict(zip(name, value, strict=True)) if name == SOURCE else {name: value}
        content["body"] = "".join(block for part in self.body for block in decided(part))
        content["tags"] = merged_tags(self.base, self.mine, self.theirs)
        figures = markup.read_figures(content["body"])
        content["images"], content["videos"] = rows.placed(figures, self._rows(decided))
        if content["cover_id"] not in {image["id"] for image in content["images"]}:
            content["cover_id"] = None
        content["related"] = content["related"] or ""
        titles = {row: decided(part) for row, part in self.attachments}
        content["attachments"] = [
            {"id": row, "title": titles[row]}
            for row in _attachment_order(self.base, self.mine, self.theirs)
            if titles.get(row)
        ]
        return content

    def _rows(self, decided: Callable[[Part], Any]) -> rows.Words:
        known = {
            (kind, row["id"]): dict(row)
            for content in (self.base, self.theirs, self.mine)
            for kind in rows.FACTS
            for row in content.get(kind, [])
        }
        for fact in self.facts:
            row, value = known[fact.kind, fact.number], decided(fact.part)
            if value in (None, "") and fact.name not in ALWAYS[fact.kind]:
                row.pop(fact.name, None)
            else:
                row[fact.name] = value
        return known


def merge(base: dict[str, Any] | None, mine: dict[str, Any], theirs: dict[str, Any]) -> Merge:
    """What is to be decided between two contents that grew out of `base`.

    None for a base that is not kept any more: what the two have in common stands in for it, and
    what one has alone is taken.
    """
    if base is None:
        base = _common(mine, theirs)
    words = rows.words(base, mine, theirs)
    return Merge(
        base,
        mine,
        theirs,
        [_field(name, base, mine, theirs) for name in FIELDS],
        rows.parts(*words),
        _attachments(base, mine, theirs),
        body.parts(
            base.get("body", ""),
            mine.get("body", ""),
            theirs.get("body", ""),
            out_of_mine=rows.out_of_one(words[0], words[1], words[2]),
            out_of_theirs=rows.out_of_one(words[0], words[2], words[1]),
        ),
    )


def _common(mine: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    left, right = blocks.split(mine.get("body", "")), blocks.split(theirs.get("body", ""))
    shared = "".join(left[place] for place, _other in sequences.same_items(left, right))
    fields = {
        name: mine.get(name) if mine.get(name) == theirs.get(name) else UNKNOWN
        for each in FIELDS
        for name in (each if isinstance(each, tuple) else (each,))
    }
    return fields | {"body": shared, "images": [], "videos": [], "attachments": [], "tags": []}


def _field(
    name: Any, base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> tuple[Any, Part]:
    def value(content: dict[str, Any]) -> Any:
        return tuple(content.get(each) for each in name) if name == SOURCE else content.get(name)

    key = "source" if name == SOURCE else name
    return name, Part(f"field-{key}", value(base), value(mine), value(theirs))


def _attachments(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> list[tuple[int, Part]]:
    """A part for each attachment: its title, "" where it is not named."""
    sides = [Content(each).attachments for each in (base, mine, theirs)]
    found = list(dict.fromkeys(row for side in sides for row in side))
    before, one, other = sides
    return [
        (row, Part(f"attachment-{row}", before.get(row, ""), one.get(row, ""), other.get(row, "")))
        for row in found
    ]


def _attachment_order(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> list[int]:
    """Mine, unless only they changed the order; what the other added comes behind."""
    sides = [list(Content(each).attachments) for each in (base, mine, theirs)]
    first, second = sides[1:]
    if first == sides[0]:
        first, second = second, first
    return list(dict.fromkeys([*first, *second]))


def merged_tags(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """What either added, without what either took away."""
    before, one, other = (set(each.get("tags") or []) for each in (base, mine, theirs))
    return sorted((one & other) | (one - before) | (other - before))
