"""The editorial calendar: planned, scheduled, published and expiring stories by month or week.

What may be moved is moved by drag, by arrow keys, or on a page of its own with a date in a form.
Each kind goes its own way and is refused as everywhere: a plan through `planning`, a scheduled
story and an end through `publishing`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from articles import planning, publishing, workflow
from articles.admin.base import in_calendar
from articles.admin.calendar_days import Kind, Span, days_of, why_not
from articles.admin.process_nav import may_look
from articles.models import Article
from articles.recording import Actor
from newsroom.addresses import client_address

# When a story appears that was put on a day without saying when.
MORNING = time(8, 0)


def urls(site: AdminSite) -> list[URLPattern]:
    def calendar(request: HttpRequest) -> HttpResponse:
        return page(request, site)

    def move(request: HttpRequest, article_id: int, kind: str) -> HttpResponse:
        return entry(request, site, article_id, kind)

    both = require_http_methods(["GET", "HEAD", "POST"])
    return [
        path("calendar/", site.admin_view(require_safe(calendar)), name="calendar"),
        path(
            "calendar/<int:article_id>/<slug:kind>/",
            site.admin_view(both(move)),
            name="calendar_entry",
        ),
    ]


def page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The month of the day `on` (today), or with `by=week` its week."""
    if not may_look(request.user):
        raise Http404
    span = Span.of(request.GET.get("on", ""), is_week=request.GET.get("by") == "week")
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": _("Editorial calendar"),
        "span": span,
        "days": days_of(cast(User, request.user), span, timezone.now()),
        "kinds": Kind.choices,
    }
    return TemplateResponse(request, "admin/calendar/calendar.html", context)


class EntryForm(forms.Form):
    day = forms.DateField(
        label=gettext_lazy("Day"),
        validators=[in_calendar],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose a day."),
            "invalid": gettext_lazy("Choose a day, such as 2026-06-15."),
        },
    )
    at = forms.TimeField(
        label=gettext_lazy("Time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Write a time, such as 08:00.")},
    )

    @property
    def sentences(self) -> list[str]:
        return [str(sentence) for found in self.errors.values() for sentence in found]


def entry(request: HttpRequest, site: AdminSite, article_id: int, kind: str) -> HttpResponse:
    """GET: the date of one entry in a form, or why it stays. POST: moves it to `day`, `at`.

    A script (Accept: application/json) gets the sentence alone.
    """
    visible = Article.objects.visible_to(request.user)
    article = get_object_or_404(visible.select_related("edition"), pk=article_id)
    if kind not in Kind.values:
        raise Http404
    known = _moment_of(article, kind)
    initial = {"day": known and known[0], "at": known and known[1]}
    form = EntryForm(request.POST or None, initial=initial, label_suffix="")
    problems: list[str] = []
    if request.method == "POST":
        try:
            sentence = _move(request, article, kind, form)
        except workflow.MoveRefused as refusal:
            problems = refusal.reasons
        except Article.DoesNotExist as error:
            raise Http404 from error
        else:
            return _moved(request, form.cleaned_data["day"], sentence)
    if problems and _is_asked_by_script(request):
        return JsonResponse({"problem": " ".join(problems)}, status=422)
    context = {
        **site.each_context(request),
        "title": _("Move in the calendar"),
        "article": article,
        "form": form,
        "kind": kind,
        "kind_label": Kind(kind).label,
        "has_time": kind != Kind.PLANNED,
        "problems": problems,
        "why_not": why_not(cast(User, request.user), article, kind),
        "back": _calendar_url(known[0] if known else timezone.localdate()),
    }
    return TemplateResponse(
        request, "admin/calendar/entry.html", context, status=422 if problems else 200
    )


def _is_asked_by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _moment_of(article: Article, kind: str) -> tuple[date, time | None] | None:
    """The day and time at which the story stands in the calendar as this kind."""
    if kind == Kind.PLANNED:
        return (article.planned_on, None) if article.planned_on else None
    edition = getattr(article, "edition", None)
    moment = edition and (edition.expires_at if kind == Kind.EXPIRING else edition.published_at)
    if not moment:
        return None
    local = timezone.localtime(moment)
    return local.date(), local.time()


def _move(request: HttpRequest, article: Article, kind: str, form: EntryForm) -> str:
    """Moves it and says what happened; raises workflow.MoveRefused."""
    if not form.is_valid():
        raise workflow.MoveRefused(*form.sentences)
    user = cast(User, request.user)
    if sentence := why_not(user, article, kind):
        raise workflow.MoveRefused(sentence)
    known = _moment_of(article, kind)
    day: date = form.cleaned_data["day"]
    at: time = form.cleaned_data["at"] or (known and known[1]) or MORNING
    sentence = MOVERS[Kind(kind)](article, day, at, Actor(user, client_address(request)))
    LogEntry.objects.log_actions(user.pk, [article], CHANGE, sentence, single_object=True)
    return sentence


def _moved(request: HttpRequest, day: date, sentence: str) -> HttpResponse:
    if _is_asked_by_script(request):
        return JsonResponse({"sentence": sentence})
    messages.success(request, sentence)
    return HttpResponseRedirect(_calendar_url(day))


def _calendar_url(day: date) -> str:
    return f"{reverse('admin:calendar')}?on={day.isoformat()}"


# How each kind is moved ----------------------------------------------------------------------


def _plan(article: Article, day: date, at: time, by: Actor) -> str:
    planning.plan(article, day, by=by)
    return _("“%(title)s” is planned for %(day)s.") % _facts(article, day)


def _reschedule(article: Article, day: date, at: time, by: Actor) -> str:
    moment = _moment(day, at)
    publishing.start_at(article, moment, by=by)
    return _("“%(title)s” appears on %(day)s at %(time)s.") % _facts(article, day, at)


def _end(article: Article, day: date, at: time, by: Actor) -> str:
    publishing.end_at(article, _moment(day, at), by=by)
    return _("“%(title)s” ends on %(day)s at %(time)s.") % _facts(article, day, at)


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))


def _facts(article: Article, day: date, at: time | None = None) -> dict[str, str]:
    shown = {"title": article.title, "day": date_format(day, "Y-m-d")}
    return shown | {"time": f"{at:%H:%M}" if at else ""}


MOVERS: dict[Kind, Callable[[Article, date, time, Actor], str]] = {
    Kind.PLANNED: _plan,
    Kind.SCHEDULED: _reschedule,
    Kind.EXPIRING: _end,
}
