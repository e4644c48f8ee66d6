"""Makes the public pictures of all live stories, placements and topics again."""

from typing import Any

from django.core.management.base import BaseCommand

from articles import exposing, placing
from articles.topics import arranging


class Command(BaseCommand):
    help = "Makes renditions and public pictures of all live stories again, after a restore."

    def handle(self, *args: Any, **options: Any) -> None:
        placing.expose_all()
        arranging.expose_all()
        self.stdout.write(f"{exposing.expose_all()} stories exposed")
