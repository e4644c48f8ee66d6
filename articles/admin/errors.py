"""The page of misfortune at the desk."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def not_found(request: HttpRequest) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": _("Not found")}
    return render(request, "admin/404.html", context, status=404)
