"""A form whose text others read by now: it does not open, and what was typed is not lost.

The text is locked while it is reviewed (`writing.TextLocked`), and a correspondent's manuscript
belongs to the editors once it was sent in. A form opened before is answered with what was typed
and a sentence; nothing of it is saved until the text is theirs to write again.
"""

from __future__ import annotations

import copy

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from articles import workflow, writing
from articles.admin.article_addresses import review_url
from articles.admin.article_conflict import posted_content
from articles.models import Article, Revision, Stage


def is_locked_to(user: User | AnonymousUser, article: Article) -> bool:
    """Whether this person wrote, and could write on if the text were not on its way."""
    if article.is_binned or workflow.can(user, "edit", article):
        return False
    written = copy.copy(article)
    written.stage = Stage.WRITING
    return workflow.can(user, "edit", written)


def lock_reason(user: User | AnonymousUser, article: Article) -> str:
    """Why the text may not be written on now, and what to do."""
    if workflow.can(user, "recall", article):
        return _(
            "The text was submitted (“%(stage)s”) and stays as it was sent. To change it, take it "
            "back on its review page, then save again."
        ) % {"stage": article.get_stage_display()}
    return _(
        "The text was submitted (“%(stage)s”) and stays as it was sent. Ask those who have it to "
        "send it back, then save again."
    ) % {"stage": article.get_stage_display()}


class ArticleLock(admin.ModelAdmin):
    def away_from_form(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """The review page in place of a form that cannot be written in; None where it can."""
        article = self.get_object(request, object_id) if object_id else None
        if article is None or workflow.can(request.user, "edit", article):
            return None
        if request.method == "POST":
            # Lets the form be read, so that its words can be shown again.
            request.is_behind_lock = is_locked_to(request.user, article)  # type: ignore[attr-defined]
            return None
        if article.is_under_way or workflow.moves_open_to(request.user, article):
            return HttpResponseRedirect(review_url(article))
        return None

    def faces_lock(self, request: HttpRequest, article: Article) -> bool:
        """Whether this is a form sent by somebody who might write, if the text were not locked."""
        return getattr(request, "is_behind_lock", False) and is_locked_to(request.user, article)

    def refuse_locked(self, request: HttpRequest, article: Article, form: ModelForm) -> None:
        """Raises writing.TextLocked, unless the form says what is saved already."""
        if not article.pk:
            return
        now = Article.objects.filter(pk=article.pk, deleted_at=None).first()
        if now is None or not is_locked_to(request.user, now):
            return
        typed = Revision.checksum(posted_content(form))
        newest = now.revisions.filter(number=now.version, sha256=typed)
        if not newest.exists():
            raise writing.TextLocked

    def lock_sentence(self, request: HttpRequest, object_id: str | None) -> str:
        """Said above a form that is shown again; the request may read it from now on."""
        request.is_behind_lock = True  # type: ignore[attr-defined]
        article = Article.objects.visible_to(request.user).filter(pk=object_id or 0).first()
        if article is None:
            return _("The text was submitted meanwhile and stays as it was sent.")
        sentence = lock_reason(request.user, article)
        return f"{sentence} {_('What you typed is below; nothing of it is saved.')}"
