"""What an action will do to each of the chosen stories, before anything is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from articles.bulk.actions import Action, Facts
from articles.models import Article
from articles.recording import Actor
from articles.workflow import MoveRefused


@dataclass(frozen=True)
class Forecast:
    """`says` what will happen, or `why_not` as sentences."""

    article: Article
    says: str = ""
    why_not: list[str] = field(default_factory=list)


def forecast(
    action: Action, articles: Sequence[Article], facts: Facts, *, by: Actor
) -> list[Forecast]:
    """In the order of the stories; each is asked as its own page would ask."""
    return [_of(action, article, facts, by) for article in articles]


def _of(action: Action, article: Article, facts: Facts, by: Actor) -> Forecast:
    try:
        return Forecast(article, says=action.say(article, by, facts))
    except MoveRefused as refusal:
        return Forecast(article, why_not=refusal.reasons)
