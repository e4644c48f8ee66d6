"""Saving beside the form's own button: autosave, kept copies, who else is in, the action bar.

The page's script (`static/articles/desk/saving.js`) sends the form here and stays where it is.
Every answer is JSON; what went wrong is a sentence under `problem`:

    200 saved · 400 not for this address · 401 logged out · 403 may not
    404 thrown away or never there · 409 somebody else saved · 422 not valid · 503 database busy

An autosave (`_autosave` in the form) never writes to the admin log and never publishes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError
from django.forms import Form, ModelForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import presence, workflow, writing
from articles.admin import kept_copies, receipts
from articles.admin.numbers import number_in
from articles.models import Article, SaveReceipt
from articles.models.people import display_name
from articles.visits import ledger

SITTING = re.compile("[0-9a-f]{32}")
# Above all steps a browser sends: any save of a sitting is an earlier one.
ANY_STEP = 2**62
# A browser drops its copy at the next opening; nobody settles so many forms in between.
SITTINGS_TOLD = 50


class ArticleSaving(admin.ModelAdmin):
    if TYPE_CHECKING:
        # Of the class this is mixed into.
        def saved_sentence(self, article: Article, version: int) -> str: ...

    def get_urls(self) -> list[URLPattern]:
        save, stay = self._by_fetch(self.save_by_fetch), self._by_fetch(self.stay)
        kept = self._by_fetch(self.judge_kept_copy)
        own = [
            path("autosave/", save, name="articles_article_autosave_new"),
            path("<path:object_id>/autosave/", save, name="articles_article_autosave"),
            path("kept/", kept, name="articles_article_kept_new"),
            path("<path:object_id>/kept/", kept, name="articles_article_kept"),
            path("<path:object_id>/presence/", stay, name="articles_article_presence"),
        ]
        return own + super().get_urls()

    def _by_fetch(self, view: Callable[..., JsonResponse]) -> Callable[..., HttpResponse]:
        """The view for a script: no log-in page, which a script cannot show, but 401."""
        guarded = self.admin_site.admin_view(require_POST(view))

        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.admin_site.has_permission(request):
                return _problem(401, _("You are no longer logged in."))
            try:
                return guarded(request, *args, **kwargs)
            except (Http404, Article.DoesNotExist):
                return _problem(404, _("This article lies in the recycle bin or was deleted."))
            except PermissionDenied:
                return _problem(403, _("You may not change this article (any more)."))
            except OperationalError:
                return _problem(
                    503, _("Nothing could be saved just now. Wait a moment, then save again.")
                )

        return asked

    # Saving -----------------------------------------------------------------------------

    def save_by_fetch(self, request: HttpRequest, object_id: str | None = None) -> JsonResponse:
        """Keeps what is in the form, as the form's own button does, and says how it went."""
        if _is_autosave(request) and request.POST.get("_writer", "") != str(request.user.pk):
            return _problem(
                403,
                _("%(name)s is logged in in this browser now, so nothing is saved by itself.")
                % {"name": display_name(cast(User, request.user))},
            )
        if "_outcome" in request.POST:
            # Two texts become one on the page that shows both, and in its transaction.
            return _wrong_address()
        saved = receipts.of(request)
        if saved and object_id is None and receipts.is_from_a_copy(request, saved):
            request.POST = receipts.told_apart(request)  # type: ignore[assignment]
            saved = receipts.of(request)
        if saved and object_id not in (None, str(saved.article_id)):
            return _wrong_address()
        article = self._article_to_save(request, object_id, saved)
        if article and saved and saved.fingerprint == receipts.fingerprint(request):
            return self._saved(request, article, saved.version)
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

    def _article_to_save(
        self, request: HttpRequest, object_id: str | None, saved: SaveReceipt | None
    ) -> Article | None:
        """The article the form belongs to, None for a new one. Raises when one may not."""
        if saved:
            object_id = str(saved.article_id)
        if object_id is None:
            if not self.has_add_permission(request):
                raise PermissionDenied
            return None
        article: Article | None = self.get_object(request, object_id)
        if article is None:
            raise Http404
        if not workflow.can(request.user, "edit", article):
            raise PermissionDenied
        return article

    def _keep(self, request: HttpRequest, article: Article | None) -> JsonResponse:
        form = self._form_sent(request, article)
        if not form.is_valid():
            stale = article and self._newer(request, article.pk)
            return JsonResponse(stale, status=409) if stale else _invalid(form)
        kept = form.save(commit=False)
        try:
            self.save_model(request, kept, form, change=article is not None)
        except writing.StaleForm:
            newer = self._newer(request, kept.pk) or self._told(request, kept.pk)
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
        at = _clock(timezone.now())
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
                "may_make_template": request.user.has_perm("articles.add_storytemplate"),
                "views": ledger.views(article.pk),
                "save_url": reverse("admin:articles_article_autosave", args=[article.pk]),
                "presence_url": reverse("admin:articles_article_presence", args=[article.pk]),
            }
            if request.method == "GET":
                context["settled"] = _settled(article, cast(User, request.user))
        return context

    def judge_kept_copy(self, request: HttpRequest, object_id: str | None = None) -> JsonResponse:
        """What the server has of words that a browser kept when their page was gone.

        → {"is_known": whether they need not be offered, "based_on": what they may go on from}
        """
        saved = receipts.of(request) if object_id is None else None
        article = self._article_to_save(request, object_id, saved)
        if article is None:
            return JsonResponse({"is_known": False, "based_on": 0})
        copy = kept_copies.KeptCopy(
            by=cast(User, request.user),
            sitting=request.POST.get("sitting", ""),
            based_on=number_in(request.POST.get("based_on")) or 0,
            kept_at=number_in(request.POST.get("kept_at")) or 0,
        )
        based_on = kept_copies.goes_on_from(article, copy)
        is_known = kept_copies.is_known(article, copy, self._form_sent(request, article))
        return JsonResponse({"is_known": is_known, "based_on": based_on})

    # Who else is in ---------------------------------------------------------------------

    def stay(self, request: HttpRequest, object_id: str) -> JsonResponse:
        """A sign of life of an opened form; answers who else is in and whether they saved."""
        article = self._article_to_save(request, object_id, None)
        sitting = request.POST.get("sitting", "")
        if article is None or not SITTING.fullmatch(sitting):
            return _problem(400, _("This form has no number."))
        by = cast(User, request.user)
        before = request.POST.get("instead_of", "")
        if SITTING.fullmatch(before) and before != sitting:
            # The page this tab showed before: its own goodbye may still be on its way.
            presence.leave(article, by=by, sitting=before)
        if "gone" in request.POST:
            presence.leave(article, by=by, sitting=sitting)
            return JsonResponse({"people": []})
        presence.stay(article, by=by, sitting=sitting)
        visitors = presence.others(article, by=by, sitting=sitting)
        return JsonResponse(
            {
                "people": [_who(visitor) for visitor in visitors],
                "newer": self._newer(request, article.pk),
            }
        )

    def _newer(self, request: HttpRequest, pk: int) -> dict[str, Any] | None:
        """Who saved since this form was opened; None when nobody else did."""
        article = Article.objects.select_related("updated_by").get(pk=pk)
        based_on = request.POST.get("based_on", "")
        if based_on == str(article.version):
            return None
        sitting = writing.Sitting(request.POST.get("sitting", ""), step=ANY_STEP)
        if writing.is_own_sitting(article, cast(User, request.user), sitting):
            return None
        known = number_in(based_on)
        if known is not None and writing.says_the_same(article, known):
            return None
        return self._told(request, pk)

    def _told(self, request: HttpRequest, pk: int) -> dict[str, Any]:
        """Who saved the newest version, and where it can be compared with this form's."""
        article = Article.objects.select_related("updated_by").get(pk=pk)
        based_on = number_in(request.POST.get("based_on"))
        is_version = based_on is not None and based_on <= article.version
        who, at = display_name(article.updated_by), _clock(article.updated_at)
        story = reverse("admin:articles_article_change", args=[pk]).removesuffix("change/")
        return {
            "by": who,
            "at": at,
            "version": article.version,
            "compare": f"{story}compare/?old={based_on}&new={article.version}"
            if is_version
            else "",
            "problem": _("%(name)s saved version %(version)d of this article at %(time)s.")
            % {"name": who, "version": article.version, "time": at},
        }


