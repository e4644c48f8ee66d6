"""What Django loads at start."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

DESKS = ("article", "channel", "department", "people", "story_template", "tag")


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        for desk in DESKS:
            import_module(f"articles.admin.{desk}")
