"""The register of what was withdrawn and what was corrected: when, by whom, why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from articles.models import Article, Correction, Transition
from articles.models.appointment import sight_of
from articles.models.people import display_name

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

# On one page; whoever needs more asks for fewer days.
MOST = 2_000


@dataclass(frozen=True)
class Entry:
    """`kind`: "withdrawal" or "correction"."""

    kind: str
    at: datetime
    article_id: int
    title: str
    reason: str
    name: str
    row: int | None = None


def entries(user: User | AnonymousUser, since: datetime, until: datetime) -> list[Entry]:
    """What happened in this time to articles within this person's reach, newest first."""
    withdrawals = Transition.objects.filter(move="withdraw", made_at__gte=since, made_at__lt=until)
    # A schedule that was cancelled took nothing from readers.
    withdrawals = withdrawals.exclude(facts__has_key="unseen").order_by("-number")
    corrections = Correction.objects.filter(made_at__gte=since, made_at__lt=until)
    sight = sight_of(user)
    if sight is not None:
        mine = Article.objects.filter(sight).values("pk")
        withdrawals = withdrawals.filter(article_number__in=mine)
        corrections = corrections.filter(edition__in=mine)
    found = [
        Entry(
            "withdrawal",
            row.made_at,
            row.article_number,
            row.title,
            row.reason,
            row.actor_name,
            row.number,
        )
        for row in withdrawals[:MOST]
    ]
    found += [
        Entry(
            "correction",
            note.made_at,
            note.edition_id,
            note.edition.title,
            note.text,
            display_name(note.made_by),
        )
        for note in corrections.select_related("edition", "made_by").defer(
            "edition__body", "edition__plain_text"
        )[:MOST]
    ]
    return sorted(found, key=lambda entry: entry.at, reverse=True)[:MOST]
