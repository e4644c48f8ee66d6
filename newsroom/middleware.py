"""What is refused or left out before any view sees it."""

from collections.abc import Callable
from urllib.parse import quote, unquote_to_bytes

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

# RFC 3986, 2.2 and 2.4: these stay as they are.
URL_CHARACTERS = "%:/?#[]@!$&'()*+,;=~"
Handler = Callable[[HttpRequest], HttpResponseBase]


def refuse_unstorable_text(get_response: Handler) -> Handler:
    """400 for NUL bytes and for addresses that are not UTF-8.

    PostgreSQL cannot store NUL and the stock admin answers 500 to either; no browser sends
    them by itself. What is posted does not come by here: form fields refuse NUL on their own
    (ProhibitNullCharactersValidator), and a view that reads a value without one checks it.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if not query.isascii():
            # Servers hand bytes on as Latin-1 (PEP 3333) or as text; Django reads the first only.
            request.META["QUERY_STRING"] = query = _escaped(query)
        if not _storable(query) or "\0" in request.path:
            return HttpResponse(
                _("This address holds characters that no page has."),
                status=400,
                content_type="text/plain; charset=utf-8",
            )
        return get_response(request)

    return middleware


def hide_cookies_from_public_pages(get_response: Handler) -> Handler:
    """Leaves the cookies out of what readers ask for, so that any proxy may keep the answer.

    Django answers a cookie it cannot read with another one, whatever the page. The view endpoint,
    which has a cookie of its own, is posted to.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method in ("GET", "HEAD") and not is_for_staff(request):
            request.COOKIES = {}
        return get_response(request)

    return middleware


def is_for_staff(request: HttpRequest) -> bool:
    """Whether it asks for something below the admin, be it there or not."""
    return request.path.startswith(reverse("admin:index"))


def _escaped(query: str) -> str:
    try:
        return quote(query.encode("latin-1"), safe=URL_CHARACTERS)
    except UnicodeEncodeError:
        return quote(query, safe=URL_CHARACTERS)


def _storable(query: str) -> bool:
    if "%" not in query:
        return "\0" not in query
    raw = unquote_to_bytes(query)
    if b"\0" in raw:
        return False
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
