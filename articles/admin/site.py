"""The admin site: its words, its front page, its JavaScript catalogue."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog

from articles.admin import board, calendar_page, desk, notice_page, statistics, words
from articles.admin.process_nav import ProcessNav


class DeskCatalog(JavaScriptCatalog):
    packages = ["django.contrib.admin", "articles"]

    def get_catalog(self) -> dict[str, Any]:
        """With our own words for what Django's scripts say."""
        return super().get_catalog() | {each: gettext(each) for each in words.SCRIPTS}


class NewsroomAdminSite(AdminSite):
    site_header = settings.SITE_NAME
    site_title = settings.SITE_NAME
    index_title = _("My desk")
    # The header names the desks; the text needs the width.
    enable_nav_sidebar = False
    index_template = "admin/desk.html"

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # Before the stock address that takes everything.
        own = [
            page
            for part in (statistics, board, calendar_page, notice_page)
            for page in part.urls(self)
        ]
        return [*own, *super().get_urls()]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "process": ProcessNav(request.user)}

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        context = {"desk": desk.of(request.user), **(extra_context or {})}
        return super().index(request, context)

    def i18n_javascript(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return cast(HttpResponse, DeskCatalog.as_view()(request))
