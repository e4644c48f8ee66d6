"""The demo stories, read from the text files beside this module.

A file is a head of `key: value` lines, an empty line, and a body of one block per line: `## `
cross-heading, `- ` and `1. ` lists, `> ` quotation, `| a | b |` table rows, `![motif seed]
caption | credit | alternative` photograph, `+[motif seed] credit | alternative` another one in
the group of the photograph before it, and anything else a paragraph. After the seed may stand
`crop=left,top,width,height`, `focus=x,y` and `cover`. `{4d}` stands for the date four days ago,
so that "as of" dates stay true on the day of installation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from html import escape
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).parent / "stories"
ZONE = ZoneInfo("Asia/Shanghai")
REQUIRED = ("channel", "title", "summary", "byline", "published", "views")
OPTIONAL = ("kicker", "subtitle", "short_title", "source", "outside_source", "tags")
GROUPED = ("bullets", "numbers", "table")

_MOMENT = re.compile(r"(\d+)d (\d\d):(\d\d):(\d\d)")
_DRAWING = r"\[([a-z_]+) (\d+)((?: (?:crop|focus)=[\d.,]+| cover)*)\]"
_PICTURE = re.compile(rf"!{_DRAWING} ([^|]+) \| ([^|]+) \| ([^|]+)")
_BESIDE = re.compile(rf"\+{_DRAWING} ([^|]+) \| ([^|]+)")
_DAYS_AGO = re.compile(r"\{(\d+)d\}")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_MARKS = (
    ("crosshead", re.compile(r"## (.+)")),
    ("bullets", re.compile(r"- (.+)")),
    ("numbers", re.compile(r"\d+\. (.+)")),
    ("quote", re.compile(r"> (.+)")),
    ("table", re.compile(r"\| (.+) \|")),
)
_UNFINISHED = re.compile(r"#|!\[|\||>|-\S|\d+\.\S")


@dataclass(frozen=True)
class DemoPicture:
    """A photograph to be drawn, with the words that go with it."""

    motif: str
    seed: int
    caption: str
    credit: str
    alternative: str
    crop: str = ""
    focus: str = ""
    is_cover: bool = False


@dataclass(frozen=True)
class Block:
    """One piece of a body; `items` are list entries, or the rows of a table as tuples of cells.

    Several `pictures` are a group: the first one has its caption.
    """

    kind: str
    text: str = ""
    items: tuple[str, ...] | tuple[tuple[str, ...], ...] = ()
    pictures: tuple[DemoPicture, ...] = ()


@dataclass(frozen=True)
class DemoStory:
    """One article as the demo command will file it."""

    key: str
    channel: str
    kicker: str
    title: str
    subtitle: str
    short_title: str
    summary: str
    source: str
    outside_source: str
    byline: str
    tags: tuple[str, ...]
    days_ago: int
    time: time
    views: int
    blocks: tuple[Block, ...]

    @property
    def pictures(self) -> tuple[DemoPicture, ...]:
        """The photographs in the order of the body."""
        return tuple(picture for block in self.blocks for picture in block.pictures)

    @property
    def cover(self) -> DemoPicture | None:
        """The chosen one; without it lists show the first."""
        return next((picture for picture in self.pictures if picture.is_cover), None)


class MalformedStory(ValueError):
    """A story file that cannot be read; the sentence names the file and the line."""

    def __init__(self, path: Path, line: int, reason: str) -> None:
        super().__init__(f"{path.name}, line {line}: {reason}")


def load_stories(folder: Path = FOLDER, *, today: date | None = None) -> tuple[DemoStory, ...]:
    """All stories of a folder, newest first."""
    today = today or datetime.now(ZONE).date()
    stories = [read_story(path, today) for path in sorted(folder.glob("*.txt"))]
    return tuple(sorted(stories, key=_age))


def _age(story: DemoStory) -> tuple[int, int]:
    clock = story.time
    return story.days_ago, -(clock.hour * 3600 + clock.minute * 60 + clock.second)


def read_story(path: Path, today: date) -> DemoStory:
    """One story from its file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if "" not in lines:
        raise MalformedStory(path, len(lines), "no empty line between head and body")
    end = lines.index("")
    head = _head(path, lines[:end])
    body = [(number, _dated(text, today)) for number, text in enumerate(lines[end:], end + 1)]
    blocks = tuple(_blocks(path, [(number, text) for number, text in body if text.strip()]))
    if not blocks:
        raise MalformedStory(path, end + 1, "the body is empty")
    days, hour, minute, second = _moment(path, lines, head["published"])
    return DemoStory(
        key=path.stem,
        channel=head["channel"],
        kicker=head.get("kicker", ""),
        title=head["title"],
        subtitle=head.get("subtitle", ""),
        short_title=head.get("short_title", ""),
        summary=head["summary"],
        source=head.get("source", ""),
        outside_source=head.get("outside_source", ""),
        byline=head["byline"],
        tags=tuple(filter(None, head.get("tags", "").split("、"))),
        days_ago=days,
        time=time(hour, minute, second),
        views=_views(path, lines, head["views"]),
        blocks=blocks,
    )


