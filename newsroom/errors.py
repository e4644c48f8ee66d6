"""Which page says that there is nothing: the desk's to staff, the portal's to everybody else."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from articles.admin import errors as desk
from articles.portal import errors as portal
from newsroom.middleware import is_for_staff


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    # Only below the admin: asking who somebody is makes a page depend on a cookie.
    if is_for_staff(request) and _is_staff(request):
        return desk.not_found(request)
    return portal.not_found(request, exception)


def _is_staff(request: HttpRequest) -> bool:
    # What is refused before the log-in is known has no user yet.
    return hasattr(request, "user") and admin.site.has_permission(request)
