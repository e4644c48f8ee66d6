"""The salts of days: without them a hash of yesterday's tells nothing. Destroyed after 48 hours."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from articles.models import DaySalt
from articles.visits import clock

LIFE = timedelta(hours=48)

# Of today, and of yesterday around midnight.
_known: dict[date, bytes] = {}


def of(day: date) -> bytes:
    """The salt of a day, made when first needed; all processes share it."""
    known = _known.get(day)
    if known is None:
        salt, _created = DaySalt.objects.get_or_create(
            day=day, defaults={"salt": secrets.token_bytes(32)}
        )
        _known.clear()
        known = _known[day] = bytes(salt.salt)
    return known


def forget() -> None:
    """They are read again from the database."""
    _known.clear()


def destroy_old(now: datetime) -> int:
    """Deletes salts older than 48 hours; returns how many."""
    oldest_kept = clock.day_of(now - LIFE)
    return DaySalt.objects.filter(day__lt=oldest_kept).delete()[0]
