"""Looks for stories whose views of a day look made; `sweep` does so for yesterday."""

from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from articles.visits import suspicions


class Command(BaseCommand):
    help = (
        "Keeps the stories whose views of one day look made, with reasons, for the desk; run again "
        "for the same day it replaces those nobody looked into yet."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--day", type=date.fromisoformat, help="such as 2026-06-15; yesterday if left out"
        )

    def handle(self, *args: Any, day: date | None, **options: Any) -> None:
        day = day or timezone.localdate() - timedelta(days=1)
        found = suspicions.write(day)
        for row in found:
            reasons = " ".join(suspicions.words_of(row))
            self.stdout.write(f"article {row.article_id}, {row.views} views: {reasons}")
        self.stdout.write(f"{day}: {len(found)} with suspicious views")
