"""流转记录 over all articles, read only; and the register of withdrawals and corrections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from articles import registering, sheets, workflow
from articles.admin.base import FIRST_YEAR, LAST_YEAR, SafeModelAdmin
from articles.admin.numbers import number_in
from articles.admin.record_rows import RIGHT, shown
from articles.models import Article, Transition
from articles.models.appointment import sight_of
from articles.models.people import display_name

# Without an account: a leader, by a link.
NOBODY = "0"
DAYS = ("since", "until")
EXACT = ("move", "person", *DAYS, "article")


class MoveFilter(admin.SimpleListFilter):
    title = gettext_lazy("Step")
    parameter_name = "move"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, sheets.move_label(name)) for name in (*workflow.MOVES, "invite")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() is None:
            return queryset
        if self.value() not in dict(self.lookup_choices):
            raise IncorrectLookupParameters
        return queryset.filter(move=self.value())


class PersonFilter(admin.SimpleListFilter):
    """Folded, as there may be hundreds; those who never made a move are left out."""

    template = "admin/articles/article/department_filter.html"
    title = gettext_lazy("person")
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = model_admin.get_queryset(request).order_by().filter(actor=OuterRef("pk"))
        people = User.objects.filter(Exists(rows)).order_by("last_name", "first_name", "pk")
        named = [(str(person.pk), display_name(person)) for person in people]
        return [*named, (NOBODY, _("leaders without an account"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value()
        if value is None:
            return queryset
        if value not in dict(self.lookup_choices):
            raise IncorrectLookupParameters
        return queryset.filter(actor=None if value == NOBODY else int(value))


class PeriodFilter(admin.ListFilter):
    """Days from and until, typed or chosen; either may be missing."""

    template = "admin/record/period_filter.html"
    title = gettext_lazy("period")

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any
    ) -> None:
        super().__init__(request, params, model, model_admin)
        for name in DAYS:
            if name in params:
                values = params.pop(name)
                self.used_parameters[name] = values[-1] if isinstance(values, list) else values

    def expected_parameters(self) -> list[str | None]:
        return [*DAYS]

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """One choice: the days as they are typed now, and what the form hands on."""
        others = changelist.get_filters_params()
        yield {
            "since": self.used_parameters.get("since", ""),
            "until": self.used_parameters.get("until", ""),
            "selected": bool(self.used_parameters),
            "hidden": [
                (name, values[-1] if isinstance(values, list) else values)
                for name, values in others.items()
                if name not in DAYS
            ],
            "all": changelist.get_query_string(remove=DAYS),
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        since, until = (_day(self.used_parameters.get(name, "")) for name in DAYS)
        if since:
            queryset = queryset.filter(made_at__gte=_midnight(since))
        if until:
            queryset = queryset.filter(made_at__lt=_midnight(until + timedelta(days=1)))
        return queryset


class ArticleFilter(admin.SimpleListFilter):
    """By the number of an article, in the address only."""

    title = gettext_lazy("article")
    parameter_name = "article"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(self.value() or "", self.value() or "")]

    def has_output(self) -> bool:
        return self.value() is not None

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value()
        if value is None:
            return queryset
        number = number_in(value)
        if number is None:
            raise IncorrectLookupParameters
        return queryset.filter(article_number=number)


@admin.register(Transition)
class TransitionAdmin(SafeModelAdmin):
    list_display = ("number", "when", "story", "step", "way", "version", "person", "reason")
    list_display_links = ("story",)
    list_filter = (MoveFilter, PersonFilter, PeriodFilter, ArticleFilter)
    allowed_lookups = EXACT
    ordering = ("-number",)

    # Rights -----------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Transition | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Transition | None = None) -> bool:
        return False

    # The list ---------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transition]:
        """Those of the articles within this person's reach, also of those that are no more where
        that is everything."""
        rows = super().get_queryset(request)
        sight = sight_of(request.user)
        if sight is None:
            return rows
        return rows.filter(article_number__in=Article.objects.filter(sight).values("pk"))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Not yours and not there are the same."""
        if not self.has_view_permission(request):
            raise Http404
        return super().changelist_view(request, extra_context)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    @admin.display(description=gettext_lazy("time"), ordering="number")
    def when(self, row: Transition) -> str:
        return date_format(timezone.localtime(row.made_at), "Y-m-d H:i:s")

    @admin.display(description=gettext_lazy("article"))
    def story(self, row: Transition) -> str:
        return row.title

    @admin.display(description=gettext_lazy("Step"))
    def step(self, row: Transition) -> str:
        return sheets.move_label(row.move)

    @admin.display(description=gettext_lazy("from → to"))
    def way(self, row: Transition) -> str:
        return shown(row).where

    @admin.display(description=gettext_lazy("version"))
    def version(self, row: Transition) -> int:
        return row.revision

    @admin.display(description=gettext_lazy("person"))
    def person(self, row: Transition) -> str:
        return row.actor_name

    # One row, and the register ----------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "register/",
            self.admin_site.admin_view(self.register),
            name="articles_transition_register",
        )
        return [own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The record of the article the row is of, at this row; nothing is changed here."""
        if request.method not in ("GET", "HEAD") or not self.has_view_permission(request):
            raise Http404
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        article = Article.objects.visible_to(request.user).filter(pk=row.article_number).first()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Record"),
            "opts": self.opts,
            "article": article,
            "heading": row.title,
            "rows": [shown(each) for each in Transition.objects.of(row.article_number)],
            "with_addresses": True,
            "asked": row.pk,
        }
        return TemplateResponse(request, "admin/record/record.html", context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A row has no history."""
        return HttpResponseRedirect(reverse("admin:articles_transition_change", args=[object_id]))

    @method_decorator(require_safe)
    def register(self, request: HttpRequest) -> HttpResponse:
        """Withdrawals and corrections of `since` until `until`, this year by default."""
        if not request.user.has_perm(RIGHT):
            raise Http404
        today = timezone.localdate()
        try:
            since = _day(request.GET.get("since", "")) or today.replace(month=1, day=1)
            until = _day(request.GET.get("until", "")) or today
        except IncorrectLookupParameters as error:
            raise Http404 from error
        since, until = min(since, until), max(since, until)
        entries = registering.entries(
            request.user, _midnight(since), _midnight(until + timedelta(days=1))
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Withdrawals and corrections"),
            "opts": self.opts,
            "since": since,
            "until": until,
            "entries": entries,
            "printed_at": timezone.now(),
            "most": registering.MOST,
        }
        return TemplateResponse(request, "admin/record/register.html", context)


def _day(typed: Any) -> date | None:
    """The day that was typed; None for none. Raises IncorrectLookupParameters."""
    if not typed:
        return None
    try:
        day = parse_date(str(typed))
    except ValueError as error:
        raise IncorrectLookupParameters from error
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise IncorrectLookupParameters
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())
