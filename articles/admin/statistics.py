"""The statistics pages: overview, tables, stories nobody reads, best hours.

Whoever has not the right to see them gets the same answer as for a page that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.admin import statistics_bulletin, statistics_lines
from articles.admin.statistics_chart import chart
from articles.admin.statistics_frame import BY_NAME, answer
from articles.admin.statistics_question import NAMES, NUMBERS, Question, parse
from articles.models import Edition
from articles.statistics import days, nodes, stories, sums
from articles.statistics.nodes import Nodes
from articles.statistics.stories import Narrowing

PERMISSION = "articles.view_statistics"
PAGE_SIZE = 50


def urls(site: AdminSite) -> list[URLPattern]:
    def page(address: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
        return path(f"statistics/{address}", site.admin_view(_guarded(view, site)), name=name)

    return [
        page("", overview, "statistics"),
        page("unread/", unread, "statistics_unread"),
        page("hours/", hours, "statistics_hours"),
        page("bulletin/", statistics_bulletin.page, "statistics_bulletin"),
        page("bulletin.xlsx", statistics_bulletin.spreadsheet, "statistics_spreadsheet"),
        page("<slug:name>/", table, "statistics_table"),
    ]


def _guarded(view: Callable[..., HttpResponse], site: AdminSite) -> Callable[..., HttpResponse]:
    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest, **place: Any) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise Http404
        return view(request, site, **place)

    return guarded


def overview(request: HttpRequest, site: AdminSite) -> HttpResponse:
    question = parse(request.GET)
    comparison = question.comparison
    pair = sums.total(row.pair for row in sums.rows(comparison))
    context = {
        "totals": statistics_lines.totals(pair),
        "chart": chart(days.course(comparison)),
    }
    return answer(request, site, question, "overview", _("Statistics"), context)


def table(request: HttpRequest, site: AdminSite, name: str) -> HttpResponse:
    question = parse(request.GET)
    if name == "articles":
        return _stories(request, site, question)
    if name not in BY_NAME:
        raise Http404
    kind = BY_NAME[name]
    found = kind.table(question.comparison, question.measure)
    pages = Paginator(found.lines, max(len(found.lines), 1) if kind.is_tree else PAGE_SIZE)
    shown = pages.get_page(question.page)
    context = {
        "head": kind.head,
        "is_tree": kind.is_tree,
        "lines": [statistics_lines.shown(line, question, kind.narrow) for line in shown],
        "total": statistics_lines.totals(found.total),
        **_paging(question, shown),
    }
    if found.sent is not None:
        context["total"] += statistics_lines.sent_totals(found.sent)
        context["headings"] = [
            *statistics_lines.headings(question),
            *statistics_lines.sent_headings(),
        ]
    return answer(request, site, question, name, kind.title, context, template="table")


def _stories(request: HttpRequest, site: AdminSite, question: Question) -> HttpResponse:
    narrowing = question.narrowing
    known = nodes.read() if narrowing.asks_for_nodes else None
    narrowed_to = _narrowed_to(narrowing, known)
    found = stories.by_article(question.comparison, question.measure, narrowing, known)
    shown = Paginator(found, PAGE_SIZE).get_page(question.page)
    editions = stories.editions([int(line.key) for line in shown])
    may_open = _may_open(request)
    lines = []
    for line in shown:
        edition = editions[int(line.key)]
        line.label = edition.title
        address = _address(edition, may_open=may_open)
        lines.append(statistics_lines.shown_story(line, question, address))
    context = {
        "head": _("article"),
        "is_tree": False,
        "lines": lines,
        "total": statistics_lines.totals(found.total()),
        "narrowed_to": narrowed_to,
        "widen": question.query(**dict.fromkeys((*NUMBERS, *NAMES)), only_new=False),
        **_paging(question, shown),
    }
    return answer(request, site, question, "articles", _("Articles"), context, template="table")


def unread(request: HttpRequest, site: AdminSite) -> HttpResponse:
    question = parse(request.GET)
    shown = Paginator(stories.unread(question.comparison), PAGE_SIZE).get_page(question.page)
    editions = stories.editions([story.article_id for story in shown])
    may_open = _may_open(request)
    lines = []
    for story in shown:
        edition = editions[story.article_id]
        a_day = statistics_lines.spelled(story.per_day)
        lines.append((edition, _address(edition, may_open=may_open), story, a_day))
    context = {"lines": lines, **_paging(question, shown)}
    return answer(request, site, question, "unread", _("Articles nobody reads"), context)


def hours(request: HttpRequest, site: AdminSite) -> HttpResponse:
    question = parse(request.GET)
    found = days.hours(question.comparison.now)
    context = {
        "hours": found,
        "weekdays": list(WEEKDAYS.values()),
        "heat": statistics_lines.heat(found),
        "best_hours": [
            (f"{WEEKDAYS[best.weekday]} {_clock(best.hour)}", statistics_lines.spelled(best.mean))
            for best in found.best
        ],
    }
    return answer(request, site, question, "hours", _("Best hours"), context)


def _clock(hour: int) -> str:
    return f"{hour}:00–{hour + 1}:00"


def _narrowed_to(narrowing: Narrowing, found: Nodes | None) -> list[str]:
    """What the stories were narrowed to, in words; raises Http404 for what there is not."""
    words = []
    if found:
        trees = (narrowing.unit, found.units), (narrowing.channel, found.channels)
        names = [
            (number, {pk: node.name for pk, node in tree.rows.items()}) for number, tree in trees
        ]
        for number, known in (*names, (narrowing.topic, found.topics)):
            if number is not None:
                if number not in known and (number or known is found.topics):
                    raise Http404
                words.append(known.get(number, _("Without")))
    for name in NAMES:
        value = getattr(narrowing, name)
        if value is not None:
            words.append(value or _("Without"))
    if narrowing.only_new:
        words.append(_("published in the period"))
    return words


def _may_open(request: HttpRequest) -> bool:
    rights = ("articles.view_article", "articles.change_article")
    return any(request.user.has_perm(right) for right in rights)


def _address(edition: Edition, *, may_open: bool) -> str:
    """The desk of an article for who may look at it, the portal's page for others."""
    if may_open:
        return reverse("admin:articles_article_change", args=[edition.pk])
    return edition.get_absolute_url()


def _paging(question: Question, shown: Any) -> dict[str, Any]:
    return {
        "shown": shown,
        "earlier": question.query(page=shown.number - 1) if shown.has_previous() else "",
        "later": question.query(page=shown.number + 1) if shown.has_next() else "",
    }
