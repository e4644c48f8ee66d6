"""Chinese text, measured and cut. Floor 0: pure functions on strings."""

import re
import unicodedata
from collections.abc import Iterable

# East Asian Width classes W and F fill two columns (Unicode Standard Annex 11); A (ambiguous:
# “ ” — …) is wide in Chinese typography.
WIDE = frozenset("WFA")
TAG_SEPARATORS = re.compile(r"[，、；,;\n\r\t　]+")
TAG_LENGTH = 30
# Zero-width and direction marks, which come along with pasted text.
INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
# Counted one by one: ideographs, kana, marks and full-width forms, and the punctuation Chinese
# shares with other scripts (· — ― ‘ ’ “ ” …). The same in `static/articles/editor/counts.js`.
_WIDE = (
    "\u00b7\u2014\u2015\u2018\u2019\u201c\u201d\u2026"
    "\u2e80-\u2fff\u3001-\u312f\u3190-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe10-\ufe4f"
    "\uff01-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"
)
_BLANK = "\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_COUNTED = re.compile(f"[{_WIDE}]|[^{_WIDE}{_BLANK}]+")
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])\u2019(?=[A-Za-z])")
# The curriculum for Chinese schools asks for 300 characters a minute of silent reading from pupils
# of 12 and 500 from those of 15 (义务教育语文课程标准, third and fourth stage): between the two.
READ_A_MINUTE = 400


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


def word_count(text: str) -> int:
    """字数 as Word counts it, which newsrooms pay by: 中文字符 plus 非中文单词.

    Each ideograph and each Chinese punctuation mark counts 1, and so does each run of anything
    else between blanks: a Latin word, a number, `5G`, `98.6%`. Blanks count nothing.
    """
    return len(_COUNTED.findall(_APOSTROPHE.sub("'", INVISIBLE.sub("", text))))


def reading_minutes(words: int) -> int:
    """Minutes a reader needs for so many 字, rounded up; 0 for an empty text."""
    return -(-words // READ_A_MINUTE)


def excerpt(text: str, width: int) -> str:
    """The beginning of a body as one line of at most `width` half columns."""
    return cut_to_width(tidy_line(text), width)


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


def join_tags(tags: Iterable) -> str:
    """The reverse of `split_tags`, for the form field."""
    return "、".join(sorted(tag.name for tag in tags))
