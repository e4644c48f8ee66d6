"""Whether pages that are kept still show what there is.

One number in the database, the generation, changes in the same transaction as everything that
changes what readers see. What was rendered in another generation is rendered again, unless it
named the *marks* of all it shows and those are the same: most publications touch few pages. Some
things change by time alone: `next_change` says when the next of them does.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.dispatch import Signal
from django.utils import timezone

from articles.models import (
    Channel,
    Correction,
    Department,
    Edition,
    Freshness,
    FreshnessMark,
    GreyPeriod,
    Installment,
    Placement,
    PlacementPicture,
    SectionStory,
    Series,
    SiteLink,
    Topic,
    TopicBanner,
    TopicMaterial,
    TopicSection,
)
from articles.models.edition import NEW_FOR

# What every page shows: channels, units, the grey of a day of mourning.
EVERYTHING = "everything"
# The front page and the pages of topics show a little of everything; they name no marks, so that
# each generation renders them anew, and what only they show needs no mark either.
NO_MARK: frozenset[str] = frozenset()

# Every row of these that is saved or deleted changes pages. Whatever writes past `save()`
# (`update`, `bulk_create`) or prints editions calls `changed` itself.
ON_EVERY_PAGE: tuple[type[Model], ...] = (
    Channel,
    Department,
    GreyPeriod,
    Installment,
    Series,
)
ON_PAGES_WITHOUT_MARKS: tuple[type[Model], ...] = (
    Placement,
    PlacementPicture,
    SectionStory,
    SiteLink,
    Topic,
    TopicBanner,
    TopicMaterial,
    TopicSection,
)

# Moments at which a row begins or ceases to be shown: (model, field). Days need no entry, they
# begin at a midnight.
MOMENTS: tuple[tuple[type[Model], str], ...] = (
    (Edition, "published_at"),
    (Edition, "expires_at"),
    (GreyPeriod, "starts_at"),
    (GreyPeriod, "ends_at"),
    (Placement, "starts_at"),
    (Placement, "ends_at"),
    (Topic, "starts_at"),
    (Topic, "ends_at"),
)

# Sent in the process that changed something, after its commit.
committed = Signal()
GENERATION = "SELECT generation FROM articles_freshness"


def story(article_id: int) -> str:
    """The mark of a story: what it says, and its neighbours."""
    return f"story {article_id}"


def shelf(shelf_id: int) -> str:
    """The mark of a list: which stories stand on it, and as what."""
    return f"shelf {shelf_id}"


def changed(marks: Iterable[str] = (EVERYTHING,)) -> None:
    """Tells kept pages of every process that they are old, once the transaction commits: those
    that show one of these marks, and those that name none.

    Two changes wait for each other here, so it is called late in a transaction, and before
    anything that has to be done one change after the other.
    """
    rows, number = Freshness.objects.filter(pk=Freshness.ONLY), secrets.randbits(62)
    with transaction.atomic(savepoint=False):
        if not rows.update(generation=number):
            Freshness.objects.bulk_create([Freshness()], ignore_conflicts=True)
            rows.update(generation=number)
        FreshnessMark.objects.bulk_create(
            [FreshnessMark(name=name, number=number) for name in sorted(set(marks))],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["number"],
        )
        transaction.on_commit(_announce, robust=True)


def _announce() -> None:
    committed.send(sender=None)


def marks(names: Collection[str]) -> dict[str, int]:
    """The numbers of these marks as they are now; 0 for what never changed."""
    found = FreshnessMark.objects.filter(name__in=names)
    return dict.fromkeys(names, 0) | dict(found.values_list("name", "number"))


def generation() -> int:
    """The number as it is now; a bare statement, because every public request asks.

    Only whether it is the same matters: it is random, so that a restored backup never meets
    pages kept of another history.
    """
    with connection.cursor() as cursor:
        cursor.execute(GENERATION)
        row = cursor.fetchone()
    return row[0] if row else 0


def next_change(now: datetime) -> datetime:
    """When time alone changes a page next: a story appears, expires, is no longer new; midnight."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    *firsts, oldest_new = _first_after([now] * len(MOMENTS) + [now - NEW_FOR])
    moments = [today + timedelta(days=1), *firsts]
    moments.append(oldest_new and oldest_new + NEW_FOR)
    return min(moment for moment in moments if moment)


def _first_after(nows: list[datetime]) -> list[datetime | None]:
    """The first of all moments after each of these, then that of publications; one statement."""
    selects = [
        f"(SELECT MIN({field}) FROM {model._meta.db_table} WHERE {field} > %s)"  # noqa: S608 - our own names
        for model, field in (*MOMENTS, MOMENTS[0])
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(selects)}",
            [connection.ops.adapt_datetimefield_value(now) for now in nows],
        )
        return [_aware(value) for value in cursor.fetchone()]


def _aware(value: datetime | str | None) -> datetime | None:
    """SQLite gives moments as words, in UTC."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value


def watch() -> None:
    """Connects `changed` to the watched models."""
    for models, receiver in (
        (ON_EVERY_PAGE, _row_changed),
        (ON_PAGES_WITHOUT_MARKS, _row_without_mark_changed),
        ((Correction,), _note_changed),
    ):
        for model in models:
            post_save.connect(receiver, sender=model, dispatch_uid=f"freshness of {model}")
            post_delete.connect(receiver, sender=model, dispatch_uid=f"freshness of {model}")


def _row_changed(sender: type[Model], **_facts: Any) -> None:
    changed()


def _note_changed(instance: Correction, **_facts: Any) -> None:
    changed([story(instance.edition_id)])


def _row_without_mark_changed(sender: type[Model], **_facts: Any) -> None:
    changed(NO_MARK)
