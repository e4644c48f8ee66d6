"""Installs the demo newsroom and prints its log-ins."""

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.demo import install


class Command(BaseCommand):
    help = "Installs an invented group's newsroom into an empty database and prints its log-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where articles exist already"
        )

    def handle(self, *args: Any, if_empty: bool, **options: Any) -> None:
        password = settings.DEMO_PASSWORD or secrets.token_urlsafe(9)
        try:
            log_ins = install.install(password)
        except install.NotEmpty as error:
            if if_empty:
                self.stdout.write("This newsroom has articles of its own: no demo log-ins.")
                return
            raise CommandError(
                "This newsroom holds articles of its own; the demo is only for an empty one."
            ) from error
        self.stdout.write("Demo log-ins, all with the same password:")
        for log_in in log_ins:
            self.stdout.write(f"  {log_in.username:<10} {log_in.name} {log_in.role}")
        self.stdout.write(f"  password: {password}")
