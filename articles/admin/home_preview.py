"""The front page as of any moment, for the frame beside the slots."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from articles import renditions
from articles.admin.article_files import JPEG_FORMATS, KEPT
from articles.admin.article_preview import may_be_framed
from articles.admin.base import SafeModelAdmin
from articles.front_page import composing
from articles.front_page.composing import FrontPage
from articles.models import Channel, PlacementPicture
from articles.models.rendition_formats import ALL_FORMATS
from articles.models.tree import Tree

# Years a browser's calendar and every database can hold.
FIRST_YEAR, LAST_YEAR = 1990, 2100
NATIONAL_DAY = (10, 1)
MORNING = 8


class HomePreview(SafeModelAdmin):
    @method_decorator([require_safe, may_be_framed, xframe_options_sameorigin])
    def page(self, request: HttpRequest) -> HttpResponse:
        """What readers get at the moment `at`, in the portal's own template."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        at = moment_of(request)
        channels = Tree(Channel.objects.all())
        front = front_page(at, channels)
        context = {"channels": channels.children(), "front": front, "moment": at}
        response = render(request, "articles/home_as_of.html", context)
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    @method_decorator(require_safe)
    def picture(self, request: HttpRequest, placement_id: int, format_name: str) -> FileResponse:
        """A placement's own picture, whether its placement stands or is over."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        # By the number of the placement itself: one too large for a row is then none.
        own = get_object_or_404(PlacementPicture, placement__id=placement_id)
        if format_name not in ALL_FORMATS:
            raise Http404
        try:
            file = own.file.storage.open(renditions.private_name(own, format_name))
        except (OSError, ValueError) as error:
            raise Http404 from error
        kept = request.GET.get("v") == renditions.version(own, format_name)
        return FileResponse(
            file,
            content_type="image/jpeg" if format_name in JPEG_FORMATS else "image/webp",
            headers={"Cache-Control": KEPT if kept else "private, no-store"},
        )


def front_page(at: datetime, channels: Tree) -> FrontPage:
    """The front page as of a moment, its placements' own pictures behind the desk's door."""
    return composing.compose(channels, at=at, address=picture_address)


def picture_address(picture: PlacementPicture, format_name: str) -> str:
    address = reverse("admin:articles_placement_picture", args=[picture.pk, format_name])
    return f"{address}?v={renditions.version(picture, format_name)}"


def moment_of(request: HttpRequest) -> datetime:
    """`at` of the address, as a browser's date and time field writes it; now for anything else."""
    try:
        moment = parse_datetime(request.GET.get("at", ""))
    except ValueError:
        moment = None
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return timezone.now()
    # In UTC: PostgreSQL refuses offsets of sixteen hours and more.
    return (moment if timezone.is_aware(moment) else timezone.make_aware(moment)).astimezone(UTC)


def field_value(at: datetime) -> str:
    """A moment as a browser's date and time field has it."""
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"


def suggestions(now: datetime) -> list[dict[str, Any]]:
    """Moments staff ask for: tomorrow, next Monday, last National Day."""
    morning = timezone.localtime(now).replace(hour=MORNING, minute=0, second=0, microsecond=0)
    month, day = NATIONAL_DAY
    national_day = morning.replace(month=month, day=day)
    if national_day > now:
        national_day = national_day.replace(year=national_day.year - 1)
    moments = (
        (_("Tomorrow 8:00"), morning + timedelta(days=1)),
        (_("Next Monday 8:00"), morning + timedelta(days=7 - morning.weekday())),
        (_("Last National Day"), national_day),
    )
    return [{"name": name, "at": field_value(at)} for name, at in moments]
