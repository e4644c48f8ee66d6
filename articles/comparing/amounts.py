"""How much of a long text changed, without a look at each character.

Asked at every save, inside its transaction: what stands the same at both ends is left out first,
and what is too long then is counted by whole blocks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Any

from articles.comparing import blocks
from articles.comparing.facts import TYPED, Content

# Characters of HTML on both sides together. What changed is looked at closely up to here, ...
LONGEST_COMPARED = 60_000
# ... and up to here the ends are compared, to find what changed.
LONGEST_SPLIT = 400_000
_TAG = re.compile(r"<[^>]*>")
_BORDER = re.compile(r"</?(?:p|h2|h3|ul|ol|li|blockquote|hr|table|t[a-z]+|fig[a-z]+)\b[^>]*>")


def changed_part(old: str, new: str) -> tuple[str, str]:
    """Both bodies without what stands the same at their ends; figures stay for their words.

    Very long ones stay as they are.
    """
    if len(old) + len(new) > LONGEST_SPLIT:
        return old, new
    if old == new:
        kept = _figures(blocks.split(old))
        return kept, kept
    left, right = blocks.split(old), blocks.split(new)
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    end = 0
    while end < min(len(left), len(right)) - start and left[-1 - end] == right[-1 - end]:
        end += 1
    before, after = _figures(left[:start]), _figures(left[len(left) - end :])

    def middle(side: list[str]) -> str:
        return before + "".join(side[start : len(side) - end]) + after

    return middle(left), middle(right)


def _figures(found: list[str]) -> str:
    return "".join(block for block in found if block.startswith("<figure"))


def is_long(old: str, new: str) -> bool:
    return len(old) + len(new) > LONGEST_COMPARED


def by_blocks(old: Content, new: Content, bodies: tuple[str, str]) -> tuple[int, int]:
    """Characters of the blocks that came and that are gone; of words of figures likewise."""
    before, after = (Counter[Any](_BORDER.split(body)) for body in bodies)
    before.update(_facts(old))
    after.update(_facts(new))
    return _characters(after - before), _characters(before - after)


def _characters(found: Counter[Any]) -> int:
    return sum(count * len(_words(each)) for each, count in found.items())


def _words(block: Any) -> str:
    if isinstance(block, tuple):
        return str(block[-1])
    return " ".join(unescape(_TAG.sub("", block)).split())


def _facts(content: Content) -> Iterator[tuple[str, int, str, str]]:
    """What is typed for each picture and video."""
    for kind in ("images", "videos"):
        for row in content.raw.get(kind, []):
            for name in TYPED:
                yield kind, row["id"], name, str(row.get(name) or "")
