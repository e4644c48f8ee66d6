"""What is refused before any view sees it."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

Handler = Callable[[HttpRequest], HttpResponseBase]


def refuse_unstorable_text(get_response: Handler) -> Handler:
    """400 for NUL bytes and for addresses that are not UTF-8.

    PostgreSQL cannot store NUL and the stock admin answers 500 to either; no browser sends
    them by itself. Form fields refuse NUL on their own (ProhibitNullCharactersValidator).
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not _storable(request.META.get("QUERY_STRING", "")) or "\0" in request.path:
            return HttpResponse(
                _("This address holds characters that no page has."),
                status=400,
                content_type="text/plain; charset=utf-8",
            )
        return get_response(request)

    return middleware


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
