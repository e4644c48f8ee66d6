"""The pages of misfortune, in the dress of the portal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.portal.pages import channel_tree, fresh


@fresh
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", {"channels": channel_tree().children()}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database: it may be what is broken."""
    return render(request, "500.html", status=500)
