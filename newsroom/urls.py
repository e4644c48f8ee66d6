"""Addresses: readers at the root, in English under /en/, staff under /admin/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from articles.urls import in_each_language

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("articles.urls")),
    *i18n_patterns(*in_each_language, prefix_default_language=False),
]

handler404 = "newsroom.errors.not_found"
handler500 = "articles.portal.errors.server_error"
