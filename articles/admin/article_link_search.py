"""What the editor's link dialogue asks for: articles by words of their headline.

Attachments need no address: the form itself holds those of its story.
"""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.admin.numbers import number_in
from articles.models import Article, Edition

LINKS_OFFERED = 12
MOST_WORDS = 6
# Without words a person looks for something recent: read along the index, never sorted as a whole.
NEWEST = 2_000
# What a person may paste instead of words: the address of a story on this site.
ADDRESS = re.compile(r"/articles/([1-9][0-9]{0,17})/?$")


class ArticleLinkSearch(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "link-search/",
                self.admin_site.admin_view(search_links),
                name="articles_article_link_search",
            ),
        ]
        return own + super().get_urls()


@require_safe
def search_links(request: HttpRequest) -> JsonResponse:
    """Stories whose headline holds all the words of `q`; without words the newest.

    One's own published stories come first, then other published ones, then drafts. `not` is the
    story one writes in.
    """
    if not any(
        request.user.has_perm(f"articles.{name}_article") for name in ("view", "change", "add")
    ):
        raise PermissionDenied
    typed = request.GET.get("q", "").strip()[:200]
    found = _holding(Article.objects.visible_to(request.user), typed)
    if here := number_in(request.GET.get("not")):
        found = found.exclude(pk=here)
    if not typed:
        found = found.filter(pk__in=found.order_by("-updated_at", "-pk").values("pk")[:NEWEST])
    rank = Case(
        When(status=Article.Status.PUBLISHED, created_by=request.user.pk, then=Value(0)),
        When(status=Article.Status.PUBLISHED, then=Value(1)),
        default=Value(2),
    )
    rows = (
        found.select_related("channel", "edition")
        .defer("body", "summary", "edition__body", "edition__plain_text")
        .order_by(rank, "-updated_at", "-pk")[:LINKS_OFFERED]
    )
    return JsonResponse({"articles": [_line(article) for article in rows]})


def _holding(articles: QuerySet[Article], typed: str) -> QuerySet[Article]:
    if address := ADDRESS.search(typed):
        return articles.filter(pk=int(address[1]))
    for word in typed.split()[:MOST_WORDS]:
        articles = articles.filter(
            Q(title__icontains=word)
            | Q(kicker__icontains=word)
            | Q(subtitle__icontains=word)
            | Q(short_title__icontains=word)
        )
    return articles


def _line(article: Article) -> dict[str, Any]:
    edition: Edition | None = getattr(article, "edition", None)
    is_live = edition is not None and edition.is_live()
    when = edition.published_at if edition is not None and is_live else article.updated_at
    state = str(article.get_status_display())
    if article.is_published and not is_live:
        state = _("not online")
    return {
        "id": article.pk,
        "title": article.title,
        "url": article.get_absolute_url(),
        "channel": article.channel.name,
        "date": date_format(timezone.localtime(when), "Y-m-d"),
        "state": state,
        "is_live": is_live,
    }
