"""“Planned for” beside the article form, as a form of its own: a locked text has a plan, too."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles import planning, workflow
from articles.admin.article_addresses import change_url
from articles.admin.base import in_calendar
from articles.models import Article
from articles.recording import Actor
from newsroom.addresses import client_address


class PlanForm(forms.Form):
    planned_on = forms.DateField(
        required=False,
        validators=[in_calendar],
        error_messages={"invalid": gettext_lazy("Choose a day, such as 2026-06-15.")},
    )


class ArticlePlanning(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "<int:object_id>/plan/",
                self.admin_site.admin_view(self.plan),
                name="articles_article_plan",
            ),
        ]
        return own + super().get_urls()

    @method_decorator(require_POST)
    def plan(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Keeps `planned_on`; a script (Accept: application/json) gets the sentence alone."""
        article: Article | None = self.get_object(request, str(object_id))
        if article is None or not workflow.can(request.user, "plan", article):
            raise Http404
        form = PlanForm(request.POST)
        try:
            sentence = self._plan(request, article, form)
        except workflow.MoveRefused as refusal:
            return self._answer(request, article, str(refusal), messages.WARNING)
        except Article.DoesNotExist as error:
            raise Http404 from error
        return self._answer(request, article, sentence, messages.SUCCESS)

    def _plan(self, request: HttpRequest, article: Article, form: PlanForm) -> str:
        if not form.is_valid():
            raise workflow.MoveRefused(*map(str, form.errors["planned_on"]))
        actor = Actor(cast(User, request.user), client_address(request))
        day = form.cleaned_data["planned_on"]
        planning.plan(article, day, by=actor)
        sentence = _("It is planned for no day.")
        if day:
            sentence = _("Planned for %(day)s.") % {"day": date_format(day, "Y-m-d")}
        self.log_change(request, article, sentence)
        return sentence

    def _answer(
        self, request: HttpRequest, article: Article, sentence: str, level: int
    ) -> HttpResponse:
        if request.headers.get("Accept") == "application/json":
            if level == messages.SUCCESS:
                return JsonResponse({"sentence": sentence})
            return JsonResponse({"problem": sentence}, status=422)
        self.message_user(request, sentence, level)
        return HttpResponseRedirect(change_url(article))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article: Article | None = kwargs.get("obj")
        context["may_plan"] = bool(
            article and not article.is_published and workflow.can(request.user, "plan", article)
        )
        return super().render_change_form(request, context, *args, **kwargs)
