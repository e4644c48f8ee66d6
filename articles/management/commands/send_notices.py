"""Reminds people of what is overdue, and mails the notices they wish to get by e-mail."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles import mailing, reminding


class Command(BaseCommand):
    help = (
        "Writes a notice for whoever lets a story wait too long, and sends by e-mail what people "
        "wish to get that way (EMAIL_URL). Safe to run at any time, for a timer every minute."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        reminded = reminding.remind(now)
        sent = mailing.send(now)
        self.stdout.write(
            f"{reminded} notices of overdue stories, {sent.messages} messages about "
            f"{sent.notices} notices sent"
        )
        if sent.failures:
            raise CommandError(f"{sent.failures} messages could not be sent; they stay to be sent.")
