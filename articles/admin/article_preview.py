"""The page as readers will get it: beside the form, in its own window, by a link for guests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import CharField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST

from articles import comparing, previewing, workflow
from articles.admin.article_files import picture_address, typed_address
from articles.admin.article_form import ArticleForm
from articles.models import Article, PreviewLink
from articles.models.people import display_name

# A page of the desk never shows more; old links tell nothing any more.
LINKS_SHOWN = 200

show_or_take = require_http_methods(["GET", "HEAD", "POST"])
# The article form shows it in a frame; no other site may.
may_be_framed = csp_replace({"frame-ancestors": [SELF]})
# Each of these asks who may see it.
DESK = previewing.Addresses(
    picture=picture_address,
    video=lambda video: reverse("admin:articles_article_video", args=[video.pk]),
    file=lambda row: reverse("admin:articles_article_attachment", args=[row]),
)
TYPED = replace(DESK, picture=typed_address)


class TypedForm(ArticleForm):
    """What stands in the article form at the moment, finished or not; nothing is saved from it.

    Only a text that cannot be shown at all is refused: gaps and long lines are told at saving.
    """

    def __init__(self, *args: Any, writer: User, **kwargs: Any):
        self.writer = writer
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    def clean(self) -> dict[str, Any]:
        """Without asking who saved meanwhile."""
        return self.cleaned_data

    def _post_clean(self) -> None:
        """Takes over the words, without the model's own checks: a line too long is shown too."""
        for name in comparing.TYPED_FIELDS:
            typed = self.data.get(self.add_prefix(name), "")
            value = self.cleaned_data.get(name, typed)
            column = cast(CharField, Article._meta.get_field(name))
            setattr(self.instance, name, column.to_python(value))
        for name in ("channel", "source_department", "cover"):
            row = self.cleaned_data.get(name)
            setattr(self.instance, "cover_id" if name == "cover" else name, row)


