"""Rows of the record as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from articles import sheets
from articles.models import Article, Transition

RIGHT = "articles.view_transition"


@dataclass(frozen=True)
class Shown:
    """A row in words; `where` is empty for a step that moved nothing."""

    row: Transition
    move: str
    where: str
    notes: list[str]


def shown(row: Transition) -> Shown:
    from_stage, to_stage = sheets.stage_label(row.from_stage), sheets.stage_label(row.to_stage)
    if row.move == "publish":
        # The working copy is free to be written on again; what readers have is what counts here.
        to_stage = str(Article.Status.PUBLISHED.label)
    where = f"{from_stage} → {to_stage}" if from_stage != to_stage else from_stage
    return Shown(row, sheets.move_label(row.move), where, _notes(row))


def _notes(row: Transition) -> list[str]:
    """What the facts say that a person wants to know."""
    said = {
        "invited_by_name": _("by a link of %(value)s"),
        "person": _("for %(value)s"),
        "until": _("works until %(value)s"),
        "appears_at": _("appears %(value)s"),
        "expires_at": _("ends %(value)s"),
    }
    return [
        sentence % {"value": _spoken(row.facts[name])}
        for name, sentence in said.items()
        if row.facts.get(name)
    ]


def _spoken(value: object) -> str:
    """Moments as people read them, everything else as it is."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment.tzinfo else str(value)
