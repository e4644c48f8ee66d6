"""Ledgers as they might have been, written without beacons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count

from django.utils import timezone

from articles.models import Outcome, ViewHold, ViewInbox, ViewLedger
from articles.visits import draining, holds, ledger

_visits = count(1)


def new_visit() -> str:
    return f"{next(_visits):032x}"


def file_views(
    article_id: int,
    moments: Iterable[datetime],
    *,
    networks: Iterable[str] = (),
    visits: Iterable[str] = (),
    hold: ViewHold | None = None,
) -> list[ViewLedger]:
    """A view at each moment, of networks and visits of their own unless they are given; drained."""
    named, seen = iter(networks), iter(visits)
    rows = []
    for at in moments:
        visit = next(seen, "") or new_visit()
        day = timezone.localdate(at)
        rows.append(
            ViewLedger(
                visit_day=day,
                article_id=article_id,
                visit_id=visit,
                counted_on=day,
                counted_at=at,
                network=next(named, "") or visit[-16:],
                is_first=True,
                hold_id=hold.pk if hold else None,
            )
        )
    ViewLedger.objects.bulk_create(rows)
    ledger.open_account(article_id)
    outcome = Outcome.HELD if hold else Outcome.COUNTED
    ViewInbox.objects.bulk_create(
        ViewInbox(article_id=article_id, day=row.counted_on, outcome=outcome, hour=0)
        for row in rows
    )
    draining.drain()
    return rows


def make_hold(article_id: int, moments: Iterable[datetime], network: str = "0f" * 8) -> ViewHold:
    """Views of one network that wait for a decision."""
    moments = list(moments)
    hold = ViewHold.objects.get(pk=holds.open_hold(network, timezone.localdate(moments[0])))
    file_views(article_id, moments, networks=[network] * len(moments), hold=hold)
    return hold


def every(gap: timedelta, times: int, start: datetime) -> list[datetime]:
    return [start + number * gap for number in range(times)]
