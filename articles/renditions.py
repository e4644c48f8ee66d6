"""The sizes a picture is shown at.

They are prepared in a private folder as soon as a picture arrives, get a public name when the
story is published and lose it when it is withdrawn. Preparing needs no database, so a thread of
the serving process does it; publishing makes whatever is still missing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from articles.models import ArticleImage
from articles.models.image import (
    FALLBACK_WIDTH,
    FORMATS,
    PRIVATE_RENDITIONS,
    PUBLIC_RENDITIONS,
    RENDITION_WIDTHS,
)

logger = logging.getLogger(__name__)
# One thread: two would starve the requests of a small machine.
_background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="renditions")


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

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def prepare(image: ArticleImage) -> dict[str, str]:
    """Makes the renditions that are missing; returns format → private file name."""
    return {name: image.file.process(name) for name in FORMATS}


def prepare_later(image: ArticleImage) -> None:
    """Prepares after commit, beside the request (at once where settings say so)."""
    if settings.RENDITIONS_IN_BACKGROUND:
        transaction.on_commit(lambda: _background.submit(prepare, image).add_done_callback(_report))
    else:
        prepare(image)


def _report(done: Future[dict[str, str]]) -> None:
    """Publishing will try again; the log should know all the same."""
    if error := done.exception():
        logger.warning("A picture could not be prepared.", exc_info=error)


def desk_name(image: ArticleImage) -> str:
    """The private file the desk shows, made now if need be."""
    return image.file.process("webp960")


def photographs(images: Iterable[ArticleImage]) -> dict[int, Photograph]:
    """Row → what a page needs to show it, once it is exposed. Touches no file."""
    return {image.pk: _photograph(image) for image in images}


def expose(images: Iterable[ArticleImage]) -> None:
    """Gives the renditions public names. Repeating changes nothing."""
    for image in images:
        for private in prepare(image).values():
            target = _public_name(private)
            if not image.file.storage.exists(target):
                _duplicate(image.file.storage, private, target)


def _duplicate(storage: Any, private: str, target: str) -> None:
    if hasattr(storage, "duplicate"):
        storage.duplicate(private, target)
        return
    with storage.open(private) as file:
        storage.save(target, file)


def _public_name(private: str) -> str:
    return PUBLIC_RENDITIONS + private.removeprefix(PRIVATE_RENDITIONS)


def conceal(images: Iterable[ArticleImage]) -> None:
    """Takes the public names away, but for files that another published story shows too."""
    for image in images:
        shared = ArticleImage.objects.filter(file=image.file.name, article__status="published")
        if shared.exclude(article=image.article_id).exists():
            continue
        for private in image.file.rendition_names().values():
            image.file.storage.delete(_public_name(private))


def _photograph(image: ArticleImage) -> Photograph:
    storage = image.file.storage
    names = image.file.rendition_names()
    urls = {name: storage.url(_public_name(private)) for name, private in names.items()}
    shown = min(image.width, FALLBACK_WIDTH)
    return Photograph(
        source=urls["fallback"],
        source_set=", ".join(
            f"{urls[f'webp{width}']} {min(width, image.width)}w"
            for width in RENDITION_WIDTHS
            if width == RENDITION_WIDTHS[0] or _previous(width) < image.width
        ),
        width=shown,
        height=max(1, round(image.height * shown / image.width)),
        caption=image.caption,
        credit=image.credit,
        alternative=image.alternative_text,
    )


def _previous(width: int) -> int:
    return RENDITION_WIDTHS[RENDITION_WIDTHS.index(width) - 1]
