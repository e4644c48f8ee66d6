"""What is said of pictures and videos, in words a person reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.comparing.pieces import Budget, Piece, pieces
from articles.markup import MIDDLE
from articles.models import ArticleImage, Video

# In the order they are typed. The first belongs to the whole figure.
PICTURE_FACTS = (
    "caption",
    "credit",
    "alternative",
    "rights",
    "rights_note",
    "turn",
    "crop",
    "focus",
)
VIDEO_FACTS = ("caption", "credit", "poster")
# Facts that are typed, so that single characters of them may change.
TYPED = frozenset({"caption", "credit", "alternative", "rights_note"})


@dataclass(frozen=True)
class FieldChange:
    """One fact or field, before and after."""

    name: str
    label: str
    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        return any(piece.kind != "equal" for piece in self.pieces)


@dataclass
class Content:
    """A revision's content, looked up by row."""

    raw: dict[str, Any]

    @cached_property
    def images(self) -> dict[int, dict[str, Any]]:
        return {image["id"]: image for image in self.raw.get("images", [])}

    @cached_property
    def places(self) -> dict[int, int]:
        """Row → which picture of the story it is, from 1."""
        return {image: place for place, image in enumerate(self.images, start=1)}

    @cached_property
    def videos(self) -> dict[int, dict[str, Any]]:
        return {video["id"]: video for video in self.raw.get("videos", [])}

    @cached_property
    def attachments(self) -> dict[int, str]:
        return {row["id"]: row["title"] for row in self.raw.get("attachments", [])}

    def picture_name(self, image: int | None) -> str:
        """“Picture 3”; "" for none."""
        if not image:
            return ""
        if image not in self.places:
            return _("a picture that is not in the text")
        return _("Picture %(place)d") % {"place": self.places[image]}


def column(name: str) -> str:
    """The column that holds a fact."""
    return {"focus": "focal_point"}.get(name, name)


def label(model: type[ArticleImage | Video], name: str) -> str:
    return capfirst(str(model._meta.get_field(column(name)).verbose_name))  # type: ignore[union-attr]


def spoken(name: str, value: Any, content: Content) -> str:
    """A fact in words; "" for what is as usual."""
    if value in (None, "", 0):
        return ""
    if name == "rights":
        return str(dict(ArticleImage.Rights.choices).get(value, value))
    if name == "turn":
        return _("%(degrees)d° clockwise") % {"degrees": value}
    if name == "crop":
        left, top, width, height = (round(share * 100) for share in value)
        return _(
            "%(width)d%% of the width and %(height)d%% of the height, "
            "from %(left)d%% of the left and %(top)d%% of the top"
        ) % {"width": width, "height": height, "left": left, "top": top}
    if name == "focus":
        if tuple(value) == MIDDLE:
            return ""
        across, down = (round(share * 100) for share in value)
        return _("%(across)d%% from the left, %(down)d%% from the top") % {
            "across": across,
            "down": down,
        }
    if name == "poster":
        return content.picture_name(value)
    return str(value)


def change(
    name: str, label: str, old: str, new: str, budget: Budget, *, typed: bool = True
) -> FieldChange:
    """The change of one value. What is chosen, not typed, is replaced as a whole."""
    if typed or old == new:
        return FieldChange(name, label, pieces(old, new, budget))
    found = [Piece("delete", old)] if old else []
    found += [Piece("insert", new)] if new else []
    return FieldChange(name, label, tuple(found))


def of_pictures(
    images: tuple[int, ...], old: Content | None, new: Content | None, budget: Budget
) -> tuple[FieldChange, ...]:
    """What is said of the pictures of a figure; None for a side where the figure is not."""
    found = []
    shown = new or old
    for order, image in enumerate(images):
        name = shown.picture_name(image) if shown and len(images) > 1 else ""
        for fact in PICTURE_FACTS:
            if fact == "caption" and order:
                continue
            prefix = f"{name} " if name and fact != "caption" else ""
            found.append(_fact(ArticleImage, fact, image, prefix, old, new, budget))
    return tuple(each for each in found if each.pieces)


def of_video(
    video: int, old: Content | None, new: Content | None, budget: Budget
) -> tuple[FieldChange, ...]:
    found = [_fact(Video, fact, video, "", old, new, budget) for fact in VIDEO_FACTS]
    return tuple(each for each in found if each.pieces)


def _fact(
    model: type[ArticleImage | Video],
    name: str,
    row: int,
    prefix: str,
    old: Content | None,
    new: Content | None,
    budget: Budget,
) -> FieldChange:
    def said(content: Content | None) -> str:
        if content is None:
            return ""
        rows = content.images if model is ArticleImage else content.videos
        return spoken(name, rows.get(row, {}).get(name), content)

    return change(
        name, prefix + label(model, name), said(old), said(new), budget, typed=name in TYPED
    )
