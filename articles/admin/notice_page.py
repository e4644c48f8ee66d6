"""提醒: what somebody should know, what they have read of it, and whether they get it by e-mail."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles import mailing
from articles.admin.base import is_number
from articles.models import Article, Notice, NoticeWish

PAGE_SIZE = 50


def urls(site: AdminSite) -> list[URLPattern]:
    def page(request: HttpRequest) -> HttpResponse:
        return notices(request, site)

    return [
        path("notices/", site.admin_view(require_safe(page)), name="notices"),
        path("notices/read/", site.admin_view(require_POST(read)), name="notices_read"),
        path("notices/wish/", site.admin_view(require_POST(keep_wish)), name="notices_wish"),
    ]


def notices(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """One's own, newest first: those not read yet; `all=1` those that were, too."""
    shows_all = request.GET.get("all") == "1"
    mine = Notice.objects.filter(user=request.user.pk).select_related("article")
    rows = mine if shows_all else mine.unread()
    pages = Paginator(rows.defer("article__body", "article__summary"), PAGE_SIZE)
    shown = pages.get_page(_page(request))
    wish = NoticeWish.objects.filter(user=request.user.pk).first()
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": _("Notices"),
        "lines": _lines(request, list(shown)),
        "page": shown,
        "shows_all": shows_all,
        "wishes": NoticeWish.Mail.choices,
        "wish": wish.mail if wish else NoticeWish.Mail.NEVER,
        "has_mail": mailing.is_configured(),
        "digest_hour": mailing.DIGEST_HOUR,
    }
    return TemplateResponse(request, "admin/notices.html", context)


def _page(request: HttpRequest) -> str:
    typed = request.GET.get("p", "1")
    return typed if is_number(typed) else "1"


def _lines(request: HttpRequest, rows: list[Notice]) -> list[tuple[Notice, str]]:
    """(notice, where it leads); "" where the story is not theirs to open any more."""
    visible = Article.objects.visible_to(request.user)
    stories = visible.filter(pk__in=[row.article_id for row in rows]).order_by()
    may_open = set(stories.values_list("pk", flat=True))
    return [(row, mailing.page_of(row) if row.article_id in may_open else "") for row in rows]


def read(request: HttpRequest) -> HttpResponse:
    """Marks `notice`, or with `all` everything, as read; asked by a script it says nothing."""
    rows = Notice.objects.unread().filter(user=request.user.pk)
    if "all" not in request.POST:
        typed = request.POST.get("notice", "")
        rows = rows.filter(pk=int(typed) if is_number(typed) else 0)
    rows.update(read_at=timezone.now())
    if request.headers.get("Accept") == "application/json" or "quietly" in request.POST:
        return HttpResponse(status=204)
    return HttpResponseRedirect(reverse("admin:notices"))


def keep_wish(request: HttpRequest) -> HttpResponse:
    """Keeps how `mail` somebody wants to be told."""
    mail = request.POST.get("mail", "")
    if mail in NoticeWish.Mail.values:
        user = cast(User, request.user)
        NoticeWish.objects.update_or_create(user=user, defaults={"mail": mail})
        messages.success(request, _wish_sentence(request, mail))
    else:
        messages.error(request, _("Choose how you want to be told by e-mail."))
    return HttpResponseRedirect(reverse("admin:notices"))


def _wish_sentence(request: HttpRequest, mail: str) -> str:
    address = getattr(request.user, "email", "")
    if mail == NoticeWish.Mail.NEVER:
        return _("Kept. You find your notices here; nothing comes by e-mail.")
    if not address:
        return _("Kept. Your account has no e-mail address yet; ask an administrator to enter it.")
    return _("Kept. Notices come to %(address)s.") % {"address": address}
