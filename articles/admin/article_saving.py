"""Saving beside the form's own button: autosave, and the words a browser kept.

The page's script (`static/articles/desk/saving.js`) sends the form here and stays where it is; its
answers are those of `by_fetch`. An autosave (`_autosave` in the form) never writes to the admin
log and never publishes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.forms import Form, ModelForm
from django.http import Http404, HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import workflow, writing
from articles.admin import kept_copies, receipts
from articles.admin.article_addresses import review_url
from articles.admin.article_lock import is_locked_to, lock_reason
from articles.admin.by_fetch import by_fetch, clock, invalid, problem, wrong_address
from articles.admin.numbers import number_in
from articles.admin.sittings import sitting_in
from articles.models import Article, SaveReceipt
from articles.models.people import display_name


class ArticleSaving(admin.ModelAdmin):
    if TYPE_CHECKING:
        # Of the class this is mixed into.
        def saved_sentence(self, article: Article, version: int) -> str: ...
        def newer(self, request: HttpRequest, pk: int) -> dict[str, Any] | None: ...
        def newest(self, request: HttpRequest, pk: int) -> dict[str, Any]: ...
        def bar_context(self, request: HttpRequest, article: Article | None) -> dict[str, Any]: ...

    def get_urls(self) -> list[URLPattern]:
        save = by_fetch(self.admin_site, self.save_by_fetch)
        kept = by_fetch(self.admin_site, self.judge_kept_copy)
        own = [
            path("autosave/", save, name="articles_article_autosave_new"),
            path("<path:object_id>/autosave/", save, name="articles_article_autosave"),
            path("kept/", kept, name="articles_article_kept_new"),
            path("<path:object_id>/kept/", kept, name="articles_article_kept"),
        ]
        return own + super().get_urls()

    # Whose form it is -------------------------------------------------------------------

    def article_to_edit(self, request: HttpRequest, object_id: str) -> Article:
        article: Article | None = self.get_object(request, object_id)
        if article is None:
            raise Http404
        if is_locked_to(request.user, article):
            raise locked(request, article)
        if not workflow.can(request.user, "edit", article):
            raise PermissionDenied
        return article

    def article_repeated(self, request: HttpRequest, saved: SaveReceipt) -> Article:
        """The article of a form that came once more. Who may only add hears of their own save."""
        article = saved.article
        is_own = receipts.is_saved_by(saved, request.user)
        if is_own and not article.is_binned and self.has_add_permission(request):
            return article
        return self.article_to_edit(request, str(article.pk))

    def _article_sent(
        self, request: HttpRequest, object_id: str | None, saved: SaveReceipt | None
    ) -> Article | None:
        """The article the form belongs to, None for a new one. Raises when one may not."""
        if saved:
            object_id = str(saved.article_id)
        if object_id is not None:
            return self.article_to_edit(request, object_id)
        if not self.has_add_permission(request):
            raise PermissionDenied
        return None

    # Saving -----------------------------------------------------------------------------

    def save_by_fetch(self, request: HttpRequest, object_id: str | None = None) -> JsonResponse:
        """Keeps what is in the form, as the form's own button does, and says how it went."""
        if _is_autosave(request) and request.POST.get("_writer", "") != str(request.user.pk):
            return problem(
                403,
                _("%(name)s is logged in in this browser now, so nothing is saved by itself.")
                % {"name": display_name(cast(User, request.user))},
            )
        if "_outcome" in request.POST:
            # Two texts become one on the page that shows both, and in its transaction.
            return wrong_address()
        saved = receipts.claimed(request, object_id)
        if saved and receipts.is_repeated(request, saved):
            return self._saved(request, self.article_repeated(request, saved), saved.version)
        article = self._article_sent(request, object_id, saved)
        if saved:
            # Words added to a form whose answer got lost: a form of that article by now.
            request.POST = receipts.renewed(request, saved)  # type: ignore[assignment]
        try:
            return self._keep(request, article)
        except IntegrityError:
            # The same form was sent twice at once; the other one filed the receipt first.
            if receipts.of(request) is None:
                raise
            return self.save_by_fetch(request, object_id)

    def _keep(self, request: HttpRequest, article: Article | None) -> JsonResponse:
        form = self._form_sent(request, article)
        if not form.is_valid():
            stale = article and self.newer(request, article.pk)
            return JsonResponse(stale, status=409) if stale else invalid(form)
        kept = form.save(commit=False)
        try:
            self.save_model(request, kept, form, change=article is not None)
        except writing.TextLocked:
            # Submitted between our look and our save.
            raise locked(request, Article.objects.get(pk=kept.pk)) from None
        except writing.StaleForm:
            newer = self.newer(request, kept.pk) or self.newest(request, kept.pk)
            return JsonResponse(newer, status=409)
        if not _is_autosave(request):
            message = self.construct_change_message(request, cast(Form, form), [])
            log = self.log_change if article else self.log_addition
            log(request, kept, message)
        return self._saved(request, kept, kept.version)

    def _form_sent(self, request: HttpRequest, article: Article | None) -> ModelForm:
        fields = flatten_fieldsets(self.get_fieldsets(request, article))
        form_class = self.get_form(request, article, change=article is not None, fields=fields)
        form: ModelForm = form_class(request.POST, request.FILES, instance=article)
        return form

    def _saved(self, request: HttpRequest, article: Article, version: int) -> JsonResponse:
        at = clock(timezone.now())
        if _is_autosave(request):
            sentence = _("Saved by itself at %(time)s") % {"time": at}
        else:
            sentence = f"{self.saved_sentence(article, version)} {at}"
        context = {
            "opts": self.opts,
            "original": article,
            "has_delete_permission": self.has_delete_permission(request, article),
            **self.bar_context(request, article),
            "is_unsaved": False,
        }
        return JsonResponse(
            {
                "article": article.pk,
                "version": version,
                "saved_at": at,
                "message": sentence,
                "receipt": str(uuid4()),
                "urls": {"change": reverse("admin:articles_article_change", args=[article.pk])},
                "bar": render_to_string(
                    "admin/articles/article/action_bar.html", context, request=request
                ),
            }
        )

    # What a browser kept ----------------------------------------------------------------

    def judge_kept_copy(self, request: HttpRequest, object_id: str | None = None) -> JsonResponse:
        """What the server has of words that a browser kept when their page was gone.

        → {"is_known": whether they need not be offered, "based_on": what they may go on from}
        """
        saved = receipts.claimed(request, object_id)
        article = self._article_sent(request, object_id, saved)
        if article is None:
            return JsonResponse({"is_known": False, "based_on": 0})
        copy = kept_copies.KeptCopy(
            by=cast(User, request.user),
            sitting=sitting_in(request.POST.get("sitting")),
            based_on=number_in(request.POST.get("based_on")) or 0,
            step=number_in(request.POST.get("step")),
        )
        based_on = kept_copies.goes_on_from(article, copy)
        is_known = kept_copies.is_known(article, copy, self._form_sent(request, article))
        return JsonResponse({"is_known": is_known, "based_on": based_on})


def _is_autosave(request: HttpRequest) -> bool:
    return "_autosave" in request.POST


def locked(request: HttpRequest, article: Article) -> writing.TextLocked:
    """What a script is told of a text that was submitted: why, and where to go."""
    return writing.TextLocked(lock_reason(request.user, article), review_url(article))
