"""Where the site is found from outside: addresses with scheme and host."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

_TAG = re.compile(r"<[^<>]+>")
_ADDRESS = re.compile(r' (?P<name>src|href|poster|srcset)="(?P<value>[^"]*)"')


def origin(request: HttpRequest) -> str:
    """SITE_ADDRESS, else what the request was sent to; without a slash at its end."""
    return settings.SITE_ADDRESS or f"{request.scheme}://{request.get_host()}"


def host(request: HttpRequest) -> str:
    return urlsplit(origin(request)).netloc


def absolute(request: HttpRequest, address: str) -> str:
    """The address as it is used elsewhere; one that has a host already stays as it is."""
    return origin(request) + address if address.startswith("/") else address


def absolute_html(request: HttpRequest, html: str) -> str:
    """Printed HTML whose pictures, films and links are found from anywhere."""

    def in_tag(tag: re.Match[str]) -> str:
        return _ADDRESS.sub(in_attribute, tag[0])

    def in_attribute(found: re.Match[str]) -> str:
        value = found["value"]
        if found["name"] == "srcset":
            value = absolute_set(request, value)
        elif value.startswith("/"):
            value = absolute(request, value)
        return f' {found["name"]}="{value}"'

    return _TAG.sub(in_tag, html)


def absolute_set(request: HttpRequest, source_set: str) -> str:
    """The same for what stands in `srcset`."""
    return ", ".join(absolute(request, source) for source in source_set.split(", ") if source)
