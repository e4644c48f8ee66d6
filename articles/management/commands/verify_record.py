"""Checks that no row of the record was changed, taken out or put in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import recording


class Command(BaseCommand):
    help = "Recalculates the record of moves; ends with 1 when a row does not fit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--expect",
            default="",
            metavar="DIGEST",
            help="a digest noted before, for instance on a review sheet: some row must have it",
        )

    def handle(self, *args: Any, expect: str, **options: Any) -> None:
        checked = recording.verify(expect.strip().lower())
        for fault in checked.faults:
            self.stdout.write(fault)
        self.stdout.write(f"{checked.rows} rows, the last one with digest {checked.digest or '–'}.")
        if checked.faults:
            raise CommandError(f"{len(checked.faults)} faults: the record was tampered with.")
        self.stdout.write("Every row is as it was written.")
