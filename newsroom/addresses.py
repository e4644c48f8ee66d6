"""Whose request this is, by network address.

Only what our own proxies write is believed. Each of PROXY_COUNT proxies appends the address it
was asked from to X-Forwarded-For, so the reader's is that many places from the right; all that
stands to its left was written by the reader. django-ipware was tried: it counts proxies in the
header, where one nginx leaves none, and without a count believes whatever is sent.
"""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The reader's address; the direct neighbour's when the proxies did not write one."""
    count = settings.PROXY_COUNT
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if count else []
    reader = hops[-count].strip() if 0 < count <= len(hops) else ""
    return reader if _is_address(reader) else request.META.get("REMOTE_ADDR", "")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