class ArticlePreview(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("preview/", wrap(self.preview_new), name="articles_article_preview_new"),
            path("<path:object_id>/preview/", wrap(self.preview), name="articles_article_preview"),
            path(
                "<path:object_id>/preview-links/",
                wrap(self.preview_links),
                name="articles_article_preview_links",
            ),
            path(
                "<path:object_id>/preview-links/<int:link_id>/revoke/",
                wrap(self.revoke_preview_link),
                name="articles_article_revoke_preview_link",
            ),
        ]
        return own + super().get_urls()

    # The page ---------------------------------------------------------------------------

    @method_decorator([show_or_take, may_be_framed, xframe_options_sameorigin])
    def preview_new(self, request: HttpRequest) -> HttpResponse:
        """The page of an article that was never saved; empty until something is typed."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._typed(request, Article())
        return _page(request, previewing.saved_page(Article(), DESK))

    @method_decorator([show_or_take, may_be_framed, xframe_options_sameorigin])
    def preview(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET: the saved text. POST: what is typed now; 422 {problems} when it cannot be shown."""
        article = self._visible(request, object_id)
        if request.method != "POST":
            page = previewing.saved_page(article, DESK)
            # The story alone, for the page on which it is reviewed.
            return _page(request, page | {"bare": "bare" in request.GET})
        if not workflow.can(request.user, "edit", article):
            raise PermissionDenied
        return self._typed(request, article)

    def _typed(self, request: HttpRequest, article: Article) -> HttpResponse:
        writer = cast(User, request.user)
        form = TypedForm(request.POST, instance=article, writer=writer)
        if not form.is_valid() and "body" in form.errors:
            return JsonResponse({"problems": form.errors["body"]}, status=422)
        page = previewing.typed_page(
            form.instance,
            body=form.cleaned_data["body"],
            tags=form.cleaned_data.get("tags", []),
            files=form.cleaned_data.get("attachments"),
            by=writer,
            addresses=TYPED,
        )
        return _page(request, page)

    def _visible(self, request: HttpRequest, object_id: str) -> Article:
        article = self.get_object(request, object_id)
        if article is None:
            raise Http404
        return cast(Article, article)

    # Links for guests -------------------------------------------------------------------

    @method_decorator(show_or_take)
    def preview_links(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET: the links of this article, newest first. POST: one more, of `note` and `days`.

        A script gets JSON: 201 {address, row: HTML of its line}, 422 {problems}.
        """
        article = self._visible(request, object_id)
        problems: list[str] = []
        if request.method == "POST":
            if not workflow.can(request.user, "edit", article):
                raise PermissionDenied
            try:
                link = self._make_link(request, article)
            except previewing.LinkRefused as refusal:
                problems = [str(refusal)]
            else:
                return self._made(request, link)
        if problems and not request.accepts("text/html"):
            return JsonResponse({"problems": problems}, status=422)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview links"),
            "article": article,
            "opts": self.opts,
            "problems": problems,
            "may_make": workflow.can(request.user, "edit", article),
            "lines": _lines(request, article),
            "note": request.POST.get("note", ""),
            "lifetimes": _lifetimes(request.POST.get("days", "")),
        }
        return TemplateResponse(
            request,
            "admin/articles/article/preview_links.html",
            context,
            status=422 if problems else 200,
        )

    def _make_link(self, request: HttpRequest, article: Article) -> PreviewLink:
        days = request.POST.get("days", "")
        link = previewing.make_link(
            article,
            by=cast(User, request.user),
            note=request.POST.get("note", ""),
            days=int(days) if days in map(str, previewing.LIFETIMES) else 0,
        )
        sentence = _("Made a preview link for %(whom)s") % {"whom": link.note or _("anybody")}
        self.log_change(request, article, sentence)
        return link

    def _made(self, request: HttpRequest, link: PreviewLink) -> HttpResponse:
        if not request.accepts("text/html"):
            line = _line(request, link)
            row = render_to_string(
                "admin/articles/article/parts/preview_link.html", {"line": line}, request
            )
            return JsonResponse({"address": line["address"], "row": row}, status=201)
        self.message_user(request, _("The link is made. Copy it and send it."))
        return HttpResponseRedirect(links_url(link.article))

    @method_decorator(require_POST)
    def revoke_preview_link(
        self, request: HttpRequest, object_id: str, link_id: int
    ) -> HttpResponse:
        """From now on the link leads nowhere."""
        article = self._visible(request, object_id)
        link = get_object_or_404(article.preview_links.select_related("article"), pk=link_id)
        if not previewing.may_revoke(request.user, link):
            raise PermissionDenied
        if previewing.revoke(link):
            sentence = _("Revoked the preview link for %(whom)s")
            self.log_change(request, article, sentence % {"whom": link.note or _("anybody")})
        if not request.accepts("text/html"):
            return JsonResponse({})
        self.message_user(request, _("The link is revoked. Whoever opens it is told so."))
        return HttpResponseRedirect(links_url(article))


def links_url(article: Article) -> str:
    return reverse("admin:articles_article_preview_links", args=[article.pk])


def _page(request: HttpRequest, page: dict[str, Any]) -> HttpResponse:
    response = render(request, "articles/preview.html", page)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _lines(request: HttpRequest, article: Article) -> list[dict[str, Any]]:
    links = article.preview_links.select_related("created_by", "article")[:LINKS_SHOWN]
    # One object a person: it remembers what it may do.
    makers: dict[int, User] = {}
    for link in links:
        link.created_by = makers.setdefault(link.created_by_id, link.created_by)
    return [_line(request, link) for link in links]


def _line(request: HttpRequest, link: PreviewLink) -> dict[str, Any]:
    """A link as the list shows it.

    The address only while it leads somewhere, and to those who might make one themselves: it
    opens the story to people who may not see it.
    """
    is_open = link.is_open()
    leads_somewhere = is_open and previewing.may_still_share(link)
    path = reverse("preview", args=[previewing.token_of(link)])
    may_share = leads_somewhere and workflow.can(request.user, "edit", link.article)
    return {
        "link": link,
        "made_by": display_name(link.created_by),
        "is_open": is_open,
        "is_resting": is_open and not leads_somewhere,
        "address": request.build_absolute_uri(path) if may_share else "",
        "may_revoke": is_open and previewing.may_revoke(request.user, link),
    }


def _lifetimes(chosen: str) -> list[tuple[int, bool]]:
    """(days, whether it is the one chosen)."""
    days = int(chosen) if chosen in map(str, previewing.LIFETIMES) else previewing.USUAL_LIFETIME
    return [(each, each == days) for each in previewing.LIFETIMES]
