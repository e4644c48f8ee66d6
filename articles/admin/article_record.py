"""The record of one article, and the review sheet made from it: for whoever may look at it."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import sheets
from articles.admin.numbers import number_in
from articles.admin.record_rows import RIGHT, shown
from articles.models import Article, Transition


class ArticleRecord(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<path:object_id>/record/", wrap(self.record), name="articles_article_record"),
            path("<path:object_id>/sheet/", wrap(self.sheet), name="articles_article_sheet"),
        ]
        return own + super().get_urls()

    @method_decorator(require_safe)
    def record(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Every move, oldest first."""
        article = self._recorded(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Record"),
            "opts": self.opts,
            "article": article,
            "heading": article.title,
            "rows": [shown(row) for row in Transition.objects.of(article.pk)],
            # A network address says where somebody was.
            "with_addresses": request.user.has_perm(RIGHT),
            "sheets": range(1, len(sheets.rounds_of(article.pk)) + 1),
        }
        return TemplateResponse(request, "admin/record/record.html", context)

    @method_decorator(require_safe)
    def sheet(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """信息发布审核表 of a `round`, the newest by default, to be printed."""
        article = self._recorded(request, object_id)
        typed = request.GET.get("round")
        number = number_in(typed)
        if typed and number is None:
            raise Http404
        sheet = sheets.compose(article, number)
        if sheet is None:
            raise Http404
        context = {"article": article, "sheet": sheet, "printed_at": timezone.now()}
        return TemplateResponse(request, "admin/record/sheet.html", context)

    def _recorded(self, request: HttpRequest, object_id: str) -> Article:
        article = self.get_object(request, object_id)
        if article is None:
            raise Http404
        return cast(Article, article)


def record_url(article_id: int) -> str:
    return reverse("admin:articles_article_record", args=[article_id])
