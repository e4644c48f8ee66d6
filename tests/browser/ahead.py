"""The site with one page more, whose browser prepares a story before it is opened."""

from __future__ import annotations

from threading import Event

from csp.decorators import csp_exempt
from django.http import HttpRequest, HttpResponse
from django.urls import path

from newsroom.urls import urlpatterns as of_the_site

may_open = Event()
PATIENCE = 30  # seconds

PAGE = """<!doctype html><title>Ahead</title>
<script type="speculationrules">
{{"prerender": [{{"urls": ["{address}"], "eagerness": "immediate"}}]}}
</script>
<script>fetch("/may-open/").then(() => {{ location.href = "{address}"; }});</script>"""


@csp_exempt()  # type: ignore[arg-type]
def ahead(request: HttpRequest, article_id: int) -> HttpResponse:
    return HttpResponse(PAGE.format(address=f"/articles/{article_id}/"))


def wait(request: HttpRequest) -> HttpResponse:
    may_open.wait(PATIENCE)
    return HttpResponse()


urlpatterns = [path("ahead/<int:article_id>/", ahead), path("may-open/", wait), *of_the_site]
