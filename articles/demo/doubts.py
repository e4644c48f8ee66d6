"""Views of the demo that somebody has to look into: held ones, suspicious ones, a correction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from articles.demo.views import network
from articles.models import Outcome, ViewHold, ViewInbox, ViewLedger
from articles.visits import corrections, draining, holds, suspicions

HELD, SUSPICIOUS, CORRECTED = "recruit", "solar-sheep", "figures"
# A crowd of new visits in few minutes.
CROWD, CROWD_AT, CROWD_GAP = 96, timedelta(hours=14, minutes=3), timedelta(seconds=1.7)
# A program that reads one story all night.
PATIENT, PATIENT_AT, PATIENT_GAP = 75, timedelta(hours=2, minutes=10), timedelta(seconds=95)
CORRECTION = -38
REASON = "信息中心巡检脚本误访问，已核对服务器记录。"


def write(published: Mapping[str, int], now: datetime, *, by: User) -> None:
    """`published`: the key of a story → its number; those of a smaller demo that it holds."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    yesterday = midnight - timedelta(days=1)
    if HELD in published:
        moments = (yesterday + CROWD_AT + number * CROWD_GAP for number in range(CROWD))
        hold = holds.open_hold(network("crowd", yesterday.date()), yesterday.date())
        ViewHold.objects.filter(pk=hold).update(opened_at=yesterday + CROWD_AT)
        _file(published[HELD], moments, "crowd", hold)
    if SUSPICIOUS in published:
        moments = (yesterday + PATIENT_AT + number * PATIENT_GAP for number in range(PATIENT))
        _file(published[SUSPICIOUS], moments, "patient")
    draining.drain()
    suspicions.write(yesterday.date())
    if CORRECTED in published:
        day = date.fromordinal(yesterday.toordinal() - 9)
        corrections.correct(published[CORRECTED], CORRECTION, day=day, by=by, reason=REASON)


def _file(article_id: int, moments: Iterable[datetime], name: str, hold: int | None = None) -> None:
    """A visit of its own at each moment, into the ledger and the inbox."""
    rows = [
        ViewLedger(
            visit_day=at.date(),
            article_id=article_id,
            visit_id=f"{network(name, at.date())}{number:016x}",
            counted_on=at.date(),
            counted_at=at,
            network=network(name, at.date()),
            is_first=True,
            hold_id=hold,
        )
        for number, at in enumerate(moments)
    ]
    ViewLedger.objects.bulk_create(rows)
    outcome = Outcome.COUNTED if hold is None else Outcome.HELD
    hours = Counter((row.counted_on, row.counted_at.hour) for row in rows)
    ViewInbox.objects.bulk_create(
        ViewInbox(article_id=article_id, day=day, hour=hour, outcome=outcome, n=n)
        for (day, hour), n in hours.items()
    )
