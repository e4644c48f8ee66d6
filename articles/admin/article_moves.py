"""Makes the moves of a story that staff ask for, and says in a sentence what became of them."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import publishing, reviewing, tracking, workflow
from articles.admin.article_addresses import change_url, review_url
from articles.admin.move_requests import actor, may_ever, posted_version, was_made_already
from articles.admin.sentences import together
from articles.models import Article, Stage

MADE: dict[str, str | Promise] = {
    "submit": gettext_lazy("Submitted."),
    "recall": gettext_lazy("Taken back. You can write again."),
    "approve": gettext_lazy("Approved."),
    "send back": gettext_lazy("Sent back. The author has your reason."),
    "reject": gettext_lazy("Rejected. The author has your reason."),
    "reserve": gettext_lazy("Held in reserve."),
    "reopen": gettext_lazy("Opened again. It can be written on."),
}


class ArticleMoves(admin.ModelAdmin):
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

    # From a page of its own --------------------------------------------------------------

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
