"""What was typed on the review page beside what was sent, kept over the way back to it."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest

from articles.models import Article

KEY = "typed on the review page"
NAMES = ("reason", "quote", "before", "words", "suggests", "replacement")


def keep(request: HttpRequest, article: Article, *names: str) -> None:
    """For the next time this person opens the page of this story; all of NAMES unless told."""
    found = {name: request.POST[name] for name in names or NAMES if request.POST.get(name)}
    if found:
        request.session[KEY] = {"article": article.pk, **found}


def take(request: HttpRequest, article: Article) -> Mapping[str, str]:
    """What was sent, or what was kept before."""
    if request.method == "POST":
        return request.POST
    if request.session.get(KEY, {}).get("article") == article.pk:
        found: Mapping[str, str] = request.session.pop(KEY)
        return found
    return {}


def is_comment(request: HttpRequest) -> bool:
    """Whether words for a comment were typed. A passage alone is what was last selected."""
    return "suggests" in request.POST or bool(request.POST.get("words", "").strip())
