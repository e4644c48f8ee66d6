"""Moves counted views from the inbox into the sums."""

from typing import Any

from django.core.management.base import BaseCommand

from articles.visits import draining


class Command(BaseCommand):
    help = "Moves counted views from the inbox into totals and days. Safe to run at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{draining.drain()} rows of the inbox drained")
