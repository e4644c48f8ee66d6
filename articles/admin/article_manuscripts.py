"""我的投稿: what became of manuscripts; three versions beside each other; round-ups."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from articles import adopting, comparing, workflow
from articles.admin.article_list import WIDE
from articles.admin.numbers import number_in
from articles.models import Article
from articles.searching import finding
from articles.searching.query import parse

A_PAGE = 50
FOUND_SHOWN = 20


class ArticleManuscripts(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("manuscripts/", wrap(self.manuscripts), name="articles_article_manuscripts"),
            path(
                "<path:object_id>/adoption/",
                wrap(self.adoption),
                name="articles_article_adoption",
            ),
            path(
                "<path:object_id>/made-from/",
                wrap(self.made_from),
                name="articles_article_made_from",
            ),
        ]
        return own + super().get_urls()

    @method_decorator(require_safe)
    def manuscripts(self, request: HttpRequest) -> HttpResponse:
        """Own ones, or with `of=unit` those of the units this person reviews for."""
        writes = request.user.has_perm("articles.add_article")
        of_units = adopting.of_units(request.user)
        asked = request.GET.get("of", "" if writes else "unit")
        rows = {"": adopting.own(request.user) if writes else None, "unit": of_units}.get(asked)
        if rows is None:
            raise Http404
        page = Paginator(
            rows.select_related("channel", "source_department", "created_by").defer(
                *(name for name in WIDE if "__" not in name)
            ),
            A_PAGE,
        ).get_page(request.GET.get("p"))
        numbers = [article.pk for article in page.object_list]
        seen = Article.objects.visible_to(request.user).filter(pk__in=numbers)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Manuscripts of my unit") if asked else _("My manuscripts"),
            "opts": self.opts,
            "asked": asked,
            "has_both": writes and of_units is not None,
            "lines": adopting.manuscripts(page.object_list),
            "may_open": set(seen.values_list("pk", flat=True)),
            "page": page,
        }
        return TemplateResponse(request, "admin/articles/article/manuscripts.html", context)

    @method_decorator(require_safe)
    def adoption(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The text as submitted, edited and published, each with what changed since."""
        article = self._seen(request, object_id)
        columns, before = [], None
        for version in adopting.versions(article):
            content = version.revision.content
            columns.append((version, comparing.compare(before or content, content)))
            before = content
        context = {
            **self.admin_site.each_context(request),
            "title": _("Submitted, edited, published"),
            "opts": self.opts,
            "article": article,
            "columns": columns,
        }
        return TemplateResponse(request, "admin/articles/article/adoption.html", context)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def made_from(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET: the manuscripts a round-up is made from, and those found by `q`. POST: `use` one,
        or `leave_out` one."""
        article = self._seen(request, object_id)
        if not adopting.may_compile(request.user, article):
            raise Http404
        if request.method == "POST":
            self._choose(request, article)
            asked = f"?{request.GET.urlencode()}" if request.GET else ""
            return HttpResponseRedirect(made_from_url(article) + asked)
        words = request.GET.get("q", "").strip()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Made from manuscripts"),
            "opts": self.opts,
            "article": article,
            "uses": list(
                article.made_from.select_related(
                    "manuscript__source_department", "manuscript__created_by"
                ).defer("manuscript__body")
            ),
            "words": words,
            "found": _found(request, article, words),
        }
        return TemplateResponse(request, "admin/articles/article/made_from.html", context)

    def _choose(self, request: HttpRequest, article: Article) -> None:
        by = cast(User, request.user)
        number = number_in(request.POST.get("use") or request.POST.get("leave_out"))
        if number is None:
            raise Http404
        try:
            if "use" in request.POST:
                use = adopting.use(article, number, by=by)
                sentence = _("Made from the manuscript “%(title)s”") % {"title": use.manuscript}
                self.log_change(request, article, sentence)
            elif adopting.leave_out(article, number, by=by):
                sentence = _("No longer made from manuscript %(number)d") % {"number": number}
                self.log_change(request, article, sentence)
        except Article.DoesNotExist as error:
            raise Http404 from error
        except workflow.MoveRefused as refusal:
            self.message_user(request, str(refusal), messages.WARNING)

    def _seen(self, request: HttpRequest, object_id: str) -> Article:
        article = self.get_object(request, object_id)
        if article is None:
            raise Http404
        return cast(Article, article)


def made_from_url(article: Article) -> str:
    return reverse("admin:articles_article_made_from", args=[article.pk])


def _found(request: HttpRequest, article: Article, words: str) -> list[Any]:
    """The newest manuscripts, of those that hold the words where some are asked for."""
    rows = adopting.usable(request.user, article)
    if words:
        rows = cast(Any, finding.articles(parse(words), rows))
    else:
        rows = rows.order_by("-updated_at", "-pk")
    shown = rows.select_related("source_department", "created_by").defer("body", "summary")
    return adopting.manuscripts(shown[:FOUND_SHOWN])
