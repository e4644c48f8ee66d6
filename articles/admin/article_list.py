"""The list of articles: columns, filters, search."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy

from articles import standing
from articles.admin.choices import INDENT
from articles.models import Article, Channel, Department, Stage
from articles.models.people import display_name
from articles.models.tree import Tree
from articles.visits import figures

# Columns the list does not show: texts, and what revisions keep.
WIDE = (
    "body",
    "summary",
    "edition__body",
    "edition__plain_text",
    "edition__summary",
    "edition__revision__content",
)


class KnownFilter(admin.SimpleListFilter):
    """Narrows by a value that is among its choices; any other address is refused."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        value = self.value()
        if value is None:
            return queryset
        if value not in dict(self.lookup_choices):
            raise IncorrectLookupParameters
        return queryset.filter(self.condition(value))

    @abstractmethod
    def condition(self, value: str) -> Q:
        """What the stories of this choice have."""


class TreeFilter(KnownFilter):
    """A row of a tree with all beneath it: a parent without stories of its own is no dead end."""

    model: Any
    field: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.tree = Tree(self.model.objects.all())
        return [(str(row.pk), INDENT * depth + str(row)) for depth, row in self.tree.walk()]

    def condition(self, value: str) -> Q:
        return Q(**{f"{self.field}__in": self.tree.ids_within(int(value))})


class ChannelFilter(TreeFilter):
    title = gettext_lazy("channel")
    parameter_name = "channel__id__exact"
    model = Channel
    field = "channel"


class DepartmentFilter(TreeFilter):
    template = "admin/articles/article/department_filter.html"
    title = gettext_lazy("source department")
    parameter_name = "source_department__id__exact"
    model = Department
    field = "source_department"


class StandingFilter(KnownFilter):
    """What readers have of a story, or who has its text: whatever the column shows."""

    title = gettext_lazy("status")
    parameter_name = "status__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        of_text = [stage for stage in Stage if stage != Stage.WRITING]
        return [
            ("draft", Article.Status.DRAFT.label),
            *((stage.value, stage.label) for stage in of_text),
            ("scheduled", gettext_lazy("scheduled")),
            ("published", Article.Status.PUBLISHED.label),
            ("changed", gettext_lazy("published, with changes not yet published")),
            ("ended", gettext_lazy("ended")),
            ("withdrawn", Article.Status.WITHDRAWN.label),
        ]

    def condition(self, value: str) -> Q:
        return _standing(value)


def _standing(value: str) -> Q:
    if value in Stage.values:
        return Q(stage=value)
    if value in ("draft", "withdrawn"):
        return Q(status=value)
    now, out = timezone.now(), Q(status=Article.Status.PUBLISHED)
    if value == "scheduled":
        return out & Q(edition__published_at__gt=now)
    if value == "ended":
        return out & Q(edition__expires_at__lte=now)
    if value == "changed":
        return out & ~Q(version=F("edition__revision__number"))
    return out & Q(edition__published_at__lte=now)


class NarrowList(ChangeList):
    """The stock list without the columns it does not show: a page of long stories is megabytes."""

    def get_queryset(self, *args: Any, **kwargs: Any) -> QuerySet[Article]:
        return super().get_queryset(*args, **kwargs).defer(*WIDE)


class ArticleList(admin.ModelAdmin):
    list_display = ("headline", "channel", "state", "views", "last_saved_by", "updated_at")
    list_select_related = ("channel", "updated_by", "edition__revision")
    list_filter = (StandingFilter, ChannelFilter, DepartmentFilter)
    allowed_lookups: tuple[str, ...] = (
        StandingFilter.parameter_name,
        ChannelFilter.parameter_name,
        DepartmentFilter.parameter_name,
    )

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def headline(self, article: Article) -> str:
        return article.title

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, article: Article) -> str:
        return format_html_join(
            "",
            '<span class="state state-{}">{}</span>',
            ((badge.kind, badge.label) for badge in standing.badges(article)),
        )

    @admin.display(description=gettext_lazy("views"))
    def views(self, article: Article) -> int | str:
        return article.figures.get(article.pk, "–")  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("last saved by"), ordering="updated_by")
    def last_saved_by(self, article: Article) -> str:
        return display_name(article.updated_by)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return Article.objects.visible_to(request.user)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return NarrowList

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The stock list, each row knowing the figures of all rows: one query a page."""
        changelist = super().get_changelist_instance(request)
        rows = list(changelist.result_list)
        views = figures.views_of([article.pk for article in rows])
        for article in rows:
            article.figures = views
        changelist.result_list = rows
        return changelist
