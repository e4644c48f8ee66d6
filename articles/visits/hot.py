"""The lists of hot stories: of a day, a week, a month, and decaying.

Views of readers who came from such a list do not count towards it: it would feed itself.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F, Sum

from articles.models import ArticleViews, DailyViews
from articles.visits import heat

DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)


def most_viewed(last: date, period: timedelta, count: int) -> list[int]:
    """Numbers of the articles viewed most in the days up to this one, the most viewed first.

    Views that still wait for a drain, a minute at most while people read, are not among them.
    """
    first = last - period + timedelta(days=1)
    days = DailyViews.objects.filter(day__range=(first, last)).values("article_id")
    ranked = days.annotate(own=Sum(F("views") - F("from_hot"))).filter(own__gt=0)
    return list(ranked.order_by("-own", "-article_id").values_list("article_id", flat=True)[:count])


def hottest(count: int) -> list[int]:
    """Numbers of the articles read most lately; a view weighs half after two days."""
    rows = ArticleViews.objects.filter(heat__gt=heat.NONE).order_by("-heat", "-article_id")
    return list(rows.values_list("article_id", flat=True)[:count])
