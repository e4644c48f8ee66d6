"""The view endpoint: a page tells that it is being read, the answer is the live number.

A POST beacon, never a side effect of GET (RFC 9110, 9.2.1), so that pages stay cacheable. No
CSRF token, which would expire in a cached page; the browser's own word on where the request
comes from is checked instead.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from articles.models import Outcome
from articles.visits import draining, figures, ledger, recognition, salts
from articles.visits.figures import Sight
from articles.visits.ledger import Beacon
from articles.visits.recognition import Visit
from articles.visits.robots import is_robot
from newsroom.addresses import client_address

logger = logging.getLogger(__name__)

COOKIE = "visit"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# Asks for a figure, and has seen nothing.
NOBODY = Visit("", EPOCH, EPOCH)
PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


@csrf_exempt
@require_POST
def view(request: HttpRequest, article_id: int) -> HttpResponse:
    """Counts this visit's reading of a live story; answers {"views": n}."""
    if not is_from_our_page(request):
        return HttpResponse(status=403)
    try:
        return _count(request, article_id)
    except DatabaseError:
        # The page keeps the number it was sent with; the next beacon of the visit counts.
        return HttpResponse(status=503)


def _count(request: HttpRequest, article_id: int) -> HttpResponse:
    now = timezone.now()
    reason = _not_a_reader(request)
    visit = None if reason else recognise(request, now)
    sight = figures.sight_of(article_id, visit or NOBODY, now)
    if sight is None:
        raise Http404
    from_hot = request.POST.get("via") == "hot"
    if visit:
        beacon = Beacon(article_id, visit, now, client_address(request), from_hot)
        outcome = ledger.receive(beacon, sight)
    else:
        outcome = ledger.tally(article_id, reason or Outcome.ROBOT, now)
    if draining.is_due(sight.waiting):
        _drain()
    answer = _number(_shown(article_id, sight, outcome))
    if visit is None:
        return answer
    if outcome in (Outcome.COUNTED, Outcome.HELD):
        visit = visit.remembering(is_held=outcome == Outcome.HELD)
    return _remember(request, answer, visit)


def _shown(article_id: int, sight: Sight, outcome: Outcome) -> int:
    """The figure with this look in it."""
    if outcome == Outcome.REPEAT and not sight.is_counted:
        # Another tab of the visit was quicker; its look was not seen yet, but is in the figure.
        return figures.views(article_id)
    return sight.views + (outcome == Outcome.COUNTED)


def _not_a_reader(request: HttpRequest) -> Outcome | None:
    """Why nobody is reading, by what the browser says of itself and of whom."""
    if is_prefetch(request):
        return Outcome.PREFETCH
    if is_robot(request.headers.get("User-Agent", "")):
        return Outcome.ROBOT
    if not settings.COUNT_STAFF and _is_logged_in(request) and request.user.is_staff:
        return Outcome.STAFF
    return None


def _is_logged_in(request: HttpRequest) -> bool:
    """Without a session's cookie nobody is asked for."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


def _drain() -> None:
    """Figures are right without it, so a failure must not cost the reader the answer."""
    try:
        draining.drain()
    except DatabaseError:
        logger.warning("The inbox of views could not be drained.", exc_info=True)


@csrf_exempt
@require_POST
def visit(request: HttpRequest) -> HttpResponse:
    """A sign of life from a page that is no story: the visit goes on, nothing is counted."""
    if not is_from_our_page(request):
        return HttpResponse(status=403)
    response = HttpResponse(status=204)
    if is_prefetch(request):
        return response
    try:
        return _remember(request, response, recognise(request, timezone.now()))
    except DatabaseError:
        return HttpResponse(status=503)


def is_from_our_page(request: HttpRequest) -> bool:
    """By Sec-Fetch-Site, else Origin, else Referer; without any of them: no."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    page = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        return urlsplit(page).netloc.casefold() == request.get_host().casefold()
    except ValueError:
        return False


def is_prefetch(request: HttpRequest) -> bool:
    """Whether the browser says that nobody is looking yet."""
    words = " ".join(request.headers.get(name, "") for name in PREFETCH_HEADERS).lower()
    return any(word in words for word in ("prefetch", "prerender", "preview"))


def recognise(request: HttpRequest, now: datetime) -> Visit:
    """The visit this request belongs to, in the order described in `recognition`."""
    known = recognition.from_cookie(request.COOKIES.get(COOKIE, ""))
    if known:
        return recognition.carry_on(known, now)
    keyed = recognition.by_key(request.POST.get("key", ""), now)
    if keyed:
        return keyed
    salt = salts.of(timezone.localdate(now))
    return recognition.by_traits(salt, _traits(request), now)


def _traits(request: HttpRequest) -> tuple[str, ...]:
    if _is_logged_in(request):
        return ("user", str(request.user.pk))
    headers = request.headers
    return (
        "browser",
        client_address(request),
        headers.get("User-Agent", ""),
        headers.get("Accept-Language", ""),
    )


def _number(views: int) -> JsonResponse:
    return JsonResponse({"views": views}, headers={"Cache-Control": "no-store"})


def _remember(request: HttpRequest, response: HttpResponse, visit: Visit) -> HttpResponse:
    response.set_cookie(
        COOKIE,
        recognition.to_cookie(visit),
        max_age=recognition.GAP,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response
