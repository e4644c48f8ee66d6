"""The desk for articles: the form they are written in, with what the other files add to it."""

from __future__ import annotations

import logging
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError
from django.forms import Form, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import renditions, workflow, writing
from articles.admin import article_files, receipts
from articles.admin.article_addresses import change_url
from articles.admin.article_attachments import ArticleAttachments
from articles.admin.article_bar import ArticleBar
from articles.admin.article_bin import ArticleBin
from articles.admin.article_bulk import ArticleBulk
from articles.admin.article_comments import ArticleComments, comments_context
from articles.admin.article_conflict import ArticleConflict, posted_content
from articles.admin.article_corrections import ArticleCorrections
from articles.admin.article_form import ArticleForm
from articles.admin.article_inviting import ArticleInviting
from articles.admin.article_link_search import ArticleLinkSearch
from articles.admin.article_list import ArticleList
from articles.admin.article_lock import ArticleLock
from articles.admin.article_manuscripts import ArticleManuscripts
from articles.admin.article_move_pages import ArticleMovePages
from articles.admin.article_planning import ArticlePlanning
from articles.admin.article_presence import ArticlePresence
from articles.admin.article_preview import ArticlePreview
from articles.admin.article_record import ArticleRecord
from articles.admin.article_review import ArticleReview
from articles.admin.article_saving import ArticleSaving
from articles.admin.article_schedule import ArticleSchedule
from articles.admin.article_search import ArticleSearch
from articles.admin.article_start import ArticleStart
from articles.admin.article_versions import ArticleVersions
from articles.admin.article_views import ArticleViewsPage
from articles.admin.base import SafeModelAdmin
from articles.models import Article, SaveReceipt
from articles.models.article import SHORT_TITLE_WIDTH
from articles.models.edition import LIST_WIDTH

# What the form loads beside the editor: one behaviour each, in `static/articles/desk/`.
logger = logging.getLogger(__name__)

MODULES = (
    "side",
    "bar",
    "words",
    "session",
    "living",
    "kept_copy",
    "receipt",
    "steps",
    "complaints",
    "composition",
    "saving",
    "presence",
    "offers",
    "form",
    "widths",
    "short_title",
    "headline",
    "suggestions",
    "related",
    "attachments",
    "copy",
    "plan",
    "preview",
    "shortcuts",
    "comments",
)
# Buttons that save and send the text on.
ON_ITS_WAY = frozenset({"_publish", "_submit"})
SHEETS = ("form", "saving", "attachments", "preview", "start", "comments")


