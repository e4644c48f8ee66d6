"""Moves of a story from the desk: the buttons of the form, the small pages that ask for a reason.

A page carries the version that was on screen and the number of the newest row of the record
(`seen`): by these a second click is told from a move that came too late. And the stage it was shown
at: a decision is not for the next one.
"""

from __future__ import annotations

import copy
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles import publishing, reviewing, tracking, workflow
from articles.admin.numbers import number_in
from articles.admin.sentences import together
from articles.models import Article, Edition, Stage
from articles.models.appointment import reaches
from articles.recording import Actor
from newsroom.addresses import client_address

# As they stand in addresses → in the table of moves.
NAMES = {name.replace(" ", "-"): name for name in workflow.MOVES}
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
MADE: dict[str, str | Promise] = {
    "submit": gettext_lazy("Submitted."),
    "recall": gettext_lazy("Taken back. You can write again."),
    "approve": gettext_lazy("Approved."),
    "send back": gettext_lazy("Sent back. The author has your reason."),
    "reject": gettext_lazy("Rejected. The author has your reason."),
    "reserve": gettext_lazy("Held in reserve."),
    "reopen": gettext_lazy("Opened again. It can be written on."),
}


def change_url(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def review_url(article: Article) -> str:
    return reverse("admin:articles_article_review", args=[article.pk])


def views_url(article_id: int) -> str:
    """The page 人气 of an article."""
    return reverse("admin:articles_article_views", args=[article_id])


def move_url(article: Article, name: str) -> str:
    """The page on which a move is made."""
    if name == "withdraw":
        return reverse("admin:articles_article_withdraw", args=[article.pk])
    return reverse("admin:articles_article_move", args=[article.pk, name.replace(" ", "-")])


def actor(request: HttpRequest) -> Actor:
    """Who makes a move, and from where."""
    return Actor(cast(User, request.user), client_address(request))


def posted_version(request: HttpRequest) -> int:
    """The version the page showed; 0, which no article has, for anything else."""
    return number_in(request.POST.get("version")) or 0


def was_made_already(request: HttpRequest, name: str, article: Article) -> bool:
    """Whether this page was sent a second time."""
    seen = number_in(request.POST.get("seen"))
    return seen is not None and tracking.was_made(
        name, article, cast(User, request.user), version=posted_version(request), after=seen
    )


def may_ever(request: HttpRequest, name: str, article: Article) -> bool:
    """Whether this person could make the move of this story at any of its stages: whoever comes
    too late is told why not, everybody else finds nothing."""
    move, elsewhere = workflow.MOVES[name], copy.copy(article)
    for stage in move.from_stages:
        elsewhere.stage = stage
        if reaches(request.user, workflow.permission_for(move, elsewhere), elsewhere):
            return True
    return False


class ArticleMoves(admin.ModelAdmin):
    """What the desk for articles offers beside saving."""

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

    # From the form ----------------------------------------------------------------------

    def publish_from_form(self, request: HttpRequest, article: Article, version: int) -> None:
        """Publishes the version that was in the form, or says why not."""
        try:
            edition = publishing.publish(article, by=actor(request), version=version)
        except publishing.NothingNew:
            self.message_user(
                request, _("This version was published already; nothing was published twice.")
            )
        except workflow.MoveRefused as refusal:
            self._tell_refused(
                request, _("The article is saved, but cannot be published yet:"), refusal
            )
        else:
            sentence = _("Published version %(version)d") % {"version": version}
            self.log_change(request, article, sentence)
            self.tell_published(request, edition)

    def submit_from_form(
        self, request: HttpRequest, article: Article, version: int, *, is_repeated: bool = False
    ) -> None:
        """Submits the version that was in the form, or says why not."""
        try:
            reviewing.make("submit", article, by=actor(request), version=version)
        except workflow.MoveRefused as refusal:
            if is_repeated and tracking.was_made(
                "submit", article, cast(User, request.user), version=version, after=0
            ):
                self.tell_made_already(request)
                return
            self._tell_refused(request, _("The article is saved, but was not submitted:"), refusal)
        else:
            self.tell_made(request, article, "submit")

    def _tell_refused(
        self, request: HttpRequest, beginning: str, refusal: workflow.MoveRefused
    ) -> None:
        lines = [beginning, *refusal.reasons]
        sentences = format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))
        self.message_user(request, sentences, messages.WARNING)

    # What is said -----------------------------------------------------------------------

    def tell_made(self, request: HttpRequest, article: Article, name: str) -> None:
        """Says and logs that a move was made, and who has the story now."""
        article = Article.objects.get(pk=article.pk)
        label, stage = str(workflow.MOVES[name].label), str(Stage(article.stage).label)
        self.log_change(
            request, article, _("%(move)s → %(stage)s") % {"move": label, "stage": stage}
        )
        sentence = str(MADE[name])
        if people := tracking.waiting(article):
            with_whom = _("It is with %(people)s now (%(stage)s).") % {
                "people": _(", ").join(people),
                "stage": tracking.LABELS[article.stage],
            }
            sentence = together(sentence, with_whom)
        elif article.stage in tracking.WAITS:
            nobody = _(
                "Nobody has the right for the next step (%(stage)s) yet. "
                "Ask the administrator to appoint somebody."
            ) % {"stage": tracking.LABELS[article.stage]}
            sentence = together(sentence, nobody)
        self.message_user(request, sentence, messages.SUCCESS)

    def tell_made_already(self, request: HttpRequest) -> None:
        self.message_user(
            request, _("This was done already, by your first click; nothing was done twice.")
        )

    def tell_published(self, request: HttpRequest, edition: Any) -> None:
        if edition.is_waiting:
            moment = publishing.spoken(edition.published_at)
            sentence = _("Scheduled. Readers see it from %(moment)s.") % {"moment": moment}
            self.message_user(request, sentence, messages.SUCCESS)
            return
        link = format_html(
            '<a href="{}">{}</a>', edition.get_absolute_url(), _("See it on the portal")
        )
        sentence = format_html("{} {}", _("Published. Readers see it now."), link)
        self.message_user(request, sentence, messages.SUCCESS)

    # Pages ------------------------------------------------------------------------------

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

    def make_move(
        self, request: HttpRequest, article: Article, name: str
    ) -> HttpResponse | list[str]:
        """Makes the move that was posted; else why it was not made, as sentences.

        404 for those who could make it at no stage.
        """
        if not may_ever(request, name, article):
            raise Http404
        try:
            if was_made_already(request, name, article):
                self.tell_made_already(request)
            else:
                self._make_posted(request, article, name)
        except Article.DoesNotExist as error:
            raise Http404 from error
        except workflow.MoveRefused as refusal:
            if not was_made_already(request, name, article):
                return refusal.reasons
            self.tell_made_already(request)
        return HttpResponseRedirect(self.url_after(request, article))

    def _make_posted(self, request: HttpRequest, article: Article, name: str) -> None:
        version = posted_version(request)
        if name == "publish":
            edition = publishing.publish(article, by=actor(request), version=version)
            sentence = _("Published version %(version)d") % {"version": version}
            self.log_change(request, article, sentence)
            self.tell_published(request, edition)
            return
        stage, reason = request.POST.get("stage", ""), request.POST.get("reason", "")
        reviewing.make(
            name, article, by=actor(request), version=version, stage=stage, reason=reason
        )
        self.tell_made(request, article, name)

    def url_after(self, request: HttpRequest, article: Article) -> str:
        """The form for those who may write now, the review page for the rest; the list for those
        who may not even look any more."""
        now = Article.objects.visible_to(request.user).filter(pk=article.pk).first()
        if now is None:
            return reverse("admin:articles_article_changelist")
        may_write = workflow.can(request.user, "edit", now)
        return change_url(now) if may_write else review_url(now)

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
