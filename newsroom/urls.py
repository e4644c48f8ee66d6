"""Addresses: readers at the root, staff under /admin/."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("articles.urls")),
]

handler404 = "newsroom.errors.not_found"
handler500 = "articles.portal.errors.server_error"
