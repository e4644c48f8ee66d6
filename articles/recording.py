"""The record of moves: rows are added, one after the other, and checked; nothing else.

Each row holds the digest of the row before it. Whoever changes, takes out or puts in a row would
have to write all later rows anew, and the digest at the end would not be the one that was printed
on a review sheet or noted elsewhere (`manage.py verify_record --expect`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, RecordHead, Revision, Transition
from articles.models.people import display_name

if TYPE_CHECKING:
    from django.contrib.auth.models import User

AT_A_TIME = 500


@dataclass(frozen=True)
class Actor:
    """Who makes a move, and from which network address (“” for a command)."""

    user: User | None = None
    address: str = ""
    # Of somebody without an account, see `articles.inviting`.
    name: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def account(self) -> User:
        """The account that acts; a TypeError for somebody without one."""
        if self.user is None:
            raise TypeError("This move is made by accounts only.")
        return self.user

    @property
    def called(self) -> str:
        return self.name or (display_name(self.user) if self.user else "")


@dataclass(frozen=True)
class Checked:
    """How many rows there are, the digest at the end, and what is wrong, as sentences."""

    rows: int
    digest: str
    faults: list[str]


def append(
    article: Article,
    move: str,
    *,
    by: Actor,
    from_stage: str,
    to_stage: str,
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> Transition:
    """Adds a row about the newest revision; called in the transaction of the move, and late:
    from here on every other move waits.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A move and its row are one transaction.")
    head = RecordHead.objects.select_for_update().get(pk=RecordHead.ONLY)
    checksum = article.revisions.filter(number=article.version).values_list("sha256", flat=True)
    row = Transition(
        number=head.number + 1,
        article_number=article.pk,
        title=article.title,
        move=move,
        from_stage=from_stage,
        to_stage=to_stage,
        revision=article.version,
        sha256=checksum.first() or "",
        actor=by.user,
        actor_name=by.called[:150],
        reason=reason,
        facts=by.facts | (facts or {}),
        address=by.address[:45],
        made_at=timezone.now(),
        previous=head.digest,
    )
    row.digest = row.computed_digest()
    row.save()
    head.number, head.digest = row.number, row.digest
    head.save()
    return row


def verify(expected: str = "") -> Checked:
    """Reads the whole record and says what does not fit; `expected` is a digest noted before."""
    reading = _Reading()
    reading.go_on(expected)
    with transaction.atomic():
        # No move is made while the end is looked at. Only what was added meanwhile is left to read.
        head = RecordHead.objects.select_for_update().filter(pk=RecordHead.ONLY).first()
        reading.go_on(expected)
    faults = reading.faults
    if head is None or (head.number, head.digest) != (reading.number, reading.digest):
        faults.append(_("The end of the record is not the one that was noted: rows are missing."))
    if expected and not reading.has_met:
        faults.append(_("No row has the expected digest %(digest)s.") % {"digest": expected})
    return Checked(reading.number, reading.digest, faults)


@dataclass
class _Reading:
    """How far the record was read: number and digest of the last row."""

    number: int = 0
    # Rows are counted from 1; one that was put in before is read as well.
    after: int = -1
    digest: str = ""
    has_met: bool = False
    faults: list[str] = field(default_factory=list)

    def go_on(self, expected: str) -> None:
        """Reads on to the end there is."""
        while rows := _rows_after(self.after):
            texts = _checksums(rows)
            for row in rows:
                known = texts.get((row.article_number, row.revision))
                self.faults += _faults_of(row, self.number + 1, self.digest, known)
                self.number = self.after = row.number
                self.digest = row.digest
                self.has_met = self.has_met or row.digest == expected


def _rows_after(number: int) -> list[Transition]:
    return list(Transition.objects.filter(number__gt=number).order_by("number")[:AT_A_TIME])


def _checksums(rows: list[Transition]) -> dict[tuple[int, int], str]:
    """(article, revision) → checksum of the text as it is kept now, for these neighbouring rows.

    A draft that was discarded takes its revisions along; its rows stay.
    """
    about = Transition.objects.filter(
        number__range=(rows[0].number, rows[-1].number),
        article_number=OuterRef("article"),
        revision=OuterRef("number"),
    )
    kept = Revision.objects.filter(Exists(about)).order_by()
    return {
        (article, number): Revision.checksum(content)
        for article, number, content in kept.values_list(
            "article_id", "number", "content"
        ).iterator(chunk_size=AT_A_TIME)
    }


def _faults_of(row: Transition, number: int, digest: str, text: str | None) -> Iterator[str]:
    place = {"number": row.number}
    if row.number != number:
        yield _("Row %(number)d: rows before it are missing.") % place
    if row.previous != digest:
        yield _("Row %(number)d does not follow from the row before it.") % place
    if row.computed_digest() != row.digest:
        yield _("Row %(number)d was changed.") % place
    if text is not None and text != row.sha256:
        yield _("Row %(number)d: version %(revision)d is not the text that was decided on.") % {
            **place,
            "revision": row.revision,
        }
