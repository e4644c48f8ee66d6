"""What changed about the looks of words that stayed: bold, links and the like, as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import text
from articles.comparing.blocks import (
    CROSSHEAD,
    GROUP,
    ITEM,
    LINE,
    NUMBERED,
    PARAGRAPH,
    PICTURE,
    QUOTE,
    ROW,
    SUBHEAD,
    VIDEO,
    Block,
)
from articles.comparing.pieces import DELETE, EQUAL, Piece

MARKS = {
    "strong": gettext_lazy("bold"),
    "em": gettext_lazy("italic"),
    "u": gettext_lazy("underlined"),
    "s": gettext_lazy("struck out"),
    "sub": gettext_lazy("subscript"),
    "sup": gettext_lazy("superscript"),
}
TYPES = {
    PARAGRAPH: gettext_lazy("paragraph"),
    CROSSHEAD: gettext_lazy("cross-heading"),
    SUBHEAD: gettext_lazy("smaller heading"),
    QUOTE: gettext_lazy("quotation"),
    ITEM: gettext_lazy("list item"),
    NUMBERED: gettext_lazy("numbered item"),
    ROW: gettext_lazy("row of a table"),
    LINE: gettext_lazy("dividing line"),
    PICTURE: gettext_lazy("picture"),
    GROUP: gettext_lazy("group of pictures"),
    VIDEO: gettext_lazy("video"),
}
# More sentences than these tell nobody anything.
MOST_NOTES = 6
# Half columns of the words a sentence quotes.
QUOTED = 40


def notes(old: Block, new: Block, pieces: tuple[Piece, ...]) -> tuple[str, ...]:
    """What changed beside the words; () when nothing did."""
    found = []
    if old.type != new.type:
        found.append(
            _("%(old)s → %(new)s") % {"old": str(TYPES[old.type]), "new": str(TYPES[new.type])}
        )
    elif (old.depth, old.form) != (new.depth, new.form):
        found.append(_("Indent, numbering or cells changed"))
    for sentence in _marked(old, new, pieces):
        if len(found) == MOST_NOTES:
            found.append(_("More formatting changed"))
            break
        found.append(sentence)
    return tuple(found)


def _marked(old: Block, new: Block, pieces: tuple[Piece, ...]) -> Iterator[str]:
    before, after = _each(old), _each(new)
    place = target = 0
    for piece in pieces:
        length = len(piece.text)
        if piece.kind == EQUAL:
            start = 0
            for at in range(1, length + 1):
                same = at < length and (
                    (before[place + at], after[target + at])
                    == (before[place + start], after[target + start])
                )
                if not same:
                    words = text.cut_to_width(piece.text[start:at].strip(), QUOTED)
                    yield from _sentences(words, before[place + start], after[target + start])
                    start = at
            place, target = place + length, target + length
        elif piece.kind == DELETE:
            place += length
        else:
            target += length


def _each(block: Block) -> list[frozenset[Any]]:
    """How each character looks."""
    return [run.marks for run in block.runs for _character in run.text]


def _sentences(words: str, old: frozenset[Any], new: frozenset[Any]) -> Iterator[str]:
    if old == new or not words:
        return
    for mark, look in MARKS.items():
        names = {"words": words, "look": str(look)}
        if mark in new and mark not in old:
            yield _("“%(words)s” is now %(look)s") % names
        elif mark in old and mark not in new:
            yield _("“%(words)s” is no longer %(look)s") % names
    was, now = _link(old), _link(new)
    if was != now:
        if now:
            yield _("“%(words)s” now links to %(address)s") % {"words": words, "address": now[1]}
        else:
            yield _("“%(words)s” is no longer a link") % {"words": words}


def _link(marks: frozenset[Any]) -> tuple[str, ...]:
    return next((mark for mark in marks if isinstance(mark, tuple)), ())
