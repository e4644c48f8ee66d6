"""What Django loads at start."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

DESKS = (
    "article",
    "appointment",
    "channel",
    "content_class",
    "department",
    "grey_period",
    "people",
    "placement",
    "point_rule",
    "review_chain",
    "search_miss",
    "series",
    "site_link",
    "story_template",
    "tag",
    "topic",
    "topic_parts",
    "transition",
    "view_hold",
    "known_network",
    "suspicion",
)


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        for desk in DESKS:
            import_module(f"articles.admin.{desk}")
        import_module("articles.freshness").watch()
        import_module("articles.portal.kept_pages.warming").watch()
        import_module("articles.listing.keeping").watch(self)
        import_module("articles.searching.watching").watch(self)
        import_module("articles.statistics.facts").watch(self)