def _is_autosave(request: HttpRequest) -> bool:
    return "_autosave" in request.POST


def _settled(article: Article, by: User) -> str:
    """Opened forms this person saved by a button, each with its version: “sitting:number …”.

    What the browser kept when it sent such a form lies on the server as that version.
    """
    saved = article.revisions.filter(saved_by=by, is_autosave=False).exclude(sitting="")
    newest = saved.order_by("-number").values_list("sitting", "number")[:SITTINGS_TOLD]
    return " ".join(f"{sitting}:{number}" for sitting, number in newest)


def _problem(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"problem": sentence}, status=status)


def _wrong_address() -> JsonResponse:
    return _problem(
        400,
        _("This was sent to the wrong address; nothing was saved. Reload the page and try again."),
    )


def _invalid(form: ModelForm) -> JsonResponse:
    """422 with the sentences of each field, and one sentence for all that is merely missing."""
    missing, faults, errors = [], [], {}
    for name, found in form.errors.items():
        label = str(form.fields[name].label or "").capitalize() if name in form.fields else ""
        errors[name] = [str(sentence) for sentence in found]
        if label and form.has_error(name, code="required"):
            missing.append(label)
        else:
            faults += [
                _("%(field)s: %(sentence)s") % {"field": label, "sentence": sentence}
                if label
                else sentence
                for sentence in errors[name]
            ]
    if missing:
        names = _(", ").join(missing)
        faults.insert(0, _("Still missing: %(fields)s.") % {"fields": names})
    return JsonResponse({"errors": errors, "problem": " ".join(faults)}, status=422)


def _clock(at: datetime) -> str:
    return date_format(timezone.localtime(at), "H:i:s")


def _who(visitor: presence.Visitor) -> str:
    since = date_format(timezone.localtime(visitor.since), "H:i")
    if visitor.is_oneself:
        return _("You have this article open in another window too (since %(time)s).") % {
            "time": since
        }
    if visitor.saved_at:
        saved = date_format(timezone.localtime(visitor.saved_at), "H:i")
        return _("%(name)s is in this article too (since %(time)s, saved at %(saved)s).") % {
            "name": visitor.name,
            "time": since,
            "saved": saved,
        }
    return _("%(name)s is in this article too (since %(time)s).") % {
        "name": visitor.name,
        "time": since,
    }
