"""How deep tags may be nested, told from the text before any parser sees it."""

from __future__ import annotations

import re

# Deeper nesting is never typed; it is what attacks and broken converters produce.
DEEPEST = 32
# Before cleaning unwraps what is not allowed. A parser's time grows with the square of the depth:
# 50,000 lists in each other, half a megabyte, took minutes. WeChat nests some 60 sections.
DEEPEST_AS_IT_COMES = 512

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


class BodyTooDeep(ValueError):
    """Tags are nested deeper than `DEEPEST`: no editor makes such a body."""


def depth(cleaned: str) -> int:
    """How deep tags are nested, counted on the text: a parser may give up where it is too deep."""
    deepest = level = 0
    for closing, tag in _TAG.findall(cleaned):
        if closing:
            level -= 1
        elif tag not in ("br", "hr"):
            level += 1
            deepest = max(deepest, level)
    return deepest


class Nesting:
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
