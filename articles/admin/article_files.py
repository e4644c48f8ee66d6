"""What the article form asks for beside itself: taking pictures in, showing them, naming tags."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from taggit.models import Tag

from articles import pictures, renditions
from articles.models import Article, ArticleImage

TAGS_OFFERED = 12


@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """Takes one photograph in. 201 {id, width, height}; 400 {error} with a sentence."""
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
    return JsonResponse({"id": image.pk, "width": image.width, "height": image.height}, status=201)


@require_safe
def picture(request: HttpRequest, image_id: int) -> FileResponse:
    """A picture of a story this person may open, or their own fresh upload; else 404."""
    articles = Article.objects.visible_to(request.user)
    mine = Q(article=None, uploaded_by=request.user.pk)
    try:
        image = ArticleImage.objects.filter(mine | Q(article__in=articles)).get(pk=image_id)
    except (ArticleImage.DoesNotExist, OverflowError) as error:
        raise Http404 from error
    try:
        file = image.file.storage.open(renditions.desk_name(image))
    except (OSError, ValueError) as error:
        raise Http404 from error
    return FileResponse(
        file,
        content_type="image/webp",
        # A row's file never changes; only this person's browser may keep it.
        headers={"Cache-Control": "private, max-age=86400, immutable"},
    )


@require_safe
def tag_names(request: HttpRequest) -> JsonResponse:
    """Known tags that contain what was typed, those that begin with it first."""
    if not _has_any(request, "add_article", "change_article", "view_article"):
        raise PermissionDenied
    typed = request.GET.get("q", "").strip()[:30]
    if not typed:
        return JsonResponse({"tags": []})
    found = Tag.objects.filter(name__icontains=typed).values_list("name", flat=True)[:200]
    ranked = sorted(found, key=lambda name: (not name.startswith(typed), len(name), name))
    return JsonResponse({"tags": ranked[:TAGS_OFFERED]})


def _has_any(request: HttpRequest, *permissions: str) -> bool:
    return any(request.user.has_perm(f"articles.{name}") for name in permissions)
