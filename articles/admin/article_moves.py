"""Publishing and withdrawing from the desk: the button of the form, the page with the reason."""

from __future__ import annotations

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from articles import publishing, workflow
from articles.models import Article


def change_url(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def views_url(article_id: int) -> str:
    """The page 人气 of an article."""
    return reverse("admin:articles_article_views", args=[article_id])


class ArticleMoves(admin.ModelAdmin):
    """What the desk for articles offers beside saving."""

    def publish_from_form(self, request: HttpRequest, article: Article, version: int) -> None:
        """Publishes the version that was in the form, or says why not."""
        try:
            publishing.publish(article, by=cast(User, request.user), version=version)
        except workflow.MoveRefused as refusal:
            lines = [_("The article is saved, but cannot be published yet:"), *refusal.reasons]
            sentences = format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))
            self.message_user(request, sentences, messages.WARNING)
        else:
            sentence = _("Published version %(version)d") % {"version": version}
            self.log_change(request, article, sentence)
            link = format_html(
                '<a href="{}">{}</a>', article.get_absolute_url(), _("See it on the portal")
            )
            sentence = format_html("{} {}", _("Published. Readers see it now."), link)
            self.message_user(request, sentence, messages.SUCCESS)

    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks for the reason, then withdraws."""
        article = self.get_object(request, object_id)
        if article is None or not workflow.can(request.user, "withdraw", article):
            raise Http404
        problems: list[str] = []
        if request.method == "POST":
            try:
                publishing.withdraw(
                    article,
                    by=cast(User, request.user),
                    reason=request.POST.get("reason", ""),
                )
            except workflow.MoveRefused as refusal:
                problems = refusal.reasons
            else:
                reason = _("Withdrawn. Reason: %(reason)s")
                self.log_change(request, article, reason % {"reason": request.POST["reason"]})
                self.message_user(
                    request,
                    _("Withdrawn. Readers no longer find it; address and views are kept."),
                    messages.SUCCESS,
                )
                return HttpResponseRedirect(change_url(article))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Withdraw"),
            "article": article,
            "opts": self.opts,
            "problems": problems,
            "reason": request.POST.get("reason", ""),
        }
        return TemplateResponse(request, "admin/articles/article/withdraw.html", context)
