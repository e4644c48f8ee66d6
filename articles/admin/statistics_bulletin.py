"""The monthly bulletin: a page that prints on A4, and the same as a spreadsheet."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _

from articles.admin import statistics_lines
from articles.admin.statistics_frame import pages
from articles.admin.statistics_question import against_asked, month_asked, parse
from articles.statistics import bulletin, periods, workbook
from articles.statistics.bulletin import Bulletin, Entry
from articles.statistics.periods import Against

# As many as can be read on a page; the spreadsheet holds all.
MOST_PEOPLE = 300
COUNTED = statistics_lines.MEASURES


def page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    composed = _composed(request)
    month = composed.comparison.whole.first
    asked = {"month": f"{month:%Y-%m}", "against": against_asked(request.GET)}
    context = {
        **site.each_context(request),
        "title": _title(composed),
        "bulletin": composed,
        "comparison": composed.comparison,
        "units": [_shown(entry) for entry in composed.units],
        "people": [_shown(entry) for entry in composed.people[:MOST_PEOPLE]],
        "left_out": max(len(composed.people) - MOST_PEOPLE, 0),
        "month": asked["month"],
        "against": asked["against"],
        "spreadsheet": f"{reverse('admin:statistics_spreadsheet')}?{urlencode(asked)}",
        "may_change_rules": request.user.has_perm("articles.change_pointrule"),
        "againsts": [
            (Against.BEFORE, _("the month before")),
            (Against.YEAR_AGO, _("the same month a year ago")),
        ],
        "page_name": "bulletin",
        "pages": pages(parse(QueryDict())),
        "columns": [*(statistics_lines.names()[name] for name in COUNTED), *_own_columns()],
    }
    return TemplateResponse(request, "admin/statistics/bulletin.html", context)


def spreadsheet(request: HttpRequest, site: AdminSite) -> HttpResponse:
    composed = _composed(request)
    title = _title(composed)
    return HttpResponse(
        workbook.write(composed, title),
        content_type=workbook.CONTENT_TYPE,
        headers={
            "Content-Disposition": str(content_disposition_header(True, f"{title}.xlsx")),
        },
    )


def _composed(request: HttpRequest) -> Bulletin:
    month, against = month_asked(request.GET), against_asked(request.GET)
    return bulletin.compose(periods.compare(month, against, timezone.localdate()))


def _title(composed: Bulletin) -> str:
    month = composed.comparison.whole.first
    return _("Bulletin of %(year)d-%(month)02d") % {"year": month.year, "month": month.month}


def _shown(entry: Entry) -> dict[str, Any]:
    figures, spelled = entry.now.figures, statistics_lines.spelled
    return {
        "label": entry.label,
        "unit": entry.unit,
        "depth": min(entry.depth, statistics_lines.DEEPEST),
        "cells": [
            *(spelled(statistics_lines.value_of(figures, name)) for name in COUNTED),
            spelled(entry.now.lead),
            spelled(entry.now.carousel),
            *statistics_lines.sent_figures(entry.now.sent),
        ],
        "points": spelled(entry.points),
        "rank": entry.rank or "",
        "points_before": spelled(entry.points_before),
        "climbed": statistics_lines.climbed(entry.climbed, is_new=entry.rank is not None),
    }


def _own_columns() -> list[tuple[str, str]]:
    return [
        (
            _("lead stories"),
            _("Stories that led the front page at some moment of the month."),
        ),
        (
            _("stories in the carousel"),
            _("Stories that stood in its carousel at some moment of the month."),
        ),
        *((heading.name, heading.help) for heading in statistics_lines.sent_headings()),
    ]
