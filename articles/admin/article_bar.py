"""What the action bar of the article form shows, on the page and in the answer to a save."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from articles import adopting, inviting, standing, tracking, workflow
from articles.admin.article_addresses import move_url
from articles.models import Article, Edition, Stage
from articles.models.people import display_name
from articles.visits import figures

# Of more people the first few are named on a button.
NAMED = 3
# Made by the form's own buttons, which save first, or on pages of their own.
ELSEWHERE = frozenset({"submit", "publish", "end", "reschedule"})


@dataclass(frozen=True)
class Link:
    """A move that is made on a page of its own."""

    label: str | Promise
    url: str
    is_danger: bool = False


class ArticleBar(admin.ModelAdmin):
    def bar_context(self, request: HttpRequest, article: Article | None) -> dict[str, Any]:
        """What the action bar shows beside the stock context of the form."""
        moves = workflow.moves_open_to(request.user, article or Article())
        names = {move.name for move in moves}
        if article and _may_submit_changed(request, article):
            names.add("submit")
        context: dict[str, Any] = {
            # Shown again after a POST: what is in the form is nowhere else.
            "is_unsaved": request.method == "POST",
            "save_url": reverse("admin:articles_article_autosave_new"),
            **_onward(request, article, names),
        }
        if article:
            context |= {
                "saved_by": display_name(article.updated_by),
                "may_compile": adopting.may_compile(request.user, article),
                "may_invite": inviting.may_invite(request.user, article),
                "moves": [_link(article, move) for move in moves if move.name not in ELSEWHERE],
                "badges": standing.badges(article),
                "track": tracking.track(article, request.user),
                "edition": _edition(article),
                "may_correct": workflow.can(request.user, "correct", article),
                "may_schedule": bool(names & {"publish", "end"}),
                "may_make_template": request.user.has_perm("articles.add_storytemplate"),
                "views": figures.views(article.pk),
                "save_url": reverse("admin:articles_article_autosave", args=[article.pk]),
                "presence_url": reverse("admin:articles_article_presence", args=[article.pk]),
            }
        return context


def _may_submit_changed(request: HttpRequest, article: Article) -> bool:
    """The buttons save first: then a published story has something new to be reviewed."""
    changed = copy.copy(article)
    changed.version += 1
    return article.is_published and workflow.can(request.user, "submit", changed)


def _onward(request: HttpRequest, article: Article | None, moves: set[str]) -> dict[str, Any]:
    """The buttons that send the text on its way: publishing, else submitting and to whom."""
    may_publish = "publish" in moves
    if "submit" not in moves:
        return {"may_publish": may_publish}
    # Of a new article nobody knows the channel yet, so nobody knows the way.
    stage = tracking.submitted_to(article, request.user) if article else ""
    if may_publish and stage in {"", Stage.APPROVED}:
        # Who publishes it need not ask anybody to.
        return {"may_publish": True}
    onward = tracking.onward(article, request.user) if article else None
    return {
        "may_publish": may_publish,
        "may_submit": True,
        "submit_label": submit_label(onward),
        "has_nobody": bool(onward and not onward.people),
        "next_step": onward.label if onward else "",
    }


def submit_label(onward: tracking.Onward | None) -> str:
    """What the next step is called, and to whom it goes: “送初审（周敏、李岩）”."""
    if onward is None:
        return _("Submit")
    label = {
        Stage.UNIT: _("To unit review"),
        Stage.RECEIVED: _("To the editors"),
        Stage.FIRST: _("To first review"),
        Stage.SECOND: _("To second review"),
        Stage.FINAL: _("To final review"),
        Stage.APPROVED: _("To the publisher"),
    }[Stage(onward.stage)]
    if not onward.people:
        return label
    people = _(", ").join(onward.people[:NAMED]) + ("…" if len(onward.people) > NAMED else "")
    return _("%(step)s (%(people)s)") % {"step": label, "people": people}


def _link(article: Article, move: workflow.Move) -> Link:
    return Link(move.label, move_url(article, move.name), is_danger=move.name == "reject")


def _edition(article: Article) -> Edition | None:
    """Of a published story, for the moments readers see it from and until."""
    if not article.is_published:
        return None
    return Edition.objects.for_lists().filter(article=article.pk).first()