@admin.register(Article)
class ArticleAdmin(
    ArticleList,
    ArticleLock,
    ArticleReview,
    ArticleComments,
    ArticleSchedule,
    ArticleMovePages,
    ArticleSaving,
    ArticleSearch,
    ArticlePresence,
    ArticleBar,
    ArticleVersions,
    ArticleConflict,
    ArticlePreview,
    ArticleStart,
    ArticleBin,
    ArticleLinkSearch,
    ArticleCorrections,
    ArticleViewsPage,
    ArticlePlanning,
    ArticleBulk,
    ArticleInviting,
    ArticleRecord,
    ArticleManuscripts,
    ArticleAttachments,
    SafeModelAdmin,
):
    form = ArticleForm
    fieldsets = (
        ("headline", {"fields": ("kicker", "title", "subtitle")}),
        ("text", {"fields": ("body",)}),
        (
            gettext_lazy("Facts"),
            {
                "fields": (
                    "channel",
                    "content_class",
                    "source_department",
                    "outside_source",
                    "byline",
                    "tags",
                    "related",
                )
            },
        ),
        (gettext_lazy("In lists"), {"fields": ("short_title", "summary")}),
        ("hidden", {"fields": ("based_on", "receipt", "sitting", "step", "cover", "attachments")}),
    )
    change_form_template = "admin/articles/article/change_form.html"

    # Rights -----------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """A text that is reviewed is only looked at; so is what lies beyond one's appointments."""
        if obj is None:
            return super().has_change_permission(request)
        return workflow.can(request.user, "edit", obj) or self.faces_lock(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        # Rows come from `visible_to`: whoever gets one may look at it.
        return super().has_view_permission(request) or super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if obj is None:
            return super().has_delete_permission(request)
        return workflow.can(request.user, "delete", obj)

    # The form ---------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """People who may only look get the stock page, without the form's own bookkeeping."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [fieldset for fieldset in fieldsets if fieldset[0] != "hidden"]

    # Addresses --------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("upload/", wrap(article_files.upload), name="articles_article_upload"),
            path(
                "picture/<int:image_id>/",
                wrap(article_files.picture, cacheable=True),
                name="articles_article_picture",
            ),
            path(
                "picture/<int:image_id>/<slug:format_name>/",
                wrap(article_files.picture, cacheable=True),
                name="articles_article_rendition",
            ),
            path("tags/", wrap(article_files.tag_names), name="articles_article_tags"),
        ]
        return own + super().get_urls()

    # Saving -----------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The stock form view; afterwards, outside its transaction, the story is published."""
        try:
            return self._save_and_publish(request, object_id, form_url, extra_context)
        except receipts.OtherArticle:
            sentence = _(
                "This was sent to the wrong address; nothing was saved. "
                "Reload the page and try again."
            )
            return self._show_again(400, sentence, request, object_id, form_url, extra_context)

    def _save_and_publish(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        saved = receipts.claimed(request, object_id)
        if saved and receipts.is_repeated(request, saved):
            return self._already_saved(request, saved)
        if saved:
            # Saved, then changed by way of the browser's back button: a form of that article now.
            request.POST = receipts.renewed(request, saved)  # type: ignore[assignment]
            object_id, form_url = str(saved.article_id), change_url(saved.article)
        if away := self.away_from_form(request, object_id):
            return away
        if request.method == "POST" and object_id and not self.get_object(request, object_id):
            if not self.has_change_permission(request):
                raise PermissionDenied
            # Deleted while somebody wrote. From the bin it comes back with what they wrote; once
            # it is gone for good, what they wrote is shown as a new article.
            is_back = self.take_out_to_save(request, object_id)
            if not is_back:
                request.problem = _(  # type: ignore[attr-defined]
                    "This article was deleted for good, from the recycle bin too. Save again to "
                    "keep yours as a new one."
                )
                object_id, form_url = None, reverse("admin:articles_article_add")
        try:
            response = self._save_or_show(request, object_id, form_url, extra_context)
        except Article.DoesNotExist:
            # Thrown away between our look and our save: the look now finds it gone.
            return self._save_and_publish(request, object_id, form_url, extra_context)
        except IntegrityError:
            # Two clicks at once: the other one filed the same receipt first.
            if receipts.of(request) is None:
                raise
            return self._save_and_publish(request, object_id, form_url, extra_context)
        except OperationalError:
            # Busy, full, or without a column that a forgotten migration makes.
            logger.warning("A save failed; its words are in the form again.", exc_info=True)
            sentence = _("Nothing could be saved just now. Wait a moment, then save again.")
            return self._show_again(503, sentence, request, object_id, form_url, extra_context)
        kept: Article | None = getattr(request, "kept_article", None)
        if kept is None:
            # Another click may have committed after this one had looked.
            saved = receipts.claimed(request, object_id)
            if saved and receipts.is_repeated(request, saved):
                return self._already_saved(request, saved)
        if kept is not None:
            self._send_on(request, kept, kept.version)
        return response

    def _send_on(
        self, request: HttpRequest, article: Article, version: int, *, is_repeated: bool = False
    ) -> None:
        """What the pressed button asks for beside saving, outside the transaction of the save."""
        if "_publish" in request.POST:
            self.publish_from_form(request, article, version)
        elif "_submit" in request.POST:
            self.submit_from_form(request, article, version, is_repeated=is_repeated)

    def _show_again(
        self, status: int, problem: str, request: HttpRequest, *args: Any
    ) -> HttpResponse:
        """The form with what was typed, outside any transaction: nothing is saved or lost."""
        request.problem = problem  # type: ignore[attr-defined]
        response: HttpResponse = self._changeform_view(request, *args)  # type: ignore[attr-defined]
        response.status_code = status
        return response

    def _save_or_show(self, request: HttpRequest, *args: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args)
        except writing.TextLocked:
            return self._show_again(409, self.lock_sentence(request, args[0]), request, *args)
        except writing.StaleForm as stale:
            form = cast(ModelForm, request.typed_form)  # type: ignore[attr-defined]
            both = self.show_both(request, form, getattr(stale, "problems", []))
            return both or self._save_or_show(request, *args)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The form knows who writes, and why it may not be accepted whatever it holds."""
        form = super().get_form(request, *args, **kwargs)
        problem = getattr(request, "problem", "")
        return type(form.__name__, (form,), {"writer": request.user, "problem": problem})

    def save_model(self, request: HttpRequest, obj: Article, form: ModelForm, change: bool) -> None:
        request.typed_form = form  # type: ignore[attr-defined]
        obj.cover_id = form.cleaned_data["cover"]
        self.refuse_locked(request, obj, form)
        mine = posted_content(form) if "_outcome" in request.POST else {}
        is_autosave = "_autosave" in request.POST
        kept = writing.keep(
            obj,
            body=form.cleaned_data["body"],
            tags=form.cleaned_data["tags"],
            by=cast(User, request.user),
            based_on=form.cleaned_data["based_on"],
            # An autosave is known by its sitting; only what makes an article needs proof.
            receipt=None
            if is_autosave and change
            else writing.Receipt(form.cleaned_data["receipt"], receipts.fingerprint(request)),
            sitting=writing.Sitting(
                form.cleaned_data["sitting"], is_autosave, form.cleaned_data["step"] or 0
            ),
            attachments=form.cleaned_data["attachments"],
        )
        self.settle(request, kept, mine)
        request.kept_article = kept  # type: ignore[attr-defined]
        renditions.prepare_frames_later(kept)

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        """Tags and pictures are kept together with the text, in `save_model`."""

    def construct_change_message(
        self, request: HttpRequest, form: Form, formsets: Any, add: bool = False
    ) -> Any:
        """What the history says of a save: the version, whose content the revision keeps."""
        return _("Saved as version %(version)d") % {
            "version": cast(ModelForm, form).instance.version
        }

    def response_add(
        self, request: HttpRequest, obj: Article, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._back_to_form(request, obj)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._back_to_form(request, obj)

    def _back_to_form(self, request: HttpRequest, article: Article) -> HttpResponse:
        if not ON_ITS_WAY & request.POST.keys():
            sentence = self.saved_sentence(article, article.version)
            self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(change_url(article))

    def saved_sentence(self, article: Article, version: int) -> str:
        if article.is_published:
            sentence = _("Saved as version %(version)d. Readers do not see it yet.")
        else:
            sentence = _("The draft is saved (version %(version)d).")
        return sentence % {"version": version}

    def _already_saved(self, request: HttpRequest, receipt: SaveReceipt) -> HttpResponse:
        article = self.article_repeated(request, receipt)
        if ON_ITS_WAY & request.POST.keys():
            self._send_on(request, article, receipt.version, is_repeated=True)
        else:
            self.message_user(
                request, _("This form was saved already; nothing was saved twice."), messages.INFO
            )
        return HttpResponseRedirect(change_url(article))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article: Article | None = kwargs.get("obj")
        context["modules"] = [f"articles/desk/{name}.js" for name in MODULES]
        context["sheets"] = [f"articles/desk/{name}.css" for name in SHEETS]
        context["csrf_cookie"] = settings.CSRF_COOKIE_NAME
        context["short_width"], context["list_width"] = SHORT_TITLE_WIDTH, LIST_WIDTH
        context["may_make_template"] = article and request.user.has_perm(
            "articles.add_storytemplate"
        )
        context |= self.bar_context(request, article)
        if article:
            context |= comments_context(request, article, back="form")
        return super().render_change_form(request, context, *args, **kwargs)