def _head(path: Path, lines: list[str]) -> dict[str, str]:
    head: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        key, colon, value = line.partition(": ")
        if not colon or not value.strip():
            raise MalformedStory(path, number, "expected “key: value”")
        if key not in REQUIRED + OPTIONAL:
            raise MalformedStory(path, number, f"unknown key “{key}”")
        if key in head:
            raise MalformedStory(path, number, f"“{key}” appears twice")
        head[key] = value.strip()
    missing = [key for key in REQUIRED if key not in head]
    if missing:
        raise MalformedStory(path, len(lines), f"missing {', '.join(missing)}")
    if ("source" in head) == ("outside_source" in head):
        raise MalformedStory(path, len(lines), "needs either source or outside_source")
    return head


def _line_of(lines: list[str], key: str) -> int:
    return next(number for number, line in enumerate(lines, 1) if line.startswith(f"{key}: "))


def _moment(path: Path, lines: list[str], text: str) -> tuple[int, int, int, int]:
    found = _MOMENT.fullmatch(text)
    if found:
        days, hour, minute, second = map(int, found.groups())
        if hour < 24 and minute < 60 and second < 60:
            return days, hour, minute, second
    raise MalformedStory(path, _line_of(lines, "published"), "expected a moment like “3d 21:42:00”")


