"""What the action bar of the article form shows, on the page and in the answer to a save."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from articles import adopting, inviting, workflow
from articles.models import Article
from articles.models.people import display_name
from articles.visits import figures


class ArticleBar(admin.ModelAdmin):
    def bar_context(self, request: HttpRequest, article: Article | None) -> dict[str, Any]:
        """What the action bar shows beside the stock context of the form."""
        context: dict[str, Any] = {
            "may_publish": workflow.can(request.user, "publish", article or Article()),
            # Shown again after a POST: what is in the form is nowhere else.
            "is_unsaved": request.method == "POST",
            "save_url": reverse("admin:articles_article_autosave_new"),
        }
        if article:
            context |= {
                "saved_by": display_name(article.updated_by),
                "may_withdraw": workflow.can(request.user, "withdraw", article),
                "may_compile": adopting.may_compile(request.user, article),
                "may_invite": inviting.may_invite(request.user, article),
                "may_correct": workflow.can(request.user, "correct", article),
                "may_make_template": request.user.has_perm("articles.add_storytemplate"),
                "views": figures.views(article.pk),
                "save_url": reverse("admin:articles_article_autosave", args=[article.pk]),
                "presence_url": reverse("admin:articles_article_presence", args=[article.pk]),
            }
        return context
