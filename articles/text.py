"""Chinese text, measured and cut. Floor 0: pure functions on strings."""

import re
import unicodedata
from collections.abc import Iterable

# East Asian Width classes W and F fill two columns (Unicode Standard Annex 11); A (ambiguous:
# “ ” — …) is wide in Chinese typography.
WIDE = frozenset("WFA")
TAG_SEPARATORS = re.compile(r"[，、；,;\n\r\t　]+")
TAG_LENGTH = 30
# Of one story; three to five are enough.
MOST_TAGS = 20
BYLINE_SEPARATORS = re.compile(r"[，、；,;/／|：:&\n\r\t]+")
# Words of a byline that are nobody's name.
ROLES = frozenset(
    "记者 本报记者 通讯员 特约记者 特约通讯员 实习生 作者 编辑 "
    "文 图 文图 图文 摄影 摄 供稿 供图".split()
)
# 字数 as Word counts it, which newsrooms pay by: each ideograph, kana and Chinese mark is one, and
# so is each run of anything else between blanks. The same as `wordCount` in editor/counts.js.
_WIDE = (
    "\u00b7\u2014\u2015\u2018\u2019\u201c\u201d\u2026"
    "\u2e80-\u2fff\u3001-\u312f\u3190-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe10-\ufe4f"
    "\uff01-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"
)
_BLANK = "\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_COUNTED = re.compile(f"[{_WIDE}]|[^{_WIDE}{_BLANK}]+")
_APOSTROPHE = re.compile("(?<=[A-Za-z])\u2019(?=[A-Za-z])")
# Zero-width and direction marks, which come along with pasted text.
INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


def display_width(text: str) -> int:
    """Width in half columns: a Chinese character counts 2, a Latin letter or digit 1."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in WIDE else 1


def cut_to_width(text: str, width: int) -> str:
    """The text if it fits into `width` half columns, else its beginning with an ellipsis."""
    if display_width(text) <= width:
        return text
    room, kept = width - 2, []
    for character in text:
        room -= _width(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def tidy_line(text: str) -> str:
    """One line: outer space removed, runs of inner space kept as one ordinary space.

    Headlines of parallel phrases are joined by spaces that must survive; a full-width space
    becomes an ordinary one, so that lines can break there.
    """
    return re.sub(r"\s+", " ", INVISIBLE.sub("", text)).strip()


def excerpt(text: str, width: int) -> str:
    """The beginning of a body as one line of at most `width` half columns."""
    return cut_to_width(tidy_line(text), width)


def count_words(text: str) -> int:
    """How many characters a story has as Word counts them (字数)."""
    return len(_COUNTED.findall(_APOSTROPHE.sub("'", INVISIBLE.sub("", text))))


def split_tags(text: str) -> list[str]:
    """Tag names from what an editor typed: split at ，、；,; and line ends, spaces kept inside.

    Each name once, in the order typed. taggit's own parser knows only comma and space.
    """
    names: dict[str, str] = {}
    for part in TAG_SEPARATORS.split(text or ""):
        name = tidy_line(part)
        if name:
            names.setdefault(name.casefold(), name)
    return list(names.values())


def split_byline(byline: str) -> list[str]:
    """The names in a byline, each once: split at blanks and marks, without 记者, 通讯员 and so on.

    A name of two characters may be spread over the width of three (王　芳); the words of a
    name in Latin letters stay together.
    """
    names: list[str] = []
    for part in BYLINE_SEPARATORS.split(INVISIBLE.sub("", byline)):
        last = ""
        for word in part.split():
            if word in ROLES:
                last = ""
            elif last and len(word) == len(last) == 1:
                names[-1] = last = last + word
            elif last and word.isascii() and last.isascii():
                names[-1] = last = f"{last} {word}"
            else:
                names.append(word)
                last = word
    return list(dict.fromkeys(names))


def join_tags(tags: Iterable) -> str:
    """The reverse of `split_tags`, for the form field."""
    return "、".join(sorted(tag.name for tag in tags))
