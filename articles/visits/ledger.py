"""What was counted: a row in the ledger and, in the same transaction, one in the inbox.

The ledger's primary key removes duplicates. `draining.drain` moves inbox rows into the sums; until
then figures are right all the same, only slower to read. What is not counted is told by the inbox
too, with the reason. No row of a story is ever written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from articles.models import ArticleViews, Outcome, ViewLedger
from articles.visits import clock, filing, networks, salts
from articles.visits.filing import Entry, Receipt
from articles.visits.recognition import Visit, digest
from articles.visits.together import Together
from articles.visits.turns import turn

# As long as any day can be recounted; totals and days stay for ever.
LIFE = timedelta(days=35)

_TOGETHER = Together(filing.write, turn)


@dataclass(frozen=True, slots=True)
class Beacon:
    """A look at a story. `address` is used for the budget of its network and then forgotten;
    `from_hot`: the reader came from the list of hot stories."""

    article_id: int
    visit: Visit
    at: datetime
    address: str = ""
    from_hot: bool = False


def receive(beacon: Beacon) -> Receipt | None:
    """Counts the look, once a visit, or says why not. It is committed when this returns.

    A new visit over the budget of its network is held, with all it reads. None when readers may
    not see the story.
    """
    salt = salts.of(clock.day_of(beacon.at))
    origin = networks.origin_of(beacon.address)
    entry = Entry(
        beacon.article_id,
        beacon.at,
        Outcome.COUNTED,
        beacon.visit,
        digest(salt, "network", origin.network)[:16],
        origin.budget,
        beacon.from_hot,
    )
    return _TOGETHER.submit(entry).receipt


def tally(article_id: int, outcome: Outcome, now: datetime) -> Receipt | None:
    """Notes a beacon that is not counted, for “why was this not counted?”, with its reason."""
    return _TOGETHER.submit(Entry(article_id, now, outcome)).receipt


def open_account(article_id: int) -> None:
    """Gives a newly published article its row of sums; called again it changes nothing."""
    ArticleViews.objects.bulk_create([ArticleViews(article_id=article_id)], ignore_conflicts=True)


def forget_old(now: datetime) -> int:
    """Deletes ledger rows of visits that began more than 35 days ago; returns how many."""
    oldest_kept = clock.day_of(now - LIFE)
    return ViewLedger.objects.filter(visit_day__lt=oldest_kept).delete()[0]
