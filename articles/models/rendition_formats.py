"""The sizes a picture is shown at, each a format of django-imagefield, and what makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imagefield.fields import Context
from imagefield.processing import register
from PIL import Image

from articles import framing
from articles.framing import Frame

if TYPE_CHECKING:
    from articles.models.picture_file import PictureFile

# The text column is 720 CSS pixels wide, a phone 360 to 430: one and two device pixels each.
RENDITION_WIDTHS = (480, 960, 1440)
FALLBACK_WIDTH = 960
# The whole picture beside the text that is being written, and in its tray.
DESK_WIDTH, THUMB_WIDTH = 960, 240
# Renditions differ in width; WebP holds 16,383 pixels a side, an upload 12,000.
NO_LIMIT = 12_000

_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@register
def encode(get_image: Any, kind: str, quality: int) -> Any:
    """An imagefield processor: the rendition's file format and quality."""

    def processor(image: Any, context: Context) -> Any:
        context.save_kwargs.update(format=kind, quality=quality)
        image = get_image(image, context)
        return _on_white(image) if kind == "JPEG" and image.mode != "RGB" else image

    return processor


@register
def thumbnail(get_image: Any, size: tuple[int, int]) -> Any:
    """In place of imagefield's: to the pixel as pages announce it, and without decoding a
    JPEG in full when an eighth of it will do. The name is part of the files' names."""

    def processor(image: Image.Image, context: Any) -> Image.Image:
        shown = context.shown(image.size)
        small = framing.scaled(shown, size[0])
        image.draft("RGB", framing.times(image.size, 2 * small[0] / shown[0]))
        image = get_image(image, context)
        return image.resize(small, Image.Resampling.LANCZOS, reducing_gap=3.0)

    return processor


@register
def frame(get_image: Any, turn: int, crop: Any) -> Any:
    """An imagefield processor: the part of the picture that is shown, turned."""

    def processor(image: Image.Image, context: Any) -> Image.Image:
        image = get_image(image, context)
        return _cut(image, turn, Frame(turn, crop).box(image.size))

    return processor


@register
def cover(get_image: Any, turn: int, crop: Any, focus: tuple[float, float]) -> Any:
    """An imagefield processor: the part that lists show."""

    def processor(image: Image.Image, context: Any) -> Image.Image:
        image = get_image(image, context)
        return _cut(image, turn, Frame(turn, crop, focus).cover_box(image.size))

    return processor


def _cut(image: Image.Image, turn: int, box: framing.Box) -> Image.Image:
    turned = image.transpose(_TURNS[turn]) if turn else image
    return turned.crop(box)


def _on_white(image: Image.Image) -> Image.Image:
    """What is transparent is paper; JPEG would make it black."""
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return paper


def _format(kind: str, width: int, shows: str = "frame") -> Any:
    """A size in the frame of its row: as framed, whole, or cut as a cover.

    A file's name is a digest of its picture's name and all that is said here, so another frame
    is another file. A picture without a frame keeps the names it had before there were frames.
    """
    extension, quality = {"WEBP": (".webp", 80), "JPEG": (".jpg", 82)}[kind]

    def spec(file: PictureFile, context: Any) -> None:
        row: Any = file.instance
        chosen = Frame() if shows == "whole" else row.frame
        context.extension = extension
        # imagefield names files after the point of interest, too, which only covers look at.
        context.ppoi = [0.5, 0.5]
        context.shown = chosen.cover if shows == "cover" else chosen.shown
        processors: list[Any] = [("encode", kind, quality), ("thumbnail", (width, NO_LIMIT))]
        if shows == "cover":
            processors.append(("cover", chosen.turn, chosen.crop, chosen.focus))
        elif not chosen.is_whole:
            processors.append(("frame", chosen.turn, chosen.crop))
        context.processors = processors

    return spec


FORMATS = {
    **{f"webp{width}": _format("WEBP", width) for width in RENDITION_WIDTHS},
    "fallback": _format("JPEG", FALLBACK_WIDTH),
}
COVER_FORMATS = {
    **{f"cover{width}": _format("WEBP", width, "cover") for width in RENDITION_WIDTHS},
    "cover": _format("JPEG", FALLBACK_WIDTH, "cover"),
}
DESK_FORMATS = {
    "whole": _format("WEBP", DESK_WIDTH, "whole"),
    "thumb": _format("WEBP", THUMB_WIDTH, "whole"),
}
ALL_FORMATS = FORMATS | COVER_FORMATS | DESK_FORMATS
