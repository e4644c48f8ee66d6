"""Carries an action out on story after story, each in a transaction of its own.

What became of each is written down as it is done: killed in the middle, the run still says how
far it came, and can be undone so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.bulk.actions import Action, Facts
from articles.models import Article, BulkRun
from articles.recording import Actor
from articles.workflow import MoveRefused

# Of one run: as many as a person can look over on one page.
MOST = 200
# The same form sent twice comes within a day.
REMEMBERED = timedelta(days=1)


@dataclass(frozen=True)
class Chosen:
    """A story and the version of it that was on screen."""

    article: int
    version: int


def run(
    action: Action, chosen: Sequence[Chosen], facts: Facts, *, by: Actor, key: UUID
) -> tuple[BulkRun, bool]:
    """(the run, whether it was done now); sent again with the same key, the first one."""
    if not 0 < len(chosen) <= MOST:
        raise ValueError(f"A run is of 1 to {MOST} stories.")
    kept, is_new = _begun(action, chosen, facts, by, key)
    if is_new:
        for row in chosen:
            kept.lines.append(_line(action, row, facts, by))
            kept.save(update_fields=["lines"])
    return kept, is_new


@transaction.atomic
def _begun(
    action: Action, chosen: Sequence[Chosen], facts: Facts, by: Actor, key: UUID
) -> tuple[BulkRun, bool]:
    # Two clicks at once come here one after the other.
    User.objects.select_for_update().get(pk=by.account.pk)
    recent = BulkRun.objects.filter(
        made_by=by.account, made_at__gt=timezone.now() - REMEMBERED
    ).order_by("-id")
    for earlier in recent[:MOST]:
        if earlier.facts.get("key") == str(key):
            return earlier, False
    noted = {**asdict(facts), "key": str(key), "chosen": [row.article for row in chosen]}
    return BulkRun.objects.create(action=action.name, made_by=by.account, facts=noted), True


def _line(action: Action, row: Chosen, facts: Facts, by: Actor) -> dict[str, Any]:
    """What became of one story."""
    visible = Article.objects.visible_to(by.account)
    article = visible.select_related("channel", "edition__revision").filter(pk=row.article).first()
    if article is None:
        return _undone(row, "", [_("It is not there any more, or not yours to open.")])
    if article.version != row.version:
        return _undone(row, article.title, [_("Somebody saved it meanwhile. Look at it again.")])
    try:
        says = action.say(article, by, facts)
        with transaction.atomic():
            before = action.do(article, by, facts)
    except MoveRefused as refusal:
        return _undone(row, article.title, refusal.reasons)
    except Article.DoesNotExist:
        return _undone(row, article.title, [_("It was deleted meanwhile.")])
    before["version"] = Article.objects.values_list("version", flat=True).get(pk=row.article)
    return {
        "article": row.article,
        "title": article.title,
        "done": True,
        "says": says,
        "before": before,
    }


def _undone(row: Chosen, title: str, why: list[str]) -> dict[str, Any]:
    return {"article": row.article, "title": title, "done": False, "why": why}
