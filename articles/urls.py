"""Addresses readers see. Staff addresses belong to the admin."""

from django.urls import path, register_converter

from articles.portal import beacon, media, pages


class RowConverter:
    """The number of a row: no sign, no leading zero, small enough for every database."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(RowConverter, "row")

urlpatterns = [
    path("", pages.home, name="home"),
    path("channels/<slug:slug>/", pages.channel, name="channel"),
    path("articles/<row:article_id>/", pages.article, name="article"),
    path("articles/<row:article_id>/view/", beacon.view, name="view"),
    path("visit/", beacon.visit, name="visit"),
    path("media/<path:name>", media.public_file, name="media"),
]
