"""A list as readers ask for it: what its address says, and the addresses that lead on from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from articles import freshness
from articles.listing import pages
from articles.listing.pages import Listing, Period, Selection
from articles.models import Channel, Department, Shelf
from articles.models.tree import Tree
from articles.portal.kept_pages import not_kept, shows

# What narrows a list down, in the order its addresses have.
PARAMETERS = ("channel", "unit", "tag", "author", "year", "month", "page")
LONGEST_NAME = 100


@dataclass(frozen=True)
class Facet:
    """One thing all stories of a list have in common."""

    parameter: str
    value: str
    label: str
    # The columns of its shelf.
    shelf: dict[str, Any]


@dataclass(frozen=True)
class Way:
    """A link to the list narrowed down or widened; `stories`: how many wait there."""

    label: str
    address: str
    stories: int | None = None
    is_here: bool = False


def of_channel(row: Channel) -> Facet:
    return Facet("channel", row.slug, row.name, {"channel": row.pk})


def of_unit(row: Department) -> Facet:
    return Facet("unit", str(row.pk), row.short_name, {"unit": row.pk})


def of_tag(name: str) -> Facet:
    return Facet("tag", name, name, {"kind": Shelf.Kind.TAG, "name": name})


def of_author(name: str) -> Facet:
    return Facet("author", name, name, {"kind": Shelf.Kind.AUTHOR, "name": name})


def of_everything() -> Facet:
    return Facet("", "", "", {"kind": Shelf.Kind.EVERYTHING, "name": ""})


def of_pictures() -> Facet:
    return Facet("", "", "", {"kind": Shelf.Kind.PICTURES, "name": ""})


class AskedList:
    """A list with the filters of its query string; raises Http404 for what no filter can be.

    `period` is given where the path says it (the archive), and then is no filter.
    """

    def __init__(
        self,
        request: HttpRequest,
        base: Facet,
        channels: Tree,
        *,
        address: str,
        period: Period | None = None,
    ):
        self.base = base
        self.channels = channels
        # What the path says already is no filter.
        given = {base.parameter} | ({"year", "month"} if period else set())
        self.base_address = address
        self.asked = {
            name: request.GET[name]
            for name in PARAMETERS
            if request.GET.get(name) and name not in given
        }
        self.number = request.GET.get("page", "1")
        self.is_archive = period is not None
        self.period = _period(self.asked) if period is None else period
        self.filters = list(self._filters())
        self.listing = self._listing()

    def _filters(self) -> Iterator[Facet]:
        for name in ("channel", "unit", "tag", "author"):
            value = self.asked.get(name)
            if value is None:
                continue
            if len(value) > LONGEST_NAME:
                raise Http404
            if name == "channel":
                yield of_channel(channel_of(self.channels, value))
            elif name == "unit":
                yield of_unit(unit_of(value))
            else:
                yield of_tag(value) if name == "tag" else of_author(value)

    def _listing(self) -> Listing:
        facets = [self.base, *self.filters]
        if self.filters and self.base.shelf.get("kind") == Shelf.Kind.EVERYTHING:
            facets = self.filters
        shelves = pages.shelves([facet.shelf for facet in facets])
        if shelves:
            # What comes or goes there stands on each of them.
            shows(freshness.shelf(shelves[0].pk))
        selection = Selection(tuple(shelves), self.period) if shelves else None
        listing = pages.page_of(selection, self.number, now=timezone.now())
        if listing is None:
            raise Http404
        return listing

    @property
    def page(self) -> Any:
        return self.listing.page

    @property
    def page_numbers(self) -> Iterator[int | str]:
        return self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2)

    @property
    def address(self) -> str:
        """Of the first page, with all filters."""
        return self._address()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.filters) or (self.period.year is not None and not self.is_archive)

    def _address(self, **changes: str) -> str:
        kept = {name: value for name, value in self.asked.items() if name != "page"} | changes
        given = {name: kept[name] for name in PARAMETERS if kept.get(name)}
        return f"{self.base_address}?{urlencode(given)}" if given else self.base_address

    def ways_back(self) -> list[Way]:
        """Each filter that is set, with the list without it."""
        ways = [Way(facet.label, self._address(**{facet.parameter: ""})) for facet in self.filters]
        if self.period.year and not self.is_archive:
            ways.append(Way(period_label(self.period), self._address(year="", month="")))
        return ways

    def years(self) -> list[Way]:
        """The years there are stories of."""
        sums: dict[int, int] = {}
        for month, n in self.listing.months.items():
            sums[month // 100] = sums.get(month // 100, 0) + n
        return [
            Way(
                period_label(Period(year)),
                self._period_address(year),
                n,
                is_here=year == self.period.year,
            )
            for year, n in sums.items()
        ]

    def months(self) -> list[Way]:
        """The months of the year that is shown."""
        return [
            Way(
                _("month %(month)d") % {"month": month % 100},
                self._period_address(month // 100, month % 100),
                n,
                is_here=month % 100 == self.period.month,
            )
            for month, n in reversed(self.listing.months.items())
            if month // 100 == self.period.year
        ]

    def _period_address(self, year: int, month: int | None = None) -> str:
        if not self.is_archive:
            return self._address(year=str(year), month=str(month or ""))
        path = reverse("archive", args=[year, month] if month else [year])
        return path + self._address().removeprefix(self.base_address)

    def hidden_fields(self) -> list[tuple[str, str]]:
        """What the form that chooses a unit sends along."""
        return [(name, value) for name, value in self.asked.items() if name not in ("page", "unit")]

    def answer(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        """The page; one whose address nothing leads to is not kept."""
        response = render(
            request,
            template,
            {"channels": self.channels.children(), "list": self, "page": self.page, **context},
        )
        is_led_to = str(self.page.number) == self.number
        if not is_led_to or (self.is_narrowed and not self.page.paginator.count):
            not_kept(response)
        return response


def channel_of(channels: Tree, slug: str) -> Channel:
    for row in channels.rows.values():
        if row.slug == slug:
            return row
    raise Http404


def unit_of(number: str) -> Department:
    if not re.fullmatch(r"[1-9][0-9]{0,17}", number):
        raise Http404
    return get_object_or_404(Department, pk=int(number))


def period_of(year: int | None, month: int | None) -> Period:
    """Raises Http404 for years no newspaper had, and months no year has."""
    if year is None or (1900 <= year <= 2999 and (month is None or 1 <= month <= 12)):
        return Period(year, month)
    raise Http404


def _period(asked: dict[str, str]) -> Period:
    year, month = asked.get("year"), asked.get("month")
    for value in (year, month):
        if value is not None and not re.fullmatch(r"[1-9][0-9]{0,3}", value):
            raise Http404
    if month and not year:
        raise Http404
    return period_of(int(year) if year else None, int(month) if month else None)


def period_label(period: Period) -> str:
    if period.month:
        return date_format(date(period.year or 0, period.month, 1), "YEAR_MONTH_FORMAT")
    return _("%(year)d") % {"year": period.year}
