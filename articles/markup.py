"""The tags a body may contain. Floor 0, pure: one list for editor, sanitizer and exports.

A stored body holds only the *place* of a figure: `<figure data-image="12"></figure>`, for a group
of pictures with one caption `<figure data-image="12,13"></figure>`, for a video
`<figure data-video="5"></figure>`. On its way into the editor the figure gets its caption and
all else that is said of it (`with_figures`); on its way back that is read off (`read_figures`)
and the figure is emptied again (`emptied`). Between server and editor a single picture has an
attribute for each fact, a group one attribute `data-group` with a JSON list of its pictures.

Bodies from the browser are cleaned with nh3 first; lxml only ever sees cleaned HTML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

import lxml.html
import nh3
from lxml.etree import iterwalk, strip_elements

BLOCKS = frozenset({"p", "h2", "h3", "ul", "ol", "li", "blockquote", "hr"})
TABLE = frozenset({"table", "thead", "tbody", "tr", "th", "td"})
INLINE = frozenset({"strong", "em", "u", "s", "sub", "sup", "a", "br"})
FIGURE = frozenset({"figure", "figcaption"})
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "figure": {
        "data-image",
        "data-group",
        "data-video",
        "data-poster",
        "data-credit",
        "data-alt",
        "data-rights",
        "data-rights-note",
        "data-turn",
        "data-crop",
        "data-focus",
    },
}
URL_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
MIDDLE = (0.5, 0.5)
TURNS = frozenset({0, 90, 180, 270})
# Smaller parts of a picture are slips of the hand.
SMALLEST_CROP = 0.02
RIGHTS = frozenset({"own", "contributed", "agency", "other"})
# Deeper nesting is never typed; it is what attacks and broken converters produce.
DEEPEST = 32
# Before cleaning unwraps what is not allowed. A parser's time grows with the square of the depth:
# 50,000 lists in each other, half a megabyte, took minutes. WeChat nests some 60 sections.
DEEPEST_AS_IT_COMES = 512
# What an editor makes is in order after one; tag soup has needed three.
MOST_REPAIRS = 5

_cleaner = nh3.Cleaner(
    tags=set(BLOCKS | TABLE | INLINE | FIGURE),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    url_schemes=set(URL_SCHEMES),
    link_rel="noopener noreferrer",
    clean_content_tags={"script", "style", "title", "template", "svg", "math"},
)
_ROW = re.compile(r"[1-9][0-9]{0,17}")
_ROWS = re.compile(rf"{_ROW.pattern}(?:,{_ROW.pattern})*")
_STORED_FIGURE = re.compile(r'<figure data-(image|video)="([0-9,]+)"></figure>')
_BARE_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:/?#]|$)", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z0-9]+)")
# A tag as HTML 5 reads it, its attributes included; a comment; what is taken for one. Possessive,
# and each may end with the text: no character is looked at twice.
_TOKEN = re.compile(
    r"""
      <!--(?:-?>|(?s:.)*?(?:--!?>|\Z))
    | <(?P<closing>/?)(?P<name>[a-zA-Z][^\t\n\f\r\x20/>]*+)
      (?:
        [\t\n\f\r\x20/]
      | (?:=|[^\t\n\f\r\x20/>=])[^\t\n\f\r\x20/>=]*+
        (?:
          [\t\n\f\r\x20]*+=[\t\n\f\r\x20]*+
          (?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\t\n\f\r\x20>"'][^\t\n\f\r\x20>]*+)?+
        )?+
      )*+
      (?:>|\Z)
    | <[!?/][^>]*+(?:>|\Z)
    """,
    re.VERBOSE,
)
_COMMENT = re.compile(r"<!--(?:-?>|(?s:.)*?--!?>)")
_MARKUP = re.compile(r"<[a-zA-Z/!?]")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source"}
    | {"track", "wbr"}
)
# Void inside a drawing too, where the others stay open.
_ALWAYS_VOID = frozenset({"br", "embed", "hr", "img", "meta"})
_FOREIGN = frozenset({"svg", "math"})
# Nothing but these under an <svg>: then `/>` ends a tag, as it never does in HTML.
_DRAWN = frozenset(
    {"circle", "clippath", "defs", "ellipse", "filter", "g", "line", "lineargradient", "mask"}
    | {"path", "pattern", "polygon", "polyline", "radialgradient", "rect", "stop", "svg", "symbol"}
    | {"text", "tspan", "use"}
)
_RAW = frozenset(
    {"iframe", "noembed", "noframes", "noscript", "script", "style", "textarea", "title", "xmp"}
)
_END_OF_RAW = {name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE) for name in _RAW}
_CELLS, _ROWS_OF = frozenset({"td", "th"}), frozenset({"tbody", "tfoot", "thead", "tr"})
_CARRIERS = frozenset(
    {"article", "aside", "blockquote", "center", "div", "dl", "figcaption", "figure", "footer"}
    | {"header", "main", "nav", "ol", "pre", "section", "ul"}
)
# Ends what is open right before it, its own kind or a paragraph.
_ENDS = {
    **dict.fromkeys(_CARRIERS | {"h1", "h2", "h3", "h4", "h5", "h6", "p"}, frozenset({"p"})),
    "li": frozenset({"p", "li"}),
    **dict.fromkeys(("dd", "dt"), frozenset({"p", "dd", "dt"})),
    "option": frozenset({"option"}),
    **dict.fromkeys(_CELLS, _CELLS),
    "tr": _CELLS | {"tr"},
    **dict.fromkeys(("tbody", "tfoot", "thead"), _CELLS | _ROWS_OF),
}
# Need no closing tag of their own when one of these closes around them.
_UNCLOSED = frozenset({"dd", "dt", "li", "option", "p"})
_CLOSES_OVER = {
    **dict.fromkeys(_CARRIERS, _UNCLOSED),
    **dict.fromkeys(("dd", "dt", "li"), _UNCLOSED),
    **dict.fromkeys(_CELLS, _UNCLOSED),
    "tr": _UNCLOSED | _CELLS,
    **dict.fromkeys(("table", "tbody", "tfoot", "thead"), _UNCLOSED | _CELLS | _ROWS_OF),
}
MOST_UNCLOSED = 6
# A parser opens them again in each block that follows, if nobody closed them.
_REOPENED = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt"}
    | {"u"}
)
# So many copies take a parser about a second.
MOST_REOPENED = 2_000_000
# What XML cannot hold, so lxml refuses it: control characters, lone surrogates, noncharacters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What may hold a paragraph that once was a caption.
_HOLDERS = frozenset({"blockquote", "li", "td", "th"})


class BodyTooDeep(ValueError):
    """Tags are nested deeper than `DEEPEST`: no editor makes such a body."""


Crop = tuple[float, float, float, float]


@dataclass(frozen=True)
class Picture:
    """A photograph as the editor hands it over: which row, how it is shown, what is said of it."""

    image: int
    credit: str = ""
    alternative: str = ""
    rights: str = ""
    rights_note: str = ""
    # Degrees clockwise.
    turn: int = 0
    # Left, top, width and height as shares of the turned picture; None shows all of it.
    crop: Crop | None = None
    # What stays in sight when a list cuts the picture: shares of width and height.
    focus: tuple[float, float] = MIDDLE

    def snapshot(self, caption: str) -> dict[str, Any]:
        """What a revision keeps of it; what is as usual takes no room."""
        usual = Picture(self.image)
        facts = {name: value for name, value in vars(self).items() if value != getattr(usual, name)}
        crop = {"crop": list(self.crop)} if self.crop else {}
        focus = {"focus": list(self.focus)} if self.focus != MIDDLE else {}
        always = {
            "id": self.image,
            "caption": caption,
            "credit": self.credit,
            "alternative": self.alternative,
        }
        facts.pop("image", None)
        return facts | crop | focus | always


@dataclass(frozen=True)
class Figure:
    """What stands between two blocks: pictures that share a caption, or one video."""

    pictures: tuple[Picture, ...] = ()
    caption: str = ""
    video: int = 0
    # The row of the picture shown before the video plays, and who made the video.
    poster: int = 0
    credit: str = ""

    @classmethod
    def of(cls, image: int, caption: str = "", **facts: Any) -> Figure:
        """A figure with one picture."""
        return cls((Picture(image, **facts),), caption)

    @property
    def images(self) -> tuple[int, ...]:
        return tuple(picture.image for picture in self.pictures)


def clean(html: str) -> str:
    """The body with nothing but the allowed tags and attributes; hostile parts are gone.

    Safe to trust on the way out. Text outside any block gets a paragraph of its own, empty
    paragraphs at either end are dropped. A body that holds no text and no picture becomes "".
    Raises BodyTooDeep.
    """
    _Nesting().read(_UNPRINTABLE.sub("", html))
    for _attempt in range(MOST_REPAIRS):
        repaired = _repaired(html)
        if repaired == html:
            break
        html = repaired
    return html


def _repaired(html: str) -> str:
    """Cleaned and put in order once; lifting and unwrapping may leave what a parser then moves."""
    if "<" not in html:
        html = _paragraphs(html)
    cleaned = _cleaner.clean(_UNPRINTABLE.sub("", html))
    if _UNPRINTABLE.search(cleaned):
        # Written as &#1;. Cleaned again: without it, java&#1;script: would be another address.
        cleaned = _cleaner.clean(_UNPRINTABLE.sub("", cleaned))
    if _depth(cleaned) > DEEPEST:
        raise BodyTooDeep
    tree = _parse(cleaned)
    _with_schemes(tree)
    _keep_only_true_figures(tree)
    _wrap_loose_text(tree)
    for blank in list(takewhile(_is_blank, tree)):
        tree.remove(blank)
    for blank in list(takewhile(_is_blank, reversed(tree))):
        tree.remove(blank)
    return "" if _shows_nothing(tree) else _serialise(tree)


def _paragraphs(text: str) -> str:
    """Plain text, as it comes without the editor: a paragraph for each line that says something."""
    return "".join(f"<p>{line}</p>" for line in text.splitlines() if line.strip())


def _with_schemes(tree: lxml.html.HtmlElement) -> None:
    """www.example.com, typed as a link, is meant as an address of the web, not of this page."""
    for link in tree.iter("a"):
        address = link.get("href", "")
        if _BARE_HOST.match(address):
            link.set("href", f"https://{address}")


def read_figures(html: str) -> list[Figure]:
    """The figures of a cleaned body in the order of the text, each row once."""
    seen: set[tuple[str, int]] = set()
    found = (_without_seen(_figure(element), seen) for element in _parse(html).iter("figure"))
    return [figure for figure in found if figure is not None]


def emptied(html: str) -> str:
    """The body as it is stored: figures hold nothing but the numbers of their rows."""
    return _replace_figures(html, _bare)


def _bare(figure: Figure) -> Figure:
    if figure.video:
        return Figure(video=figure.video)
    return Figure(tuple(Picture(image) for image in figure.images))


def with_figures(html: str, figures: Iterable[Figure]) -> str:
    """The body as the editor wants it: figures filled in with what is said of them.

    A picture or video that stands in none of `figures` is gone; a group keeps the rest.
    """
    pictures, captions, videos = {}, {}, {}
    for figure in figures:
        if figure.video:
            videos[figure.video] = figure
        for picture in figure.pictures:
            pictures[picture.image] = picture
        if figure.pictures:
            captions[figure.images[0]] = figure.caption

    def fill(figure: Figure) -> Figure | None:
        if figure.video:
            return videos.get(figure.video)
        known = tuple(pictures[image] for image in figure.images if image in pictures)
        caption = next((captions[row] for row in figure.images if captions.get(row)), "")
        return Figure(known, caption) if known else None

    return _replace_figures(html, fill)


def render(
    html: str, draw_pictures: Callable[[tuple[int, ...]], str], draw_video: Callable[[int], str]
) -> str:
    """The stored body for readers: each figure replaced by what is drawn for its rows.

    Works on the text: libxml2 knows HTML 4 only and would spoil `<source>` on its way through.
    """

    def draw(match: re.Match[str]) -> str:
        rows = tuple(int(row) for row in match[2].split(","))
        return draw_pictures(rows) if match[1] == "image" else draw_video(rows[0])

    return _STORED_FIGURE.sub(draw, html)


def plain_text(html: str) -> str:
    """The words of a body, one block a line, without captions: for search, counts, excerpts."""
    tree = _parse(html)
    strip_elements(tree, "figure", with_tail=False)
    lines = [""]
    for event, element in iterwalk(tree, events=("start", "end")):
        if element.tag not in INLINE:
            lines.append("")
        elif element.tag == "br":
            lines[-1] += " "
        lines[-1] += (element.text if event == "start" else element.tail) or ""
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def _parse(html: str) -> lxml.html.HtmlElement:
    return lxml.html.fragment_fromstring(html, create_parent="div")


def _serialise(tree: lxml.html.HtmlElement) -> str:
    for item in tree.iter("li"):
        if not len(item) and not item.text:
            # libxml2 would leave out the end tag, and the next parser put it elsewhere.
            item.text = ""
    html = lxml.html.tostring(tree, encoding="unicode")
    return html.removeprefix("<div>").removesuffix("</div>").strip()


def _depth(cleaned: str) -> int:
    """How deep tags are nested, counted on the text: a parser may give up where it is too deep."""
    deepest = level = 0
    for closing, tag in _TAG.findall(cleaned):
        if closing:
            level -= 1
        elif tag not in ("br", "hr"):
            level += 1
            deepest = max(deepest, level)
    return deepest


class _Nesting:
    """At least how deep a parser would go, counted on text nobody has looked at yet.

    A closing tag that a parser might ignore closes nothing here; what it might take for text is
    counted. So soup looks deeper than it is, never flatter. Takes time in step with the length.
    """

    def __init__(self) -> None:
        self.open: list[str] = []
        self.foreign = self.reopened = self.copies = 0
        # How deep the drawing begins inside which `/>` is sure to end a tag; 0 outside of one.
        self.drawing = 0
        # Once script and markup can no longer be told apart, nothing closes any more.
        self.is_unsure = False

    def read(self, html: str) -> None:
        """Raises BodyTooDeep."""
        place = 0
        while token := _TOKEN.search(html, place):
            place = token.end()
            if not token["name"]:
                self.is_unsure |= bool(self.foreign and token[0].startswith("<![CDATA["))
                continue
            name = token["name"].lower()
            if token["closing"]:
                self.close(name)
            elif name in _RAW and not self.is_unsure:
                place = self.after_raw(name, html, place)
            elif not self.is_ended_at_once(name, token[0]):
                self.begin(name)

    def begin(self, name: str) -> None:
        if not self.foreign and not self.is_unsure:
            for _each in range(MOST_UNCLOSED):
                if not self.open or self.open[-1] not in _ENDS.get(name, ()):
                    break
                self.pop()
        self.open.append(name)
        self.foreign += name in _FOREIGN
        self.reopened += name in _REOPENED
        self.copies += self.reopened
        if len(self.open) > DEEPEST_AS_IT_COMES or self.copies > MOST_REOPENED:
            raise BodyTooDeep
        if name == "svg" and self.foreign == 1 and not {"select", "template"} & {*self.open}:
            self.drawing = len(self.open)
        elif name not in _DRAWN:
            self.drawing = 0

    def is_ended_at_once(self, name: str, tag: str) -> bool:
        if self.foreign:
            is_ended = bool(self.drawing) and name in _DRAWN and tag.endswith("/>")
            return is_ended or name in _ALWAYS_VOID
        return name in _VOID

    def close(self, name: str) -> None:
        if self.is_unsure:
            return
        over = frozenset() if self.foreign else _CLOSES_OVER.get(name, frozenset())
        for back in range(1, min(len(self.open), MOST_UNCLOSED) + 1):
            if self.open[-back] == name:
                for _each in range(back):
                    self.pop()
                return
            if self.open[-back] not in over:
                break
        self.drawing = 0

    def pop(self) -> None:
        name = self.open.pop()
        self.foreign -= name in _FOREIGN
        self.reopened -= name in _REOPENED
        if len(self.open) < self.drawing:
            self.drawing = 0

    def after_raw(self, name: str, html: str, place: int) -> int:
        """Where to go on behind the tag of a script or style, whose inside is text.

        Unless a parser could see it otherwise: in a drawing, or in a list of options, it does.
        """
        end = _END_OF_RAW[name].search(html, place)
        inside = html[place : end.start()] if end else ""
        if end is None or _MARKUP.search(inside if self.foreign else _COMMENT.sub("", inside)):
            self.is_unsure = True
            self.begin(name)
            return place
        return end.end()


def _keep_only_true_figures(tree: lxml.html.HtmlElement) -> None:
    """A figure names its rows and stands between blocks; a caption needs a figure."""
    for element in reversed(list(tree.iter("figure"))):
        if _figure(element) is None:
            element.drop_tag()
        elif element.getparent() is not tree:
            _lift(element, tree)
    for element in list(tree.iter("figcaption")):
        _keep_only_true_caption(element, tree)


def _keep_only_true_caption(element: lxml.html.HtmlElement, tree: lxml.html.HtmlElement) -> None:
    """A caption outside a figure becomes a paragraph where one may stand, else mere text."""
    parent = element.getparent()
    if parent.tag == "figure":
        return
    if (parent is tree or parent.tag in _HOLDERS) and not _holds_blocks(element):
        element.tag = "p"
    else:
        element.drop_tag()


def _holds_blocks(element: lxml.html.HtmlElement) -> bool:
    return any(inner.tag not in INLINE for inner in element.iterdescendants())


def _lift(element: lxml.html.HtmlElement, tree: lxml.html.HtmlElement) -> None:
    """Moves a figure out of the block that holds it, to behind that block."""
    block = next(ancestor for ancestor in element.iterancestors() if ancestor.getparent() is tree)
    lifted = lxml.html.fragment_fromstring(
        lxml.html.tostring(element, encoding="unicode", with_tail=False)
    )
    element.drop_tree()
    block.addnext(lifted)


def _wrap_loose_text(tree: lxml.html.HtmlElement) -> None:
    """Gives text and inline tags that stand beside the blocks a paragraph of their own."""
    # The last child is kept by hand: asking lxml for it walks all children, which is quadratic.
    children: list[lxml.html.HtmlElement] = []
    paragraph: lxml.html.HtmlElement | None = None
    last: lxml.html.HtmlElement | None = None

    def loose(text: str | None) -> None:
        nonlocal paragraph, last
        if text and (text.strip() or paragraph is not None):
            if paragraph is None:
                paragraph, last = lxml.html.Element("p"), None
                children.append(paragraph)
            if last is not None:
                last.tail = (last.tail or "") + text
            else:
                paragraph.text = (paragraph.text or "") + text

    loose(tree.text)
    for child in list(tree):
        tail, child.tail = child.tail, None
        if child.tag in INLINE and not _holds_blocks(child):
            if paragraph is None:
                paragraph = lxml.html.Element("p")
                children.append(paragraph)
            paragraph.append(child)
            last = child
        else:
            paragraph = last = None
            children.append(child)
        loose(tail)
    tree.text = None
    tree[:] = children


def _is_blank(block: lxml.html.HtmlElement) -> bool:
    return (
        block.tag in ("p", "h2", "h3")
        and not block.text_content().strip()
        and all(child.tag == "br" for child in block)
    )


def _shows_nothing(tree: lxml.html.HtmlElement) -> bool:
    return not tree.text_content().strip() and tree.find("figure") is None


def _figure(element: lxml.html.HtmlElement) -> Figure | None:
    """What the attributes say; None when they name no row."""
    caption = _line(element.text_content())
    if _ROW.fullmatch(element.get("data-video", "")):
        poster = element.get("data-poster", "")
        return Figure(
            caption=caption,
            video=int(element.get("data-video")),
            poster=int(poster) if _ROW.fullmatch(poster) else 0,
            credit=_line(element.get("data-credit")),
        )
    pictures = _pictures(element)
    return Figure(pictures, caption) if pictures else None


def _pictures(element: lxml.html.HtmlElement) -> tuple[Picture, ...]:
    rows = element.get("data-image", "")
    if _ROW.fullmatch(rows):
        facts = {name: element.get(f"data-{name}") for name in _FACTS}
        return (_picture(int(rows), facts),)
    if _ROWS.fullmatch(rows):
        return _each_once(Picture(int(row)) for row in rows.split(","))
    try:
        listed = json.loads(element.get("data-group", ""))
    except (ValueError, RecursionError):
        return ()
    return _each_once(
        _picture(int(str(facts["image"])), facts)
        for facts in (listed if isinstance(listed, list) else [])
        if isinstance(facts, dict) and _ROW.fullmatch(str(facts.get("image", "")))
    )


def _each_once(pictures: Iterable[Picture]) -> tuple[Picture, ...]:
    found: dict[int, Picture] = {}
    for picture in pictures:
        found.setdefault(picture.image, picture)
    return tuple(found.values())


# The attributes of a figure with one picture, and the keys of each picture in `data-group`.
_FACTS = ("credit", "alt", "rights", "rights-note", "turn", "crop", "focus")


def _picture(image: int, facts: dict[str, Any]) -> Picture:
    """A picture with those of the facts that make sense."""
    rights, turn = str(facts.get("rights") or ""), str(facts.get("turn") or "0")
    return Picture(
        image=image,
        credit=_line(facts.get("credit")),
        alternative=_line(facts.get("alt")),
        rights=rights if rights in RIGHTS else "",
        rights_note=_line(facts.get("rights-note")),
        turn=int(turn) if turn in {str(each) for each in TURNS} else 0,
        crop=_crop(_numbers(facts.get("crop"), 4)),
        focus=_focus(_numbers(facts.get("focus"), 2)),
    )


def _line(value: Any) -> str:
    return " ".join(str(value or "").split())


def _numbers(value: Any, count: int) -> list[float]:
    """Shares between 0 and 1, written "0.1,0.25"; [] when it is anything else."""
    parts = str(value or "").split(",")
    if len(parts) != count or not all(_SHARE.fullmatch(part) for part in parts):
        return []
    return [float(part) for part in parts]


_SHARE = re.compile(r"0(?:\.[0-9]{1,8})?|1(?:\.0{1,8})?")


def _crop(numbers: list[float]) -> Crop | None:
    if not numbers:
        return None
    left, top, width, height = (round(number, 4) for number in numbers)
    width, height = min(width, round(1 - left, 4)), min(height, round(1 - top, 4))
    if min(width, height) < SMALLEST_CROP or (width, height) == (1, 1):
        return None
    return left, top, width, height


def _focus(numbers: list[float]) -> tuple[float, float]:
    return (round(numbers[0], 4), round(numbers[1], 4)) if numbers else MIDDLE


def _without_seen(figure: Figure | None, seen: set[tuple[str, int]]) -> Figure | None:
    """What of the figure stands nowhere before; None when all of it does."""
    if figure is None:
        return None
    if figure.video:
        known = ("video", figure.video) in seen
        seen.add(("video", figure.video))
        return None if known else figure
    fresh = tuple(each for each in figure.pictures if ("image", each.image) not in seen)
    seen.update(("image", image) for image in figure.images)
    return replace(figure, pictures=fresh) if fresh else None


def _replace_figures(html: str, change: Callable[[Figure], Figure | None]) -> str:
    """Each figure changed or, for None, dropped; a row that stands twice is shown once."""
    tree = _parse(html)
    seen: set[tuple[str, int]] = set()
    for element in list(tree.iter("figure")):
        fresh = _without_seen(_figure(element), seen)
        figure = change(fresh) if fresh else None
        if figure is None:
            element.drop_tree()
            continue
        _fill(element, figure)
    return _serialise(tree)


def _fill(element: lxml.html.HtmlElement, figure: Figure) -> None:
    tail = element.tail
    element.clear()
    element.tail = tail
    for name, value in _attributes(figure).items():
        if value:
            element.set(f"data-{name}", value)
    if figure.caption:
        caption = lxml.html.Element("figcaption")
        caption.text = figure.caption
        element.append(caption)


def _attributes(figure: Figure) -> dict[str, str]:
    """Name without `data-` → value; "" for what is as usual."""
    if figure.video:
        poster = str(figure.poster) if figure.poster else ""
        return {"video": str(figure.video), "poster": poster, "credit": figure.credit}
    if len(figure.pictures) == 1:
        only = figure.pictures[0]
        return {"image": str(only.image)} | _facts(only)
    if figure == _bare(figure):
        return {"image": ",".join(str(image) for image in figure.images)}
    listed = [
        {"image": picture.image} | {name: value for name, value in _facts(picture).items() if value}
        for picture in figure.pictures
    ]
    return {"group": json.dumps(listed, ensure_ascii=False, separators=(",", ":"))}


def _facts(picture: Picture) -> dict[str, str]:
    return {
        "credit": picture.credit,
        "alt": picture.alternative,
        "rights": picture.rights,
        "rights-note": picture.rights_note,
        "turn": str(picture.turn) if picture.turn else "",
        "crop": _spelled(picture.crop),
        "focus": "" if picture.focus == MIDDLE else _spelled(picture.focus),
    }


def _spelled(numbers: tuple[float, ...] | None) -> str:
    return ",".join(f"{number:.4f}".rstrip("0").rstrip(".") for number in numbers or ())
