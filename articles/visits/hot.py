"""The lists of hot stories: of a day, a week, a month, and decaying.

Views of readers who came from such a list do not count towards it: it would feed itself.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from django.db.models import F, Sum

from articles.models import ArticleViews, DailyViews, Edition
from articles.visits import heat

DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)


class Hot(StrEnum):
    """The lists by the words they have in addresses."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    LATELY = "lately"


PERIODS = {Hot.DAY: DAY, Hot.WEEK: WEEK, Hot.MONTH: MONTH}


def most_viewed(last: date, period: timedelta, count: int) -> list[int]:
    """Numbers of the articles viewed most in the days up to this one, the most viewed first.

    Views that still wait for a drain, a minute at most while people read, are not among them.
    """
    first = first_day(last, period)
    days = DailyViews.objects.filter(day__range=(first, last)).values("article_id")
    ranked = days.annotate(own=Sum(F("views") - F("from_hot"))).filter(own__gt=0)
    return list(ranked.order_by("-own", "-article_id").values_list("article_id", flat=True)[:count])


def hottest(count: int) -> list[int]:
    """Numbers of the articles read most lately; a view weighs half after two days."""
    rows = ArticleViews.objects.filter(heat__gt=heat.NONE).order_by("-heat", "-article_id")
    return list(rows.values_list("article_id", flat=True)[:count])


def first_day(last: date, period: timedelta) -> date:
    return last - period + timedelta(days=1)


def stories(wanted: Hot, today: date, count: int) -> list[Edition]:
    """What one of the lists shows readers now: live stories only, the hottest first.

    So many as were withdrawn or have expired of late may be missing at its end.
    """
    candidates = 3 * count
    if wanted == Hot.LATELY:
        ranked = hottest(candidates)
    else:
        ranked = most_viewed(today, PERIODS[wanted], candidates)
    live = Edition.objects.live().for_lists().in_bulk(ranked)
    return [live[pk] for pk in ranked if pk in live][:count]
