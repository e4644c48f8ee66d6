"""A leader without an account reads a story and decides, by a link: no cookie, nothing counted.

GET shows and changes nothing, for chat programs and mail scanners open links by themselves; only
a POST decides. It carries no CSRF token, which needs a cookie: what such a token guards against is
a browser that adds its owner's rights to another site's request by itself, and here nothing is
added. The only right stands in the address, and whoever knows that needs no other's browser. The
browser's word on where a request comes from (`beacon`) is no help either: this page hands on no
referrer, which turns it into nothing.

Tokens are signed, see `inviting`: 256 bits make trying them out hopeless, whatever the speed.
Whatever is wrong with one, the answer is one and the same: whoever tries learns nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles import inviting, previewing, reviewing, workflow
from articles.models import ReviewLink
from articles.models.people import display_name
from articles.portal import previews
from articles.portal.beacon import is_prefetch
from articles.portal.pages import channel_tree
from newsroom.addresses import client_address

# What is typed is sent again with the page; more is no reason but an attack.
LONGEST_TYPED = 2_000
View = Callable[..., HttpResponseBase | None]


def _by_link(view: View) -> Callable[..., HttpResponseBase]:
    """Calls the view with the open link of the token; nobody keeps, indexes or hands on."""

    @require_safe
    @wraps(view)
    def wrapper(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        link = inviting.open_link(token)
        response = view(request, link, token, **kwargs) if link else None
        return previews.private(response or _gone(request, token))

    return wrapper


def _gone(request: HttpRequest, token: str) -> HttpResponse:
    context = {
        "channels": channel_tree().children(),
        "reason": request.POST.get("reason", "").strip()[:LONGEST_TYPED],
        "decided": inviting.decided_by(token),
    }
    return render(request, "articles/review_gone.html", context, status=404)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, token: str) -> HttpResponseBase:
    """GET: the story as it waits to be decided on. POST: `decision`, `name` and `reason`."""
    answer = _decide(request, token) if request.method == "POST" else _show(request, token)
    return previews.private(answer)


def _show(request: HttpRequest, token: str, problems: tuple[str, ...] = ()) -> HttpResponse:
    link = inviting.open_link(token)
    if link is None:
        return _gone(request, token)
    if request.method == "GET" and not is_prefetch(request):
        inviting.note_opening(link)
    context = _page(link, token) | {
        "problems": problems,
        "name": request.POST.get("name", link.person)[:LONGEST_TYPED],
        "reason": request.POST.get("reason", "")[:LONGEST_TYPED],
        "longest_name": inviting.LONGEST_PERSON,
        "longest_reason": reviewing.LONGEST_REASON,
    }
    status = 422 if problems else 200
    return render(request, "articles/review.html", context, status=status)


def _page(link: ReviewLink, token: str) -> dict[str, Any]:
    """The story with nothing around it that leads away, and what the decision is about.

    Its text is locked while the link works: what is saved is the revision of the link.
    """
    page = previewing.saved_page(link.article, previews.addresses_beneath("review", token))
    return page | {
        "newer": None,
        "older": None,
        "related": [],
        "link": link,
        "stage": link.article.get_stage_display(),
        "invited_by": display_name(link.created_by),
    }


def _decide(request: HttpRequest, token: str) -> HttpResponse:
    typed = request.POST
    try:
        inviting.decide(
            token,
            {"approve": "approve", "return": "send back"}.get(typed.get("decision", ""), ""),
            name=typed.get("name", ""),
            reason=typed.get("reason", ""),
            address=client_address(request),
        )
    except inviting.LeadsNowhere:
        return _gone(request, token)
    except workflow.MoveRefused as refusal:
        return _show(request, token, tuple(refusal.reasons))
    return HttpResponseRedirect(reverse("review_done", args=[token]))


@require_safe
def done(request: HttpRequest, token: str) -> HttpResponseBase:
    """Thanks for what was decided by this link of late."""
    decided = inviting.decided_by(token)
    if decided is None:
        return previews.private(_gone(request, token))
    context = {"channels": channel_tree().children(), "decided": decided}
    return previews.private(render(request, "articles/review_done.html", context))


@_by_link
def picture(
    request: HttpRequest, link: ReviewLink, token: str, image_id: int, format_name: str
) -> HttpResponseBase | None:
    return previews.picture_of(link, image_id, format_name)


@_by_link
def video(
    request: HttpRequest, link: ReviewLink, token: str, video_id: int
) -> HttpResponseBase | None:
    return previews.video_of(request, link, video_id)


@_by_link
def file(
    request: HttpRequest, link: ReviewLink, token: str, attachment_id: int
) -> HttpResponseBase | None:
    return previews.file_of(request, link, attachment_id)
