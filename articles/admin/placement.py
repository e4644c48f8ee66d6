"""首页编排: what stands in the slots of the front page, beside the page as of any moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import placing
from articles.admin import home_preview
from articles.admin.base import is_number
from articles.admin.home_preview import HomePreview
from articles.admin.placement_form import PlacementForm
from articles.admin.seen import SeenRows
from articles.front_page import entries, slots
from articles.front_page.composing import FrontPage
from articles.front_page.entries import Entry
from articles.models import Channel, Edition, Placement
from articles.models.tree import Tree

# Columns of a story that no form shows.
WIDE = ("edition__body", "edition__plain_text")
# What was and what will be: as many as one page can show.
LINES = 20
OVER_LINES = 5
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Line:
    """A placement in its slot; `gap` says why readers do not see it though it stands."""

    placement: Placement
    gap: str = ""


@dataclass(frozen=True)
class SlotLines:
    """One slot at a moment: by hand in order, then by rule; what will come, what is over."""

    slot: str
    name: str
    capacity: int
    standing: list[Line]
    filled: list[Entry]
    coming: list[Line]
    over: list[Line]


@admin.register(Placement)
class PlacementAdmin(SeenRows, HomePreview):
    form = PlacementForm
    change_form_template = "admin/home/placement.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("page/", wrap(self.page), name="articles_placement_page"),
            path("order/", wrap(self.order), name="articles_placement_order"),
            path(
                "<int:placement_id>/take-down/",
                wrap(self.take_down),
                name="articles_placement_take_down",
            ),
            path(
                "<int:placement_id>/picture/<slug:format_name>/",
                wrap(self.picture),
                name="articles_placement_picture",
            ),
        ]
        return own + super().get_urls()

    # The page ---------------------------------------------------------------------------

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The slots beside the front page as of the moment `at`; `q` looks for stories."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        at = home_preview.moment_of(request)
        is_now = "at" not in request.GET
        front = home_preview.front_page(at, Tree(Channel.objects.all()))
        words = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Front page"),
            "opts": self.opts,
            "at": at,
            "at_value": home_preview.field_value(at),
            "is_now": is_now,
            "suggestions": home_preview.suggestions(timezone.now()),
            "page_address": _address("page", {} if is_now else {"at": request.GET["at"]}),
            "slots": _slots(at, front),
            "words": words,
            "found": placing.stories_with(words) if words else [],
            "choices": Placement.Slot.choices,
            "may_add": self.has_add_permission(request),
            "may_change": self.has_change_permission(request),
            "may_delete": self.has_delete_permission(request),
            "here": request.get_full_path(),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/home/arrange.html", context)

    # Changes ----------------------------------------------------------------------------

    @method_decorator([require_POST, transaction.atomic])
    def order(self, request: HttpRequest) -> HttpResponse:
        """Puts a slot's placements in the order of the numbers in the fields `place-<row>`."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        slot = request.POST.get("slot", "")
        if slot not in Placement.Slot.values:
            raise Http404
        placing.reorder(slot, _in_order(request))
        if not request.accepts("text/html"):
            return HttpResponse(status=204)
        self.message_user(request, _("The order is kept. Readers see it now."))
        return _back(request)

    @method_decorator([require_POST, transaction.atomic])
    def take_down(self, request: HttpRequest, placement_id: int) -> HttpResponse:
        """Ends a placement now; the page as of an earlier moment goes on showing it."""
        if not self.has_delete_permission(request):
            raise PermissionDenied
        placement = Placement.objects.with_stories().filter(pk=placement_id).first()
        if placement is None:
            self.message_user(request, _("It is gone already."))
            return _back(request)
        self.log_change(request, placement, _("Taken down"))
        placing.take_down(placement)
        title = {"title": str(placement)}
        self.message_user(request, _("“%(title)s” is taken down. Readers see it no more.") % title)
        return _back(request)

    # The form of one ----------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        return rows.select_related("edition", "picture").defer(*WIDE)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields for a picture are no columns: only who may change sees them."""
        own = ["upload", "without_picture"] if getattr(obj, "picture", None) else ["upload"]
        may_change = self.has_change_permission(request) or obj is None
        return [
            *("slot", "edition", "address", "title"),
            *(own if may_change else ()),
            *("starts_at", "ends_at"),
        ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The slot and the story chosen beside the front page, where they exist."""
        slot, number = request.GET.get("slot", ""), request.GET.get("edition", "")
        return {
            "slot": slot if slot in Placement.Slot.values else Placement.Slot.TOPICS,
            "edition": number if is_number(number) else None,
            "starts_at": home_preview.moment_of(request),
        }

    def save_model(self, request: HttpRequest, obj: Placement, form: Any, change: bool) -> None:
        placing.keep(
            obj,
            picture=form.cleaned_data.get("upload"),
            without_picture=form.cleaned_data.get("without_picture", False),
        )

    def delete_model(self, request: HttpRequest, obj: Placement) -> None:
        placing.remove(obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}


def _address(name: str, query: dict[str, str]) -> str:
    address = reverse(f"admin:articles_placement_{name}")
    return f"{address}?{urlencode(query)}" if query else address


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page as of the moment that was looked at."""
    at = request.POST.get("at", "")
    return HttpResponseRedirect(_address("changelist", {"at": at} if at else {}))


def _in_order(request: HttpRequest) -> list[int]:
    """The rows of `place-<row>` by their numbers; a field that holds none is left out."""
    places = []
    for name in request.POST:
        row, value = name.removeprefix("place-"), request.POST[name]
        if name != row and is_number(row) and is_number(value):
            places.append((int(value), int(row)))
    return [row for _place, row in sorted(places)]


def _slots(at: datetime, front: FrontPage) -> list[SlotLines]:
    """All slots at a moment, in three queries."""
    placements = Placement.objects.with_stories()
    standing = list(placements.standing(at))
    coming = list(placements.coming(at)[: LINES * len(Placement.Slot.values)])
    over = list(placements.over(at)[: LINES * len(Placement.Slot.values)])
    return [
        SlotLines(
            slot,
            str(name),
            slots.CAPACITY[slot],
            _standing(slot, [row for row in standing if row.slot == slot], at),
            [entry for entry in _entries(slot, front) if entry.placement is None],
            [_with_gap(row, row.starts_at) for row in coming if row.slot == slot][:LINES],
            [Line(row) for row in over if row.slot == slot][:OVER_LINES],
        )
        for slot, name in Placement.Slot.choices
    ]


def _entries(slot: str, front: FrontPage) -> list[Entry]:
    """What the page shows in a slot; what is pinned stands in the blocks of channels."""
    if slot == Placement.Slot.LEAD:
        return [front.headline] if front.headline else []
    if slot == Placement.Slot.PINNED:
        return []
    shown: list[Entry] = getattr(front, slot)
    return shown


def _standing(slot: str, placements: list[Placement], at: datetime) -> list[Line]:
    lines, shown = [], 0
    for placement in placements:
        line = _with_gap(placement, at)
        if not line.gap:
            shown += 1
            if shown > slots.CAPACITY[slot]:
                line = Line(placement, _("Waits: those before it fill the slot."))
        lines.append(line)
    return lines


def _with_gap(placement: Placement, at: datetime) -> Line:
    if not placement.is_readable(at):
        return Line(placement, _why_not_readable(placement.edition, at))
    if not slots.can_be_shown(placement.slot, entries.placed(placement)):
        return Line(placement, _("Not shown: it has no picture. Give it one of its own."))
    return Line(placement)


def _why_not_readable(edition: Edition | None, at: datetime) -> str:
    if edition is None or edition.withdrawn_at:
        return _("Not shown: the story is withdrawn.")
    if edition.published_at > at:
        return _("Not shown: the story is not published by then.")
    return _("Not shown: the story has expired.")
