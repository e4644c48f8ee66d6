"""Cleaned HTML as a tree of lxml, and back."""

from __future__ import annotations

import lxml.html


def parse(html: str) -> lxml.html.HtmlElement:
    return lxml.html.fragment_fromstring(html, create_parent="div")


def serialise(tree: lxml.html.HtmlElement) -> str:
    for item in tree.iter("li"):
        if not len(item) and not item.text:
            # libxml2 would leave out the end tag, and the next parser put it elsewhere.
            item.text = ""
    html = lxml.html.tostring(tree, encoding="unicode")
    return html.removeprefix("<div>").removesuffix("</div>").strip()
