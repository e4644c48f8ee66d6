"""The desk for review chains, and a table of which chain holds where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from articles.admin.base import TreeModelAdmin
from articles.admin.choices import INDENT
from articles.admin.seen import SeenRows
from articles.models import Channel, ContentClass, ReviewChain
from articles.models.review_chain import Chains
from articles.models.tree import Tree


@dataclass(frozen=True)
class Cell:
    """The chain that holds; `is_own`: it is of this very channel and class."""

    chain: ReviewChain | None
    is_own: bool


@dataclass(frozen=True)
class Row:
    name: str
    cells: list[Cell]


@admin.register(ReviewChain)
class ReviewChainAdmin(SeenRows, TreeModelAdmin):
    fields = ("channel", "content_class", "has_unit", "has_first", "has_second", "has_final")
    list_display = ("where", "what", "chain")
    list_display_links = ("where",)
    list_select_related = ("channel", "content_class")
    change_list_template = "admin/chains/list.html"

    @admin.display(description=gettext_lazy("channel"), ordering="channel__order")
    def where(self, row: ReviewChain) -> str:
        return str(row.channel or _("every channel"))

    @admin.display(description=gettext_lazy("content class"), ordering="content_class__order")
    def what(self, row: ReviewChain) -> str:
        return str(row.content_class or _("every class"))

    @admin.display(description=gettext_lazy("reviews"))
    def chain(self, row: ReviewChain) -> str:
        return str(row)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "content_class":
            # No tree, a list.
            return super(TreeModelAdmin, self).formfield_for_foreignkey(db_field, request, **kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        table = self.admin_site.admin_view(self.table)
        own = [path("table/", table, name="articles_reviewchain_table")]
        return own + super().get_urls()

    @method_decorator(require_safe)
    def table(self, request: HttpRequest) -> HttpResponse:
        """Which chain holds for stories of each channel and class."""
        if not self.has_view_or_change_permission(request):
            raise Http404
        chains, classes = Chains(), list(ContentClass.objects.all())
        kinds = [None, *(row.pk for row in classes)]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Which chain holds where"),
            "opts": self.opts,
            "classes": classes,
            "rows": [
                Row(
                    INDENT * depth + channel.name,
                    [_cell(chains, channel.pk, kind) for kind in kinds],
                )
                for depth, channel in Tree(Channel.objects.all()).walk()
            ],
        }
        return TemplateResponse(request, "admin/chains/table.html", context)


def _cell(chains: Chains, channel: int, content_class: int | None) -> Cell:
    chain = chains.of(channel, content_class)
    is_own = chain is not None and (chain.channel_id, chain.content_class_id) == (
        channel,
        content_class,
    )
    return Cell(chain, is_own)
