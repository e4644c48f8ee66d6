"""The view endpoint: a page tells that it is being read, the answer is the live number.

A POST beacon, never a side effect of GET (RFC 9110, 9.2.1), so that pages stay cacheable. No
CSRF token, which would expire in a cached page; the browser's own word on where the request
comes from is checked instead.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from articles.models import Outcome
from articles.visits import clock, draining, ledger, recognition, salts
from articles.visits.ledger import Beacon
from articles.visits.recognition import Visit
from articles.visits.robots import is_robot
from newsroom.addresses import client_address

logger = logging.getLogger(__name__)

COOKIE = "visit"
# As the server hands them on; `request.headers` would read all there are.
PREFETCH_HEADERS = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
# The address named "view"; it has no second form.
ADDRESS = re.compile(r"/articles/([1-9][0-9]{0,17})/view/")
FORM = re.compile(rb"key=([0-9A-Za-z_-]{16,64})(?:&via=([a-z]+))?")
_draining = Lock()
Handler = Callable[[HttpRequest], HttpResponseBase]


def answer_beacons(get_response: Handler) -> Handler:
    """Answers before sessions, tokens and addresses are looked at; who may be logged in is asked
    for in the ordinary way.

    What adds a header to all answers stands above it in MIDDLEWARE.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        found = request.method == "POST" and ADDRESS.fullmatch(request.path_info)
        if not found or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return get_response(request)
        # Refuses hosts that are not ours.
        request.get_host()
        response = view(request, int(found[1]))
        response.headers["Content-Length"] = str(len(response.content))
        return response

    return middleware


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
    if visit:
        from_hot = _told(request)[1] == "hot"
        receipt = ledger.receive(Beacon(article_id, visit, now, client_address(request), from_hot))
    else:
        receipt = ledger.tally(article_id, reason or Outcome.ROBOT, now)
    if receipt is None:
        raise Http404
    if draining.is_due(receipt.waiting):
        _drain()
    answer = _number(receipt.views)
    if visit is None:
        return answer
    if receipt.outcome in (Outcome.COUNTED, Outcome.HELD):
        visit = visit.remembering(is_held=receipt.outcome == Outcome.HELD)
    return _remember(request, answer, visit)


def _not_a_reader(request: HttpRequest) -> Outcome | None:
    """Why nobody is reading, by what the browser says of itself and of whom."""
    if is_prefetch(request):
        return Outcome.PREFETCH
    if is_robot(request.META.get("HTTP_USER_AGENT", "")):
        return Outcome.ROBOT
    if not settings.COUNT_STAFF and _is_logged_in(request) and request.user.is_staff:
        return Outcome.STAFF
    return None


def _is_logged_in(request: HttpRequest) -> bool:
    """Without a session's cookie nobody is asked for."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


def _drain() -> None:
    """Figures are right without it, so a failure must not cost the reader the answer."""
    if not _draining.acquire(blocking=False):
        # Somebody else of this process does it just now.
        return
    try:
        draining.drain()
    except DatabaseError:
        logger.warning("The inbox of views could not be drained.", exc_info=True)
    finally:
        _draining.release()


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
    site = request.META.get("HTTP_SEC_FETCH_SITE")
    if site:
        return bool(site == "same-origin")
    page = request.META.get("HTTP_ORIGIN") or request.META.get("HTTP_REFERER", "")
    try:
        return urlsplit(page).netloc.casefold() == request.get_host().casefold()
    except ValueError:
        return False


def is_prefetch(request: HttpRequest) -> bool:
    """Whether the browser says that nobody is looking yet."""
    words = " ".join([request.META.get(name, "") for name in PREFETCH_HEADERS]).lower()
    return any(word in words for word in ("prefetch", "prerender", "preview"))


def recognise(request: HttpRequest, now: datetime) -> Visit:
    """The visit this request belongs to, in the order described in `recognition`."""
    known = recognition.from_cookie(request.COOKIES.get(COOKIE, ""))
    if known:
        return recognition.carry_on(known, now)
    keyed = recognition.by_key(_told(request)[0], now)
    if keyed:
        return keyed
    salt = salts.of(clock.day_of(now))
    return recognition.by_traits(salt, _traits(request), now)


def _told(request: HttpRequest) -> tuple[str, str]:
    """The key of the visit, and by which list the reader came; "" for what is not told."""
    is_form = request.META.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded")
    # What visit.js sends needs no unquoting, which takes longer than all the rest.
    if is_form and (found := FORM.fullmatch(request.body)):
        return found[1].decode(), (found[2] or b"").decode()
    return request.POST.get("key", ""), request.POST.get("via", "")


def _traits(request: HttpRequest) -> tuple[str, ...]:
    if _is_logged_in(request):
        return ("user", str(request.user.pk))
    headers = request.META
    return (
        "browser",
        client_address(request),
        headers.get("HTTP_USER_AGENT", ""),
        headers.get("HTTP_ACCEPT_LANGUAGE", ""),
    )


def _number(views: int) -> HttpResponse:
    return HttpResponse(
        f'{{"views": {views}}}',
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


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
