"""The sizes a picture is shown at, in the frame its story gives it.

They are prepared in a private folder as soon as a picture arrives, get a public name when the
story is published and lose it when it is withdrawn. Preparing needs no database, so a thread of
the serving process does it; whoever needs one that is still missing makes it
(docs/decisions/0005-renditions-are-made-by-a-thread.md).

The name of a rendition is a digest of file, frame and format: framing a picture anew destroys
nothing, and an edition goes on showing the frames it was printed with.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from articles import framing
from articles.models import Article, ArticleImage
from articles.models.own_picture import OwnPicture
from articles.models.picture_file import PRIVATE_RENDITIONS, PUBLIC_RENDITIONS
from articles.models.rendition_formats import DESK_FORMATS, FALLBACK_WIDTH, RENDITION_WIDTHS
from newsroom.storage import give_second_name

# What sizes are made of: a photograph of a story, the own picture of a placement or a topic.
Picture = ArticleImage | OwnPicture
# A picture and the name of a format → where a browser finds it.
Address = Callable[[Any, str], str]

logger = logging.getLogger(__name__)
# One thread: two would starve the requests of a small machine.
_background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="renditions")


@dataclass(frozen=True)
class Shape:
    """Formats that differ in width only: how their names begin, and the JPEG among them."""

    widths: str
    fallback: str


PICTURE, COVER = Shape("webp", "fallback"), Shape("cover", "cover")


@dataclass(frozen=True)
class Photograph:
    """What a page needs to show one picture: addresses, true size in pixels, words."""

    source: str
    source_set: str
    width: int
    height: int
    caption: str
    credit: str
    alternative: str

    @property
    def is_upright(self) -> bool:
        """Whether it would be higher than a screen if it filled the column."""
        return self.height > self.width

    @property
    def largest(self) -> str:
        """Where the largest size there is can be opened."""
        return self.source_set.rpartition(", ")[2].partition(" ")[0] or self.source

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def prepare(image: Picture, *, is_cover: bool = False) -> dict[str, str]:
    """Makes what readers get, where it is missing; returns format → private file name."""
    formats = _offered(PICTURE, image.shown_size)
    if is_cover:
        formats += _offered(COVER, _cover_size(image))
    return {name: image.file.process(name) for name in formats}


def prepare_later(image: Picture) -> None:
    """Prepares after commit, beside the request (at once where settings say so)."""
    if settings.RENDITIONS_IN_BACKGROUND:
        transaction.on_commit(lambda: _submit(_prepare_all, image), robust=True)
    else:
        _prepare_all(image)


def prepare_frames_later(article: Article) -> None:
    """Prepares after commit, beside the request, what was turned or cropped meanwhile.

    Else publishing would have to, while somebody waits.
    """
    if not settings.RENDITIONS_IN_BACKGROUND:
        return
    framed = Q(turn__gt=0) | Q(crop__isnull=False)
    images = list(article.images.filter(framed, order__gt=0))
    if images:
        transaction.on_commit(lambda: _submit(_prepare_frames, images), robust=True)


def _prepare_frames(images: Iterable[Picture]) -> None:
    for image in images:
        prepare(image)


def _submit(work: Callable[[Any], None], on: Any) -> None:
    _background.submit(work, on).add_done_callback(_report)


def _prepare_all(image: Picture) -> None:
    """The desk's first: somebody is looking at it."""
    for name in DESK_FORMATS:
        image.file.process(name)
    prepare(image)


def _report(done: Future[None]) -> None:
    """Publishing will try again; the log should know all the same."""
    if error := done.exception():
        logger.warning("A picture could not be prepared.", exc_info=error)


def private_name(image: Picture, format_name: str) -> str:
    """The private file of one of ALL_FORMATS, made now if need be; raises OSError, ValueError."""
    return image.file.process(format_name)


def draw(image: Picture, format_name: str) -> bytes:
    """One of ALL_FORMATS in a frame that may never be saved: nothing is kept.

    Raises OSError, ValueError.
    """
    return image.file.draw(format_name)


def version(image: Picture, format_name: str) -> str:
    """12 hexadecimal digits, others for another frame: for addresses that browsers keep."""
    return image.file.rendition_name(format_name).rpartition("-")[2].partition(".")[0]


def photographs(images: Iterable[Picture], address: Address | None = None) -> dict[int, Photograph]:
    """Row → what a page needs to show it. Touches no file.

    `address` gives the address of a picture in one of FORMATS; the public one unless told.
    """
    chosen = address or _public_address
    return {image.pk: _photograph(image, chosen, PICTURE, image.shown_size) for image in images}


def cover_photograph(image: Picture, address: Address | None = None) -> Photograph:
    """What lists need to show a picture: cut to 3:2 around its focus. Touches no file."""
    return _photograph(image, address or _public_address, COVER, _cover_size(image))


def whole_photograph(image: Picture, address: Address | None = None) -> Photograph:
    """What a page needs to show all of a picture. Touches no file."""
    return _photograph(image, address or _public_address, PICTURE, image.shown_size)


def _public_address(image: Picture, format_name: str) -> str:
    private = image.file.rendition_name(format_name)
    return str(image.file.storage.url(_public_name(private)))


def expose(images: Iterable[Picture], cover: Picture | None = None) -> None:
    """Gives the renditions public names, the cover's own too. Repeating changes nothing."""
    for image in images:
        for private in prepare(image, is_cover=image == cover).values():
            give_second_name(image.file.storage, private, _public_name(private))


def _public_name(private: str) -> str:
    return PUBLIC_RENDITIONS + private.removeprefix(PRIVATE_RENDITIONS)


def conceal(images: Iterable[Picture], is_shown: Callable[[Any, str], bool] | None = None) -> None:
    """Takes public names away, of older frames too, but for those `is_shown` says readers see."""
    for image in images:
        for name in _public_names(image):
            if is_shown is None or not is_shown(image, name):
                image.file.storage.delete(name)


def _public_names(image: Picture) -> list[str]:
    """The public files there are of a picture, whatever the frame: they share its stem."""
    folder, stem = image.file.rendition_name("whole").rpartition("/")[::2]
    folder, stem = _public_name(folder), stem.rpartition("-")[0] + "-"
    try:
        _folders, names = image.file.storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in names if name.startswith(stem)]


def _cover_size(image: Picture) -> framing.Size:
    return image.frame.cover((image.width, image.height))


def _offered(shape: Shape, size: framing.Size) -> list[str]:
    """The formats a page names: none wider than the picture but the first that holds it."""
    return [f"{shape.widths}{width}" for width in _widths(size)] + [shape.fallback]


def _widths(size: framing.Size) -> list[int]:
    return [
        width
        for place, width in enumerate(RENDITION_WIDTHS)
        if place == 0 or RENDITION_WIDTHS[place - 1] < size[0]
    ]


def _photograph(image: Picture, address: Address, shape: Shape, size: framing.Size) -> Photograph:
    shown = framing.scaled(size, FALLBACK_WIDTH)
    return Photograph(
        source=address(image, shape.fallback),
        source_set=", ".join(
            f"{address(image, f'{shape.widths}{width}')} {min(width, size[0])}w"
            for width in _widths(size)
        ),
        width=shown[0],
        height=shown[1],
        caption=image.caption,
        credit=image.credit,
        alternative=image.alternative_text,
    )
