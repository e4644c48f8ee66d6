"""The desk for series: which stories are its installments, and their numbers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles import placing
from articles.admin import ordering
from articles.admin.base import SafeModelAdmin, is_number
from articles.admin.seen import SeenRows
from articles.models import Edition, Installment, Series
from articles.topics import installments
from articles.topics.installments import NumberRefused

LONGEST_SEARCH = 100


@admin.register(Series)
class SeriesAdmin(SeenRows, SafeModelAdmin):
    fields = ("name", "planned", "topic")
    list_display = ("name", "planned", "topic")
    list_select_related = ("topic",)
    search_fields = ("name",)
    change_form_template = "admin/topics/series.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = (
            ("installments/", self.installments, "installments"),
            ("add-story/", self.add_story, "add_story"),
            ("numbers/", self.numbers, "numbers"),
            ("take-out/<int:installment_id>/", self.take_out, "take_out"),
        )
        return [
            path(f"<int:series_id>/{address}", wrap(view), name=f"articles_series_{name}")
            for address, view, name in own
        ] + super().get_urls()

    @method_decorator(require_safe)
    def installments(self, request: HttpRequest, series_id: int) -> HttpResponse:
        """The installments by number; `q` looks for stories."""
        return self._page(request, self._series(request, series_id, may_change=False))

    def _page(
        self, request: HttpRequest, series: Series, typed: dict[int, int] | None = None
    ) -> TemplateResponse:
        """`typed`: numbers that were refused, row → number; they stay in their fields."""
        words = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
        now = timezone.now()
        rows = series.installments.select_related("edition")
        numbers = typed or {}
        context = {
            **self.admin_site.each_context(request),
            "title": str(series),
            "opts": self.opts,
            "series": series,
            "lines": [
                (row, numbers.get(row.pk, row.number), row.edition.is_live(now))
                for row in rows.defer("edition__body", "edition__plain_text")
            ],
            "words": words,
            "found": placing.stories_with(words) if words else [],
            "may_change": self.has_change_permission(request),
        }
        return TemplateResponse(
            request, "admin/topics/installments.html", context, status=422 if typed else 200
        )

    @method_decorator(require_POST)
    def add_story(self, request: HttpRequest, series_id: int) -> HttpResponse:
        """Makes the story `edition` the next installment."""
        series = self._series(request, series_id)
        typed = request.POST.get("edition", "")
        stories = Edition.objects.filter(withdrawn_at=None).for_lists()
        edition = get_object_or_404(stories, pk=int(typed) if is_number(typed) else 0)
        try:
            with transaction.atomic():
                row = installments.add(series, edition)
                facts = {"title": edition.title, "number": row.number}
                self.log_change(request, series, _("No. %(number)d: “%(title)s”") % facts)
        except NumberRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            sentence = _("“%(title)s” is installment %(number)d now.") % facts
            self.message_user(request, sentence)
        return HttpResponseRedirect(installments_url(series))

    @method_decorator(require_POST)
    def numbers(self, request: HttpRequest, series_id: int) -> HttpResponse:
        """Gives the installments the numbers of the fields `place-<row>`."""
        series, typed = self._series(request, series_id), ordering.numbers(request)
        try:
            with transaction.atomic():
                installments.renumber(series, typed)
                self.log_change(request, series, _("Numbered anew"))
        except NumberRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return self._page(request, series, typed)
        self.message_user(request, _("The numbers are kept. Readers see them now."))
        return HttpResponseRedirect(installments_url(series))

    @method_decorator([require_POST, transaction.atomic])
    def take_out(self, request: HttpRequest, series_id: int, installment_id: int) -> HttpResponse:
        """The story stays where it is; the other numbers stay theirs."""
        series = self._series(request, series_id)
        rows = Installment.objects.select_related("edition").defer(
            "edition__body", "edition__plain_text"
        )
        row = rows.filter(series=series, pk=installment_id).first()
        if row is None:
            self.message_user(request, _("It is gone already."))
            return HttpResponseRedirect(installments_url(series))
        row.delete()
        title = {"title": str(row.edition)}
        self.log_change(request, series, _("Took “%(title)s” out") % title)
        self.message_user(request, _("“%(title)s” is no installment any more.") % title)
        return HttpResponseRedirect(installments_url(series))

    def _series(self, request: HttpRequest, series_id: int, *, may_change: bool = True) -> Series:
        may = self.has_change_permission if may_change else self.has_view_or_change_permission
        if not may(request):
            raise PermissionDenied
        return get_object_or_404(Series, pk=series_id)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The numbers go with a series, the stories stay."""
        names, counts, _missing, protected = super().get_deleted_objects(objs, request)
        return names, counts, set(), protected

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def response_post_save_add(self, request: HttpRequest, obj: Series) -> HttpResponseRedirect:
        return HttpResponseRedirect(installments_url(obj))

    def response_post_save_change(self, request: HttpRequest, obj: Series) -> HttpResponseRedirect:
        return HttpResponseRedirect(installments_url(obj))


def installments_url(series: Series) -> str:
    return reverse("admin:articles_series_installments", args=[series.pk])
