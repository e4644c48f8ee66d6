"""The page on which a story is read and decided on, exactly as it reads at that moment.

What is decided is bound to the version the page showed (`version`); the record's newest row at
that time (`seen`) tells a second click from a decision that came too late.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from articles import comparing, inviting, standing, tracking, workflow
from articles.admin import typed
from articles.admin.article_comments import comments_context
from articles.admin.article_moves import ArticleMoves
from articles.admin.move_requests import NAMES
from articles.admin.numbers import number_in
from articles.admin.sentences import together
from articles.models import Article, Comment, Revision, Transition
from articles.models.appointment import reaches
from articles.models.stage import REVIEWS
from articles.workflow import Move

# Made on this page, in the order of their buttons; the rest is made from the form.
BUTTONS = ("approve", "publish", "submit", "send back", "reserve", "reject", "recall", "reopen")
DANGEROUS = frozenset({"reject"})
# What the two sides of a difference are → how the way there is called.
SIDES: dict[str, str | Promise] = {
    "printed": gettext_lazy("Changes to what readers have"),
    "read": gettext_lazy("Changes since you decided"),
    "all": gettext_lazy("The whole text"),
}


@dataclass(frozen=True)
class Side:
    """A way to read the text; `base` is what it is compared with, None for the whole text."""

    name: str
    label: str | Promise
    base: Revision | None
    is_chosen: bool = False


class ArticleReview(ArticleMoves):
    if TYPE_CHECKING:
        # Of the class this is mixed into.
        def keep_comment(self, request: HttpRequest, article: Article) -> Comment: ...

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<path:object_id>/review/",
            self.admin_site.admin_view(self.review),
            name="articles_article_review",
        )
        return [own, *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def review(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET: the story to be read. POST: one `move` of it, with `version` and `reason`."""
        if request.method != "POST":
            return self.review_page(request, self._to_read(request, object_id))
        if answer := self.too_late(request, object_id):
            return answer
        article = self._to_read(request, object_id)
        name = NAMES.get(request.POST.get("move", ""), "")
        if name not in BUTTONS:
            raise Http404
        left: dict[str, Any] = {}
        if typed.is_comment(request) and workflow.can(request.user, "comment", article):
            try:
                self.keep_comment(request, article)
            except workflow.MoveRefused as refusal:
                return self.review_page(
                    request, article, comment_problems=refusal.reasons, status=422
                )
            left["typed"] = {"reason": request.POST.get("reason", "")}
        made = self.make_move(request, article, name)
        if not isinstance(made, list):
            return made
        # With the text as it is now: it may be another one than was decided on.
        return self.review_page(request, self._to_read(request, object_id), problems=made, **left)

    def _to_read(self, request: HttpRequest, object_id: str) -> Article:
        article = self.get_object(request, object_id)
        if article is None or not workflow.can(request.user, "look", article):
            raise Http404
        return cast(Article, article)

    def too_late(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        """For whom the story has left: what became of it, and the words that were typed."""
        row = _decided_meanwhile(request, object_id)
        if row is None:
            return None
        sentence = _(
            "%(name)s decided on “%(title)s” before you: %(move)s. Nothing was recorded of yours."
        ) % {
            "name": row.actor_name,
            "title": row.title,
            "move": workflow.MOVES[row.move].label,
        }
        words = [request.POST.get(name, "").strip() for name in ("reason", "words")]
        if "suggests" in request.POST:
            words.append(request.POST.get("replacement", "").strip())
        if any(words):
            said = _("You had typed: %(reason)s") % {"reason": " / ".join(filter(None, words))}
            sentence = together(sentence, said)
        self.message_user(request, sentence, messages.WARNING)
        return HttpResponseRedirect(reverse("admin:index"))

    def review_page(
        self,
        request: HttpRequest,
        article: Article,
        *,
        problems: list[str] | None = None,
        **more: Any,
    ) -> HttpResponse:
        """The page; with `problems`, why nothing was decided, and what was typed."""
        sides = _sides(request, article)
        side = next(each for each in sides if each.is_chosen)
        newest = article.revisions.filter(number=article.version).select_related("saved_by")
        revision = newest.first()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Review: %(title)s") % {"title": article.title},
            "opts": self.opts,
            "article": article,
            "revision": revision,
            "badges": standing.badges(article),
            "track": tracking.track(article, request.user),
            "people": tracking.waiting(article),
            "moves": _moves(request, article),
            "reason_needed": any(
                move.needs_reason for move, _slug, _danger in _moves(request, article)
            ),
            "why_not": _why_not(request, article),
            "may_edit": workflow.can(request.user, "edit", article),
            "may_schedule": any(
                workflow.can(request.user, move, article) for move in ("publish", "end")
            ),
            "may_withdraw": workflow.can(request.user, "withdraw", article),
            "may_invite": inviting.may_invite(request.user, article),
            "may_plan": not article.is_published and workflow.can(request.user, "plan", article),
            "sides": sides,
            "side": side,
            "comparison": _comparison(side, revision),
            "preview": reverse("admin:articles_article_preview", args=[article.pk]) + "?bare=1",
            "seen": tracking.last_number(article),
            "problems": problems or [],
            "typed": typed.take(request, article),
            **comments_context(request, article, back="review"),
            **more,
        }
        return TemplateResponse(
            request,
            "admin/articles/article/review.html",
            context,
            status=409 if problems else more.get("status", 200),
        )


