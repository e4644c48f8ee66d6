"""Addresses readers see. Staff addresses belong to the admin."""

import re

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from articles.portal import (
    api,
    api_pages,
    beacon,
    codes,
    downloads,
    feeds,
    hot,
    lists,
    media,
    pages,
    previews,
    privacy,
    reviews,
    search,
    sitemaps,
    topics,
)


class RowConverter:
    """The number of a row: no sign, no leading zero, small enough for every database."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class YearConverter(RowConverter):
    regex = "[12][0-9]{3}"


class MonthConverter(RowConverter):
    regex = "[1-9]|1[0-2]"


class FeedConverter(StringConverter):
    """The last part of the address of a feed."""

    regex = "|".join(map(re.escape, feeds.FORMATS))


register_converter(FeedConverter, "feed")
register_converter(RowConverter, "row")
register_converter(YearConverter, "year")
register_converter(MonthConverter, "month")

# Pages, and what is said about them: once for each language (newsroom/urls.py).
in_each_language = [
    path("", pages.home, name="home"),
    path("channels/<slug:slug>/", lists.channel, name="channel"),
    path("units/<row:unit_id>/", lists.unit, name="unit"),
    path("archive/", lists.archive, name="archive"),
    path("archive/<year:year>/", lists.archive, name="archive"),
    path("archive/<year:year>/<month:month>/", lists.archive, name="archive"),
    path("tags/<path:name>/", lists.tag, name="tag"),
    path("authors/<path:name>/", lists.author, name="author"),
    path("pictures/", lists.pictures, name="pictures"),
    path("hot/", hot.hot, name="hot"),
    path("topics/", topics.topics, name="topics"),
    path("topics/<slug:slug>/", topics.topic, name="topic"),
    path("search/", search.search, name="search"),
    path("articles/<row:article_id>/", pages.article, name="article"),
    path("articles/<row:article_id>/code.svg", codes.code, name="code"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("api/", api_pages.guide, name="api"),
    path("api/openapi.json", api_pages.document, name="api_document"),
    path("api/v1/stories/", api.stories, name="api_stories"),
    path("api/v1/stories/<row:article_id>/", api.story, name="api_story"),
    path("api/v1/search/", api.search, name="api_search"),
    path("api/v1/hot/", api.hot, name="api_hot"),
    path("api/v1/channels/", api.channels, name="api_channels"),
    path("api/v1/units/", api.units, name="api_units"),
    path("api/<path:rest>", api.nothing),
]

# What has one address, whatever the language of the page that names it.
urlpatterns = [
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-sections.xml", sitemaps.sections, name="sitemap_sections"),
    path("sitemap-news.xml", sitemaps.news, name="sitemap_news"),
    path("sitemap-stories-<row:number>.xml", sitemaps.stories, name="sitemap_stories"),
    path("<feed:format_name>", feeds.everything, name="feed"),
    path("channels/<slug:slug>/<feed:format_name>", feeds.channel, name="channel_feed"),
    path("units/<row:unit_id>/<feed:format_name>", feeds.unit, name="unit_feed"),
    path("topics/<slug:slug>/<feed:format_name>", feeds.topic, name="topic_feed"),
    path("search/missed/", search.missed, name="search_missed"),
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
    path("review/<str:token>/", reviews.review, name="review"),
    path("review/<str:token>/done/", reviews.done, name="review_done"),
    path(
        "review/<str:token>/picture/<row:image_id>/<slug:format_name>/",
        reviews.picture,
        name="review_picture",
    ),
    path("review/<str:token>/video/<row:video_id>/", reviews.video, name="review_video"),
    path("review/<str:token>/file/<row:attachment_id>/", reviews.file, name="review_file"),
    path("media/<path:name>", media.public_file, name="media"),
]
