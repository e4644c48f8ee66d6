"""Actions on many articles: a page that says what will happen, a report, the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID, uuid4

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import bulk, standing, workflow
from articles.admin.base import is_number
from articles.admin.choices import INDENT
from articles.models import Article, BulkRun, Channel
from articles.models.tree import Tree
from articles.recording import Actor
from newsroom.addresses import client_address

WIDE = ("edition__body", "edition__plain_text", "edition__summary", "edition__revision__content")


class ArticleBulk(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("bulk-<slug:name>/", wrap(self.bulk_page), name="articles_article_bulk"),
            path("bulk-runs/<int:run_id>/", wrap(self.bulk_run), name="articles_article_bulk_run"),
            path(
                "bulk-runs/<int:run_id>/undo/",
                wrap(self.bulk_undo),
                name="articles_article_bulk_undo",
            ),
        ]
        return own + super().get_urls()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """What may be done to many at once. Deleting is not: what readers saw is withdrawn."""
        return {
            action.name: (_chooser(action.name), action.name, str(action.label))
            for action in bulk.ACTIONS.values()
            if request.user.has_perm(f"articles.{action.right}_article")
        }

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def bulk_page(self, request: HttpRequest, name: str) -> HttpResponse:
        """GET: what `name` would do to the stories `of`. POST: does it and leads to the report."""
        action = bulk.ACTIONS.get(name)
        if action is None or not request.user.has_perm(f"articles.{action.right}_article"):
            raise Http404
        asked = request.POST if request.method == "POST" else request.GET
        chosen = _chosen(asked)
        if not 0 < len(chosen) <= bulk.MOST:
            self.message_user(request, _too_many(), messages.WARNING)
            return HttpResponseRedirect(_list_url())
        facts = _facts(asked)
        problems = facts.faults(action) if request.method == "POST" or "look" in asked else []
        if request.method == "POST" and not problems:
            return self._run(request, action, chosen, facts)
        return self._forecast(request, action, list(chosen), facts, problems)

    def _run(
        self, request: HttpRequest, action: bulk.Action, chosen: dict[int, int], facts: bulk.Facts
    ) -> HttpResponse:
        try:
            key = UUID(request.POST.get("key", ""))
        except ValueError:
            key = uuid4()
        rows = [bulk.Chosen(number, version) for number, version in chosen.items()]
        run, is_new = bulk.run(action, rows, facts, by=_actor(request), key=key)
        if is_new:
            self._log(request, run.lines, str(action.label))
        elif not run.is_under_way:
            self.message_user(request, _("This was done already; nothing was done twice."))
        return HttpResponseRedirect(_run_url(run))

    def _forecast(
        self,
        request: HttpRequest,
        action: bulk.Action,
        numbers: list[int],
        facts: bulk.Facts,
        problems: list[str],
    ) -> HttpResponse:
        visible = Article.objects.visible_to(request.user).select_related(
            "channel", "source_department", "edition__revision"
        )
        rows = visible.defer(*WIDE).in_bulk(numbers)
        articles = [rows[number] for number in numbers if number in rows]
        is_ready = not facts.faults(action)
        lines = (
            bulk.forecast(action, articles, facts, by=_actor(request))
            if is_ready
            # Before anything is typed one cannot say more than that.
            else [bulk.Forecast(article) for article in articles]
        )
        context = {
            **self.admin_site.each_context(request),
            "title": action.label,
            "opts": self.opts,
            "action": action,
            "facts": facts,
            "lines": [(line, standing.badges(line.article)) for line in lines],
            "possible": sum(not line.why_not for line in lines),
            "is_ready": is_ready,
            "channels": _channels() if action.needs == "channel" else [],
            "problems": problems,
            "key": uuid4(),
        }
        return TemplateResponse(
            request,
            "admin/articles/article/bulk.html",
            context,
            status=422 if problems and request.method == "POST" else 200,
        )

    @method_decorator(require_safe)
    def bulk_run(self, request: HttpRequest, run_id: int) -> HttpResponse:
        """What became of each story, and of taking it back."""
        run = _own_run(request, run_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("%(action)s: what became of it") % {"action": _label(run)},
            "opts": self.opts,
            "run": run,
            "done": sum(line["done"] for line in run.lines),
            "failed": sum(not line["done"] for line in run.lines),
            "left": run.left,
            "to_undo": len(run.to_undo),
        }
        return TemplateResponse(request, "admin/articles/article/bulk_run.html", context)

    @method_decorator(require_POST)
    def bulk_undo(self, request: HttpRequest, run_id: int) -> HttpResponse:
        run = _own_run(request, run_id)
        try:
            tried = bulk.undo(run, by=_actor(request))
        except workflow.MoveRefused as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
        else:
            undone = [line for line in tried if line["undo"]["done"]]
            self._log(request, undone, _("Undone: %(action)s") % {"action": _label(run)})
        return HttpResponseRedirect(_run_url(run))

    def _log(self, request: HttpRequest, lines: list[dict[str, Any]], sentence: str) -> None:
        done = [line["article"] for line in lines if line["done"]]
        for article in Article.objects.filter(pk__in=done).only("pk", "title"):
            self.log_change(request, article, sentence)


def _chooser(name: str) -> Callable[..., HttpResponse | None]:
    """What the list does with the ticked rows: it leads to the page that asks."""

    def choose(
        model_admin: admin.ModelAdmin, request: HttpRequest, rows: QuerySet[Article]
    ) -> HttpResponse | None:
        numbers = list(rows.values_list("pk", flat=True)[: bulk.MOST + 1])
        if len(numbers) > bulk.MOST:
            model_admin.message_user(request, _too_many(), messages.WARNING)
            return None
        query = QueryDict(mutable=True)
        query["of"] = ",".join(map(str, numbers))
        address = reverse("admin:articles_article_bulk", args=[name])
        return HttpResponseRedirect(f"{address}?{query.urlencode(safe=',')}")

    return choose


def _chosen(asked: QueryDict) -> dict[int, int]:
    """Number → the version that was on screen; 0 on the way to that screen."""
    chosen: dict[int, int] = {}
    for typed in asked.get("of", "").split(",")[: bulk.MOST + 1]:
        number, _colon, version = typed.partition(":")
        if is_number(number):
            chosen[int(number)] = int(version) if is_number(version) else 0
    return chosen


def _facts(asked: QueryDict) -> bulk.Facts:
    channel = asked.get("channel", "")
    return bulk.Facts(
        reason=asked.get("reason", ""),
        channel=int(channel) if is_number(channel) else None,
        tag=asked.get("tag", ""),
    )


def _channels() -> list[tuple[int, str]]:
    tree = Tree(Channel.objects.only("id", "name", "parent_id", "order"))
    return [(row.pk, INDENT * depth + str(row)) for depth, row in tree.walk()]


def _own_run(request: HttpRequest, run_id: int) -> BulkRun:
    """Reports belong to whoever made the run."""
    return get_object_or_404(BulkRun, pk=run_id, made_by=request.user.pk)


def _label(run: BulkRun) -> str:
    return str(bulk.ACTIONS[run.action].label)


def _actor(request: HttpRequest) -> Actor:
    return Actor(cast(User, request.user), client_address(request))


def _too_many() -> str:
    return _("Choose 1 to %(most)d articles for one action.") % {"most": bulk.MOST}


def _list_url() -> str:
    return reverse("admin:articles_article_changelist")


def _run_url(run: BulkRun) -> str:
    return reverse("admin:articles_article_bulk_run", args=[run.pk])
