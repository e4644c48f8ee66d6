"""The desk for topics: one form for its words, one page that arranges what it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from articles import placing
from articles.admin import ordering
from articles.admin.article_preview import may_be_framed
from articles.admin.base import SafeModelAdmin, is_number
from articles.admin.seen import SeenRows
from articles.admin.topic_form import TopicForm
from articles.models import Channel, Edition, SectionStory, Topic, TopicMaterial, TopicSection
from articles.models.tree import Tree
from articles.topics import arranging, composing

LONGEST_SEARCH = 100
# What a page of the desk shows of the stories a rule finds.
FOUND_SHOWN = 10


@dataclass(frozen=True)
class SectionLines:
    """A section as the desk shows it: chosen stories in order, or what its rule finds now.

    `gaps` are the chosen stories readers do not see now.
    """

    section: TopicSection
    chosen: list[SectionStory]
    gaps: set[int]
    found: list[Edition]
    count: int
    is_cut: bool


@admin.register(Topic)
class TopicAdmin(SeenRows, SafeModelAdmin):
    form = TopicForm
    list_display = ("title", "slug", "starts_at", "ends_at")
    search_fields = ("title", "slug")
    change_form_template = "admin/topics/topic.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("arrange/", self.arrange, "arrange"),
            ("page/", self.page, "page"),
            ("order/", self.order, "order"),
            ("choose/", self.choose, "choose"),
            ("take-out/<int:story_id>/", self.take_out, "take_out"),
            ("add-file/", self.add_file, "add_file"),
        ]
        return [
            path(f"<int:topic_id>/{address}", wrap(view), name=f"articles_topic_{name}")
            for address, view, name in own
        ] + super().get_urls()

    # The page that arranges it -----------------------------------------------------------

    @method_decorator(require_safe)
    def arrange(self, request: HttpRequest, topic_id: int) -> HttpResponse:
        """Sections and materials beside the topic as readers get it; `q` looks for stories."""
        topic = self._topic(request, topic_id, may_change=False)
        words = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
        lines = section_lines(topic)
        may_change = self.has_change_permission(request)
        context = {
            **self.admin_site.each_context(request),
            "title": str(topic),
            "opts": self.opts,
            "topic": topic,
            "is_readable": topic.is_readable(),
            "lines": lines,
            "by_hand": [line.section for line in lines if not line.section.is_by_rule],
            "materials": topic.materials.select_related("attachment"),
            "files": arranging.files_offered(topic) if may_change else [],
            "series": topic.series.all(),
            "words": words,
            "found": placing.stories_with(words) if words else [],
            "may_change": may_change,
        }
        return TemplateResponse(request, "admin/topics/arrange.html", context)

    @method_decorator([require_safe, may_be_framed, xframe_options_sameorigin])
    def page(self, request: HttpRequest, topic_id: int) -> HttpResponse:
        """The topic as readers get it now, or would if it were open."""
        topic = self._topic(request, topic_id, may_change=False)
        channels = Tree(Channel.objects.all())
        context = {"channels": channels.children(), "shown": composing.compose(topic)}
        response = render(request, "articles/topic_preview.html", context)
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    # Changes -----------------------------------------------------------------------------

    @method_decorator([require_POST, transaction.atomic])
    def order(self, request: HttpRequest, topic_id: int) -> HttpResponse:
        """Puts `rows` of the topic (sections, materials, or stories of `section`) in order."""
        topic = self._topic(request, topic_id)
        arranging.reorder(_rows(topic, request), ordering.in_order(request))
        self.log_change(request, topic, _("Put in another order"))
        if not request.accepts("text/html"):
            return HttpResponse(status=204)
        self.message_user(request, _("The order is kept. Readers see it now."))
        return HttpResponseRedirect(arrange_url(topic))

    @method_decorator([require_POST, transaction.atomic])
    def choose(self, request: HttpRequest, topic_id: int) -> HttpResponse:
        """Puts the story `edition` into `section`."""
        topic = self._topic(request, topic_id)
        section = get_object_or_404(
            topic.sections.filter(feed=TopicSection.Feed.HAND), pk=_number(request, "section")
        )
        stories = Edition.objects.filter(withdrawn_at=None).for_lists()
        edition = get_object_or_404(stories, pk=_number(request, "edition"))
        names = {"title": edition.title, "section": section.title}
        if arranging.choose(section, edition):
            self.log_change(request, topic, _("Put “%(title)s” into “%(section)s”") % names)
            self.message_user(request, _("“%(title)s” is in “%(section)s” now.") % names)
        else:
            self.message_user(
                request,
                _("“%(section)s” has this story already, or holds 100 already.") % names,
                "warning",
            )
        return HttpResponseRedirect(arrange_url(topic))

    @method_decorator([require_POST, transaction.atomic])
    def take_out(self, request: HttpRequest, topic_id: int, story_id: int) -> HttpResponse:
        topic = self._topic(request, topic_id)
        rows = SectionStory.objects.select_related("edition").defer(
            "edition__body", "edition__plain_text"
        )
        row = rows.filter(section__topic=topic, pk=story_id).first()
        if row is None:
            self.message_user(request, _("It is gone already."))
            return HttpResponseRedirect(arrange_url(topic))
        row.delete()
        title = {"title": str(row)}
        self.log_change(request, topic, _("Took “%(title)s” out") % title)
        self.message_user(request, _("“%(title)s” is out of the section.") % title)
        return HttpResponseRedirect(arrange_url(topic))

    @method_decorator([require_POST, transaction.atomic])
    def add_file(self, request: HttpRequest, topic_id: int) -> HttpResponse:
        """Makes the file `attachment` of one of its stories a material."""
        topic = self._topic(request, topic_id)
        number = _number(request, "attachment")
        if topic.materials.filter(attachment=number).exists():
            self.message_user(request, _("It is among the materials already."))
            return HttpResponseRedirect(arrange_url(topic))
        file = next((row for row in arranging.files_offered(topic) if row["id"] == number), None)
        if file is None:
            raise Http404
        arranging.append(TopicMaterial(topic=topic, title=file["title"], attachment_id=file["id"]))
        title = {"title": file["title"]}
        self.log_change(request, topic, _("Added the material “%(title)s”") % title)
        self.message_user(request, _("“%(title)s” is among the materials now.") % title)
        return HttpResponseRedirect(arrange_url(topic))

    def _topic(self, request: HttpRequest, topic_id: int, *, may_change: bool = True) -> Topic:
        """The topic; whoever is going to change what it holds waits for others who do."""
        may = self.has_change_permission if may_change else self.has_view_or_change_permission
        if not may(request):
            raise PermissionDenied
        rows = self.get_queryset(request)
        return get_object_or_404(
            rows.select_for_update(of=("self",)) if may_change else rows, pk=topic_id
        )

    # The form ----------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        rows: QuerySet[Topic] = super().get_queryset(request)
        return rows.select_related("banner")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields for a banner are no columns: only who may change sees them."""
        own = ["upload", "without_banner"] if getattr(obj, "banner", None) else ["upload"]
        may_change = self.has_change_permission(request) or obj is None
        return [
            *("title", "slug", "introduction"),
            *(own if may_change else ()),
            *("starts_at", "ends_at"),
        ]

    def save_model(self, request: HttpRequest, obj: Topic, form: Any, change: bool) -> None:
        arranging.keep(
            obj,
            banner=form.cleaned_data.get("upload"),
            without_banner=form.cleaned_data.get("without_banner", False),
        )

    def delete_model(self, request: HttpRequest, obj: Topic) -> None:
        arranging.remove(obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What belongs to a topic goes with it: whoever may delete one needs no other right."""
        names, counts, _missing, protected = super().get_deleted_objects(objs, request)
        return names, counts, set(), protected

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def response_post_save_add(self, request: HttpRequest, obj: Topic) -> HttpResponseRedirect:
        return HttpResponseRedirect(arrange_url(obj))

    def response_post_save_change(self, request: HttpRequest, obj: Topic) -> HttpResponseRedirect:
        return HttpResponseRedirect(arrange_url(obj))


def arrange_url(topic: Topic) -> str:
    return reverse("admin:articles_topic_arrange", args=[topic.pk])


def _number(request: HttpRequest, name: str) -> int:
    """A number of the form; 0, which no row has, for anything else."""
    typed = request.POST.get(name, "")
    return int(typed) if is_number(typed) else 0


def _rows(topic: Topic, request: HttpRequest) -> QuerySet[Any]:
    """What of a topic is put in order; raises Http404 for what cannot be."""
    kind = request.POST.get("rows", "")
    if kind == "sections":
        return cast(QuerySet[Any], topic.sections.all())
    if kind == "materials":
        return cast(QuerySet[Any], topic.materials.all())
    if kind != "stories":
        raise Http404
    section = get_object_or_404(topic.sections.all(), pk=_number(request, "section"))
    return cast(QuerySet[Any], section.chosen.all())


def section_lines(topic: Topic) -> list[SectionLines]:
    """All sections of a topic, in the same few queries however many."""
    now = timezone.now()
    sections = list(topic.sections.select_related("channel", "unit"))
    found = composing.stories_of(topic, sections, now)
    first = {
        row.pk: [story.article_id for story in found[row.pk][:FOUND_SHOWN]] for row in sections
    }
    editions = Edition.objects.filter(pk__in={pk for row in first.values() for pk in row})
    by_pk = {edition.pk: edition for edition in editions.for_lists()}
    stories = SectionStory.objects.filter(section__topic=topic).select_related("edition")
    chosen = list(stories.defer("edition__body", "edition__plain_text"))
    return [
        SectionLines(
            section,
            [row for row in chosen if row.section_id == section.pk],
            {row.pk for row in chosen if not row.edition.is_live(now)},
            [by_pk[pk] for pk in first[section.pk]] if section.is_by_rule else [],
            len(found[section.pk]),
            len(found[section.pk]) >= composing.rules.MOST_FOUND,
        )
        for section in sections
    ]
