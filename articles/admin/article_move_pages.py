"""The small pages that ask for a reason: to decide on a story, to withdraw it.

They carry the stage they were shown at as well: a decision is not for the next one.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles import publishing, tracking, workflow
from articles.admin.article_moves import ArticleMoves
from articles.admin.move_requests import NAMES, actor, may_ever, was_made_already
from articles.models import Article, Edition

# What reviewing alone moves; printing has buttons and pages of its own.
BY_PAGE = frozenset({"submit", "recall", "approve", "send back", "reject", "reserve", "reopen"})
EXPLAINED: dict[str, str | Promise] = {
    "submit": gettext_lazy(
        "The text is locked until it has been decided on; you can take it back before."
    ),
    "recall": gettext_lazy(
        "You can write again. Once you submit it, it is reviewed from the start."
    ),
    "approve": gettext_lazy("It goes on to the next step, exactly as it reads now."),
    "send back": gettext_lazy("It goes back to its author, who reads your reason and can write."),
    "reject": gettext_lazy("It is not used. Its author reads your reason; editors can reopen it."),
    "reserve": gettext_lazy("It is kept for later. Editors can take it up again."),
    "reopen": gettext_lazy("It can be written on again."),
}


class ArticleMovePages(ArticleMoves):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path(
                "<path:object_id>/withdraw/", wrap(self.withdraw), name="articles_article_withdraw"
            ),
            path(
                "<path:object_id>/move/<slug:slug>/",
                wrap(self.move_page),
                name="articles_article_move",
            ),
        ]
        return own + super().get_urls()

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def move_page(self, request: HttpRequest, object_id: str, slug: str) -> HttpResponse:
        """A move with its reason, for everybody without script and where there is no room."""
        name = NAMES.get(slug, "")
        article = self.get_object(request, object_id)
        if article is None or name not in BY_PAGE:
            raise Http404
        if request.method != "POST":
            if not workflow.can(request.user, name, article):
                raise Http404
            return self._ask_reason(request, article, name, [])
        made = self.make_move(request, article, name)
        if isinstance(made, list):
            article = self.get_object(request, object_id)
            if article is None:
                raise Http404
            return self._ask_reason(request, article, name, made)
        return made

    def _ask_reason(
        self, request: HttpRequest, article: Article, name: str, problems: list[str]
    ) -> HttpResponse:
        move = workflow.MOVES[name]
        context = {
            **self.admin_site.each_context(request),
            "title": move.label,
            "article": article,
            "opts": self.opts,
            "move": move,
            "explained": EXPLAINED[name],
            "is_danger": name in {"reject"},
            "has_reason": name not in {"submit", "approve", "recall", "reopen"},
            "seen": tracking.last_number(article),
            "back": self.url_after(request, article),
            "is_open": workflow.can(request.user, name, article),
            "problems": problems,
            "reason": request.POST.get("reason", ""),
        }
        return TemplateResponse(
            request,
            "admin/articles/article/move.html",
            context,
            status=422 if problems else 200,
        )

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks for the reason, then withdraws."""
        article = self.get_object(request, object_id)
        if article is None or not may_ever(request, "withdraw", article):
            raise Http404
        may = workflow.can(request.user, "withdraw", article)
        if request.method != "POST" and not may:
            raise Http404
        problems: list[str] = []
        if request.method == "POST":
            try:
                edition = publishing.withdraw(
                    article, by=actor(request), reason=request.POST.get("reason", "")
                )
            except workflow.MoveRefused as refusal:
                if was_made_already(request, "withdraw", article):
                    self.tell_made_already(request)
                    return HttpResponseRedirect(self.url_after(request, article))
                problems = refusal.reasons
            else:
                reason = _("Withdrawn. Reason: %(reason)s")
                self.log_change(request, article, reason % {"reason": edition.withdrawal_reason})
                sentence = (
                    _("Withdrawn. Readers no longer find it; address and views are kept.")
                    if edition.is_gone
                    else _("Taken from the schedule. Readers never had it.")
                )
                self.message_user(request, sentence, messages.SUCCESS)
                return HttpResponseRedirect(self.url_after(request, article))
        known = Edition.objects.for_lists().filter(article=article.pk).first()
        is_waiting = known is not None and known.is_waiting
        context = {
            **self.admin_site.each_context(request),
            "title": _("Cancel the schedule") if is_waiting else _("Withdraw"),
            "is_waiting": is_waiting,
            "article": article,
            "opts": self.opts,
            "seen": tracking.last_number(article),
            "back": self.url_after(request, article),
            "problems": problems,
            "reason": request.POST.get("reason", ""),
        }
        return TemplateResponse(
            request,
            "admin/articles/article/withdraw.html",
            context,
            status=200 if may else 422,
        )
