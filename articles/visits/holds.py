"""Views that are held: accepted, answered, and counted when a person releases them."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, ExtractHour, TruncMinute
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import text
from articles.models import Outcome, ViewHold, ViewInbox, ViewLedger

LONGEST_REASON = 200
Verdict = ViewHold.Verdict

# Finds, makes and locks in one statement: nothing can happen in between.
OPEN_HOLD = """
    INSERT INTO articles_viewhold (network, day, opened_at, verdict, reason)
    VALUES (%s, %s, %s, '', '')
    ON CONFLICT (network, day) WHERE verdict = '' DO UPDATE SET verdict = ''
    RETURNING id
"""


class VerdictRefused(Exception):
    """Why a hold cannot be decided so; its sentence is for staff."""


class DecidedAlready(VerdictRefused):
    """A second click, or a colleague was quicker."""


def open_hold(network: str, day: date) -> int:
    """The number of the hold that gathers these views, locked until the transaction ends.

    A view that arrives while the hold is decided waits here and is gathered by the next hold.
    """
    ops, now = connection.ops, timezone.now()
    values = [network, ops.adapt_datefield_value(day), ops.adapt_datetimefield_value(now)]
    with connection.cursor() as cursor:
        cursor.execute(OPEN_HOLD, values)
        return cursor.fetchone()[0]


def rows_of(hold: ViewHold) -> QuerySet[ViewLedger]:
    return ViewLedger.objects.filter(hold_id=hold.pk)


def of_article(article_id: int) -> QuerySet[ViewHold]:
    """The holds that gathered views of this article, as long as the ledger knows."""
    held = ViewLedger.objects.filter(article_id=article_id, hold_id__isnull=False)
    return ViewHold.objects.filter(pk__in=held.values("hold_id"))


def with_sizes(rows: QuerySet[ViewHold]) -> QuerySet[ViewHold]:
    """Each with `views` and `articles`, how many of them it gathered, in the same statement."""
    gathered = ViewLedger.objects.filter(hold_id=OuterRef("pk")).order_by().values("hold_id")
    return rows.annotate(
        views=Coalesce(Subquery(gathered.annotate(n=Count("*")).values("n")), 0),
        articles=Coalesce(
            Subquery(gathered.annotate(n=Count("article_id", distinct=True)).values("n")), 0
        ),
    )


def by_article(hold: ViewHold) -> list[tuple[int, int]]:
    """(article, its views in the hold), the most first."""
    rows = rows_of(hold).order_by().values("article_id").annotate(n=Count("*"))
    return list(rows.order_by("-n", "article_id").values_list("article_id", "n"))


def minutes_of(rows: QuerySet[ViewLedger]) -> list[tuple[datetime, int]]:
    """(minute, how many views came in it), the first one first; empty minutes are left out."""
    minutes = rows.order_by().annotate(minute=TruncMinute("counted_at")).values("minute")
    return list(minutes.annotate(n=Count("*")).order_by("minute").values_list("minute", "n"))


def decide(hold: ViewHold, verdict: ViewHold.Verdict, *, by: User, reason: str) -> int:
    """Releases the views, which then count on the day they came, or strikes them.

    Returns how many views. A released hold stays so: its figures were shown. A struck one may be
    released later. Raises VerdictRefused.
    """
    reason = text.tidy_line(reason.replace("\0", ""))
    if not reason:
        raise VerdictRefused(_("Write why, so that everybody can see it later."))
    if len(reason) > LONGEST_REASON:
        raise VerdictRefused(_("The reason is longer than 200 characters. Shorten it."))
    with transaction.atomic():
        hold = ViewHold.objects.select_for_update().get(pk=hold.pk)
        if hold.verdict == Verdict.RELEASED:
            raise DecidedAlready(_("These views were released and count already."))
        if hold.verdict == verdict:
            raise DecidedAlready(_("These views were struck already."))
        hold.verdict, hold.reason = verdict, reason
        hold.decided_by, hold.decided_at = by, timezone.now()
        hold.save(update_fields=["verdict", "reason", "decided_by", "decided_at"])
        if verdict == Verdict.RELEASED:
            _count(hold)
        return rows_of(hold).count()


def _count(hold: ViewHold) -> None:
    by_hour = rows_of(hold).annotate(hour=ExtractHour("counted_at")).order_by()
    rows = by_hour.values_list("article_id", "counted_on", "hour").annotate(n=Count("*"))
    ViewInbox.objects.bulk_create(
        ViewInbox(article_id=article_id, day=day, hour=hour, outcome=Outcome.COUNTED, n=n)
        for article_id, day, hour, n in rows
    )
