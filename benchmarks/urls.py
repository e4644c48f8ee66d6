"""The project's addresses and the reference: a view that returns a constant.

It passes through the same middleware in the same workers as every page it is compared with. The
constant is the worker's process number, so that the client can tell the workers apart.
"""

import os

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from newsroom.urls import handler404, handler500

CONSTANT = str(os.getpid())
__all__ = ["handler404", "handler500", "urlpatterns"]


@csrf_exempt
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(CONSTANT)


urlpatterns = [
    path("bare/", bare),
    path("", include("newsroom.urls")),
]
