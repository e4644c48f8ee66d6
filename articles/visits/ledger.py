"""What was counted: ledger, inbox, sums.

A view is one row in the ledger and, in the same transaction, one in the inbox. `drain` moves
inbox rows into the sums; until then figures are right all the same, only slower to read.
Rows are consumed, never "all ids after the last one": ids are given out before commit.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F, Min, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.models import ArticleViews, DailyViews, DaySalt, ViewInbox, ViewLedger
from articles.visits.recognition import LONGEST, Visit

# A beacon that finds this many rows waiting for its article drains the inbox.
LONG_INBOX = 200
# Rows one drain takes in one transaction.
BATCH = 5_000
SALT_LIFE = timedelta(hours=48)
# As long as any day can be recounted; totals and days stay for ever.
LEDGER_LIFE = timedelta(days=35)


# A bare statement: every page of a story that is rendered asks.
VIEWS = """
    SELECT total + base
        + COALESCE((SELECT SUM(n) FROM articles_viewinbox WHERE article_id = %s), 0)
    FROM articles_articleviews WHERE article_id = %s
"""


def count(article_id: int, visit: Visit, now: datetime) -> bool:
    """Counts the article for this visit, once. True when this call counted it."""
    if _is_counted(article_id, visit):
        return False
    day = timezone.localdate(now)
    try:
        with transaction.atomic():
            ViewLedger.objects.create(
                visit_day=visit.day, article_id=article_id, visit_id=visit.id, counted_on=day
            )
            ViewInbox.objects.create(article_id=article_id, day=day)
    except IntegrityError:
        return False
    return True


def _is_counted(article_id: int, visit: Visit) -> bool:
    days = [visit.day]
    if not visit.start_known:
        # Only the key is known: the visit may have begun before midnight.
        days.append(timezone.localdate(visit.started - LONGEST))
    rows = ViewLedger.objects.filter(
        visit_day__in=set(days), article_id=article_id, visit_id=visit.id
    )
    return rows.exists()


@dataclass(frozen=True)
class Figure:
    """The public figure of an article, and what of it still waits for a drain."""

    views: int
    rows_waiting: int
    waiting_since: date | None

    def is_drain_due(self, today: date) -> bool:
        """Whether its part of the inbox is long, or from an earlier day."""
        is_old = self.waiting_since is not None and self.waiting_since < today
        return is_old or self.rows_waiting >= LONG_INBOX


def views(article_id: int) -> int:
    """The public figure: drained, imported and waiting views, read in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(VIEWS, [article_id, article_id])
        row = cursor.fetchone()
    return row[0] if row else 0


def figure(article_id: int) -> Figure:
    """The public figure with the state of its inbox; zero for an unknown article."""
    return _figures([article_id]).get(article_id, Figure(0, 0, None))


def views_of(article_ids: list[int]) -> dict[int, int]:
    """The public figures of several articles in one statement."""
    return {article_id: figure.views for article_id, figure in _figures(article_ids).items()}


def views_together(article_ids: Collection[int]) -> int:
    """The public figures of several articles added up, in one statement however many they are."""
    sums = ArticleViews.objects.filter(article_id__in=article_ids)
    waiting = ViewInbox.objects.filter(article_id__in=article_ids).order_by()
    parts = (
        sums.order_by()
        .values_list(F("total") + F("base"), flat=True)
        .union(waiting.values_list("n", flat=True), all=True)
    )
    return sum(parts)


def most_viewed(first: date, last: date, count: int) -> list[int]:
    """Numbers of the articles viewed most on these days, the most viewed first.

    Views that still wait for a drain are not among them.
    """
    days = DailyViews.objects.filter(day__range=(first, last)).values("article_id")
    ranked = days.annotate(sum=Sum("views")).order_by("-sum", "-article_id")
    return list(ranked.values_list("article_id", flat=True)[:count])


def _figures(article_ids: list[int]) -> dict[int, Figure]:
    inbox = (
        ViewInbox.objects.filter(article_id=OuterRef("article_id")).order_by().values("article_id")
    )
    sums = ArticleViews.objects.filter(article_id__in=article_ids).annotate(
        waiting=Coalesce(Subquery(inbox.annotate(n=Sum("n")).values("n")), 0),
        rows=Coalesce(Subquery(inbox.annotate(rows=Count("*")).values("rows")), 0),
        since=Subquery(inbox.annotate(since=Min("day")).values("since")),
    )
    return {
        article_id: Figure(total + base + waiting, rows, since)
        for article_id, total, base, waiting, rows, since in sums.values_list(
            "article_id", "total", "base", "waiting", "rows", "since"
        )
    }


def open_account(article_id: int) -> None:
    """Gives a newly published article its row of sums; called again it changes nothing."""
    ArticleViews.objects.bulk_create([ArticleViews(article_id=article_id)], ignore_conflicts=True)


def drain() -> int:
    """Moves waiting views into the sums; returns how many rows it moved. Safe to run twice."""
    moved = 0
    while batch := _drain_batch():
        moved += batch
    return moved


@transaction.atomic
def _drain_batch() -> int:
    rows = list(
        ViewInbox.objects.select_for_update(skip_locked=True)
        .order_by("id")
        .values_list("id", "article_id", "day", "n")[:BATCH]
    )
    totals: Counter[int] = Counter()
    days: Counter[tuple[int, date]] = Counter()
    for _id, article_id, day, n in rows:
        totals[article_id] += n
        days[article_id, day] += n
    _add_totals(totals)
    _add_days(days)
    ViewInbox.objects.filter(id__in=[row[0] for row in rows]).delete()
    return len(rows)


def _add_totals(totals: Counter[int]) -> None:
    # Sorted, so that two drains lock rows in one order.
    ArticleViews.objects.bulk_create(
        [ArticleViews(article_id=article_id) for article_id in sorted(totals)],
        ignore_conflicts=True,
    )
    for article_id, n in sorted(totals.items()):
        ArticleViews.objects.filter(article_id=article_id).update(total=F("total") + n)


def _add_days(days: Counter[tuple[int, date]]) -> None:
    DailyViews.objects.bulk_create(
        [DailyViews(article_id=article_id, day=day) for article_id, day in sorted(days)],
        ignore_conflicts=True,
    )
    for (article_id, day), n in sorted(days.items()):
        DailyViews.objects.filter(article_id=article_id, day=day).update(views=F("views") + n)


def salt_of(day: date) -> bytes:
    """The salt of a day, made when first needed; all processes share it."""
    salt, _created = DaySalt.objects.get_or_create(
        day=day, defaults={"salt": secrets.token_bytes(32)}
    )
    return bytes(salt.salt)


def destroy_old_salts(now: datetime) -> int:
    """Deletes salts older than 48 hours; returns how many."""
    oldest_kept = timezone.localdate(now - SALT_LIFE)
    return DaySalt.objects.filter(day__lt=oldest_kept).delete()[0]


def forget_old_views(now: datetime) -> int:
    """Deletes ledger rows of visits that began more than 35 days ago; returns how many."""
    oldest_kept = timezone.localdate(now - LEDGER_LIFE)
    return ViewLedger.objects.filter(visit_day__lt=oldest_kept).delete()[0]
