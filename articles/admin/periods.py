"""When views came: by minute or by hour, for a chart and its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

# A crowd of minutes is shown minute by minute, a longer one hour by hour.
SHOWN_BY_MINUTE = timedelta(hours=2)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def per_period(minutes: Sequence[tuple[datetime, int]]) -> list[tuple[str, int]]:
    """(minute or hour, how many came), the empty ones too."""
    if minutes and minutes[-1][0] - minutes[0][0] > SHOWN_BY_MINUTE:
        return per_hour(minutes)
    return _without_gaps({timezone.localtime(minute): n for minute, n in minutes}, MINUTE)


def per_hour(minutes: Sequence[tuple[datetime, int]]) -> list[tuple[str, int]]:
    """(hour, how many came), from the first to the last."""
    hours: Counter[datetime] = Counter()
    for minute, n in minutes:
        hours[timezone.localtime(minute).replace(minute=0)] += n
    return _without_gaps(hours, HOUR)


def _without_gaps(counted: Mapping[datetime, int], period: timedelta) -> list[tuple[str, int]]:
    if not counted:
        return []
    first, last = min(counted), max(counted)
    moments = [first + number * period for number in range((last - first) // period + 1)]
    return [(f"{moment:%H:%M}", counted.get(moment, 0)) for moment in moments]
