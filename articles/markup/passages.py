"""A passage of a body: where its words stand, and other words in their place.

A passage lies within one block; blanks of any kind and length count as one space, as browsers
show them. Captions belong to their pictures and are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import lxml.html
from lxml.etree import iterwalk

from articles.markup.trees import parse, serialise
from articles.markup.vocabulary import INLINE

# As many words before a passage tell it from an equal one.
BEFORE = 40


@dataclass(frozen=True)
class Place:
    """One of the places where a passage stands: which block and character of it, and the words
    before it there."""

    line: int
    start: int
    before: str


@dataclass
class _Line:
    """The words of a block with tidied blanks, and for each character where it comes from:
    an element, whether from its tail, the place in that string; -1 is a line break."""

    words: str = ""
    sources: list[tuple[lxml.html.HtmlElement, bool, int]] = field(default_factory=list)

    def add(self, element: lxml.html.HtmlElement, *, is_tail: bool) -> None:
        for place, character in enumerate((element.tail if is_tail else element.text) or ""):
            self._put(character, (element, is_tail, place))

    def break_at(self, element: lxml.html.HtmlElement) -> None:
        self._put(" ", (element, False, -1))

    def _put(self, character: str, source: tuple[lxml.html.HtmlElement, bool, int]) -> None:
        if character.isspace():
            if not self.words or self.words.endswith(" "):
                return
            character = " "
        self.words += character
        self.sources.append(source)


def tidy_passage(words: str) -> str:
    """With single spaces, as passages are compared."""
    return " ".join(words.split())


def find_passage(html: str, quote: str, before: str = "") -> list[Place]:
    """Where a passage stands in a body; those with these words before it alone, if any has them."""
    found = [
        Place(number, start, line.words[max(start - BEFORE, 0) : start].lstrip())
        for number, line in enumerate(_lines(parse(html)))
        for start in _starts(line.words, quote)
    ]
    before = tidy_passage(before)
    fitting = [place for place in found if place.before.rstrip().endswith(before)]
    return fitting if before and fitting else found


def replace_passage(html: str, quote: str, place: Place, words: str) -> str:
    """The body with other words at a place `find_passage` gave; they look as the first one did."""
    tree = parse(html)
    sources = _lines(tree)[place.line].sources[place.start : place.start + len(quote)]
    element, is_tail, _number = sources[0]
    cuts: dict[tuple[lxml.html.HtmlElement, bool], list[int]] = {}
    for source, from_tail, number in sources:
        cuts.setdefault((source, from_tail), []).append(number)
    breaks = [source for (source, _tail), numbers in cuts.items() if numbers == [-1]]
    for (source, from_tail), numbers in cuts.items():
        if numbers != [-1]:
            put = words if (source, from_tail) == (element, is_tail) else ""
            _cut(source, is_tail=from_tail, first=numbers[0], last=numbers[-1], put=put)
    for line_break in breaks:
        line_break.drop_tree()
    return serialise(tree)


def _cut(element: lxml.html.HtmlElement, *, is_tail: bool, first: int, last: int, put: str) -> None:
    name = "tail" if is_tail else "text"
    whole = getattr(element, name)
    setattr(element, name, whole[:first] + put + whole[last + 1 :])


def _starts(words: str, quote: str) -> Iterator[int]:
    start = words.find(quote) if quote else -1
    while start >= 0:
        yield start
        start = words.find(quote, start + 1)


def _lines(tree: lxml.html.HtmlElement) -> list[_Line]:
    """The blocks of a body that hold words, in reading order; the same for the same body."""
    lines = [_Line()]
    skipped: lxml.html.HtmlElement | None = None
    for event, element in iterwalk(tree, events=("start", "end")):
        if skipped is not None and element is not skipped:
            continue
        if element.tag == "figure":
            skipped = element if event == "start" else None
            lines.append(_Line())
            if event == "start":
                continue
        elif element.tag not in INLINE:
            lines.append(_Line())
        elif element.tag == "br" and event == "start":
            lines[-1].break_at(element)
        if event == "start":
            lines[-1].add(element, is_tail=False)
        elif element is not tree:
            lines[-1].add(element, is_tail=True)
    return lines
