"""The recycle bin: what was deleted lately, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles import binning, markup, sweeping, workflow
from articles.admin.article_addresses import change_url
from articles.admin.numbers import number_in
from articles.models import Article
from articles.models.article import ArticleQuerySet
from articles.models.people import display_name

PER_PAGE = 50


@dataclass(frozen=True)
class BinLine:
    """A row of the bin; `days_left` in whole days."""

    article: Article
    deleted_by: str
    days_left: int
    may_discard: bool


class ArticleBin(admin.ModelAdmin):
    delete_confirmation_template = "admin/articles/article/delete.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("bin/", wrap(require_safe(self.bin)), name="articles_article_bin"),
            path(
                "bin/<int:object_id>/",
                wrap(require_safe(self.binned)),
                name="articles_article_binned",
            ),
            path(
                "bin/<int:object_id>/take-back/",
                wrap(require_POST(self.take_back)),
                name="articles_article_take_back",
            ),
            path(
                "bin/<int:object_id>/discard/", wrap(self.discard), name="articles_article_discard"
            ),
        ]
        return own + super().get_urls()

    # Into the bin -----------------------------------------------------------------------

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Nothing is deleted yet, so nothing stands in the way and nothing has to be listed."""
        return [str(article) for article in objs], {}, set(), []

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"days": sweeping.BIN_LIFE.days, **(extra_context or {})}
        return super().delete_view(request, object_id, context)

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        with transaction.atomic():
            # Published while this person was asked: it is a draft no more.
            current = Article.objects.select_for_update(of=("self",)).get(pk=obj.pk)
            if not workflow.can(request.user, "delete", current):
                raise PermissionDenied
            binning.throw_away(current, by=cast(User, request.user))

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        link = format_html(
            '<a href="{}#binned-{}">{}</a>',
            reverse("admin:articles_article_bin"),
            obj_id,
            _("Open the recycle bin"),
        )
        sentence = _("“%(title)s” is in the recycle bin, for %(days)d days.") % {
            "title": obj_display,
            "days": sweeping.BIN_LIFE.days,
        }
        self.message_user(request, format_html("{} {}", sentence, link), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_changelist"))

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """What lies in the bin is nowhere else; what never was gets the stock sentence."""
        rows = _bin_of(request).select_related("deleted_by").defer("body", "summary")
        article = rows.filter(pk=number_in(object_id) or 0).first()
        if article is None:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        if not self.has_view_or_change_permission(request):
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": _("In the recycle bin"),
            "opts": self.opts,
            "article": article,
            "deleted_by": _deleted_by(article),
            "may_take_back": workflow.can(request.user, "take back", article),
        }
        return TemplateResponse(request, "admin/articles/article/in_bin.html", context, status=404)

    # In the bin -------------------------------------------------------------------------

    def bin(self, request: HttpRequest) -> HttpResponse:
        """What lies there, deleted last first; for those who may delete articles."""
        self._require_bin(request)
        binned = _bin_of(request).order_by("-deleted_at", "-id")
        rows = binned.select_related("channel", "deleted_by", "created_by").defer("body", "summary")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p", "")[:6])
        lines = [
            BinLine(
                article,
                _deleted_by(article),
                days_left(article),
                workflow.can(request.user, "discard", article),
            )
            for article in page.object_list
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Recycle bin"),
            "opts": self.opts,
            "page": page,
            "lines": lines,
            "days": sweeping.BIN_LIFE.days,
        }
        return TemplateResponse(request, "admin/articles/article/bin.html", context)

    def binned(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The words of one article that lies there, to be read before it is decided on."""
        article = self._binned(request, object_id)
        shown = article.images.filter(order__gt=0).exclude(caption="").order_by("order")
        context = {
            **self.admin_site.each_context(request),
            "title": article.title,
            "opts": self.opts,
            "article": article,
            "deleted_by": _deleted_by(article),
            "paragraphs": markup.plain_text(article.body).splitlines(),
            "captions": list(shown.values_list("caption", flat=True)),
            "may_discard": workflow.can(request.user, "discard", article),
        }
        return TemplateResponse(request, "admin/articles/article/binned.html", context)

    def take_back(self, request: HttpRequest, object_id: int) -> HttpResponse:
        article = self._binned(request, object_id)
        binning.take_back(article)
        self.log_change(request, article, _("Taken back from the recycle bin"))
        link = format_html('<a href="{}">{}</a>', change_url(article), _("Open it"))
        sentence = _("“%(title)s” is back, as it was.") % {"title": article.title}
        self.message_user(request, format_html("{} {}", sentence, link), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_bin"))

    def discard(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Asks once more, then deletes for good."""
        article = self._binned(request, object_id)
        if not workflow.can(request.user, "discard", article):
            raise PermissionDenied
        if request.method == "POST":
            self._discard(request, article)
            return HttpResponseRedirect(reverse("admin:articles_article_bin"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Delete for good"),
            "opts": self.opts,
            "article": article,
        }
        return TemplateResponse(request, "admin/articles/article/discard.html", context)

    def _discard(self, request: HttpRequest, article: Article) -> None:
        """Deletes it and tells the log, or neither."""
        names = {"title": article.title}
        try:
            with transaction.atomic():
                self.log_deletions(request, Article.objects.filter(pk=article.pk))
                binning.discard(article)
        except Article.DoesNotExist:
            sentence = _("“%(title)s” is not in the recycle bin any more. Nothing was deleted.")
            self.message_user(request, sentence % names, messages.WARNING)
        else:
            sentence = _("“%(title)s” is deleted for good.")
            self.message_user(request, sentence % names, messages.SUCCESS)

    def take_out_to_save(self, request: HttpRequest, object_id: str) -> bool:
        """Whether the article lay in the bin while this person wrote, and is back now.

        Somebody is still working on it, so its deletion was a misunderstanding: saving keeps
        their words and its pictures together, and says what happened.
        """
        if number_in(object_id) is None or not self.has_change_permission(request):
            return False
        article = _bin_of(request).select_related("deleted_by").filter(pk=object_id).first()
        # Its newest version in the form: it was open when the article went into the bin.
        if article is None or request.POST.get("based_on") != str(article.version):
            return False
        sentence = _(
            "%(name)s had put this article into the recycle bin while you were writing. "
            "Your save took it out again."
        ) % {"name": _deleted_by(article)}
        binning.take_back(article)
        self.message_user(request, sentence, messages.WARNING)
        return True

    def _require_bin(self, request: HttpRequest) -> None:
        looks = self.has_view_permission(request) or self.has_change_permission(request)
        if not (looks and request.user.has_perm("articles.delete_article")):
            raise PermissionDenied

    def _binned(self, request: HttpRequest, object_id: int) -> Article:
        self._require_bin(request)
        rows = _bin_of(request).select_related("deleted_by")
        article = rows.filter(pk=number_in(str(object_id)) or 0).first()
        if article is None or not workflow.can(request.user, "take back", article):
            raise Http404
        return article


def _bin_of(request: HttpRequest) -> ArticleQuerySet:
    """What lies in the bin, as far as this person may see it."""
    return Article.objects.in_sight_of(request.user).binned()


def days_left(article: Article) -> int:
    """Days until the sweep takes a binned article away, the begun one included."""
    deleted_at = article.deleted_at or timezone.now()
    rest = deleted_at + sweeping.BIN_LIFE - timezone.now()
    return max(-(-rest // timedelta(days=1)), 0)


def _deleted_by(article: Article) -> str:
    return display_name(article.deleted_by) if article.deleted_by else ""
