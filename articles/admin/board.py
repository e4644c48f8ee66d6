"""The board: what stands at which stage, since when, and who has it.

Whoever sees no more than their own gets the same answer as for a page that does not exist.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from articles import waiting
from articles.admin.choices import TreeChoiceField
from articles.admin.desk_process import WIDE
from articles.admin.process_nav import sees_more_than_own
from articles.models import Article, Channel, Department, Stage
from articles.models.people import display_name
from articles.models.tree import Tree

# Cards of a column; the list of articles shows all.
MOST_CARDS = 50
# In the order in which a manuscript passes them, what lies aside last.
COLUMNS = (
    Stage.WRITING,
    Stage.RETURNED,
    Stage.UNIT,
    Stage.RECEIVED,
    Stage.FIRST,
    Stage.SECOND,
    Stage.FINAL,
    Stage.APPROVED,
    Stage.RESERVE,
    Stage.REJECTED,
)
# Names on a card; of more it says how many.
NAMED = 3


@dataclass(frozen=True)
class Card:
    article: Article
    since: datetime
    is_overdue: bool
    people: list[str]
    others: int


@dataclass(frozen=True)
class Column:
    stage: str
    label: str | Promise
    cards: list[Card]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.cards)


class Narrowing(forms.Form):
    """What the board is narrowed to; nonsense in the address narrows nothing."""

    unit = TreeChoiceField(
        Department.objects.all(),
        required=False,
        label=gettext_lazy("Unit"),
        empty_label=gettext_lazy("All units"),
    )
    channel = TreeChoiceField(
        Channel.objects.all(),
        required=False,
        label=gettext_lazy("Channel"),
        empty_label=gettext_lazy("All channels"),
    )

    def narrow(self, rows: QuerySet[Article]) -> QuerySet[Article]:
        if self.is_valid():
            for name, field in (("unit", "source_department"), ("channel", "channel")):
                if chosen := self.cleaned_data[name]:
                    tree = Tree(type(chosen).objects.only("id", "parent_id", "order"))
                    rows = rows.filter(**{f"{field}__in": tree.ids_within(chosen.pk)})
        return rows


def urls(site: AdminSite) -> list[URLPattern]:
    def page(request: HttpRequest) -> HttpResponse:
        return board(request, site)

    return [path("board/", site.admin_view(require_safe(page)), name="board")]


def board(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """All stages; `unit` and `channel` narrow, each with all beneath it."""
    if not sees_more_than_own(request.user):
        raise Http404
    narrowing = Narrowing(request.GET or None, auto_id="board_%s", label_suffix="")
    rows = narrowing.narrow(Article.objects.visible_to(request.user))
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": _("Board"),
        "narrowing": narrowing,
        "columns": columns(rows, timezone.now()),
        "most": MOST_CARDS,
    }
    return TemplateResponse(request, "admin/board.html", context)


def columns(rows: QuerySet[Article], now: datetime) -> list[Column]:
    """A column a stage, each oldest first; two statements, and those that ask for whom."""
    articles = list(_first_of_each(rows))
    people = waiting.people_for(articles)
    before = waiting.overdue_before(now)
    cards: dict[str, list[Card]] = defaultdict(list)
    totals: dict[str, int] = {}
    for article in articles:
        named = [display_name(person) for person in people.get(article.pk, [])]
        since: datetime = article.since  # type: ignore[attr-defined]
        is_overdue = article.stage in waiting.EXPECTED and since <= before
        card = Card(article, since, is_overdue, named[:NAMED], max(len(named) - NAMED, 0))
        cards[article.stage].append(card)
        totals[article.stage] = article.total  # type: ignore[attr-defined]
    return [Column(stage, stage.label, cards[stage], totals.get(stage, 0)) for stage in COLUMNS]


def _first_of_each(rows: QuerySet[Article]) -> QuerySet[Article]:
    """The oldest of each stage. What is written on stands here until readers had it once."""
    standing = rows.filter(~Q(stage=Stage.WRITING) | Q(status=Article.Status.DRAFT))
    placed = standing.annotate(
        since=Coalesce("stage_since", "created_at"),
        total=Window(Count("*"), partition_by=F("stage")),
        place=Window(
            RowNumber(),
            partition_by=F("stage"),
            order_by=[Coalesce("stage_since", "created_at").asc(), F("pk").asc()],
        ),
    ).filter(place__lte=MOST_CARDS)
    narrow = placed.select_related("channel", "source_department").defer(*WIDE)
    return narrow.order_by("since", "pk")
