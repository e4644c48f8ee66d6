"""What was searched for in vain, counted by day. Words and numbers only: nobody is recorded."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from articles.models import SearchMiss
from articles.searching.query import Query

LONGEST = 60
# Whoever sends nonsense fills no disk.
MOST_A_DAY = 2_000


def record(query: Query, day: date) -> None:
    """One more search for these words that found nothing."""
    phrase = " ".join(query.phrases)[:LONGEST].strip()
    today = SearchMiss.objects.filter(day=day)
    if today.filter(phrase=phrase).update(times=F("times") + 1):
        return
    if today.count() < MOST_A_DAY:
        SearchMiss.objects.bulk_create([SearchMiss(phrase=phrase, day=day)], ignore_conflicts=True)
