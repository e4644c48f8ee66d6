"""Ways to begin: a template, a copy; what was used before is offered."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles import standing, starting
from articles.admin.article_addresses import change_url
from articles.admin.numbers import number_in
from articles.models import Article, StoryTemplate

MOST_TYPED = 100


class ArticleStart(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("start/", wrap(require_safe(self.start)), name="articles_article_start"),
            path(
                "<int:object_id>/copy/",
                wrap(require_POST(self.copy)),
                name="articles_article_copy",
            ),
            path("suggestions/", wrap(suggestions), name="articles_article_suggestions"),
        ]
        return own + super().get_urls()

    def start(self, request: HttpRequest) -> HttpResponse:
        """The ways to begin on one page: nothing, a template, an earlier article."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        words = request.GET.get("q", "").strip()[:MOST_TYPED]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Write an article"),
            "opts": self.opts,
            "templates": StoryTemplate.objects.select_related("channel").defer("body"),
            "words": words,
            "earlier": [
                (article, standing.status_label(article))
                for article in starting.earlier_articles(request.user, words)
            ],
            "most_earlier": starting.EARLIER_ARTICLES,
        }
        return TemplateResponse(request, "admin/articles/article/start.html", context)

    def copy(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Makes a draft of its own out of an article this person may open."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        source: Article | None = self.get_object(request, str(object_id))
        if source is None:
            raise Http404
        article = starting.copy(source, by=cast(User, request.user))
        self.log_addition(request, article, _("Copied from “%(title)s”") % {"title": source.title})
        self.message_user(
            request,
            _("This is a copy, saved as a draft. Write its own headline and what is new."),
            messages.SUCCESS,
        )
        return HttpResponseRedirect(change_url(article))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the template in the address holds; no other address fills in anything."""
        number = request.GET.get("template", "")
        if not number:
            return {}
        template = StoryTemplate.objects.filter(pk=number_in(number) or 0).first()
        if template is None:
            self.message_user(
                request, _("This template is no longer there. Begin with a blank page."), "warning"
            )
            return {}
        return starting.template_fields(template)


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """What was written into a field before and holds what was typed: {"suggestions": […]}."""
    rights = ("add_article", "change_article")
    if not any(request.user.has_perm(f"articles.{name}") for name in rights):
        raise PermissionDenied
    earlier = starting.EARLIER.get(request.GET.get("field", ""))
    if earlier is None:
        raise Http404
    typed = request.GET.get("q", "").strip()[:MOST_TYPED]
    return JsonResponse({"suggestions": earlier(request.user, typed)})
