"""The project's addresses and the reference: a view that returns a constant.

It passes through the same middleware in the same workers as every page it is compared with. The
constant is the worker's process number, so that the client can tell the workers apart.
"""

import os
import secrets

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import path, resolve
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from articles import publishing
from articles.models import Article
from benchmarks import naive
from newsroom.urls import handler404, handler500
from newsroom.urls import urlpatterns as of_project

CONSTANT = str(os.getpid())
__all__ = ["handler404", "handler500", "urlpatterns"]


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(CONSTANT)


def first(request: HttpRequest, address: str) -> HttpResponse:
    """A page as the first reader after a publication gets it: no kept one is of this generation."""
    request._generation = secrets.randbits(62)  # type: ignore[attr-defined]
    view, arguments, named = resolve(f"/{address}")
    return view(request, *arguments, **named)


@csrf_exempt
def counter(request: HttpRequest, article_id: int) -> HttpResponse:
    """A view, counted in the obvious way; `measures/hot_article.py` makes the tables."""
    naive.count(article_id, request.POST["key"])
    return HttpResponse("counted")


@csrf_exempt
def publish(request: HttpRequest, article_id: int) -> HttpResponse:
    """Publishes a story again, as somebody who may do everything would."""
    chief, _created = User.objects.get_or_create(username="chief", is_superuser=True)
    # With a moment, since what readers have already is not published twice.
    publishing.publish(Article.objects.get(pk=article_id), by=chief, at=timezone.now())
    return HttpResponse("published")


urlpatterns = [
    path("publish/<int:article_id>/", publish),
    path("bare/", bare),
    path("naive/<int:article_id>/", counter),
    path("first/", first, {"address": ""}),
    path("first/<path:address>", first),
    *of_project,
]
