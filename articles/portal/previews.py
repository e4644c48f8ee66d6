"""The page of a story for guests with a preview link: no account, no cookie, nothing counted.

Whatever is wrong with a link, the answer is one and the same: whoever tries addresses out
learns nothing from it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from articles import attachments, documents, previewing, renditions
from articles.models import ArticleImage, PreviewLink
from articles.models.people import display_name
from articles.models.rendition_formats import FORMATS
from articles.portal.beacon import is_prefetch
from articles.portal.media import CONTENT_TYPES
from articles.portal.pages import channel_tree
from newsroom import ranges

# Only this browser keeps files, and not for long, because a link can be revoked.
PRIVATE = ranges.INERT | {"Cache-Control": "private, max-age=3600"}

View = Callable[..., HttpResponseBase | None]


def for_guests(view: View) -> Callable[..., HttpResponseBase]:
    """Calls the view with the open link of the token; nobody keeps, indexes or hands on."""

    @require_safe
    @wraps(view)
    def wrapper(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        link = previewing.open_link(token)
        response = view(request, link, token, **kwargs) if link else None
        return private(response or _gone(request))

    return wrapper


def private(response: HttpResponseBase) -> HttpResponseBase:
    """The answer with the headers of what only the holder of a link may see."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _gone(request: HttpRequest) -> HttpResponse:
    context = {"channels": channel_tree().children()}
    return render(request, "articles/preview_gone.html", context, status=404)


@for_guests
def story(request: HttpRequest, link: PreviewLink, token: str) -> HttpResponse:
    """The newest saved text, with a word on who shared it and until when."""

    page = previewing.saved_page(link.article, addresses_beneath("preview", token))
    if request.method == "GET" and not is_prefetch(request):
        previewing.note_opening(link)
    shared = {"shared_by": display_name(link.created_by), "expires_at": link.expires_at}
    return render(request, "articles/preview.html", page | shared)


def addresses_beneath(page: str, token: str) -> previewing.Addresses:
    """Where the files of a story lie: beneath the address of the page of a link."""

    def picture(image: ArticleImage, format_name: str) -> str:
        address = reverse(f"{page}_picture", args=[token, image.pk, format_name])
        return f"{address}?v={renditions.version(image, format_name)}"

    return previewing.Addresses(
        picture=picture,
        video=lambda video: reverse(f"{page}_video", args=[token, video.pk]),
        file=lambda row: reverse(f"{page}_file", args=[token, row]),
    )


# Files of exactly the story of a link; None for what it does not show, or is gone. ---------


def picture_of(link: previewing.Shared, image_id: int, format_name: str) -> HttpResponseBase | None:
    image = previewing.picture_for_guests(link, image_id)
    if image is None or format_name not in FORMATS:
        return None
    try:
        name = renditions.private_name(image, format_name)
        file = image.file.storage.open(name)
    except (OSError, ValueError):
        return None
    content_type = CONTENT_TYPES[name.rpartition(".")[2]]
    return FileResponse(file, content_type=content_type, headers=PRIVATE)


def video_of(
    request: HttpRequest, link: previewing.Shared, video_id: int
) -> HttpResponseBase | None:
    """A video, or a part of it."""
    row = previewing.video_for_guests(link, video_id)
    if row is None:
        return None
    return _file(request, row.file, content_type="video/mp4", headers=PRIVATE)


def file_of(
    request: HttpRequest, link: previewing.Shared, attachment_id: int
) -> HttpResponseBase | None:
    """An attachment; not counted."""
    row = previewing.file_for_guests(link, attachment_id)
    if row is None:
        return None
    name = attachments.file_name(row.title, row.extension)
    return _file(
        request,
        row.file,
        content_type=documents.KINDS[row.extension].content_type,
        headers=PRIVATE | {"Content-Disposition": str(content_disposition_header(True, name))},
    )


def _file(request: HttpRequest, stored: FieldFile, **options: Any) -> HttpResponseBase | None:
    try:
        opened = stored.open()
    except (OSError, ValueError):
        return None
    return ranges.answer(request, opened, tag=str(stored.name).rpartition("/")[2], **options)


@for_guests
def picture(
    request: HttpRequest, link: PreviewLink, token: str, image_id: int, format_name: str
) -> HttpResponseBase | None:
    return picture_of(link, image_id, format_name)


@for_guests
def video(
    request: HttpRequest, link: PreviewLink, token: str, video_id: int
) -> HttpResponseBase | None:
    return video_of(request, link, video_id)


@for_guests
def file(
    request: HttpRequest, link: PreviewLink, token: str, attachment_id: int
) -> HttpResponseBase | None:
    return file_of(request, link, attachment_id)
