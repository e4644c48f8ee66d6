"""Takes away old deleted drafts, orphan uploads, old save receipts and old salts, and looks over
yesterday's views. For a daily timer."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles import sweeping
from articles.visits import suspicions


class Command(BaseCommand):
    help = (
        "Deletes drafts 30 days in the recycle bin, uploads no article used, receipts of old forms "
        "and salts older than 48 hours; then looks for yesterday's suspicious views."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweeping.sweep(timezone.now())
        self.stdout.write(
            f"{swept.binned} drafts, {swept.uploads} uploads, {swept.receipts} receipts, "
            f"{swept.salts} salts, {swept.views} ledger rows deleted"
        )
        suspicious = suspicions.write(timezone.localdate() - timedelta(days=1))
        self.stdout.write(f"{len(suspicious)} stories with suspicious views yesterday")
