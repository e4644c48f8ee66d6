"""Two texts that grew out of one: what only one of them changed is taken, the rest is asked.

Words of pictures are merged fact by fact wherever the picture stands, so a caption written here
and a picture moved there are no conflict. The text is merged by blocks: a paragraph both rewrote
is for a person to decide, since two halves of a sentence may fit and still say something wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from articles import comparing, markup
from articles.comparing import blocks, facts, sequences
from articles.comparing.bodies import BlockChange
from articles.comparing.bodies import compare as compare_bodies
from articles.comparing.comparison import Stretch, folded
from articles.comparing.facts import Content, FieldChange

MINE, THEIRS, BOTH = "mine", "theirs", "both"
# More to decide than this is a rewrite: whole texts are chosen then.
MOST_CONFLICTS = 200
# A story has one source, so both columns are decided together.
SOURCE = ("source_department_id", "outside_source")
FIELDS = (
    "kicker",
    "title",
    "subtitle",
    "channel_id",
    SOURCE,
    "byline",
    "short_title",
    "summary",
    "cover_id",
)
SAME, TAKEN_MINE, TAKEN_THEIRS, AGREED, CONFLICT = "same", "mine", "theirs", "agreed", "conflict"


@dataclass(frozen=True)
class Part:
    """One decision: a value before, in mine and in theirs."""

    key: str
    base: Any
    mine: Any
    theirs: Any
    # Blocks may stand one after the other; values may not.
    may_be_both: bool = False

    @property
    def verdict(self) -> str:
        if self.mine == self.theirs:
            return SAME if self.mine == self.base else AGREED
        if self.mine == self.base:
            return TAKEN_THEIRS
        if self.theirs == self.base:
            return TAKEN_MINE
        return CONFLICT

    @property
    def is_of_one_side(self) -> bool:
        return self.verdict in (TAKEN_MINE, TAKEN_THEIRS)

    @property
    def is_conflict(self) -> bool:
        return self.verdict == CONFLICT

    @property
    def default(self) -> str:
        """Words rather than none; of two additions both."""
        if not self.mine:
            return THEIRS
        if self.may_be_both and self.theirs and not self.base:
            return BOTH
        return MINE

    def outcome(self, choice: str) -> Any:
        """The value that stands in the merged text. KeyError when a conflict is not decided."""
        if self.verdict == TAKEN_THEIRS:
            return self.theirs
        if self.verdict != CONFLICT:
            return self.mine
        ways = {MINE: self.mine, THEIRS: self.theirs}
        if self.may_be_both:
            ways[BOTH] = (*self.mine, *self.theirs)
        return ways[choice]


@dataclass(frozen=True)
class Merge:
    """All decisions about two texts, in the order of the form; most of them are made."""

    base: dict[str, Any]
    mine: dict[str, Any]
    theirs: dict[str, Any]
    fields: list[tuple[Any, Part]]
    rows: list[tuple[str, int, str, Part]]
    attachments: list[tuple[int, Part]]
    body: list[Part]

    @property
    def parts(self) -> list[Part]:
        facts = [part for _name, part in self.fields]
        facts += [part for _kind, _row, _fact, part in self.rows]
        return facts + [part for _row, part in self.attachments] + self.body

    @property
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
        content["body"] = "".join(self._blocks(decided))
        content["tags"] = _merged_tags(self.base, self.mine, self.theirs)
        known = {"images": self._rows("images"), "videos": self._rows("videos")}
        for kind, row, fact, part in self.rows:
            value = decided(part)
            if value in (None, "") and fact not in _ALWAYS[kind]:
                known[kind][row].pop(fact, None)
            else:
                known[kind][row][fact] = value
        figures = markup.read_figures(content["body"])
        shown = [image for figure in figures for image in figure.images]
        content["images"] = [known["images"][image] for image in shown if image in known["images"]]
        films = [figure.video for figure in figures if figure.video]
        content["videos"] = [known["videos"][film] for film in films if film in known["videos"]]
        titles = {row: decided(part) for row, part in self.attachments}
        content["attachments"] = [
            {"id": row, "title": titles[row]}
            for row in _attachment_order(self.base, self.mine, self.theirs)
            if titles.get(row)
        ]
        return content

    def _rows(self, kind: str) -> dict[int, dict[str, Any]]:
        return {
            row["id"]: dict(row)
            for content in (self.base, self.theirs, self.mine)
            for row in content.get(kind, [])
        }

    def _blocks(self, decided: Callable[[Part], Any]) -> list[str]:
        """The blocks that come out. What both moved elsewhere would stand twice; once is right."""
        found = [block for part in self.body for block in decided(part)]
        usual: Counter[str] = Counter()
        for content in (self.base, self.mine, self.theirs):
            usual |= Counter(blocks.split(content.get("body", "")))
        kept: list[str] = []
        seen: Counter[str] = Counter()
        chosen = {block for part in self.body if part.is_conflict for block in decided(part)}
        for block in found:
            seen[block] += 1
            if seen[block] <= usual[block] or block in chosen:
                kept.append(block)
        return kept


_ALWAYS = {
    "images": frozenset({"caption", "credit", "alternative"}),
    "videos": frozenset({"caption", "credit", "poster"}),
}


def merge(base: dict[str, Any] | None, mine: dict[str, Any], theirs: dict[str, Any]) -> Merge:
    """What is to be decided between two contents that grew out of `base`.

    None for a base that is not kept any more: what the two have in common stands in for it, and
    each difference is asked.
    """
    if base is None:
        base = _common(mine, theirs)
    return Merge(
        base,
        mine,
        theirs,
        [_field(name, base, mine, theirs) for name in FIELDS],
        [
            *_facts("images", facts.PICTURE_FACTS, base, mine, theirs),
            *_facts("videos", facts.VIDEO_FACTS, base, mine, theirs),
        ],
        _attachments(base, mine, theirs),
        _body(base.get("body", ""), mine.get("body", ""), theirs.get("body", "")),
    )


_UNKNOWN = object()


def _common(mine: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    left, right = blocks.split(mine.get("body", "")), blocks.split(theirs.get("body", ""))
    body = "".join(left[place] for place, _other in sequences.same_items(left, right))
    fields = {
        name: mine.get(name) if mine.get(name) == theirs.get(name) else _UNKNOWN
        for name in comparing_names()
    }
    return fields | {"body": body, "images": [], "videos": [], "attachments": [], "tags": []}


def comparing_names() -> list[str]:
    """The columns that are decided one by one."""
    return [name for name in FIELDS if isinstance(name, str)] + list(SOURCE)


def _field(
    name: Any, base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> tuple[Any, Part]:
    def value(content: dict[str, Any]) -> Any:
        return tuple(content.get(each) for each in name) if name == SOURCE else content.get(name)

    key = "source" if name == SOURCE else name
    return name, Part(f"field-{key}", value(base), value(mine), value(theirs))


def _facts(
    kind: str,
    names: tuple[str, ...],
    base: dict[str, Any],
    mine: dict[str, Any],
    theirs: dict[str, Any],
) -> list[tuple[str, int, str, Part]]:
    """A part for each fact of each row that stands on both sides; else the one who has it says."""
    rows = [{row["id"]: row for row in each.get(kind, [])} for each in (base, mine, theirs)]
    found = []
    for row in {**rows[1], **rows[2]}:
        for name in names:
            before, one, other = (
                side[row].get(name) or None if row in side else _UNKNOWN for side in rows
            )
            if one is _UNKNOWN:
                one = before if before is not _UNKNOWN else other
            if other is _UNKNOWN:
                other = before if before is not _UNKNOWN else one
            if before is _UNKNOWN:
                # Put in by both: what one of them left empty is no wish.
                before = None
            if name in _ALWAYS[kind] and name != "poster":
                before, one, other = before or "", one or "", other or ""
            found.append((kind, row, name, Part(f"{kind}-{row}-{name}", before, one, other)))
    return found


def _attachments(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> list[tuple[int, Part]]:
    """A part for each attachment: its title, "" where it is not named."""
    sides = [Content(each).attachments for each in (base, mine, theirs)]
    rows = list(dict.fromkeys(row for side in sides for row in side))
    before, one, other = sides
    return [
        (row, Part(f"attachment-{row}", before.get(row, ""), one.get(row, ""), other.get(row, "")))
        for row in rows
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


def _merged_tags(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    """What either added, without what either took away."""
    before, one, other = (set(each.get("tags") or []) for each in (base, mine, theirs))
    return sorted((one & other) | (one - before) | (other - before))


# The text --------------------------------------------------------------------------------


@dataclass
class _Side:
    """One text against the base: block → what became of it, gap → what came in before it."""

    kept: dict[int, str]
    come: dict[int, list[str]]


def _body(base: str, mine: str, theirs: str) -> list[Part]:
    """Parts in the order of the text, in turn a gap and a block of the base."""
    if mine == theirs:
        theirs = mine
    before = blocks.split(base)
    one, other = _side(before, blocks.split(mine)), _side(before, blocks.split(theirs))
    _follow_moves(before, one, other)
    _follow_moves(before, other, one)
    parts: list[tuple[Any, Any, Any]] = []
    for place in range(len(before) + 1):
        parts += _come(one.come.get(place, []), other.come.get(place, []))
        if place < len(before):
            parts.append(((before[place],), _block(one, place), _block(other, place)))
    return _keyed([part for part in parts if any(part)])


def _come(mine: list[str], theirs: list[str]) -> list[tuple[Any, Any, Any]]:
    """What came in at one place; what both put there is no question."""
    parts: list[tuple[Any, Any, Any]] = []
    place = target = 0
    same = sequences.same_items(mine, theirs)
    for one, other in [*same, (len(mine), len(theirs))]:
        parts.append(((), tuple(mine[place:one]), tuple(theirs[target:other])))
        if one < len(mine):
            parts.append(((), (mine[one],), (mine[one],)))
        place, target = one + 1, other + 1
    return parts


def _block(side: _Side, place: int) -> tuple[str, ...]:
    return (side.kept[place],) if place in side.kept else ()


def _keyed(parts: list[tuple[Any, Any, Any]]) -> list[Part]:
    """Named for what they hold: a choice never lands on another block."""
    seen: Counter[str] = Counter()
    found = []
    for part in parts:
        name = sha256(repr(part).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        seen[name] += 1
        found.append(Part(f"block-{name}-{seen[name]}", *part, may_be_both=True))
    return found


def _side(base: list[str], text: list[str]) -> _Side:
    effort = sequences.Effort()
    same = sequences.same_items(base, text, effort)
    pairs = list(same)
    for before, after in sequences.gaps(same, len(base), len(text)):
        old, new = [base[place] for place in before], [text[place] for place in after]
        pairs += [
            (before[one], after[other])
            for one, other in sequences.alike([*map(_words, old)], [*map(_words, new)], effort)
        ]
    pairs.sort()
    side = _Side({}, {})
    place = target = 0
    for one, other in [*pairs, (len(base), len(text))]:
        if target < other:
            side.come[place] = text[target:other]
        if one < len(base):
            side.kept[one] = text[other]
        place, target = one + 1, other + 1
    return side


def _words(block: str) -> str:
    return "\n".join(each.words for each in blocks.read(block)) or block


def _follow_moves(base: list[str], mover: _Side, writer: _Side) -> None:
    """What one moved and the other rewrote is rewritten where it now stands."""
    standing: dict[str, list[tuple[list[str], int]]] = {}
    for come in mover.come.values():
        for at, block in enumerate(come):
            standing.setdefault(block, []).append((come, at))
    for place, block in enumerate(base):
        rewritten = writer.kept.get(place)
        if place in mover.kept or rewritten in (None, block) or not standing.get(block):
            continue
        come, at = standing[block].pop(0)
        come[at] = str(rewritten)
        del writer.kept[place]


# For the page ----------------------------------------------------------------------------


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
        return self.part.may_be_both

    @property
    def is_changed(self) -> bool:
        return self.part.is_of_one_side or self.part.is_conflict

    @property
    def is_of_tables(self) -> bool:
        """Whether the decision is about tables alone."""
        standing = (*self.part.mine, *self.part.theirs) if self.is_text else ()
        return bool(standing) and all(block.startswith("<table") for block in standing)

    @property
    def offers_both(self) -> bool:
        return bool(self.is_text and self.part.mine and self.part.theirs)


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
    for kind, row, fact, part in merge.rows:
        if part.is_conflict or (part.is_of_one_side and _stands_in_both(merge, kind, row)):
            found.append(_about_row(kind, row, fact, merge, part, budget))
    for _row, part in merge.attachments:
        if part.is_of_one_side or part.is_conflict:
            label = comparing.field_label("attachments")
            found.append(_about(part, label, part.base, part.mine, part.theirs, budget))
    return found + _about_tags(merge)


def _about_tags(merge: Merge) -> list[Question]:
    before, one, other = (each.get("tags") or [] for each in (merge.base, merge.mine, merge.theirs))
    tags = Part("tags", before, one, other)
    if tags.is_conflict:
        # Never asked: what comes out stands in for both.
        one = other = _merged_tags(merge.base, merge.mine, merge.theirs)
        tags = Part("tags", before, one, other)
    if tags.verdict == SAME:
        return []
    label = comparing.field_label("tags")
    mine, theirs = (
        [FieldChange("tags", label, comparing.listed(before, names))] for names in (one, other)
    )
    return [Question(tags, label, mine, theirs)]


def _stands_in_both(merge: Merge, kind: str, row: int) -> bool:
    """Of a row only one of them has, the block tells everything."""
    sides = [{each["id"] for each in side.get(kind, [])} for side in (merge.mine, merge.theirs)]
    return all(row in side for side in sides)


def _about_field(name: Any, merge: Merge, part: Part, budget: comparing.Budget) -> Question:
    names = SOURCE if name == SOURCE else (name,)

    def said(content: dict[str, Any]) -> str:
        if any(content.get(each) is _UNKNOWN for each in names):
            return ""
        spoken = [comparing.spoken_field(each, content) for each in names]
        return "".join(spoken)

    label = comparing.field_label(names[0])
    return _about(part, label, said(merge.base), said(merge.mine), said(merge.theirs), budget)


def _about_row(
    kind: str, row: int, fact: str, merge: Merge, part: Part, budget: comparing.Budget
) -> Question:
    sides = [Content(each) for each in (merge.base, merge.mine, merge.theirs)]
    model = facts.ArticleImage if kind == "images" else facts.Video
    label = facts.label(model, fact)
    if kind == "images":
        shown = sides[1] if row in sides[1].images else sides[2]
        label = f"{shown.picture_name(row)} {label}"
    before, one, other = (
        facts.spoken(fact, value, side)
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
        part = replace(each, base=each.mine) if each.verdict == AGREED else each
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
