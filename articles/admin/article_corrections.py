"""更正说明 of a published story: the page on which they are written and taken back."""

from __future__ import annotations

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from articles import correcting, workflow
from articles.models import Article, Correction
from articles.models.people import display_name


class ArticleCorrections(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path(
                "<path:object_id>/corrections/",
                wrap(self.corrections),
                name="articles_article_corrections",
            ),
            path(
                "<path:object_id>/corrections/<int:correction_id>/take-back/",
                wrap(self.take_correction_back),
                name="articles_article_take_correction_back",
            ),
        ]
        return own + super().get_urls()

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def corrections(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET: the notes readers see, newest first. POST: one more, of `words`."""
        article = self._correctable(request, object_id)
        problems: list[str] = []
        if request.method == "POST":
            try:
                note = correcting.correct(
                    article, by=cast(User, request.user), words=request.POST.get("words", "")
                )
            except workflow.MoveRefused as refusal:
                problems = refusal.reasons
            else:
                self.log_change(request, article, _("Correction: %(words)s") % {"words": note})
                self.message_user(
                    request, _("The note stands above the story now."), messages.SUCCESS
                )
                return HttpResponseRedirect(corrections_url(article))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Corrections"),
            "article": article,
            "opts": self.opts,
            "problems": problems,
            "words": request.POST.get("words", ""),
            "notes": _notes(article),
        }
        return TemplateResponse(
            request,
            "admin/articles/article/corrections.html",
            context,
            status=422 if problems else 200,
        )

    @method_decorator(require_POST)
    def take_correction_back(
        self, request: HttpRequest, object_id: str, correction_id: int
    ) -> HttpResponse:
        article = self._correctable(request, object_id)
        notes = Correction.objects.select_related("edition__article")
        note = notes.filter(edition=article.pk, pk=correction_id).first()
        if note is None:
            self.message_user(request, _("It is gone already."))
            return HttpResponseRedirect(corrections_url(article))
        correcting.take_back(note, by=cast(User, request.user))
        words = {"words": note.text}
        self.log_change(request, article, _("Took back the correction: %(words)s") % words)
        self.message_user(request, _("The note is gone from the page."), messages.SUCCESS)
        return HttpResponseRedirect(corrections_url(article))

    def _correctable(self, request: HttpRequest, object_id: str) -> Article:
        article = self.get_object(request, object_id)
        if article is None or not workflow.can(request.user, "correct", article):
            raise Http404
        return cast(Article, article)


def _notes(article: Article) -> list[tuple[Correction, str]]:
    """(note, who made it), newest first."""
    notes = Correction.objects.filter(edition=article.pk).select_related("made_by")
    return [(note, display_name(note.made_by)) for note in notes]


def corrections_url(article: Article) -> str:
    return reverse("admin:articles_article_corrections", args=[article.pk])
