"""The language of a page stands in its address: /en/… is English, all others are Chinese.

Neither a cookie nor Accept-Language decides, so that any proxy may keep any page, and a link
that is handed on shows what its sender saw.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, override

Handler = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True)
class Version:
    """A page in one of the languages."""

    code: str
    name: str
    address: str

    @property
    def tag(self) -> str:
        """The language as HTML and feeds name it: zh-Hans, en."""
        return tag_of(self.code)

    @property
    def is_here(self) -> bool:
        return self.code == get_language()


def tag_of(code: str) -> str:
    language, dash, script = code.partition("-")
    return language + dash + script.capitalize()


def choose_by_address(get_response: Handler) -> Handler:
    """A middleware that stands above everything that says something."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with override(language_of(request.path_info)):
            return get_response(request)

    return middleware


def language_of(path: str) -> str:
    first = path[1:].partition("/")[0]
    is_known = first != settings.LANGUAGE_CODE and first in dict(settings.LANGUAGES)
    return first if is_known else settings.LANGUAGE_CODE


def versions(request: HttpRequest) -> list[Version]:
    """The page that was asked for in each language; none for what has one address for all."""
    match = request.resolver_match
    if match is None:
        return []
    try:
        found = versions_of(match.view_name, match.args, match.kwargs, _query(request))
    except NoReverseMatch:
        return []
    return found if len({version.address for version in found}) > 1 else []


def versions_of(
    view_name: str, args: Sequence[Any], kwargs: dict[str, Any] | None = None, query: str = ""
) -> list[Version]:
    """A page of this name in each language."""
    found = []
    for code, name in settings.LANGUAGES:
        with override(code):
            path = reverse(view_name, args=args, kwargs=kwargs)
        found.append(Version(code, name, path + query))
    return found


def _query(request: HttpRequest) -> str:
    """The query string; of a page that is kept for others, too, only what the page reads."""
    read: tuple[str, ...] = getattr(request, "parameters_read", tuple(request.GET))
    given = {name: request.GET[name] for name in read if name in request.GET}
    return f"?{urlencode(given)}" if given else ""
