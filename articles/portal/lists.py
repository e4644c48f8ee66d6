"""The lists readers leaf through: of a channel, a unit, a period, a tag, an author, of pictures."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.listing import pages
from articles.listing.pages import Period
from articles.models import Department
from articles.models.tree import Tree
from articles.portal import listing
from articles.portal.kept_pages import kept, once
from articles.portal.listing import PARAMETERS, AskedList, Facet, Way
from articles.portal.pages import channel_tree, fresh

LIST = "articles/list.html"
INDENT = "\u3000"


@require_safe
@kept(*PARAMETERS)
@fresh
def channel(request: HttpRequest, slug: str) -> HttpResponse:
    channels = channel_tree()
    row = listing.channel_of(channels, slug)
    asked = AskedList(request, listing.of_channel(row), channels, address=row.get_absolute_url())
    context = {
        "channel": row,
        "heading": row.name,
        "description": row.description,
        "path": channels.path_to(row.pk),
        "here": row,
        "beneath": channels.children(row.pk),
        "units": units(),
    }
    return asked.answer(request, LIST, context)


@require_safe
@kept(*PARAMETERS)
@fresh
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    departments = Tree(Department.objects.all())
    row = departments.rows.get(unit_id)
    if row is None:
        raise Http404
    asked = AskedList(request, listing.of_unit(row), channel_tree(), address=row.get_absolute_url())
    context = {
        "heading": row.name,
        "path": departments.path_to(row.pk),
        "here": row,
        "beneath": departments.children(row.pk),
    }
    return asked.answer(request, LIST, context)


@require_safe
@kept(*PARAMETERS)
@fresh
def archive(
    request: HttpRequest, year: int | None = None, month: int | None = None
) -> HttpResponse:
    period = listing.period_of(year, month)
    address = reverse("archive", args=[part for part in (year, month) if part])
    asked = AskedList(
        request, listing.of_everything(), channel_tree(), address=address, period=period
    )
    heading = listing.period_label(period) if year else _("Archive")
    context = {"heading": heading, "units": units(), "above": list(_periods_above(period))}
    return asked.answer(request, LIST, context)


@require_safe
@kept(*PARAMETERS)
@fresh
def tag(request: HttpRequest, name: str) -> HttpResponse:
    return _named(request, listing.of_tag(name), _("Tag: %(name)s") % {"name": name})


@require_safe
@kept(*PARAMETERS)
@fresh
def author(request: HttpRequest, name: str) -> HttpResponse:
    return _named(request, listing.of_author(name), _("Author: %(name)s") % {"name": name})


@require_safe
@kept(*PARAMETERS)
@fresh
def pictures(request: HttpRequest) -> HttpResponse:
    asked = AskedList(request, listing.of_pictures(), channel_tree(), address=reverse("pictures"))
    context = {"heading": _("Pictures"), "units": units(), "is_grid": True}
    return asked.answer(request, LIST, context)


def _periods_above(period: Period) -> Iterator[Way]:
    """The archive above its years, a year above its months."""
    if period.year:
        yield Way(_("Archive"), reverse("archive"))
    if period.year and period.month:
        year = Period(period.year)
        yield Way(listing.period_label(year), reverse("archive", args=[period.year]))


def _named(request: HttpRequest, base: Facet, heading: str) -> HttpResponse:
    """404 for a name no live story has: that of a scheduled or withdrawn one tells nothing."""
    if len(base.value) > listing.LONGEST_NAME or not pages.is_there(base.shelf, timezone.now()):
        raise Http404
    address = reverse(base.parameter, args=[base.value])
    asked = AskedList(request, base, channel_tree(), address=address)
    return asked.answer(request, LIST, {"heading": heading, "units": units()})


def units() -> list[tuple[str, str]]:
    """(number, name) of all units, indented by depth, for the choice that narrows a list down."""

    def read() -> list[tuple[str, str]]:
        walk = Tree(Department.objects.all()).walk()
        return [(str(row.pk), INDENT * depth + row.short_name) for depth, row in walk]

    return once("units", read)
