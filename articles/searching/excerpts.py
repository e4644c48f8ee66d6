"""Where in a text the phrases stand: the title marked, and two lines around the first of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from articles.searching.normal import normal, with_origins

# Two lines of a desktop; the first phrase stands a third of a line from the beginning.
LENGTH, BEFORE = 84, 16
_SENTENCE_END = re.compile(r"[。！？；\n]")
# Closing marks, which begin no line.
_NO_BEGINNING = "，、：。！？；”’）》】… \n"


@dataclass(frozen=True)
class Piece:
    text: str
    is_marked: bool = False


def marked(text: str, phrases: Iterable[str]) -> list[Piece]:
    """The whole text in pieces, those marked that a phrase covers."""
    spans = _spans(text, phrases)
    pieces, end = [], 0
    for start, stop in spans:
        pieces += [Piece(text[end:start]), Piece(text[start:stop], is_marked=True)]
        end = stop
    pieces.append(Piece(text[end:]))
    return [piece for piece in pieces if piece.text]


def excerpt(texts: Iterable[str], phrases: Iterable[str]) -> list[Piece]:
    """Around the first phrase in the first text that holds any; [] when none does."""
    phrases = list(phrases)
    for text in texts:
        form = normal(text)
        if not any(phrase in form for phrase in phrases):
            continue
        if spans := _spans(text, phrases):
            return _around(text, spans[0][0], phrases)
    return []


def _around(text: str, place: int, phrases: list[str]) -> list[Piece]:
    start = max(0, place - BEFORE)
    sentences = [match.end() for match in _SENTENCE_END.finditer(text, start, place)]
    start = sentences[-1] if sentences else start
    start += len(text[start:place]) - len(text[start:place].lstrip(_NO_BEGINNING))
    window = text[start : start + LENGTH]
    pieces = marked(window.replace("\n", " "), phrases)
    before = [] if start == 0 or sentences else [Piece("…")]
    after = [] if start + LENGTH >= len(text) else [Piece("…")]
    return before + pieces + after


def _spans(text: str, phrases: Iterable[str]) -> list[tuple[int, int]]:
    """Parts of the text that phrases cover, in order, none touching another."""
    form, origins = with_origins(text)
    found = []
    for phrase in phrases:
        place = form.find(phrase)
        while phrase and place >= 0:
            found.append((origins[place], origins[place + len(phrase) - 1] + 1))
            place = form.find(phrase, place + len(phrase))
    spans: list[tuple[int, int]] = []
    for start, stop in sorted(found):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(stop, spans[-1][1]))
        else:
            spans.append((start, stop))
    return spans
