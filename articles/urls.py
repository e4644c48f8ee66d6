"""Addresses readers see. Staff addresses belong to the admin."""

from django.urls import path, register_converter

from articles.portal import beacon, downloads, media, pages, previews


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
    path("attachments/<row:attachment_id>/", downloads.attachment, name="attachment"),
    path("preview/<str:token>/", previews.story, name="preview"),
    path(
        "preview/<str:token>/picture/<row:image_id>/<slug:format_name>/",
        previews.picture,
        name="preview_picture",
    ),
    path("preview/<str:token>/video/<row:video_id>/", previews.video, name="preview_video"),
    path("preview/<str:token>/file/<row:attachment_id>/", previews.file, name="preview_file"),
    path("media/<path:name>", media.public_file, name="media"),
]
