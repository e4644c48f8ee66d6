"""Bodies from the browser, cleaned and put in order.

nh3 cleans first; lxml only ever sees cleaned HTML.
"""

from __future__ import annotations

import re
from itertools import takewhile

import lxml.html
import nh3

from articles.markup import attributes
from articles.markup.nesting import DEEPEST, BodyTooDeep, Nesting, depth
from articles.markup.trees import parse, serialise
from articles.markup.vocabulary import (
    ATTRIBUTES,
    BLOCKS,
    FIGURE,
    INLINE,
    TABLE,
    URL_SCHEMES,
)

# What an editor makes is in order after one; tag soup has needed three.
MOST_REPAIRS = 5

_cleaner = nh3.Cleaner(
    tags=set(BLOCKS | TABLE | INLINE | FIGURE),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    url_schemes=set(URL_SCHEMES),
    link_rel="noopener noreferrer",
    clean_content_tags={"script", "style", "title", "template", "svg", "math"},
)
_BARE_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:/?#]|$)", re.IGNORECASE)
# What XML cannot hold, so lxml refuses it: control characters, lone surrogates, noncharacters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What may hold a paragraph that once was a caption.
_HOLDERS = frozenset({"blockquote", "li", "td", "th"})


def clean(html: str) -> str:
    """The body with nothing but the allowed tags and attributes; hostile parts are gone.

    Safe to trust on the way out. Text outside any block gets a paragraph of its own, empty
    paragraphs at either end are dropped. A body that holds no text and no picture becomes "".
    Raises BodyTooDeep.
    """
    Nesting().read(_UNPRINTABLE.sub("", html))
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
    if depth(cleaned) > DEEPEST:
        raise BodyTooDeep
    tree = parse(cleaned)
    _with_schemes(tree)
    _keep_only_true_figures(tree)
    _wrap_loose_text(tree)
    for blank in list(takewhile(_is_blank, tree)):
        tree.remove(blank)
    for blank in list(takewhile(_is_blank, reversed(tree))):
        tree.remove(blank)
    return "" if _shows_nothing(tree) else serialise(tree)


def _paragraphs(text: str) -> str:
    """Plain text, as it comes without the editor: a paragraph for each line that says something."""
    return "".join(f"<p>{line}</p>" for line in text.splitlines() if line.strip())


def _with_schemes(tree: lxml.html.HtmlElement) -> None:
    """www.example.com, typed as a link, is meant as an address of the web, not of this page."""
    for link in tree.iter("a"):
        address = link.get("href", "")
        if _BARE_HOST.match(address):
            link.set("href", f"https://{address}")


def _keep_only_true_figures(tree: lxml.html.HtmlElement) -> None:
    """A figure names its rows and stands between blocks; a caption needs a figure."""
    for element in reversed(list(tree.iter("figure"))):
        if attributes.read(element) is None:
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
