"""Takes away orphan uploads, old save receipts and old salts. For a daily timer."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles import sweeping


class Command(BaseCommand):
    help = "Deletes uploads no article used, receipts of old forms and salts older than 48 hours."

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweeping.sweep(timezone.now())
        self.stdout.write(
            f"{swept.uploads} uploads, {swept.receipts} receipts, {swept.salts} salts, "
            f"{swept.views} ledger rows deleted"
        )
