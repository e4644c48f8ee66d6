"""可疑人气: stories whose views of one day look made, and what somebody found."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.bars import chart
from articles.admin.base import SafeModelAdmin
from articles.admin.deciding import may_decide, may_look
from articles.admin.periods import per_hour
from articles.models import Article, Suspicion
from articles.models.people import display_name
from articles.visits import suspicions


class LookedInto(admin.SimpleListFilter):
    title = gettext_lazy("finding")
    parameter_name = "looked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", _("not yet")), ("yes", _("Looked into"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in ("no", "yes"):
            return queryset
        return queryset.filter(looked_at__isnull=self.value() == "no")


@admin.register(Suspicion)
class SuspicionAdmin(SafeModelAdmin):
    list_display = ("story", "day", "views", "why", "looked_into", "finding")
    list_filter = (LookedInto,)
    list_select_related = ("looked_by",)
    allowed_lookups = (LookedInto.parameter_name,)
    ordering = ("-day", "-views", "article_id")

    # Rights -----------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Suspicion | None = None) -> bool:
        return False

    # The list ---------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suspicion]:
        """Each with the `title` of its story, None for what this person may not see."""
        stories = Article.objects.visible_to(request.user).filter(pk=OuterRef("article_id"))
        return super().get_queryset(request).annotate(title=Subquery(stories.values("title")))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Not yours and not there are the same."""
        if not may_look(request.user, Suspicion):
            raise Http404
        return super().changelist_view(request, extra_context)

    @admin.display(description=gettext_lazy("article"))
    def story(self, row: Any) -> str:
        return row.title or _("Story %(number)d") % {"number": row.article_id}

    @admin.display(description=gettext_lazy("reasons"))
    def why(self, row: Suspicion) -> str:
        return format_html_join(" ", "{}", ((words,) for words in suspicions.words_of(row)))

    @admin.display(description=gettext_lazy("looked into by"))
    def looked_into(self, row: Suspicion) -> str | None:
        return display_name(row.looked_by) if row.looked_by else None

    # One suspicion ----------------------------------------------------------------------

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Why it is suspected, with the hours of the day. POST: what somebody found."""
        row = self.get_object(request, object_id) if may_look(request.user, Suspicion) else None
        if row is None or (request.method == "POST" and not may_decide(request.user, Suspicion)):
            raise Http404
        problem = ""
        if request.method == "POST":
            try:
                self._keep(request, row)
                return HttpResponseRedirect(request.path)
            except suspicions.LookedIntoAlready as refusal:
                self.message_user(request, str(refusal), messages.INFO)
                return HttpResponseRedirect(request.path)
            except suspicions.FindingRefused as refusal:
                problem = str(refusal)
        return self._page(request, row, problem)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of the suspicion says what was found."""
        return HttpResponseRedirect(reverse("admin:articles_suspicion_change", args=[object_id]))

    def _keep(self, request: HttpRequest, row: Suspicion) -> None:
        finding = request.POST.get("finding", "")
        with transaction.atomic():
            suspicions.look_into(row, by=cast(User, request.user), finding=finding)
            self.log_change(request, row, _("Looked into: %(finding)s") % {"finding": finding})
        self.message_user(request, _("The finding is kept."), messages.SUCCESS)

    def _page(self, request: HttpRequest, row: Any, problem: str) -> TemplateResponse:
        hours = per_hour(suspicions.minutes_of(row))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Suspicious views of %(day)s") % {"day": date_format(row.day, "Y-m-d")},
            "opts": self.opts,
            "row": row,
            "reasons": suspicions.words_of(row),
            "looked_by": display_name(row.looked_by) if row.looked_by else "",
            "amounts": hours,
            "chart": chart(("counted",), [(label, (n,)) for label, n in hours]) if hours else None,
            "may_decide": may_decide(request.user, Suspicion),
            "problem": problem,
            "finding": request.POST.get("finding", ""),
        }
        status = 422 if problem else 200
        return TemplateResponse(request, "admin/views/suspicion.html", context, status=status)
