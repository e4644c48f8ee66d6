"""What frames every page of the statistics: the ways to the others, and the form of the period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin import statistics_lines
from articles.admin.statistics_question import NAMES, NUMBERS, Question
from articles.statistics import tables
from articles.statistics.periods import Against, Comparison, Kind
from articles.statistics.ranking import Measure
from articles.statistics.tables import Table


@dataclass(frozen=True)
class TableKind:
    """`narrow`: what a line of it narrows the table of stories to."""

    name: str
    title: Any
    head: Any
    table: Callable[[Comparison, Measure], Table]
    narrow: str
    is_tree: bool = False


KINDS = (
    TableKind("units", gettext_lazy("Units"), gettext_lazy("unit"), tables.by_unit, "unit", True),
    TableKind(
        "channels",
        gettext_lazy("Channels"),
        gettext_lazy("channel"),
        tables.by_channel,
        "channel",
        True,
    ),
    TableKind(
        "authors", gettext_lazy("Authors"), gettext_lazy("author"), tables.by_author, "author"
    ),
    TableKind(
        "photographers",
        gettext_lazy("Photographers"),
        gettext_lazy("photographer"),
        tables.by_photographer,
        "photographer",
    ),
    TableKind("topics", gettext_lazy("Topics"), gettext_lazy("topic"), tables.by_topic, "topic"),
    TableKind("tags", gettext_lazy("Tags"), gettext_lazy("tag"), tables.by_tag, "tag"),
)
BY_NAME = {kind.name: kind for kind in KINDS}


def answer(
    request: HttpRequest,
    site: AdminSite,
    question: Question,
    name: str,
    title: Any,
    context: dict[str, Any],
    *,
    template: str = "",
) -> HttpResponse:
    everything = {
        **site.each_context(request),
        "title": title,
        "question": question,
        "comparison": question.comparison,
        "headings": statistics_lines.headings(question),
        "page_name": name,
        "pages": pages(question),
        "kinds": _kinds(question),
        "againsts": _againsts(),
        "measures": [(each, statistics_lines.names()[each][0]) for each in Measure],
        **context,
    }
    return TemplateResponse(request, f"admin/statistics/{template or name}.html", everything)


def pages(question: Question) -> list[tuple[str, Any, str]]:
    """(name, title, address) of the pages, all of them asked the same."""
    query = question.query(**dict.fromkeys((*NUMBERS, *NAMES)), only_new=False)
    own = [
        ("overview", _("Overview"), "statistics", []),
        *((kind.name, kind.title, "statistics_table", [kind.name]) for kind in KINDS),
        ("articles", _("Articles"), "statistics_table", ["articles"]),
        ("unread", _("Unread"), "statistics_unread", []),
        ("hours", _("Best hours"), "statistics_hours", []),
    ]
    pages = [
        (name, title, reverse(f"admin:{view}", args=args) + query)
        for name, title, view, args in own
    ]
    return [*pages, ("bulletin", _("Monthly bulletin"), reverse("admin:statistics_bulletin"))]


def _kinds(question: Question) -> list[tuple[Kind, str, str]]:
    """(kind, name, address) of the periods of the calendar."""
    names = (
        (Kind.THIS_MONTH, _("This month")),
        (Kind.LAST_MONTH, _("Last month")),
        (Kind.THIS_QUARTER, _("This quarter")),
        (Kind.LAST_QUARTER, _("Last quarter")),
        (Kind.THIS_YEAR, _("This year")),
        (Kind.LAST_YEAR, _("Last year")),
    )
    return [(kind, name, question.query(kind=kind)) for kind, name in names]


def _againsts() -> list[tuple[Against, str]]:
    return [
        (Against.BEFORE, _("the period before")),
        (Against.YEAR_AGO, _("the same period a year ago")),
    ]
