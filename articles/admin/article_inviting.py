"""Links for leaders without an account: made, listed and revoked on a page of the article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from articles import inviting, workflow
from articles.admin.numbers import number_in
from articles.models import Article, ReviewLink, Stage
from articles.models.people import display_name
from articles.recording import Actor
from newsroom.addresses import client_address

# Old links tell nothing any more.
LINKS_SHOWN = 100


@dataclass(frozen=True)
class Line:
    """A link as the list shows it. The address only while it leads somewhere, and only to whoever
    made it: it decides in its maker's place."""

    link: ReviewLink
    stage: str
    made_by: str
    state: str
    address: str
    may_revoke: bool


class ArticleInviting(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path(
                "<path:object_id>/review-links/",
                wrap(self.review_links),
                name="articles_article_review_links",
            ),
            path(
                "<path:object_id>/review-links/<int:link_id>/revoke/",
                wrap(self.revoke_review_link),
                name="articles_article_revoke_review_link",
            ),
        ]
        return own + super().get_urls()

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def review_links(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET: the links of this article, newest first. POST: one more, for `person`, of `days`,
        on the `version` that was on screen."""
        article = self._with_links(request, object_id)
        problems: list[str] = []
        if request.method == "POST":
            try:
                self._invite(request, article)
            except workflow.MoveRefused as refusal:
                problems = refusal.reasons
            except inviting.InvitationRefused as refusal:
                problems = [str(refusal)]
            else:
                self.message_user(request, _("The link is made. Copy it and send it."))
                return HttpResponseRedirect(review_links_url(article))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Links for leaders"),
            "article": article,
            "opts": self.opts,
            "problems": problems,
            "may_make": inviting.may_invite(request.user, article),
            "lines": _lines(request, article),
            "person": request.POST.get("person", ""),
            "lifetimes": _lifetimes(request.POST.get("days", "")),
        }
        return TemplateResponse(
            request,
            "admin/articles/article/review_links.html",
            context,
            status=422 if problems else 200,
        )

    def _invite(self, request: HttpRequest, article: Article) -> None:
        typed = request.POST
        days = typed.get("days", "")
        link = inviting.invite(
            article,
            by=Actor(cast(User, request.user), client_address(request)),
            person=typed.get("person", ""),
            days=int(days) if days in map(str, inviting.LIFETIMES) else 0,
            version=number_in(typed.get("version")) or 0,
        )
        sentence = _("Made a review link for %(whom)s") % {"whom": link.person}
        self.log_change(request, article, sentence)

    @method_decorator(require_POST)
    def revoke_review_link(
        self, request: HttpRequest, object_id: str, link_id: int
    ) -> HttpResponse:
        """From now on the link leads nowhere."""
        article = self._with_links(request, object_id)
        links = article.review_links.select_related("article", "created_by")
        link = get_object_or_404(links, pk=link_id)
        if not inviting.may_revoke(request.user, link):
            raise Http404
        if inviting.revoke(link):
            sentence = _("Revoked the review link for %(whom)s") % {"whom": link.person}
            self.log_change(request, article, sentence)
            self.message_user(request, _("The link is revoked. It leads nowhere any more."))
        else:
            self.message_user(
                request, _("This link was used or revoked already."), messages.WARNING
            )
        return HttpResponseRedirect(review_links_url(article))

    def _with_links(self, request: HttpRequest, object_id: str) -> Article:
        """The article, for who may make links or might revoke one; Http404 for all others."""
        article = self.get_object(request, object_id)
        if article is None or not may_see_links(request, article):
            raise Http404
        return cast(Article, article)


def may_see_links(request: HttpRequest, article: Article) -> bool:
    if inviting.may_invite(request.user, article):
        return True
    links = article.review_links.select_related("article")[:LINKS_SHOWN]
    return any(inviting.may_revoke(request.user, link) for link in links)


def review_links_url(article: Article) -> str:
    return reverse("admin:articles_article_review_links", args=[article.pk])


def _lines(request: HttpRequest, article: Article) -> list[Line]:
    links = article.review_links.select_related("created_by")[:LINKS_SHOWN]
    # One object a person: it remembers what it may do.
    makers: dict[int, User] = {}
    for link in links:
        link.article = article
        link.created_by = makers.setdefault(link.created_by_id, link.created_by)
    return [_line(request, link) for link in links]


def _line(request: HttpRequest, link: ReviewLink) -> Line:
    leads_somewhere = inviting.is_open(link)
    is_mine = link.created_by_id == request.user.pk
    path = reverse("review", args=[inviting.token_of(link)])
    return Line(
        link=link,
        stage=str(Stage(link.stage).label),
        made_by=display_name(link.created_by),
        state=_state(link, leads_somewhere=leads_somewhere),
        address=request.build_absolute_uri(path) if leads_somewhere and is_mine else "",
        may_revoke=link.is_open and inviting.may_revoke(request.user, link),
    )


def _state(link: ReviewLink, *, leads_somewhere: bool) -> str:
    """works, used, revoked, expired or resting: made for a text or a stage that is over, or by
    somebody who may no longer decide."""
    if link.used_at:
        return "used"
    if link.revoked_at:
        return "revoked"
    if not link.is_open:
        return "expired"
    return "works" if leads_somewhere else "resting"


def _lifetimes(chosen: str) -> list[tuple[int, bool]]:
    """(days, whether it is the one chosen)."""
    days = int(chosen) if chosen in map(str, inviting.LIFETIMES) else inviting.USUAL_LIFETIME
    return [(each, each == days) for each in inviting.LIFETIMES]
