"""Installs the demo newsroom and prints its log-ins."""

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles.demo import install


class Command(BaseCommand):
    help = "Installs an invented group's newsroom into an empty database and prints its log-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        password = settings.DEMO_PASSWORD or secrets.token_urlsafe(9)
        try:
            log_ins = install.install(password)
        except install.NotEmpty as error:
            raise CommandError(
                "This newsroom holds articles of its own; the demo is only for an empty one."
            ) from error
        self.stdout.write("Demo log-ins, all with the same password:")
        for log_in in log_ins:
            self.stdout.write(f"  {log_in.username:<8} {log_in.name} {log_in.role}")
        self.stdout.write(f"  password: {password}")
