"""Days and hours where readers are.

As `timezone.localtime`, which asks each time whether the thread has a zone of its own and takes
five times as long: a view needs four of these.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone


def local(moment: datetime) -> datetime:
    return moment.astimezone(timezone.get_default_timezone())


def day_of(moment: datetime) -> date:
    return local(moment).date()
