"""What readers see of a film: its public file, and the HTML printed into a story."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import override

from articles.models import Video
from articles.models.picture_file import PUBLIC_RENDITIONS
from newsroom.storage import give_second_name

# A film → where a browser finds it.
Address = Callable[[Video], str]


@dataclass(frozen=True)
class ShownVideo:
    """What a page needs to show one film: address, size in pixels, words."""

    source: str
    poster: str
    width: int
    height: int
    caption: str
    credit: str


def films(
    videos: Iterable[Video], posters: Mapping[int, str], address: Address | None = None
) -> dict[int, ShownVideo]:
    """Row → what a page needs to show it. Touches no file.

    `posters` gives the addresses of pictures by row, `address` that of a film; the public one
    unless told.
    """
    return {
        video.pk: ShownVideo(
            source=(address or public_address)(video),
            poster=posters.get(video.poster_id or 0, ""),
            width=video.width,
            height=video.height,
            caption=video.caption,
            credit=video.credit,
        )
        for video in videos
    }


def public_address(video: Video) -> str:
    return str(video.file.storage.url(public_name(video)))


def public_name(video: Video) -> str:
    return f"{PUBLIC_RENDITIONS}/{video.file.name}"


def film_printer(shown: Mapping[int, ShownVideo]) -> Callable[[int], str]:
    """A drawer for `markup.render`; a film that is not there leaves nothing."""

    def draw(row: int) -> str:
        return print_film(shown[row]) if row in shown else ""

    return draw


def print_film(film: ShownVideo) -> str:
    """The HTML of one film with its caption."""
    # Printed once for all readers, so never in the language of the person who publishes.
    with override("zh-hans"):
        return render_to_string("articles/parts/video.html", {"film": film})


def expose(videos: Iterable[Video]) -> None:
    """Gives the films public names. Repeating changes nothing."""
    for video in videos:
        give_second_name(video.file.storage, str(video.file.name), public_name(video))


def conceal(videos: Iterable[Video]) -> None:
    """Takes the public names away. Repeating changes nothing."""
    for video in videos:
        video.file.storage.delete(public_name(video))
