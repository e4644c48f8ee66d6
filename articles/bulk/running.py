"""Carries an action out on story after story, each in the transaction of its own move.

What became of each is written down as it is done: killed in the middle, the run still says how
far it came, and can be undone so far. No transaction is held around a move: on SQLite the only
write lock would be held while pictures are prepared.
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

from articles.bulk import each
from articles.bulk.actions import Action, Facts
from articles.models import Article, BulkRun
from articles.recording import Actor

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
    """(the run, whether it was done now); sent again with the same key, the first one.

    It stops where somebody took it for cut off and began to undo it.
    """
    if not 0 < len(chosen) <= MOST:
        raise ValueError(f"A run is of 1 to {MOST} stories.")
    facts = facts.tidied()
    kept, is_new = _begun(action, chosen, facts, by, key)
    for row in chosen if is_new else ():
        line = _line(action, row, facts, each.as_of_now(by))
        with kept.at_hand():
            kept.lines.append(line)
        if kept.undone_at:
            break
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
    article = each.find(row.article, by)
    if article is None:
        return _undone(row, "", [_("It is not there any more, or not yours to open.")])
    if article.version != row.version:
        return _undone(row, article.title, [_("Somebody saved it meanwhile. Look at it again.")])
    try:
        says = action.say(article, by, facts)
        before = action.do(article, by, facts)
    except Exception as error:
        return _undone(row, article.title, each.reasons(error, row.article))
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
