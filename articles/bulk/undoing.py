"""Takes a run back, story by story, by the same moves and rights as anybody's.

Cut off in the middle, it goes on where it was: what has an answer already is not tried again.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.bulk import each
from articles.bulk.actions import ACTIONS, Action, Facts
from articles.models import BulkRun
from articles.recording import Actor
from articles.workflow import MoveRefused


def undo(run: BulkRun, *, by: Actor) -> list[dict[str, Any]]:
    """Undoes what was done and writes down what became of each; the lines that were tried now.

    Only once, and not while a request is still at it: of two clicks one wins. Raises
    workflow.MoveRefused.
    """
    _begin(run)
    facts = Facts(**{name: run.facts.get(name) for name in ("reason", "channel", "tag")})
    tried = []
    # The last one first, as one would by hand.
    while run.to_undo:
        place = run.to_undo[-1]
        outcome = _undo(ACTIONS[run.action], run.lines[place], facts, each.as_of_now(by))
        with run.at_hand():
            # Two are at it where one was taken for cut off: what the other did stands.
            if outcome["done"] or "undo" not in run.lines[place]:
                run.lines[place]["undo"] = outcome
        tried.append(run.lines[place])
    return tried


def _begin(run: BulkRun) -> None:
    with run.at_hand():
        if run.is_undone:
            raise MoveRefused(_("This was undone already."))
        if run.is_under_way and run.undone_at:
            raise MoveRefused(_("It is being undone just now."))
        if run.is_under_way:
            raise MoveRefused(_("It is still running. Undo it when it has come to its end."))
        run.undone_at = run.undone_at or timezone.now()


def _undo(action: Action, line: dict[str, Any], facts: Facts, by: Actor) -> dict[str, Any]:
    article = each.find(line["article"], by)
    if article is None:
        return {"done": False, "why": [_("It is not there any more, or not yours to open.")]}
    try:
        if article.version != line["before"]["version"]:
            raise MoveRefused(_("Somebody saved it since. Look at it again."))
        says = action.undo(article, by, line["before"], facts)
    except Exception as error:
        return {"done": False, "why": each.reasons(error, line["article"])}
    return {"done": True, "says": says}
