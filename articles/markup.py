"""The tags a body may contain. Floor 0, pure: one list for editor, sanitizer and exports.

A stored body holds only the *place* of a picture, `<figure data-image="12"></figure>`. On its
way into the editor the figure gets its caption and credit (`with_figures`); on its way back
they are read off (`read_figures`) and the figure is emptied again (`emptied`).

Bodies from the browser are cleaned with nh3 first; lxml only ever sees cleaned HTML.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile

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
    "figure": {"data-image", "data-credit", "data-alt"},
}
URL_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
# Deeper nesting is never typed; it is what attacks and broken converters produce.
DEEPEST = 32
# What an editor makes is in order after one; tag soup has needed three.
MOST_REPAIRS = 5

_cleaner = nh3.Cleaner(
    tags=set(BLOCKS | TABLE | INLINE | FIGURE),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    url_schemes=set(URL_SCHEMES),
    link_rel="noopener noreferrer",
    clean_content_tags={"script", "style", "title", "template", "svg", "math"},
)
_IMAGE_ID = re.compile(r"[1-9][0-9]{0,17}")
_STORED_FIGURE = re.compile(r'<figure data-image="([0-9]+)"></figure>')
_BARE_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:/?#]|$)", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z0-9]+)")
# What XML cannot hold, so lxml refuses it: control characters, lone surrogates, noncharacters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What may hold a paragraph that once was a caption.
_HOLDERS = frozenset({"blockquote", "li", "td", "th"})


class BodyTooDeep(ValueError):
    """Tags are nested deeper than `DEEPEST`: no editor makes such a body."""


@dataclass(frozen=True)
class Figure:
    """A photograph as the editor hands it over: which row, and what was typed under it."""

    image: int
    caption: str = ""
    credit: str = ""
    alternative: str = ""


def clean(html: str) -> str:
    """The body with nothing but the allowed tags and attributes; hostile parts are gone.

    Safe to trust on the way out. Text outside any block gets a paragraph of its own, empty
    paragraphs at either end are dropped. A body that holds no text and no picture becomes "".
    Raises BodyTooDeep.
    """
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
    """The photographs of a cleaned body in the order of the text, each row once."""
    found: dict[int, Figure] = {}
    for element in _parse(html).iter("figure"):
        figure = _figure(element)
        found.setdefault(figure.image, figure)
    return list(found.values())


def emptied(html: str) -> str:
    """The body as it is stored: figures hold nothing but the number of their row."""
    return _replace_figures(html, lambda figure: Figure(figure.image))


def with_figures(html: str, figures: dict[int, Figure]) -> str:
    """The body as the editor wants it: captions and credits filled in, unknown figures gone."""
    return _replace_figures(html, lambda figure: figures.get(figure.image))


def render(html: str, draw: Callable[[int], str]) -> str:
    """The stored body for readers: each figure replaced by what `draw(row)` returns.

    Works on the text: libxml2 knows HTML 4 only and would spoil `<source>` on its way through.
    """
    return _STORED_FIGURE.sub(lambda match: draw(int(match[1])), html)


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


def _keep_only_true_figures(tree: lxml.html.HtmlElement) -> None:
    """A figure needs the number of a row and stands between blocks; a caption needs a figure."""
    for element in reversed(list(tree.iter("figure"))):
        if not _IMAGE_ID.fullmatch(element.get("data-image", "")):
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


def _figure(element: lxml.html.HtmlElement) -> Figure:
    return Figure(
        image=int(element.get("data-image")),
        caption=" ".join(element.text_content().split()),
        credit=" ".join(element.get("data-credit", "").split()),
        alternative=" ".join(element.get("data-alt", "").split()),
    )


def _replace_figures(html: str, change: Callable[[Figure], Figure | None]) -> str:
    """Each figure changed or, for None, dropped; a row that stands twice is shown once."""
    tree = _parse(html)
    seen: set[int] = set()
    for element in list(tree.iter("figure")):
        figure = change(_figure(element))
        if figure is None or figure.image in seen:
            element.drop_tree()
            continue
        seen.add(figure.image)
        _fill(element, figure)
    return _serialise(tree)


def _fill(element: lxml.html.HtmlElement, figure: Figure) -> None:
    tail = element.tail
    element.clear()
    element.tail = tail
    element.set("data-image", str(figure.image))
    if figure.credit:
        element.set("data-credit", figure.credit)
    if figure.alternative:
        element.set("data-alt", figure.alternative)
    if figure.caption:
        caption = lxml.html.Element("figcaption")
        caption.text = figure.caption
        element.append(caption)
