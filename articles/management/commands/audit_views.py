"""Recounts the views of the last 35 days from the ledger and compares them with what is shown."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.visits import audit


class Command(BaseCommand):
    help = "Recounts each of the last 35 days from the ledger; ends with 1 when a figure differs."

    def handle(self, *args: Any, **options: Any) -> None:
        days = audit.days_to_audit(timezone.localdate())
        found = [difference for day in days for difference in audit.recount(day)]
        found += audit.recount_totals()
        for difference in found:
            self.stdout.write(
                f"article {difference.article_id}, {difference.day or 'all days'}: "
                f"counted {difference.counted}, shown {difference.shown}"
            )
        if found:
            raise CommandError(f"{len(found)} figures differ from what was counted.")
        self.stdout.write(f"{len(days)} days recounted: every figure is as it was counted.")
