"""人气 of one story: what its figure is made of, its days, and the corrections."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from articles.admin.article_addresses import views_url
from articles.admin.bars import Chart, chart
from articles.admin.deciding import may_look
from articles.admin.outcomes import RULES
from articles.models import Article, ViewCorrection, ViewHold
from articles.models.people import display_name
from articles.visits import corrections, explaining, holds
from articles.visits.corrections import CorrectionRefused
from articles.visits.explaining import Line

RIGHT = "articles.add_viewcorrection"
# A sign as keyboards and word processors write it, and digits.
NUMBER = re.compile(r"([+＋]|[-－−–])?([0-9]{1,9})")


class ArticleViewsPage(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<path:object_id>/views/", wrap(self.figure), name="articles_article_views"),
            path(
                "<path:object_id>/views/<int:correction_id>/reverse/",
                wrap(self.reverse_correction),
                name="articles_article_reverse_correction",
            ),
        ]
        return own + super().get_urls()

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def figure(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET: why the figure is what it is. POST: a correction of `n` for `day`."""
        if request.method != "POST":
            return self._views_page(request, self._readable(request, object_id))
        article = self._with_right_to_correct(request, object_id)
        try:
            self._correct_views(request, article)
        except corrections.MadeAlready as refusal:
            self.message_user(request, str(refusal), messages.INFO)
        except CorrectionRefused as refusal:
            return self._views_page(request, article, problem=str(refusal))
        else:
            self.message_user(request, _("Corrected. Readers see the new figure."))
        return HttpResponseRedirect(views_url(article.pk))

    @transaction.atomic
    def _correct_views(self, request: HttpRequest, article: Article) -> None:
        row = corrections.correct(
            article.pk,
            _number(request.POST.get("n", "")),
            day=_day(request.POST.get("day", "")),
            by=cast(User, request.user),
            reason=request.POST.get("reason", ""),
        )
        sentence = _("Corrected the views of %(day)s by %(n)+d. Reason: %(reason)s")
        self.log_change(request, article, sentence % _facts(row, row.reason))

    @method_decorator(require_POST)
    def reverse_correction(
        self, request: HttpRequest, object_id: str, correction_id: int
    ) -> HttpResponse:
        article = self._with_right_to_correct(request, object_id)
        row = get_object_or_404(ViewCorrection, article_id=article.pk, pk=correction_id)
        reason = request.POST.get("reason", "")
        try:
            with transaction.atomic():
                corrections.reverse(row, by=cast(User, request.user), reason=reason)
                sentence = _("Reversed the correction of %(day)s by %(n)+d. Reason: %(reason)s")
                self.log_change(request, article, sentence % _facts(row, reason))
        except corrections.MadeAlready as refusal:
            self.message_user(request, str(refusal), messages.INFO)
        except CorrectionRefused as refusal:
            return self._views_page(request, article, reversing=(row.pk, reason, str(refusal)))
        else:
            self.message_user(request, _("Reversed. Both stay on record."))
        return HttpResponseRedirect(views_url(article.pk))

    def _readable(self, request: HttpRequest, object_id: str) -> Article:
        article = self.get_object(request, object_id)
        if article is None:
            raise Http404
        return cast(Article, article)

    def _with_right_to_correct(self, request: HttpRequest, object_id: str) -> Article:
        if not request.user.has_perm(RIGHT):
            raise Http404
        return self._readable(request, object_id)

    def _views_page(
        self,
        request: HttpRequest,
        article: Article,
        problem: str = "",
        reversing: tuple[int, str, str] | None = None,
    ) -> TemplateResponse:
        """`reversing`: a correction that could not be reversed, the reason typed, and why."""
        days, months = explaining.lines_of(article.pk, timezone.localdate())
        context = {
            **self.admin_site.each_context(request),
            "title": _("Views"),
            "article": article,
            "opts": self.opts,
            "parts": explaining.parts_of(article.pk),
            "days": days,
            "months": months,
            "chart": _chart(days),
            "rules": RULES.values(),
            "corrections": _corrections(article.pk, reversing),
            "holds": _holds_of(request, article.pk),
            "may_correct": request.user.has_perm(RIGHT),
            "problem": problem,
            "typed": request.POST if problem else {"day": timezone.localdate().isoformat()},
            "today": timezone.localdate(),
        }
        status = 422 if problem or reversing else 200
        return TemplateResponse(
            request, "admin/articles/article/views.html", context, status=status
        )


def _number(typed: str) -> int:
    """The number that was typed; 0, which corrects nothing, for anything else."""
    found = NUMBER.fullmatch("".join(typed.split()))
    if found is None:
        return 0
    sign, digits = found.groups()
    return int(digits) if sign in (None, "+", "＋") else -int(digits)


def _day(typed: str) -> date:
    try:
        day = parse_date(typed.strip())
    except ValueError:
        day = None
    if day is None:
        raise CorrectionRefused(_("Choose the day whose figures are wrong."))
    return day


def _facts(row: ViewCorrection, reason: str) -> dict[str, Any]:
    return {"day": date_format(row.day, "Y-m-d"), "n": row.n, "reason": reason}


def _chart(days: list[Line]) -> Chart | None:
    """Counted at the bottom, everything else on top of it; the oldest day first."""
    rows = [
        (date_format(line.first, "m-d"), (line.counted, line.uncounted)) for line in reversed(days)
    ]
    return chart(("counted", "uncounted"), rows) if rows else None


def _corrections(article_id: int, reversing: tuple[int, str, str] | None) -> list[dict[str, Any]]:
    """Newest first, with who made and who reversed them."""
    rows = ViewCorrection.objects.filter(article_id=article_id)
    refused = reversing or (0, "", "")
    return [
        {
            "row": row,
            "made_by": display_name(row.made_by),
            "reversed_by": display_name(row.reversed_by) if row.reversed_by else "",
            "typed": refused[1] if row.pk == refused[0] else "",
            "problem": refused[2] if row.pk == refused[0] else "",
        }
        for row in rows.select_related("made_by", "reversed_by")
    ]


def _holds_of(request: HttpRequest, article_id: int) -> list[ViewHold]:
    """Holds with views of this article, for those who may look at holds."""
    return list(holds.of_article(article_id)) if may_look(request.user, ViewHold) else []
