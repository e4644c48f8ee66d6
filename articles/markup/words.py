"""The words of a body."""

from __future__ import annotations

import re

from lxml.etree import iterwalk, strip_elements

from articles.markup.trees import parse
from articles.markup.vocabulary import BLOCKS, INLINE, TABLE

_OPENING = re.compile(rf"<(?:{'|'.join(sorted(BLOCKS | TABLE))})\b")


def plain_text(html: str) -> str:
    """The words of a body, one block a line, without captions: for search, counts, excerpts."""
    tree = parse(html)
    strip_elements(tree, "figure", with_tail=False)
    lines = [""]
    for event, element in iterwalk(tree, events=("start", "end")):
        if element.tag not in INLINE:
            lines.append("")
        elif element.tag == "br":
            lines[-1] += " "
        lines[-1] += (element.text if event == "start" else element.tail) or ""
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def count_blocks(html: str) -> int:
    """How many paragraphs, headings, items, rows and cells a cleaned body has, tables and lists
    themselves included.
    """
    return len(_OPENING.findall(html))
