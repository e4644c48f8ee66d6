"""暂扣人气: views of a network that brought more than it may, and what is decided of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles.admin.bars import chart
from articles.admin.base import SafeModelAdmin
from articles.admin.deciding import may_decide, may_look
from articles.admin.periods import per_period
from articles.models import Article, ViewHold
from articles.models.people import display_name
from articles.visits import holds
from articles.visits.holds import Verdict


class Decision(NamedTuple):
    """A button of the page, what it does in a sentence, what is recorded, what is said after."""

    verdict: Verdict
    label: str | Promise
    meaning: str | Promise
    recorded: str | Promise
    done: str | Promise


DECISIONS = {
    decision.verdict.value: decision
    for decision in (
        Decision(
            Verdict.RELEASED,
            gettext_lazy("Release"),
            gettext_lazy(
                "They were people: the views are added to the figures of these stories, on the day "
                "they came. Readers see that at once, and it cannot be taken back; only a "
                "correction can take views away again."
            ),
            gettext_lazy("Released %(n)d views. Reason: %(reason)s"),
            gettext_lazy("Released. %(n)d views count now, on the day they came."),
        ),
        Decision(
            Verdict.STRUCK,
            gettext_lazy("Strike"),
            gettext_lazy(
                "They were made: the views do not count, and no figure changes. They can still be "
                "released later."
            ),
            gettext_lazy("Struck %(n)d views. Reason: %(reason)s"),
            gettext_lazy("Struck. %(n)d views do not count. They can still be released later."),
        ),
    )
}


@admin.register(ViewHold)
class ViewHoldAdmin(SafeModelAdmin):
    list_display = ("network_name", "day", "views", "articles", "since", "decided")
    list_filter = ("verdict",)
    allowed_lookups = ("verdict__exact", "verdict__in")
    ordering = ("-day", "-id")

    # Rights -----------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ViewHold | None = None) -> bool:
        return False

    # The list ---------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[ViewHold]:
        return holds.with_sizes(super().get_queryset(request))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Not yours and not there are the same."""
        if not may_look(request.user, ViewHold):
            raise Http404
        return super().changelist_view(request, extra_context)

    @admin.display(description=gettext_lazy("network"), ordering="network")
    def network_name(self, hold: ViewHold) -> str:
        return short_name(hold)

    @admin.display(description=gettext_lazy("views"))
    def views(self, hold: Any) -> int:
        return int(hold.views)

    @admin.display(description=gettext_lazy("stories"))
    def articles(self, hold: Any) -> int:
        return int(hold.articles)

    @admin.display(description=gettext_lazy("since"), ordering="opened_at")
    def since(self, hold: ViewHold) -> str:
        return date_format(timezone.localtime(hold.opened_at), "m-d H:i")

    @admin.display(description=gettext_lazy("verdict"), ordering="verdict")
    def decided(self, hold: ViewHold) -> str:
        return hold.get_verdict_display()

    # One hold ---------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<path:object_id>/decide/<slug:verdict>/",
            self.admin_site.admin_view(self.decide),
            name="articles_viewhold_decide",
        )
        return [own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What came, when, to which stories, and what was decided; nothing is changed here."""
        if request.method not in ("GET", "HEAD"):
            raise Http404
        hold = self._hold(request, object_id)
        amounts = per_period(holds.minutes_of(holds.rows_of(hold)))
        return self._page(
            request,
            "hold",
            hold,
            stories=stories(request.user, holds.by_article(hold)),
            amounts=amounts,
            chart=chart(("held",), [(label, (n,)) for label, n in amounts]) if amounts else None,
            record=_record(hold),
            decisions=_possible(hold) if may_decide(request.user, ViewHold) else [],
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of the hold is its record."""
        return HttpResponseRedirect(hold_url(self._hold(request, object_id)))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def decide(self, request: HttpRequest, object_id: str, verdict: str) -> HttpResponse:
        """Says what would happen and asks for the reason; POST decides."""
        hold, decision = self._hold(request, object_id), DECISIONS.get(verdict)
        if decision is None or not may_decide(request.user, ViewHold):
            raise Http404
        problem = ""
        if request.method == "POST":
            try:
                self._decided(request, hold, decision)
                return HttpResponseRedirect(hold_url(hold))
            except holds.DecidedAlready as refusal:
                self.message_user(request, str(refusal), messages.INFO)
                return HttpResponseRedirect(hold_url(hold))
            except holds.VerdictRefused as refusal:
                problem = str(refusal)
        return self._page(
            request,
            "decide",
            hold,
            title=decision.label,
            status=422 if problem else 200,
            decision=decision,
            problem=problem,
            reason=request.POST.get("reason", ""),
        )

    def _decided(self, request: HttpRequest, hold: ViewHold, decision: Decision) -> None:
        reason = request.POST.get("reason", "")
        with transaction.atomic():
            n = holds.decide(hold, decision.verdict, by=cast(User, request.user), reason=reason)
            self.log_change(request, hold, str(decision.recorded) % {"n": n, "reason": reason})
        self.message_user(request, str(decision.done) % {"n": n}, messages.SUCCESS)

    def _hold(self, request: HttpRequest, object_id: str) -> ViewHold:
        hold = self.get_object(request, object_id) if may_look(request.user, ViewHold) else None
        if hold is None:
            raise Http404
        return cast(ViewHold, hold)

    def _page(
        self, request: HttpRequest, template: str, hold: ViewHold, status: int = 200, **more: Any
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Held views of %(day)s") % {"day": date_format(hold.day, "Y-m-d")},
            "opts": self.opts,
            "hold": hold,
            "name": short_name(hold),
            **more,
        }
        return TemplateResponse(request, f"admin/views/{template}.html", context, status=status)


def hold_url(hold: ViewHold) -> str:
    return reverse("admin:articles_viewhold_change", args=[hold.pk])


def short_name(hold: ViewHold) -> str:
    """Enough to tell the networks of a day apart by eye."""
    return hold.network[:6] or _("unknown")


def stories(
    user: User | AnonymousUser, numbered: Sequence[tuple[int, int]]
) -> list[tuple[int, str, int]]:
    """(article, title, number); "" for the title of what this person may not see."""
    rows = Article.objects.visible_to(user).filter(pk__in=[number for number, _n in numbered])
    titles = dict(rows.values_list("pk", "title"))
    return [(article_id, titles.get(article_id, ""), n) for article_id, n in numbered]


def _possible(hold: ViewHold) -> list[Decision]:
    """What can still be decided: a released hold stays so, a struck one may be released."""
    if hold.verdict == Verdict.RELEASED:
        return []
    return [decision for decision in DECISIONS.values() if decision.verdict != hold.verdict]


def _record(hold: ViewHold) -> list[tuple[LogEntry, str, str]]:
    """(entry, who, what and why), the newest first."""
    entries = LogEntry.objects.filter(
        content_type=get_content_type_for_model(hold), object_id=str(hold.pk)
    )
    return [
        (entry, display_name(entry.user), entry.get_change_message())
        for entry in entries.select_related("user")
    ]
