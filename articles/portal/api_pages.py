"""The read API and the feeds, described: a page for people, a document for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from articles.portal import api_document, feeds
from articles.portal.api_answers import answer, public
from articles.portal.kept_pages import kept
from articles.portal.pages import channel_tree, fresh
from newsroom import site


@public()
def document(request: HttpRequest) -> HttpResponse:
    return answer(_document(request))


@require_safe
@kept()
@fresh
def guide(request: HttpRequest) -> HttpResponse:
    described = _document(request)
    channels = channel_tree()
    context = {
        "channels": channels.children(),
        "server": _server(request),
        "info": described["info"],
        "operations": [
            (path, paths["get"] | {"shape": _shape(described, paths["get"])})
            for path, paths in described["paths"].items()
        ],
        "feeds": [(name, reverse("feed", args=[name])) for name in feeds.FORMATS],
        "example": next(iter(channels.children()), None),
        "formats": list(feeds.FORMATS),
    }
    return render(request, "articles/api.html", context)


def _document(request: HttpRequest) -> dict[str, Any]:
    return api_document.document(_server(request), get_language() or "")


def _server(request: HttpRequest) -> str:
    return site.absolute(request, reverse("api_stories").removesuffix("/stories/"))


def _shape(described: dict[str, Any], operation: dict[str, Any]) -> list[tuple[str, str]]:
    """(member, what it is) of an answer."""
    answered = operation["responses"]["200"]["content"]["application/json"]["schema"]
    properties = _found(described, answered)["properties"]
    return [(name, _kind(schema)) for name, schema in properties.items()]


def _found(described: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    schemas: dict[str, dict[str, Any]] = described["components"]["schemas"]
    return schemas[schema["$ref"].rpartition("/")[2]]


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a word: string, date-time, [Story], Picture | null."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "oneOf" in schema:
        return " | ".join(_kind(each) for each in schema["oneOf"])
    if schema["type"] == "array":
        return f"[{_kind(schema['items'])}]"
    return str(schema.get("format", schema["type"]))
