"""What changed inside one text, character by character, so that Chinese reads well.

Numbers and Latin words stay whole; a character or two that happen to be common between two
changes are not shown as kept. Texts that would take long are compared by sentence, and what is
left when the time is up is shown as replaced.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from diff_match_patch import diff_match_patch

from articles.comparing import sequences

EQUAL, INSERT, DELETE = "equal", "insert", "delete"
_KINDS = {-1: DELETE, 0: EQUAL, 1: INSERT}
# Private characters stand for whole words. Whoever typed one gets it back: they count as words.
_FIRST_PRIVATE, _LAST_PRIVATE = 0xF0000, 0x10FFFD
_WORD = re.compile(
    "[A-Za-z0-9]+(?:[.,:/%-][A-Za-z0-9]+)*%?|[\U000f0000-\U0010fffd]", flags=re.ASCII
)
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?")
# More is compared by sentence; the library's search for a common half is quadratic at worst.
LONGEST = 3_000


@dataclass(frozen=True)
class Piece:
    kind: str
    text: str


@dataclass
class Budget:
    """How many seconds a whole comparison may take, and how many steps for what belongs where."""

    seconds: float = 3.0
    effort: sequences.Effort = field(default_factory=sequences.Effort)
    _end: float = field(init=False)

    def __post_init__(self) -> None:
        self._end = time.monotonic() + self.seconds

    @property
    def left(self) -> float:
        return max(self._end - time.monotonic(), 0.0)


def pieces(old: str, new: str, budget: Budget | None = None) -> tuple[Piece, ...]:
    """The way from one text to the other; equal and deleted pieces give the old one exactly."""
    budget = budget or Budget()
    if old == new:
        return (Piece(EQUAL, old),) if old else ()
    if max(len(old), len(new)) > LONGEST:
        return joined(_by_sentence(old, new, budget))
    return joined(_by_character(old, new, budget))


def joined(found: Iterable[Piece]) -> tuple[Piece, ...]:
    """Neighbours of one kind as one; between two kept pieces what goes before what comes."""
    result: list[Piece] = []
    gone = come = ""
    for piece in [*found, Piece(EQUAL, "")]:
        if piece.kind == DELETE:
            gone += piece.text
        elif piece.kind == INSERT:
            come += piece.text
        elif piece.text or gone or come:
            result += [Piece(DELETE, gone)] if gone else []
            result += [Piece(INSERT, come)] if come else []
            if result and not gone and not come and result[-1].kind == EQUAL:
                result[-1] = Piece(EQUAL, result[-1].text + piece.text)
            elif piece.text:
                result.append(piece)
            gone = come = ""
    return tuple(result)


def split_at(found: Iterable[Piece], mark: str) -> list[tuple[Piece, ...]]:
    """The pieces before, between and after each `mark`, whichever side it stands on."""
    parts: list[list[Piece]] = [[]]
    for piece in found:
        for place, part in enumerate(piece.text.split(mark)):
            if place:
                parts.append([])
            if part:
                parts[-1].append(Piece(piece.kind, part))
    return [tuple(part) for part in parts]


def _by_sentence(old: str, new: str, budget: Budget) -> Iterable[Piece]:
    left, right = _SENTENCE.findall(old), _SENTENCE.findall(new)
    same = sequences.same_items(left, right, budget.effort)
    at = {pair[0]: pair for pair in same}
    place = 0
    for before, after in sequences.gaps(same, len(left), len(right)):
        while place < before.start:
            yield Piece(EQUAL, left[at[place][0]])
            place += 1
        gone = "".join(left[before.start : before.stop])
        come = "".join(right[after.start : after.stop])
        if max(len(gone), len(come)) > LONGEST:
            yield from _replaced(gone, come)
        else:
            yield from _by_character(gone, come, budget)
        place = before.stop
    yield Piece(EQUAL, "".join(left[place:]))


def _replaced(old: str, new: str) -> list[Piece]:
    return [Piece(DELETE, old), Piece(INSERT, new)]


def _by_character(old: str, new: str, budget: Budget) -> Iterable[Piece]:
    if not old or not new or not budget.left:
        return _replaced(old, new)
    words: dict[str, str] = {}

    def hide(match: re.Match[str]) -> str:
        word = match[0]
        if len(word) == 1 and ord(word) < _FIRST_PRIVATE:
            return word
        return words.setdefault(word, chr(min(_FIRST_PRIVATE + len(words), _LAST_PRIVATE)))

    # Surely fewer than there are private characters: a text holds at most 3,000.
    one, other = _WORD.sub(hide, old), _WORD.sub(hide, new)
    shown = {ord(private): word for word, private in words.items()}
    library = diff_match_patch()
    library.Diff_Timeout = min(budget.left, 0.3) or 0.001
    found = library.diff_main(one, other, False)
    library.diff_cleanupSemantic(found)
    return [Piece(_KINDS[kind], run.translate(shown)) for kind, run in found]
