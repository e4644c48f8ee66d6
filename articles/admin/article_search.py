"""Searching the list of articles: the same words in the same places as readers, drafts too."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from articles.models import Article
from articles.searching import finding
from articles.searching.query import parse


class ArticleSearch(admin.ModelAdmin):
    """For the ModelAdmin of articles. The rows it is given are those this person may see."""

    # Django offers a search where any field is named; which are searched `searching` says.
    search_fields = ("title",)
    search_help_text = gettext_lazy("Words of headline, text, captions, authors, unit or tags")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        if not search_term:
            return queryset, False
        return finding.articles(parse(search_term), queryset), False
