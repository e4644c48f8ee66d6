"""Takes a run back, story by story, by the same moves and rights as anybody's."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.bulk.actions import ACTIONS, Action, Facts
from articles.models import Article, BulkRun
from articles.recording import Actor
from articles.workflow import MoveRefused


def undo(run: BulkRun, *, by: Actor) -> bool:
    """Undoes what was done, and writes down what became of each; False when it was undone before.

    Only once: of two clicks one wins.
    """
    if not BulkRun.objects.filter(pk=run.pk, undone_at=None).update(undone_at=timezone.now()):
        return False
    run.refresh_from_db()
    facts = Facts(**{name: run.facts.get(name) for name in ("reason", "channel", "tag")})
    # The last one first, as one would by hand.
    for line in reversed(run.lines):
        if line["done"]:
            line["undo"] = _undo(ACTIONS[run.action], line, facts, by)
            run.save(update_fields=["lines"])
    return True


def _undo(action: Action, line: dict[str, Any], facts: Facts, by: Actor) -> dict[str, Any]:
    visible = Article.objects.visible_to(by.account).select_related("channel", "edition__revision")
    article = visible.filter(pk=line["article"]).first()
    if article is None:
        return {"done": False, "why": [_("It is not there any more, or not yours to open.")]}
    try:
        if article.version != line["before"]["version"]:
            raise MoveRefused(_("Somebody saved it since. Look at it again."))
        with transaction.atomic():
            says = action.undo(article, by, line["before"], facts)
    except MoveRefused as refusal:
        return {"done": False, "why": refusal.reasons}
    except Article.DoesNotExist:
        return {"done": False, "why": [_("It was deleted meanwhile.")]}
    return {"done": True, "says": says}
