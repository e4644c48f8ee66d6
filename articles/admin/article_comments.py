"""批注 beside the form and on the review page: written, settled, taken into the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import commenting, comparing, workflow, writing
from articles.admin import typed
from articles.admin.article_addresses import change_url, review_url
from articles.admin.move_requests import posted_version
from articles.commenting import Passage
from articles.models import Article, Comment
from articles.models.people import display_name

# More on one text is no help to its writer.
SHOWN = 200
ACTIONS = ("resolve", "reopen", "take", "leave")


@dataclass(frozen=True)
class Line:
    """A comment as pages show it, with what this person may do about it."""

    row: Comment
    by: str
    settled_by: str
    # The passage as the suggestion would have it.
    pieces: tuple[comparing.Piece, ...]
    actions: list[str]


class ArticleComments(admin.ModelAdmin):
    if TYPE_CHECKING:
        # Of the class this is mixed into.
        def review_page(
            self, request: HttpRequest, article: Article, **more: Any
        ) -> HttpResponse: ...
        def too_late(self, request: HttpRequest, object_id: str) -> HttpResponse | None: ...

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<path:object_id>/comments/", wrap(self.comment), name="articles_article_comment"),
            path(
                "<path:object_id>/comments/<int:comment_id>/<slug:action>/",
                wrap(self.settle_comment),
                name="articles_article_settle_comment",
            ),
            path("<path:object_id>/people/", wrap(self.people), name="articles_article_people"),
        ]
        return own + super().get_urls()

    def comment(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """POST: one more, of `words`, `quote`, `before`, and with `suggests` of `replacement`. GET:
        where logging in leads back to, when it was sent by somebody logged out meanwhile."""
        if request.method != "POST":
            article = self._commented(request, object_id)
            return HttpResponseRedirect(review_url(article))
        if answer := self.too_late(request, object_id):
            return answer
        article = self._commented(request, object_id)
        try:
            row = self.keep_comment(request, article)
        except workflow.MoveRefused as refusal:
            return self.review_page(request, article, comment_problems=refusal.reasons, status=422)
        typed.keep(request, article, "reason")
        return HttpResponseRedirect(f"{review_url(article)}#comment-{row.pk}")

    def keep_comment(self, request: HttpRequest, article: Article) -> Comment:
        """The comment that was typed; raises workflow.MoveRefused."""
        try:
            row = commenting.comment(
                article,
                by=cast(User, request.user),
                version=min(posted_version(request) or article.version, article.version),
                words=request.POST.get("words", ""),
                passage=Passage(request.POST.get("quote", ""), request.POST.get("before", "")),
                replacement=request.POST.get("replacement", "")
                if "suggests" in request.POST
                else None,
            )
        except Article.DoesNotExist as error:
            raise Http404 from error
        self.message_user(request, _("Your comment is kept."), messages.SUCCESS)
        if unknown := commenting.unknown_names(article, row.words):
            names = _(", ").join(f"@{name}" for name in unknown)
            sentence = _("%(names)s: nobody who may read this is called so; nobody was told.")
            self.message_user(request, sentence % {"names": names}, messages.WARNING)
        return row

    def settle_comment(
        self, request: HttpRequest, object_id: str, comment_id: int, action: str
    ) -> HttpResponse:
        """POST: resolves, opens again, takes into the text or leaves one comment. GET: as above."""
        if request.method != "POST":
            return HttpResponseRedirect(review_url(self._commented(request, object_id)))
        article = self.get_object(request, object_id)
        if article is None or action not in ACTIONS:
            raise Http404
        row = get_object_or_404(article.comments.select_related("article"), pk=comment_id)
        if not _may_settle(request, article, row):
            raise Http404
        try:
            sentence = _settle(request, row, action)
        except workflow.MoveRefused as refusal:
            for reason in refusal.reasons:
                self.message_user(request, reason, messages.WARNING)
        except writing.StaleForm as stale:
            sentence = _(
                "%(name)s saved version %(version)d meanwhile. Look at it, then try again."
            )
            names = {"name": stale.saved_by, "version": stale.version}
            self.message_user(request, sentence % names, messages.WARNING)
        except writing.TextLocked:
            self.message_user(
                request,
                _("The text is under review. Take it back to edit first."),
                messages.WARNING,
            )
        except (Article.DoesNotExist, Comment.DoesNotExist) as error:
            raise Http404 from error
        else:
            if action == "take":
                version = _("Saved as version %(version)d")
                self.log_change(request, article, version % {"version": row.article.version})
            self.message_user(request, sentence, messages.SUCCESS)
        is_in_form = request.POST.get("back") == "form" and workflow.can(
            request.user, "edit", article
        )
        if is_in_form:
            return HttpResponseRedirect(f"{change_url(article)}#panel-comments")
        typed.keep(request, article)
        return HttpResponseRedirect(f"{review_url(article)}#comment-{row.pk}")

    @method_decorator(require_safe)
    def people(self, request: HttpRequest, object_id: str) -> JsonResponse:
        """{people: names}: who may look at this article and is called like `q`."""
        article = self._commented(request, object_id)
        found = commenting.mentionable(article, request.GET.get("q", "")[:100])
        return JsonResponse({"people": [display_name(person) for person in found]})

    def _commented(self, request: HttpRequest, object_id: str) -> Article:
        article = self.get_object(request, object_id)
        if article is None or not workflow.can(request.user, "comment", article):
            raise Http404
        return cast(Article, article)


def comments_context(request: HttpRequest, article: Article, *, back: str) -> dict[str, Any]:
    """What the list of comments needs, on either page (`back`)."""
    rows = article.comments.select_related("made_by", "settled_by").order_by("-id")[:SHOWN]
    may = workflow.can(request.user, "comment", article)
    may_edit = workflow.can(request.user, "edit", article)
    lines = [_line(request, row, may=may, may_edit=may_edit) for row in rows]
    # Open ones first, each group oldest first, as the text was read.
    lines.sort(key=lambda line: (line.row.settled_at is not None, line.row.pk))
    return {
        "comments": lines,
        "open_comments": sum(line.row.settled_at is None for line in lines),
        "may_comment": may,
        "comments_back": back,
        "people_url": reverse("admin:articles_article_people", args=[article.pk]),
    }


def _line(request: HttpRequest, row: Comment, *, may: bool, may_edit: bool) -> Line:
    pieces = comparing.pieces(row.quote, row.replacement) if row.replacement is not None else ()
    return Line(
        row,
        display_name(row.made_by),
        display_name(row.settled_by) if row.settled_by else "",
        pieces,
        _actions(row, may=may, may_edit=may_edit, is_own=row.made_by_id == request.user.pk),
    )


def _actions(row: Comment, *, may: bool, may_edit: bool, is_own: bool) -> list[str]:
    if row.settled_at:
        return ["reopen"] if may and row.outcome != Comment.Outcome.TAKEN else []
    if row.is_suggestion:
        return (["take"] if may_edit else []) + (["leave"] if may_edit or (may and is_own) else [])
    return ["resolve"] if may else []


def _may_settle(request: HttpRequest, article: Article, row: Comment) -> bool:
    return workflow.can(request.user, "comment", article) or row.made_by_id == request.user.pk


def _settle(request: HttpRequest, row: Comment, action: str) -> str:
    """The sentence that says what was done."""
    by = cast(User, request.user)
    if action == "take":
        row.article = commenting.take(row, by=by, version=posted_version(request))
        return _("The suggestion is in the text now, as version %(version)d.") % {
            "version": row.article.version
        }
    if action == "leave":
        commenting.leave(row, by=by)
        return _("Left as it was.")
    if action == "reopen":
        commenting.reopen(row, by=by)
        return _("The comment is open again.")
    commenting.resolve(row, by=by)
    return _("The comment is resolved.")
