"""Who else has an article open in the desk, so that two people do not write past each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from articles.models import Article, Presence, Revision
from articles.models.people import display_name


@dataclass(frozen=True)
class Visitor:
    """Somebody who has the article open; `saved_at` is None when nothing came of it so far."""

    name: str
    since: datetime
    saved_at: datetime | None
    is_oneself: bool


def stay(article: Article, *, by: User, sitting: str) -> None:
    """A sign of life of an opened form. A sitting belongs to whoever came with it first."""
    mine = Presence.objects.filter(article=article, sitting=sitting)
    if mine.filter(user=by).update(seen_at=timezone.now()) or mine.exists():
        return
    try:
        with transaction.atomic():
            Presence.objects.create(
                article=article, sitting=sitting, user=by, seen_at=timezone.now()
            )
    except IntegrityError:
        # The same form gave two signs at once; one is enough.
        return


def leave(article: Article, *, by: User, sitting: str) -> None:
    Presence.objects.filter(article=article, sitting=sitting, user=by).delete()


def others(article: Article, *, by: User, sitting: str) -> list[Visitor]:
    """Everybody else in order of arrival, oneself in another window included; each once."""
    here = Presence.objects.here().filter(article=article).exclude(sitting=sitting, user=by)
    first: dict[int, Presence] = {}
    for presence in here.select_related("user").order_by("since", "pk"):
        first.setdefault(presence.user_id, presence)
    if not first:
        return []
    saves = Revision.objects.filter(article=article, saved_by__in=first).exclude(sitting=sitting)
    newest = dict(saves.order_by().values_list("saved_by").annotate(newest=Max("saved_at")))
    return [
        Visitor(
            name=display_name(presence.user),
            since=presence.since,
            saved_at=_since(newest.get(presence.user_id), presence.since),
            is_oneself=presence.user_id == by.pk,
        )
        for presence in first.values()
    ]


def _since(saved_at: datetime | None, arrival: datetime) -> datetime | None:
    return saved_at if saved_at and saved_at >= arrival else None