def _decided_meanwhile(request: HttpRequest, object_id: str) -> Transition | None:
    """The move by which a story left the sight of somebody who had its review page open.

    They had it if they review at the stage it was moved from after the row they saw last; to
    everybody else it is not there.
    """
    number, seen = number_in(object_id), number_in(request.POST.get("seen"))
    if number is None or seen is None:
        return None
    if Article.objects.visible_to(request.user).filter(pk=number).exists():
        return None
    article = Article.objects.filter(pk=number, deleted_at=None).first()
    rows = Transition.objects.of(number).filter(number__gt=seen)
    row = rows.exclude(to_stage=F("from_stage")).first()
    if article is None or row is None or row.move not in workflow.MOVES:
        return None
    article.stage = row.from_stage
    is_theirs = article.stage in REVIEWS and reaches(
        request.user, f"review_{article.stage}", article
    )
    return row if is_theirs else None


def _sides(request: HttpRequest, article: Article) -> list[Side]:
    """The ways to read the text; what readers do not have yet is read first."""
    bases: list[tuple[str, Revision | None]] = []
    if printed := tracking.printed(article):
        bases.append(("printed", printed))
    read = tracking.read_before(article, cast(User, request.user))
    if read and (printed is None or read.number != printed.number):
        bases.append(("read", read))
    bases.append(("all", None))
    names = [name for name, _base in bases]
    chosen = request.GET.get("show")
    chosen = chosen if chosen in names else names[0]
    return [Side(name, SIDES[name], base, is_chosen=name == chosen) for name, base in bases]


def _comparison(side: Side, revision: Revision | None) -> comparing.Comparison | None:
    if side.base is None or revision is None:
        return None
    return comparing.compare(side.base.content, revision.content)


def _moves(request: HttpRequest, article: Article) -> list[tuple[Move, str, bool]]:
    """(move, its name in forms, whether it is a grave one) of what this person may do here."""
    return [
        (workflow.MOVES[name], name.replace(" ", "-"), name in DANGEROUS)
        for name in BUTTONS
        if workflow.can(request.user, name, article)
    ]


def _why_not(request: HttpRequest, article: Article) -> str:
    """Why somebody who reviews or publishes may not here; "" when that is not the question."""
    for name in ("approve", "publish"):
        move = workflow.MOVES[name]
        if article.stage not in move.from_stages or not article.is_locked:
            continue
        try:
            workflow.require(request.user, name, article)
        except workflow.MoveRefused as refusal:
            if move.condition and move.condition(request.user, article):
                return str(refusal)
    return ""
