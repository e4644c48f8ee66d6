"""How a person is asked about two texts: both ways from the base, in pieces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from articles import comparing
from articles.comparing import facts
from articles.comparing.bodies import BlockChange
from articles.comparing.bodies import compare as compare_bodies
from articles.comparing.comparison import Stretch, folded
from articles.comparing.facts import Content, FieldChange
from articles.merging.contents import SOURCE, Merge, merged_tags
from articles.merging.parts import AGREED, CONFLICT, SAME, TAKEN_THEIRS, Part
from articles.merging.rows import UNKNOWN, Fact


@dataclass(frozen=True)
class Question:
    """A part as a person is asked about it: both ways from the base, in pieces."""

    part: Part
    label: str
    mine: list[FieldChange] | list[BlockChange]
    theirs: list[FieldChange] | list[BlockChange]
    # Which way is marked.
    chosen: str = ""

    @property
    def is_text(self) -> bool:
        return self.part.is_text

    @property
    def is_changed(self) -> bool:
        part = self.part
        return part.is_of_one_side or part.is_conflict or part.is_put_together

    @property
    def is_of_tables(self) -> bool:
        """Whether the decision is about tables alone."""
        standing = (*self.part.mine, *self.part.theirs) if self.is_text else ()
        return bool(standing) and all(block.startswith("<table") for block in standing)

    @property
    def offers_both(self) -> bool:
        return self.part.may_be_both


def questions(merge: Merge, chosen: Mapping[str, str] = MappingProxyType({})) -> list[Question]:
    """The facts that somebody changed, those to be decided first.

    `chosen` holds what was chosen so far, by key; the rest is marked as suggested.
    """
    found = [
        replace(question, chosen=chosen.get(question.part.key, question.part.default))
        for question in _about_facts(merge, comparing.Budget())
    ]
    return sorted(found, key=lambda question: not question.part.is_conflict)


def _about_facts(merge: Merge, budget: comparing.Budget) -> list[Question]:
    found = []
    for name, part in merge.fields:
        if part.is_of_one_side or part.is_conflict:
            found.append(_about_field(name, merge, part, budget))
    for fact in merge.facts:
        is_of_one_side = fact.part.is_of_one_side and _stands_in_both(merge, fact)
        if fact.part.is_conflict or is_of_one_side:
            found.append(_about_row(fact, merge, budget))
    for _row, part in merge.attachments:
        if part.is_of_one_side or part.is_conflict:
            label = comparing.field_label("attachments")
            found.append(_about(part, label, part.base, part.mine, part.theirs, budget))
    return found + _about_tags(merge)


def _about_tags(merge: Merge) -> list[Question]:
    before, one, other = (each.get("tags") or [] for each in (merge.base, merge.mine, merge.theirs))
    tags = Part("tags", before, one, other, is_put_together=True)
    if tags.is_conflict:
        # Never asked: what comes out stands in for both.
        one = other = merged_tags(merge.base, merge.mine, merge.theirs)
        tags = replace(tags, mine=one, theirs=other)
    if tags.verdict == SAME:
        return []
    label = comparing.field_label("tags")
    mine, theirs = (
        [FieldChange("tags", label, comparing.listed(before, names))] for names in (one, other)
    )
    return [Question(tags, label, mine, theirs)]


def _stands_in_both(merge: Merge, fact: Fact) -> bool:
    """Of a row only one of them has, the block tells everything."""
    sides = (merge.mine, merge.theirs)
    return all(fact.number in {row["id"] for row in side.get(fact.kind, [])} for side in sides)


def _about_field(name: Any, merge: Merge, part: Part, budget: comparing.Budget) -> Question:
    names = SOURCE if name == SOURCE else (name,)

    def said(content: dict[str, Any]) -> str:
        if any(content.get(each) is UNKNOWN for each in names):
            return ""
        spoken = [comparing.spoken_field(each, content) for each in names]
        return "".join(spoken)

    label = comparing.field_label(names[0])
    return _about(part, label, said(merge.base), said(merge.mine), said(merge.theirs), budget)


def _about_row(fact: Fact, merge: Merge, budget: comparing.Budget) -> Question:
    sides = [Content(each) for each in (merge.base, merge.mine, merge.theirs)]
    model = facts.ArticleImage if fact.kind == "images" else facts.Video
    label, part = facts.label(model, fact.name), fact.part
    if fact.kind == "images":
        shown = sides[1] if fact.number in sides[1].images else sides[2]
        label = f"{shown.picture_name(fact.number)} {label}"
    before, one, other = (
        facts.spoken(fact.name, value, side)
        for value, side in zip((part.base, part.mine, part.theirs), sides, strict=True)
    )
    return _about(part, label, before, one, other, budget)


def _about(
    part: Part, label: str, base: str, mine: str, theirs: str, budget: comparing.Budget
) -> Question:
    def way(text: str) -> list[FieldChange]:
        return [facts.change(part.key, label, base, text, budget)]

    return Question(part, label, way(mine), way(theirs))


def stretches(
    merge: Merge, chosen: Mapping[str, str] = MappingProxyType({})
) -> list[Stretch[Question]]:
    """The text in order, each part with both ways; what nobody changed is folded."""
    budget = comparing.Budget()

    def way(part: Part, content: dict[str, Any], blocks: tuple[str, ...]) -> list[BlockChange]:
        return _blocks_between(merge.base, content, part.base, blocks, budget)

    found = []
    for each in merge.body:
        # As it will be: that both did the same needs nobody's attention.
        is_told = each.is_put_together or each.verdict != AGREED
        part = each if is_told else replace(each, base=each.mine)
        mine = way(part, merge.mine, part.mine)
        asked = part.verdict in (CONFLICT, TAKEN_THEIRS)
        theirs = way(part, merge.theirs, part.theirs) if asked else []
        label = next((change.label for change in [*mine, *theirs]), "")
        mark = chosen.get(part.key, part.default)
        found.append(Question(part, label, mine, theirs, mark))
    return list(folded(found))


def _blocks_between(
    old: dict[str, Any],
    new: dict[str, Any],
    before: tuple[str, ...],
    after: tuple[str, ...],
    budget: comparing.Budget,
) -> list[BlockChange]:
    return compare_bodies(
        Content(old | {"body": "".join(before)}), Content(new | {"body": "".join(after)}), budget
    )
