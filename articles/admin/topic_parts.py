"""What a topic holds: forms for one section and one material, reached from the topic's desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from articles.admin.base import TreeModelAdmin, is_number
from articles.admin.seen import SeenRows
from articles.admin.topic import FOUND_SHOWN, arrange_url
from articles.models import Edition, Topic, TopicMaterial, TopicSection
from articles.topics import arranging, rules

FIELDS_OF_RULE = ("channel", "unit", "tag", "since", "until")


class PartOfTopic(SeenRows, TreeModelAdmin):
    """Whoever may change topics may change what they hold. A new one names its `topic`."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("articles.change_topic")

    has_change_permission = has_delete_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Parts have no list of their own."""
        return HttpResponseRedirect(reverse("admin:articles_topic_changelist"))

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        topic = _topic_of(request)
        return super().add_view(request, form_url, {**(extra_context or {}), "topic": topic})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        context = {**(extra_context or {}), "topic": row.topic if row else None}
        return super().change_view(request, object_id, form_url, context)

    def twins(self, request: HttpRequest) -> QuerySet[Any]:
        """Another topic may have a section of the same name."""
        number = request.GET.get("topic", "")
        return super().twins(request).filter(topic__id=int(number) if is_number(number) else 0)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            obj.save(update_fields=form.changed_data or ["title"])
        else:
            obj.topic = _topic_of(request)
            arranging.append(obj)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(arrange_url(obj.topic))

    response_post_save_change = response_post_save_add

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Back to the desk of its topic once it is gone."""
        row = self.get_object(request, object_id)
        answer = super().delete_view(request, object_id, extra_context)
        is_gone = request.method == "POST" and answer.status_code == 302 and row
        return HttpResponseRedirect(arrange_url(row.topic)) if is_gone else answer

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Stories chosen for a section go with it, without a right of their own."""
        names, counts, _missing, protected = super().get_deleted_objects(objs, request)
        return names, counts, set(), protected


def _topic_of(request: HttpRequest) -> Topic:
    """The topic a new part is for."""
    number = request.GET.get("topic", "")
    topic = Topic.objects.filter(pk=int(number)).first() if is_number(number) else None
    if topic is None:
        raise Http404
    return topic


@admin.register(TopicSection)
class TopicSectionAdmin(PartOfTopic):
    fields = ("title", "feed", *FIELDS_OF_RULE, "shown")
    change_form_template = "admin/topics/section.html"

    def get_urls(self) -> list[URLPattern]:
        finds = path(
            "finds/", self.admin_site.admin_view(self.finds), name="articles_topicsection_finds"
        )
        return [finds, *super().get_urls()]

    @method_decorator(require_safe)
    def finds(self, request: HttpRequest) -> HttpResponse:
        """What the rule typed in the form finds now; nothing is kept."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = self.get_form(request, fields=FIELDS_OF_RULE)(
            request.GET, instance=TopicSection(feed=TopicSection.Feed.RULE, title="-")
        )
        now = timezone.now()
        found = rules.find([form.instance], now) if form.is_valid() else []
        shown = Edition.objects.filter(pk__in=[row.article_id for row in found[:FOUND_SHOWN]])
        context = {
            "problems": [each for errors in form.errors.values() for each in errors],
            "found": shown.newest_first().for_lists(),
            "count": len(found),
            "is_cut": len(found) >= rules.MOST_FOUND,
        }
        return TemplateResponse(request, "admin/topics/parts/finds.html", context)


@admin.register(TopicMaterial)
class TopicMaterialAdmin(PartOfTopic):
    change_form_template = "admin/topics/part.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A file has no address."""
        return ("title",) if obj and obj.attachment_id else ("title", "address")
