"""Figures in and out of a body, which holds only their places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

import lxml.html

from articles.markup import attributes
from articles.markup.figures import Figure
from articles.markup.trees import parse, serialise

_STORED_FIGURE = re.compile(r'<figure data-(image|video)="([0-9,]+)"></figure>')


def read_figures(html: str) -> list[Figure]:
    """The figures of a cleaned body in the order of the text, each row once."""
    seen: set[tuple[str, int]] = set()
    found = (
        _without_seen(attributes.read(element), seen) for element in parse(html).iter("figure")
    )
    return [figure for figure in found if figure is not None]


def emptied(html: str) -> str:
    """The body as it is stored: figures hold nothing but the numbers of their rows."""
    return _replace_figures(html, lambda figure: figure.bare)


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
    tree = parse(html)
    seen: set[tuple[str, int]] = set()
    for element in list(tree.iter("figure")):
        fresh = _without_seen(attributes.read(element), seen)
        figure = change(fresh) if fresh else None
        if figure is None:
            element.drop_tree()
            continue
        _fill(element, figure)
    return serialise(tree)


def _fill(element: lxml.html.HtmlElement, figure: Figure) -> None:
    tail = element.tail
    element.clear()
    element.tail = tail
    for name, value in attributes.written(figure).items():
        if value:
            element.set(f"data-{name}", value)
    if figure.caption:
        caption = lxml.html.Element("figcaption")
        caption.text = figure.caption
        element.append(caption)
