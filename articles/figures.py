"""The HTML of photographs and groups of them, as readers get it.

Printed once for all readers, so never in the language of the person who publishes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.utils.translation import override

from articles.renditions import Photograph

# Pixels of the text column, and of the gap between two pictures: see `.group` in portal.css.
MEASURE, GAP = 720, 8
# Two pictures side by side are equally high when their widths are as their proportions. A style
# sheet knows a class for each even share; what that is off by is cut off the wider one's edge.
NARROWEST, STEP = 16, 2


@dataclass(frozen=True)
class GroupRow:
    """One picture across the column, or two side by side; `left`: the first one's per cent."""

    photographs: tuple[Photograph, ...]
    sizes: tuple[str, ...]
    left: int = 100

    @property
    def cells(self) -> list[tuple[Photograph, str]]:
        return list(zip(self.photographs, self.sizes, strict=True))


def count_in(body: str) -> int:
    """How many pictures a printed body shows."""
    return body.count("<picture>")


def photograph_printer(photographs: dict[int, Photograph]) -> Callable[[tuple[int, ...]], str]:
    """A drawer for `markup.render`; the first picture is fetched at once, the rest when near."""
    first = next(iter(photographs), None)

    def draw(images: tuple[int, ...]) -> str:
        known = [photographs[image] for image in images if image in photographs]
        if len(known) > 1:
            return print_group(known, is_first=first in images)
        return "".join(print_photograph(each, is_first=first in images) for each in known)

    return draw


def print_photograph(photograph: Photograph, *, is_first: bool) -> str:
    """The HTML of one photograph with its caption."""
    with override("zh-hans"):
        return render_to_string(
            "articles/parts/photograph.html", {"photograph": photograph, "is_first": is_first}
        )


def print_group(photographs: list[Photograph], *, is_first: bool) -> str:
    """The HTML of pictures that share a caption; credits are named once each, in order."""
    caption = next((each.caption for each in photographs if each.caption), "")
    named = [replace(each, alternative=each.alternative or caption) for each in photographs]
    context = {
        "rows": group_rows(named),
        "caption": caption,
        "credit": "、".join(dict.fromkeys(each.credit for each in named if each.credit)),
        "is_first": is_first,
    }
    with override("zh-hans"):
        return render_to_string("articles/parts/group.html", context)


def group_rows(photographs: list[Photograph]) -> list[GroupRow]:
    """Two in a row; of an odd number the first one stands across."""
    odd = len(photographs) % 2
    rows = [GroupRow((photographs[0],), (_sizes(100),))] if odd else []
    pairs = photographs[odd:]
    for left, right in zip(pairs[::2], pairs[1::2], strict=True):
        share = _left_share(left, right)
        rows.append(GroupRow((left, right), (_sizes(share), _sizes(100 - share)), share))
    return rows


def _left_share(left: Photograph, right: Photograph) -> int:
    ours, theirs = left.width / left.height, right.width / right.height
    share = round(100 * ours / (ours + theirs) / STEP) * STEP
    return min(max(share, NARROWEST), 100 - NARROWEST)


def _sizes(share: int) -> str:
    """How wide the picture is on the page, for `sizes`."""
    if share == 100:
        return "(max-width: 752px) calc(100vw - 32px), 720px"
    return f"(max-width: 752px) {share}vw, {round((MEASURE - GAP) * share / 100)}px"
