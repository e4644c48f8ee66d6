"""The versions of an article: their list, what changed between two, the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import translation
from django.utils.translation import gettext as _

from articles import comparing, restoring, workflow, writing
from articles.admin.article_addresses import change_url
from articles.admin.article_conflict import SETTLED, settled_versions
from articles.admin.article_lock import is_locked_to, lock_reason
from articles.admin.numbers import number_in
from articles.models import Article, Edition, Revision
from articles.models.people import display_name

VERSIONS_A_PAGE = 50
# Beside fifty versions; more is no history but noise.
MOST_EVENTS = 200
BIGGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class Row:
    """A line of the history: a version, or a step such as a publication (then `sentence`)."""

    at: datetime
    by: str
    sentence: str = ""
    revision: Revision | None = None
    # How it came about, of a version that two texts at once left behind.
    settled: str = ""
    # The number of the version before it, 0 for the first.
    before: int = 0
    is_newest: bool = False
    is_read: bool = False


class ArticleVersions(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path(
                "<path:object_id>/compare/",
                wrap(self.compare_versions),
                name="articles_article_compare",
            ),
            path(
                "<path:object_id>/restore/<int:number>/",
                wrap(self.restore_version),
                name="articles_article_restore_version",
            ),
        ]
        return own + super().get_urls()

    def _article(self, request: HttpRequest, object_id: str) -> Article:
        article = self.get_object(request, object_id)
        if article is None:
            raise Http404
        return cast(Article, article)

    def _page(
        self, request: HttpRequest, template: str, article: Article, status: int = 200, **more: Any
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "article": article,
            "may_edit": workflow.can(request.user, "edit", article),
            **more,
        }
        return TemplateResponse(
            request, f"admin/articles/article/{template}.html", context, status=status
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every version and every step, newest first; any two versions can be compared."""
        article = self._article(request, object_id)
        revisions = article.revisions.select_related("saved_by").defer("content")
        page = Paginator(revisions, VERSIONS_A_PAGE).get_page(request.GET.get("p"))
        return self._page(
            request,
            "versions",
            article,
            title=_("Versions"),
            page=page,
            pages=page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
            rows=_rows(article, page, revisions),
            **_first_choice(page),
            **(extra_context or {}),
        )

    def compare_versions(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What changed from version `old` to version `new`."""
        article = self._article(request, object_id)
        one, other = (_number(request, name) for name in ("old", "new"))
        old, new = _two_revisions(article, min(one, other), max(one, other))
        return self._page(
            request,
            "compare",
            article,
            title=_("What changed"),
            old=old,
            new=new,
            old_by=display_name(old.saved_by) if old else "",
            new_by=display_name(new.saved_by),
            replaced=min(one, other) if old and old.number != min(one, other) else None,
            comparison=comparing.compare(old.content if old else {}, new.content),
            **_neighbours(article, old, new),
        )

    def restore_version(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        """Shows what would change, then makes a new version with the words of an earlier one."""
        article = self._article(request, object_id)
        is_locked = is_locked_to(request.user, article)
        if not is_locked and not workflow.can(request.user, "edit", article):
            raise Http404
        revision = _revision(article, number)
        problem = lock_reason(request.user, article) if is_locked else ""
        if request.method == "POST" and not is_locked:
            try:
                return self._restored(request, article, number)
            except writing.StaleForm as stale:
                article = self._article(request, object_id)
                problem = _(
                    "%(name)s saved version %(version)d meanwhile. See what would change now, "
                    "then restore again."
                ) % {"name": stale.saved_by, "version": stale.version}
            except writing.TextLocked:
                article, is_locked = self._article(request, object_id), True
                problem = lock_reason(request.user, article)
        fitting, missing = restoring.fit(article, revision.content, cast(User, request.user))
        return self._page(
            request,
            "restore",
            article,
            status=409 if problem else 200,
            title=_("Restore version %(number)d") % {"number": number},
            revision=revision,
            saved_by=display_name(revision.saved_by),
            problem=problem,
            is_locked=is_locked,
            missing=missing,
            comparison=comparing.compare(writing.snapshot(article), fitting),
        )

    def _restored(self, request: HttpRequest, article: Article, number: int) -> HttpResponse:
        done = restoring.restore(
            article, number, by=cast(User, request.user), based_on=_posted_version(request)
        )
        if done.is_new_version:
            names = {"number": number, "version": done.article.version}
            sentence = _("Restored version %(number)d as version %(version)d.") % names
            self.log_change(
                request, article, _("Saved as version %(version)d") % {"version": article.version}
            )
            self.message_user(request, sentence, messages.SUCCESS)
        else:
            sentence = _("Nothing was restored: the present text says the same.")
            self.message_user(request, sentence, messages.INFO)
        for gone in done.missing:
            self.message_user(request, gone, messages.WARNING)
        return HttpResponseRedirect(change_url(article))


def _posted_version(request: HttpRequest) -> int:
    """The version the page showed; 0, which no article has, for anything else."""
    return number_in(request.POST.get("based_on")) or 0


def _number(request: HttpRequest, name: str) -> int:
    number = number_in(request.GET.get(name))
    if number is None or number > BIGGEST_NUMBER:
        raise Http404
    return number


def _revision(article: Article, number: int) -> Revision:
    """Looked up through its article: the number of another one's is unknown here."""
    found = None
    if number <= BIGGEST_NUMBER:
        found = article.revisions.select_related("saved_by").filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _two_revisions(article: Article, old: int, new: int) -> tuple[Revision | None, Revision]:
    """The revisions of these numbers; what an autosave folded away is in the next one.

    `old` may be 0, which is the empty page the first version was written on.
    """
    if new > article.version or not new:
        raise Http404
    known = article.revisions.select_related("saved_by")
    after = known.filter(number__gte=new).order_by("number").first()
    before = known.filter(number__lte=old).order_by("-number").first()
    if after is None:
        raise Http404
    return before, after


def _neighbours(article: Article, old: Revision | None, new: Revision) -> dict[str, int]:
    """The next step forward and backward from here, as pairs of numbers; 0 where it ends."""
    numbers = article.revisions.order_by("number").values_list("number", flat=True)
    following = numbers.filter(number__gt=new.number).first()
    first = old.number if old else 0
    preceding = numbers.filter(number__lt=first).last() if first else None
    return {
        "following": following or 0,
        "preceding": preceding or 0,
        "has_preceding": int(bool(first)),
    }


# The list --------------------------------------------------------------------------------


def _rows(article: Article, page: Page, revisions: QuerySet[Revision]) -> list[Row]:
    """The versions of this page with the steps that were made while they were the newest."""
    found = list(page.object_list)
    if not found:
        return []
    rest = revisions.filter(number__lt=found[-1].number)
    older = rest.values_list("number", flat=True).first() or 0
    edition = Edition.objects.filter(article=article).defer("body", "plain_text").first()
    read = edition.revision_id if edition and edition.is_live() else None
    befores = [revision.number for revision in found[1:]] + [older]
    settled = settled_versions(_log(article).filter(action_time__gte=found[-1].saved_at))
    rows = [
        Row(
            at=revision.saved_at,
            by=display_name(revision.saved_by),
            revision=revision,
            settled=settled.get(revision.number, ""),
            before=before,
            is_newest=revision.number == article.version,
            is_read=revision.pk == read,
        )
        for revision, before in zip(found, befores, strict=True)
    ]
    rows += _events(article, page, revisions, oldest=found[-1].saved_at if older else None)
    return sorted(rows, key=lambda row: (row.at, row.revision is None), reverse=True)


def _first_choice(page: Page) -> dict[str, int]:
    """The newest two of the page are marked; a single version has nothing to be compared with."""
    numbers = [revision.number for revision in page.object_list[:2]]
    return {"chosen_new": numbers[0], "chosen_old": numbers[1]} if len(numbers) == 2 else {}


def _log(article: Article) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(
        content_type=get_content_type_for_model(article), object_id=str(article.pk)
    )


def _events(
    article: Article, page: Page, revisions: QuerySet[Revision], oldest: datetime | None
) -> list[Row]:
    """Publications, withdrawals and whatever else the log of the admin knows beside saving."""
    entries = _log(article).select_related("user")
    for beginning in _beginnings_of_saves():
        entries = entries.exclude(change_message__startswith=beginning)
    if oldest:
        entries = entries.filter(action_time__gte=oldest)
    if page.has_previous():
        newer = revisions.values_list("saved_at", flat=True)[page.start_index() - 2]
        entries = entries.filter(action_time__lt=newer)
    return [
        Row(at=entry.action_time, by=display_name(entry.user), sentence=sentence)
        for entry in entries[:MOST_EVENTS]
        if (sentence := entry.get_change_message())
    ]


def _beginnings_of_saves() -> list[str]:
    """How the log calls a save, in every language of the desk: the versions tell more."""
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.append(_("Saved as version %(version)d").partition("%")[0])
    return [*dict.fromkeys(found), f'[{{"{SETTLED}"']
