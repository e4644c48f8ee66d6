"""A stored body as a list of blocks: paragraphs, items, rows of tables, places of figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import lxml.html

from articles import markup

PARAGRAPH, CROSSHEAD, SUBHEAD, QUOTE = "paragraph", "crosshead", "subhead", "quote"
ITEM, NUMBERED, ROW, LINE = "item", "numbered item", "row", "line"
PICTURE, GROUP, VIDEO = "picture", "group", "video"
FIGURES = frozenset({PICTURE, GROUP, VIDEO})
CELL_END = " ｜ "

_TYPES = {"h2": CROSSHEAD, "h3": SUBHEAD, "hr": LINE, "blockquote": QUOTE, "tr": ROW}
# Stand for the rows of figures; no text has them in runs of four.
_FIRST_PRIVATE = 0xE000
_SPACE = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True)
class Run:
    """Some characters and how they look: tags, and for a link ("a", its address)."""

    text: str
    marks: frozenset[Any]


@dataclass(frozen=True)
class Block:
    type: str
    runs: tuple[Run, ...] = ()
    # How deep in lists or quotes, and what else of the tags can be seen: cells, numbers.
    depth: int = 0
    form: str = ""
    # Rows of a figure.
    images: tuple[int, ...] = ()
    video: int = 0
    text: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", "".join(run.text for run in self.runs))

    @property
    def key(self) -> str:
        """The same for blocks that say and look the same."""
        marks = [(run.text, sorted(map(str, run.marks))) for run in self.runs]
        return repr((self.type, marks, self.depth, self.form, self.images, self.video))

    @property
    def is_figure(self) -> bool:
        return self.type in FIGURES

    @property
    def words(self) -> str:
        """What its likeness is judged by: figures are alike when they share a picture."""
        if self.is_figure:
            rows = self.images or (-self.video,)
            return "".join(chr(_FIRST_PRIVATE + row % 6000) * 4 for row in rows)
        return self.text


def split(body: str) -> list[str]:
    """The HTML of each block at the top; joined they are the body again."""
    if not body.strip():
        return []
    tree = lxml.html.fragment_fromstring(body, create_parent="div")
    for item in tree.iter("li"):
        if not len(item) and not item.text:
            # libxml2 would leave out the end tag.
            item.text = ""
    found = [tree.text] if tree.text and tree.text.strip() else []
    for child in tree:
        found.append(lxml.html.tostring(child, encoding="unicode").strip())
    return found


def read(body: str) -> list[Block]:
    """The blocks of a stored body in reading order."""
    if not body.strip():
        return []
    tree = lxml.html.fragment_fromstring(body, create_parent="div")
    return list(_inside(tree, PARAGRAPH, 0, ""))


def _inside(parent: lxml.html.HtmlElement, kind: str, depth: int, form: str) -> Iterator[Block]:
    """The blocks of an element; text beside them is a block of the element's own type."""
    loose: list[Run] = list(_text(parent.text, frozenset()))
    for child in parent:
        if child.tag in markup.INLINE:
            loose += _runs(child, frozenset())
        else:
            yield from _block(loose, kind, depth, form)
            loose = []
            yield from _of(child, kind, depth, form)
        loose += _text(child.tail, frozenset())
    yield from _block(loose, kind, depth, form)


def _of(element: lxml.html.HtmlElement, kind: str, depth: int, form: str) -> Iterator[Block]:
    tag = element.tag
    if tag == "figure":
        yield from _figure(element)
    elif tag == "hr":
        yield Block(LINE)
    elif tag == "tr":
        yield _row(element)
    elif tag in ("ul", "ol"):
        start = element.get("start", "")
        for item in element:
            inner = NUMBERED if tag == "ol" else ITEM
            yield from _inside(item, inner, depth + 1, form + (start and f"start={start}"))
            start = ""
    elif tag == "blockquote":
        yield from _inside(element, QUOTE, depth + 1, form)
    elif tag in ("h2", "h3"):
        yield from _inside(element, _TYPES[tag], depth, form)
    else:
        # A paragraph inside an item or a quote is that item or quote.
        yield from _inside(element, kind, depth, form)


def _block(runs: list[Run], kind: str, depth: int, form: str) -> Iterator[Block]:
    runs = _tidy(runs)
    if runs:
        yield Block(kind, tuple(runs), depth, form)


def _row(row: lxml.html.HtmlElement) -> Block:
    """The cells of a row one after the other; what they span is part of its form."""
    runs: list[Run] = []
    shape = []
    for cell in row:
        shape.append(f"{cell.tag}{cell.get('colspan', '')}/{cell.get('rowspan', '')}")
        if len(shape) > 1:
            runs.append(Run(CELL_END, frozenset()))
        for place, inner in enumerate(_inside(cell, PARAGRAPH, 0, "")):
            if place:
                runs.append(Run("\n", frozenset()))
            runs += inner.runs
            shape.append(inner.type if inner.type != PARAGRAPH else "")
    return Block(ROW, tuple(_merged(runs)), form=",".join(shape))


def _figure(element: lxml.html.HtmlElement) -> Iterator[Block]:
    figures = markup.read_figures(lxml.html.tostring(element, encoding="unicode", with_tail=False))
    for figure in figures:
        if figure.video:
            yield Block(VIDEO, video=figure.video)
        else:
            kind = GROUP if len(figure.images) > 1 else PICTURE
            yield Block(kind, images=figure.images)


def _runs(element: lxml.html.HtmlElement, marks: frozenset[Any]) -> list[Run]:
    if element.tag == "br":
        return [Run("\n", frozenset())]
    mark = element.tag
    if mark == "a":
        mark = ("a", element.get("href", ""), element.get("title", ""))
    inner = marks | {mark}
    found = list(_text(element.text, inner))
    for child in element:
        found += _runs(child, inner)
        found += _text(child.tail, inner)
    return found


def _text(text: str | None, marks: frozenset[Any]) -> Iterator[Run]:
    if text:
        yield Run(_SPACE.sub(" ", text), marks)


def _tidy(runs: list[Run]) -> list[Run]:
    """Without the space that no browser shows at either end, neighbours that look alike joined."""
    runs = _merged(runs)
    if runs:
        runs[0] = Run(runs[0].text.lstrip(" "), runs[0].marks)
        runs[-1] = Run(runs[-1].text.rstrip(" "), runs[-1].marks)
    return [run for run in runs if run.text]


def _merged(runs: Iterable[Run]) -> list[Run]:
    merged: list[Run] = []
    for run in runs:
        if merged and merged[-1].marks == run.marks:
            merged[-1] = Run(merged[-1].text + run.text, run.marks)
        else:
            merged.append(run)
    return merged
