"""The pages readers open. They set no cookie and touch no session: any proxy may keep them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles import attachments
from articles.models import Channel, Edition
from articles.models.tree import Tree
from articles.portal import front_page, listing
from articles.visits import ledger

# Without a word on caching browsers guess, and go on showing “withdrawn” for days. A proxy may
# keep a page, but has to ask.
fresh = cache_control(no_cache=True)


def channel_tree() -> Tree:
    return Tree(Channel.objects.all())


@require_safe
@fresh
def home(request: HttpRequest) -> HttpResponse:
    channels = channel_tree()
    context = {"channels": channels.children(), "front": front_page.compose(channels)}
    return render(request, "articles/home.html", context)


@require_safe
@fresh
def channel(request: HttpRequest, slug: str) -> HttpResponse:
    channels = channel_tree()
    row = next((row for row in channels.rows.values() if row.slug == slug), None)
    if row is None:
        raise Http404
    page = listing.page_of(
        Edition.objects.live().filter(channel__in=channels.ids_within(row.pk)),
        request.GET.get("page", "1"),
    )
    if page is None:
        raise Http404
    context = {
        "channels": channels.children(),
        "channel": row,
        "path": channels.path_to(row.pk),
        "beneath": channels.children(row.pk),
        "page": page,
        "page_numbers": page.paginator.get_elided_page_range(page.number, on_each_side=2),
    }
    return render(request, "articles/channel.html", context)


@require_safe
@fresh
def article(request: HttpRequest, article_id: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.select_related("channel"), pk=article_id)
    channels = channel_tree()
    context = {
        "channels": channels.children(),
        "path": channels.path_to(edition.channel_id),
        "edition": edition,
    }
    if edition.withdrawn_at:
        return render(request, "articles/withdrawn.html", context, status=410)
    if not edition.is_live():
        raise Http404
    edition.attachments = attachments.listed(edition)
    context |= {
        "views": ledger.views(article_id),
        "newer": Edition.objects.live().newer_in_channel(edition),
        "older": Edition.objects.live().older_in_channel(edition),
    }
    return render(request, "articles/article.html", context)
