"""Attachments and videos in the article form: taken in, shown, downloaded."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from articles import attachments, documents
from articles.admin.attachments_field import facts
from articles.models import Attachment, Video
from articles.models.upload import UploadQuerySet
from articles.videos import intake
from newsroom import ranges

# What a form adds to the file it carries.
FORM_AROUND_FILE = 64 * 1024
READ_AND_DROPPED = 256 * 1024
# A row's file never changes; only this person's browser may keep it, and has to ask.
PRIVATE = ranges.INERT | {"Cache-Control": "private, no-cache"}

View = Callable[..., HttpResponseBase]
Row = TypeVar("Row", bound=models.Model)


class ArticleAttachments(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own: list[URLPattern] = [
            path(
                "attachment/",
                takes_large_files(wrap(upload_attachment), lambda: settings.LARGEST_ATTACHMENT),
                name="articles_article_attachment_upload",
            ),
            path(
                "attachment/<int:attachment_id>/",
                wrap(attachment, cacheable=True),
                name="articles_article_attachment",
            ),
            path(
                "video/",
                takes_large_files(wrap(upload_video), lambda: settings.LARGEST_VIDEO),
                name="articles_article_video_upload",
            ),
            path(
                "video/<int:video_id>/",
                wrap(video, cacheable=True),
                name="articles_article_video",
            ),
        ]
        return own + super().get_urls()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= {
            "largest_attachment": settings.LARGEST_ATTACHMENT,
            "most_attachments": settings.MOST_ATTACHMENTS,
            "attachment_types": ",".join(f".{name}" for name in documents.KINDS),
        }
        return super().render_change_form(request, context, *args, **kwargs)


def takes_large_files(view: View, largest: Callable[[], int]) -> View:
    """The view, refusing before a byte is kept: strangers and files beyond the limit.

    Django's check of the form's token reads the whole request, for whoever sends it; so it has to
    come second here: the view behind this one does it (`admin_view`), the middleware does not.
    Files go to the disk at once, never into memory.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "POST":
            length = int(request.META.get("CONTENT_LENGTH") or 0)
            if not _may_write(request):
                _read_and_drop(request, min(length, largest()))
                return _refused(_("You may not do this. Log in as somebody who writes."), 403)
            if length > largest() + FORM_AROUND_FILE:
                _read_and_drop(request, largest() + FORM_AROUND_FILE)
                return _refused(_("The file is too large."), 413)
            request.upload_handlers = [TemporaryFileUploadHandler(request)]
        return view(request, *args, **kwargs)

    return guarded


def _read_and_drop(request: HttpRequest, length: int) -> None:
    """A browser reads no answer before it has sent what it wanted to send."""
    while length > 0 and (chunk := request.read(min(READ_AND_DROPPED, length))):
        length -= len(chunk)


@require_POST
def upload_attachment(request: HttpRequest) -> JsonResponse:
    """Takes one file in. 201 with what the list shows of it; 400 {error} with a sentence."""
    file = request.FILES.get("file")
    if file is None:
        return _refused(_("No file arrived. Choose it again."))
    try:
        row = attachments.accept(file, by=cast(User, request.user))
    except documents.DocumentRefused as refusal:
        return _refused(str(refusal))
    return JsonResponse(facts(row), status=201)


@require_POST
def upload_video(request: HttpRequest) -> JsonResponse:
    """Takes one film in. 201 {id, width, height, duration}; 400 {error} with a sentence."""
    file = request.FILES.get("file")
    if file is None:
        return _refused(_("No file arrived. Choose it again."))
    try:
        row = intake.accept(file, by=cast(User, request.user))
    except intake.VideoRefused as refusal:
        return _refused(str(refusal))
    facts = {"id": row.pk, "width": row.width, "height": row.height, "duration": row.duration}
    return JsonResponse(facts, status=201)


@require_safe
def attachment(request: HttpRequest, attachment_id: int) -> HttpResponseBase:
    """A file of a story this person may open, or their own fresh upload; else 404. Not counted."""
    row = _visible(Attachment.objects.all(), attachment_id, request)
    name = attachments.file_name(row.title, row.extension)
    named = str(content_disposition_header(True, name))
    content_type = documents.KINDS[row.extension].content_type
    return _send(request, row.file, content_type, PRIVATE | {"Content-Disposition": named})


@require_safe
def video(request: HttpRequest, video_id: int) -> HttpResponseBase:
    """A film of a story this person may open, or their own fresh upload; else 404."""
    row = _visible(Video.objects.all(), video_id, request)
    return _send(request, row.file, "video/mp4", PRIVATE)


def _visible(rows: UploadQuerySet[Row], number: int, request: HttpRequest) -> Row:
    try:
        return rows.visible_to(request.user).get(pk=number)
    except (ObjectDoesNotExist, OverflowError) as error:
        raise Http404 from error


def _send(
    request: HttpRequest, stored: models.fields.files.FieldFile, content_type: str, headers: dict
) -> HttpResponseBase:
    try:
        file = stored.open()
    except (OSError, ValueError) as error:
        raise Http404 from error
    tag = str(stored.name).rpartition("/")[2]
    return ranges.answer(request, file, tag=tag, content_type=content_type, headers=headers)


def _may_write(request: HttpRequest) -> bool:
    user = request.user
    return user.is_active and any(
        user.has_perm(f"articles.{name}") for name in ("add_article", "change_article")
    )


def _refused(sentence: str, status: int = 400) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
