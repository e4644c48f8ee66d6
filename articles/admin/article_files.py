"""What the article form asks for beside itself: taking pictures in, showing them, naming tags."""

from __future__ import annotations

from io import BytesIO
from typing import Any, cast

from django.contrib.auth.models import User
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from taggit.models import Tag, TaggedItem

from articles import pictures, renditions
from articles.admin.article_addresses import change_url
from articles.models import Article, ArticleImage
from articles.models.rendition_formats import ALL_FORMATS, DESK_FORMATS

TAGS_OFFERED = 12
JPEG_FORMATS = ("fallback", "cover")
# Signed, so that only a form that was filled in has a frame drawn. Without a time: the same
# frame is the same address, and drawn once.
frames = signing.Signer(salt="articles.admin.frame")
# Only this person's browser may keep it: what is behind such an address never changes.
KEPT = "private, max-age=86400, immutable"


@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """Takes one photograph in. 201 {id, width, height, known}; 400 {error} with a sentence.

    `known` lists earlier uses of the same file, so that their words may be taken over; `article`
    in the request is the story being written, in which the file may stand already.
    """
    if not _has_any(request, "add_article", "change_article"):
        raise PermissionDenied
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse(
            {"error": _("No file arrived. Choose the photograph again.")}, status=400
        )
    try:
        image = pictures.accept(file, by=cast(User, request.user))
    except pictures.PictureRefused as refusal:
        return JsonResponse({"error": str(refusal)}, status=400)
    renditions.prepare_later(image)
    here = request.POST.get("article", "")
    known = [_known(use, here) for use in pictures.known_uses(image, by=cast(User, request.user))]
    size = {"id": image.pk, "width": image.width, "height": image.height}
    return JsonResponse(size | ({"known": known} if known else {}), status=201)


def _known(use: ArticleImage, here: str) -> dict[str, Any]:
    """An earlier use of the same file, as the form offers it."""
    return {
        "id": use.pk,
        "title": use.article.title if use.article else "",
        "address": change_url(use.article) if use.article else "",
        "caption": use.caption,
        "credit": use.credit,
        "alternative": use.alternative,
        "when": timezone.localdate(use.uploaded_at).isoformat(),
        "is_here": use.order > 0 and str(use.article_id) == here,
    }


@require_safe
def picture(request: HttpRequest, image_id: int, format_name: str = "whole") -> FileResponse:
    """A picture of a story this person may open, or their own fresh upload; else 404.

    `whole` and `thumb` show all of it, the rest as it is framed now; `picture_address` gives
    addresses that may be kept. A signed `frame` shows it as it is framed in a form that is not
    saved yet.
    """
    try:
        image = ArticleImage.objects.visible_to(request.user).get(pk=image_id)
    except (ArticleImage.DoesNotExist, OverflowError) as error:
        raise Http404 from error
    if format_name not in ALL_FORMATS:
        raise Http404
    saved = renditions.version(image, format_name)
    if "frame" in request.GET:
        _frame_as_signed(image, request.GET["frame"])
    asked = renditions.version(image, format_name)
    file: Any
    try:
        if asked == saved:
            file = image.file.storage.open(renditions.private_name(image, format_name))
        else:
            file = BytesIO(renditions.draw(image, format_name))
    except (OSError, ValueError) as error:
        raise Http404 from error
    kept = format_name in DESK_FORMATS or request.GET.get("v") == asked
    return FileResponse(
        file,
        content_type="image/jpeg" if format_name in JPEG_FORMATS else "image/webp",
        headers={"Cache-Control": KEPT if kept else "private, no-store"},
    )


def picture_address(image: ArticleImage, format_name: str) -> str:
    """Where the desk finds a picture in one of ALL_FORMATS; another frame is another address."""
    address = reverse("admin:articles_article_rendition", args=[image.pk, format_name])
    return f"{address}?v={renditions.version(image, format_name)}"


def typed_address(image: ArticleImage, format_name: str) -> str:
    """The same for a picture whose frame may not be saved yet."""
    frame = frames.sign_object([image.pk, image.turn, image.crop, image.focus])
    return f"{picture_address(image, format_name)}&frame={frame}"


def _frame_as_signed(image: ArticleImage, frame: str) -> None:
    """Takes over a frame that `typed_address` made up for this picture; else 404."""
    try:
        row, turn, crop, focus = frames.unsign_object(frame)
    except signing.BadSignature as error:
        raise Http404 from error
    if row != image.pk:
        raise Http404
    image.frame_as({"turn": turn, "crop": crop, "focus": focus})


@require_safe
def tag_names(request: HttpRequest) -> JsonResponse:
    """Known tags that contain what was typed, those that begin with it first."""
    if not _has_any(request, "add_article", "change_article", "view_article"):
        raise PermissionDenied
    typed = request.GET.get("q", "").strip()[:30]
    if not typed:
        return JsonResponse({"tags": []})
    known = Article.objects.published() | Article.objects.visible_to(request.user)
    used = TaggedItem.objects.filter(tag=OuterRef("pk"))
    in_sight = used.filter(object_id__in=known.order_by().values("pk"))
    # Not those by which others work on something that nobody else knows of.
    named = Tag.objects.filter(~Exists(used) | Exists(in_sight), name__icontains=typed)
    found = named.values_list("name", flat=True)[:200]
    ranked = sorted(found, key=lambda name: (not name.startswith(typed), len(name), name))
    return JsonResponse({"tags": ranked[:TAGS_OFFERED]})


def _has_any(request: HttpRequest, *permissions: str) -> bool:
    return any(request.user.has_perm(f"articles.{name}") for name in permissions)
