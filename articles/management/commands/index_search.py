"""Writes the search index anew. Results are right without it; it makes a large index compact."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from articles.searching import indexing, opensearch


class Command(BaseCommand):
    help = "Writes all search entries anew, on the search server too where SEARCH_URL names one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--send", action="store_true", help="only tell the search server what waits"
        )

    def handle(self, *args: Any, send: bool, **options: Any) -> None:
        if send:
            self.stdout.write(f"{opensearch.send()} stories sent")
            return
        done = 0
        if opensearch.is_used():
            opensearch.begin_anew()
        for done in indexing.rebuild():
            self.stdout.write(f"{done} stories", ending="\r")
        self.stdout.write(f"{done} stories indexed")