def _views(path: Path, lines: list[str], text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise MalformedStory(path, _line_of(lines, "views"), "expected a whole number of views")
    return int(text)


def _dated(text: str, today: date) -> str:
    """Write the date for each `{4d}`, the Chinese way."""

    def written(found: re.Match[str]) -> str:
        day = today - timedelta(days=int(found[1]))
        return f"{day.month}月{day.day}日"

    return _DAYS_AGO.sub(written, text)


def _blocks(path: Path, lines: list[tuple[int, str]]) -> Iterator[Block]:
    """Blocks in order; neighbouring rows and list entries become one block."""
    parsed = [(number, *_kind(path, number, line)) for number, line in lines]
    for kind, run in groupby(parsed, key=lambda entry: entry[1]):
        entries = [(number, text) for number, _, text in run]
        if kind == "table":
            yield Block(kind, items=_rows(path, entries))
        elif kind in GROUPED:
            yield Block(kind, items=tuple(text for _, text in entries))
        elif kind == "picture":
            yield from (Block(kind, pictures=group) for group in _groups(path, entries))
        else:
            yield from (Block(kind, text) for _, text in entries)


def _groups(path: Path, entries: list[tuple[int, str]]) -> list[tuple[DemoPicture, ...]]:
    """Photographs, each with those that stand beside it."""
    groups: list[tuple[DemoPicture, ...]] = []
    for number, line in entries:
        if line.startswith("!"):
            groups.append((_picture(path, number, line),))
        elif groups:
            groups[-1] += (_beside(path, number, line),)
        else:
            raise MalformedStory(path, number, "no photograph before it to stand beside")
    return groups


def _kind(path: Path, number: int, line: str) -> tuple[str, str]:
    if line.count("**") % 2:
        raise MalformedStory(path, number, "a ** is not closed")
    if line.startswith(("![", "+[")):
        return "picture", line
    for kind, mark in _MARKS:
        if found := mark.fullmatch(line):
            return kind, found[1]
    if _UNFINISHED.match(line):
        raise MalformedStory(path, number, "a mark without its text")
    return "paragraph", line


def _picture(path: Path, number: int, line: str) -> DemoPicture:
    found = _PICTURE.fullmatch(line)
    if not found:
        raise MalformedStory(
            path, number, "expected “![motif seed] caption | credit | alternative”"
        )
    motif, seed, options, caption, credit, alternative = found.groups()
    if not caption.endswith("。"):
        raise MalformedStory(path, number, "a caption is a full sentence and ends with 。")
    return _drawn(motif, seed, options, caption, credit, alternative)


def _beside(path: Path, number: int, line: str) -> DemoPicture:
    found = _BESIDE.fullmatch(line)
    if not found:
        raise MalformedStory(path, number, "expected “+[motif seed] credit | alternative”")
    motif, seed, options, credit, alternative = found.groups()
    return _drawn(motif, seed, options, "", credit, alternative)


def _drawn(
    motif: str, seed: str, options: str, caption: str, credit: str, alternative: str
) -> DemoPicture:
    chosen = dict(option.partition("=")[::2] for option in options.split())
    return DemoPicture(
        motif,
        int(seed),
        caption,
        credit.removeprefix("摄影："),
        alternative,
        crop=chosen.get("crop", ""),
        focus=chosen.get("focus", ""),
        is_cover="cover" in chosen,
    )


def _rows(path: Path, entries: list[tuple[int, str]]) -> tuple[tuple[str, ...], ...]:
    rows = [tuple(cell.strip() for cell in text.split("|")) for _, text in entries]
    for (number, _), row in zip(entries, rows, strict=True):
        if len(row) != len(rows[0]):
            raise MalformedStory(path, number, f"{len(row)} cells under {len(rows[0])} headings")
    return tuple(rows)


def inline_html(text: str) -> str:
    """Escape a line and make what stands between ** strong."""
    return _BOLD.sub(r"<strong>\1</strong>", escape(text, quote=False))


def body_html(story: DemoStory, figure: Callable[[tuple[DemoPicture, ...]], str]) -> str:
    """The body as HTML; `figure` supplies the markup of a photograph or a group."""
    return "\n".join(_block_html(block, figure) for block in story.blocks)


def _block_html(block: Block, figure: Callable[[tuple[DemoPicture, ...]], str]) -> str:
    if block.pictures:
        return figure(block.pictures)
    text = inline_html(block.text)
    match block.kind:
        case "crosshead":
            return f"<h2>{text}</h2>"
        case "quote":
            return f"<blockquote><p>{text}</p></blockquote>"
        case "bullets" | "numbers":
            return _list_html("ul" if block.kind == "bullets" else "ol", block)
        case "table":
            return _table_html(block)
    return f"<p>{text}</p>"


def _list_html(tag: str, block: Block) -> str:
    entries = "".join(f"<li><p>{inline_html(str(entry))}</p></li>" for entry in block.items)
    return f"<{tag}>{entries}</{tag}>"


def _table_html(block: Block) -> str:
    rows = []
    for number, row in enumerate(block.items):
        tag = "td" if number else "th"
        cells = "".join(f"<{tag}><p>{inline_html(cell)}</p></{tag}>" for cell in row)
        rows.append(f"<tr>{cells}</tr>")
    return f"<table><tbody>{''.join(rows)}</tbody></table>"
