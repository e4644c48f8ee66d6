"""Makes the public pictures of all live stories again."""

from typing import Any

from django.core.management.base import BaseCommand

from articles import exposing


class Command(BaseCommand):
    help = "Makes renditions and public pictures of all live stories again, after a restore."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{exposing.expose_all()} stories exposed")
