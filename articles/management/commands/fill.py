"""Fills the newsroom with synthetic published articles, for benchmarks."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from articles import filling


class Command(BaseCommand):
    help = "Adds synthetic published articles of about 2,000 Chinese characters with 4 pictures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--articles", type=int, required=True, help="how many to add")

        parser.add_argument(
            "--fast", action="store_true", help="one short paragraph, no pictures in the text"
        )

    def handle(self, *args: Any, articles: int, fast: bool = False, **options: Any) -> None:
        for done in filling.fill(articles, now=timezone.now(), fast=fast):
            self.stdout.write(f"{done} articles", ending="\r")
        self.stdout.write(f"{articles} articles added")
