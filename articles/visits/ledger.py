"""What was counted: a row in the ledger and, in the same transaction, one in the inbox.

The ledger's primary key removes duplicates. `draining.drain` moves inbox rows into the sums; until
then figures are right all the same, only slower to read. What is not counted is told by the inbox
too, with the reason. No row of a story is ever written.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from articles.models import ArticleViews, Outcome, ViewLedger
from articles.visits import holds, networks, salts
from articles.visits.figures import Sight
from articles.visits.recognition import Visit, digest
from articles.visits.together import Together

# As long as any day can be recounted; totals and days stay for ever.
LIFE = timedelta(days=35)

LEDGER = """
    INSERT INTO articles_viewledger
        (visit_day, article_id, visit_id, counted_on, counted_at, network, is_first, hold_id)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
INBOX = """
    INSERT INTO articles_viewinbox (article_id, day, hour, outcome, from_hot, n)
    VALUES (%s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Beacon:
    """A look at a story. `address` is used for the budget of its network and then forgotten;
    `from_hot`: the reader came from the list of hot stories."""

    article_id: int
    visit: Visit
    at: datetime
    address: str = ""
    from_hot: bool = False


@dataclass(slots=True)
class _Entry:
    """A beacon on its way into the ledger."""

    article_id: int
    at: datetime
    wanted: Outcome
    from_hot: bool = False
    visit: Visit | None = None
    network: str = ""
    is_repeat: bool = False

    @property
    def outcome(self) -> Outcome:
        return Outcome.REPEAT if self.is_repeat else self.wanted

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)


def receive(beacon: Beacon, sight: Sight) -> Outcome:
    """Counts the look, once a visit, or says why not. It is committed when this returns.

    A new visit over the budget of its network is held, with all it reads.
    """
    if sight.is_counted:
        return tally(beacon.article_id, Outcome.REPEAT, beacon.at)
    visit, day = beacon.visit, timezone.localdate(beacon.at)
    network = digest(salts.of(day), "network", networks.network_of(beacon.address))[:16]
    is_held = visit.is_held or (
        not visit.has_counted and networks.is_over_budget(beacon.address, network, beacon.at)
    )
    return _TOGETHER.submit(
        _Entry(
            beacon.article_id,
            beacon.at,
            Outcome.HELD if is_held else Outcome.COUNTED,
            beacon.from_hot,
            visit,
            network,
        )
    ).outcome


def tally(article_id: int, outcome: Outcome, now: datetime) -> Outcome:
    """Notes a beacon that is not counted, for “why was this not counted?”; returns the reason."""
    return _TOGETHER.submit(_Entry(article_id, now, outcome)).outcome


def open_account(article_id: int) -> None:
    """Gives a newly published article its row of sums; called again it changes nothing."""
    ArticleViews.objects.bulk_create([ArticleViews(article_id=article_id)], ignore_conflicts=True)


def forget_old(now: datetime) -> int:
    """Deletes ledger rows of visits that began more than 35 days ago; returns how many."""
    oldest_kept = timezone.localdate(now - LIFE)
    return ViewLedger.objects.filter(visit_day__lt=oldest_kept).delete()[0]


def _write(entries: list[_Entry]) -> None:
    """In one order, so that two processes with the same visits do not wait for each other."""
    looks = [(entry, visit) for entry in entries if (visit := entry.visit)]
    looks.sort(key=lambda look: (look[0].article_id, look[1].id))
    with transaction.atomic(), connection.cursor() as cursor:
        gathering = _open_holds(entries)
        for entry, visit in looks:
            cursor.execute(LEDGER, _ledger_row(entry, visit, gathering))
            # Then another tab of the same visit was quicker.
            entry.is_repeat = not cursor.rowcount
        cursor.executemany(INBOX, _inbox_rows(entries))


def _open_holds(entries: list[_Entry]) -> dict[tuple[str, date], int]:
    """The holds these views are gathered by, each with its network and day."""
    held = {(row.network, row.day) for row in entries if row.wanted == Outcome.HELD}
    return {(network, day): holds.open_hold(network, day) for network, day in sorted(held)}


def _inbox_rows(entries: list[_Entry]) -> list[tuple[Any, ...]]:
    rows: Counter[tuple[int, date, int, int, bool]] = Counter()
    for entry in entries:
        hour = timezone.localtime(entry.at).hour
        from_hot = entry.from_hot and entry.outcome == Outcome.COUNTED
        rows[entry.article_id, entry.day, hour, entry.outcome.value, from_hot] += 1
    adapt_day = connection.ops.adapt_datefield_value
    return [(article_id, adapt_day(day), *rest, n) for (article_id, day, *rest), n in rows.items()]


def _ledger_row(
    entry: _Entry, visit: Visit, gathering: dict[tuple[str, date], int]
) -> tuple[Any, ...]:
    hold = gathering[entry.network, entry.day] if entry.wanted == Outcome.HELD else None
    return (
        connection.ops.adapt_datefield_value(visit.day),
        entry.article_id,
        visit.id,
        connection.ops.adapt_datefield_value(entry.day),
        connection.ops.adapt_datetimefield_value(entry.at),
        entry.network,
        not visit.has_counted,
        hold,
    )


_TOGETHER = Together(_write)
