"""The normal form of a text: two spellings that are the same to a reader become the same string.

Full-width and half-width forms, upper and lower case, accents, traditional and simplified
characters are made one; whatever is neither a letter nor a digit becomes one blank, a break that
only the same break in a phrase matches. Each character is folded by itself, never by its
neighbours (OpenCC's dictionary of phrases would keep 乾 in 乾坤 and turn the 乾 somebody searches
for into 干), so a part of a text has the same normal form as in the whole.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import opencc

FIELD_BREAK = "\n"
# Unassigned, for private use, half of a pair.
NO_CHARACTER = ("Cn", "Co", "Cs")
_BLANKS = re.compile(" +")
# Blocks that hold ideographs (Unicode 16): what OpenCC may have another character for.
_HAN = ((0x2E80, 0x3000), (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))


class _Folding(dict[int, str]):
    """What each character becomes, worked out when it is first met.

    Only characters there are get remembered: of the 1.1 million code points others take 70 MB,
    and anybody may search for them.
    """

    def __missing__(self, code: int) -> str:
        folded = _fold(chr(code))
        if unicodedata.category(chr(code)) not in NO_CHARACTER:
            self[code] = folded
        return folded


_FOLDING = _Folding()


def normal(text: str) -> str:
    return _BLANKS.sub(" ", text.translate(_FOLDING)).strip(" ")


def joined(fields: list[str]) -> str:
    """The normal form of several fields: no phrase reaches from one into the next."""
    return FIELD_BREAK.join(filter(None, map(normal, fields)))


def with_origins(text: str) -> tuple[str, list[int]]:
    """The normal form, and for each of its characters the place in the text it comes from."""
    characters: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(text):
        for folded in _FOLDING[ord(character)]:
            if folded == " " and (not characters or characters[-1] == " "):
                continue
            characters.append(folded)
            origins.append(place)
    if characters and characters[-1] == " ":
        characters.pop()
        origins.pop()
    return "".join(characters), origins


def simplified(text: str) -> str:
    """As most people type it: simplified characters, letters and digits of half width."""
    table = _simplified()
    return "".join(
        table.get(each, each)
        for character in text
        for each in (unicodedata.normalize("NFKC", character) if _is_wide(character) else character)
    )


def _is_wide(character: str) -> bool:
    """Full-width letters and digits; full-width punctuation is how Chinese is written."""
    return "０" <= character <= "９" or "Ａ" <= character <= "Ｚ" or "ａ" <= character <= "ｚ"


def _fold(character: str) -> str:
    if unicodedata.category(character) == "Cf":
        # Zero-width and direction marks, which come along with pasted text.
        return ""
    table = _simplified()
    plain = unicodedata.normalize("NFKC", table.get(character, character)).casefold()
    parts = (table.get(part, part) for part in unicodedata.normalize("NFKD", plain))
    return "".join(filter(None, map(_letter, parts)))


def _letter(character: str) -> str:
    """Letters and digits as they are, nothing for accents, a blank for all else."""
    kind = unicodedata.category(character)[0]
    if kind in "LN":
        return character
    return "" if kind == "M" else " "


@cache
def _simplified() -> dict[str, str]:
    """Each traditional character → the simplified one, of about 5,100."""
    characters = [chr(code) for start, end in _HAN for code in range(start, end)]
    converted = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {
        before: after
        for before, after in zip(characters, converted, strict=True)
        if before != after and len(after) == 1
    }
