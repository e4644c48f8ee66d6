"""信息发布审核表: what the record says of one round of an article, as a sheet of paper.

A round ends with a publication; the next one begins with the move after it. A withdrawal and other
moments belong to the round whose text they are about, also when the next version is under review
by then. Everything comes from the record and the revision it names,
nothing from what the article says today.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from articles import markup, text, workflow
from articles.models import Article, Channel, ContentClass, Department, Revision, Stage, Transition
from articles.models.review_chain import stages_for
from articles.models.stage import REVIEWS

# Behind a publication, and about it.
AFTERWARDS = frozenset({"withdraw", "end", "reschedule"})
ON_SHEET = frozenset({"submit", "approve", "send back", "reject", "reserve", "recall"})


@dataclass(frozen=True)
class Line:
    """A decision, or a stage that still waits for one (without a name and a time).

    `invited_by`: who made the link by which a leader without an account decided.
    """

    stage: str
    decision: str
    name: str = ""
    at: datetime | None = None
    opinion: str = ""
    revision: int = 0
    invited_by: str = ""
    signs: bool = True


@dataclass(frozen=True)
class Publication:
    name: str
    at: datetime
    appears_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True)
class Withdrawal:
    name: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Sheet:
    """`number`: which round of `rounds` this is, from 1. `last` is its last row in the record."""

    number: int
    rounds: int
    title: str
    facts: dict[str, str]
    revision: int
    sha256: str
    words: int
    pictures: int
    lines: list[Line]
    publication: Publication | None
    withdrawal: Withdrawal | None
    last: Transition | None


def rounds_of(article_id: int) -> list[list[Transition]]:
    """The rows of an article, divided behind every publication; what is about a publication
    stands in its round, whenever it happened."""
    rounds: list[list[Transition]] = []
    published: list[Transition] = []
    is_over = True
    for row in Transition.objects.of(article_id):
        if published and row.move in AFTERWARDS:
            published.append(row)
            continue
        if is_over:
            rounds.append([])
        rounds[-1].append(row)
        is_over = row.move == "publish"
        if is_over:
            published = rounds[-1]
    return rounds


def compose(article: Article, number: int | None = None) -> Sheet | None:
    """The sheet of a round (the newest); None when there is none of this number."""
    rounds = rounds_of(article.pk)
    if number is None:
        number = max(len(rounds), 1)
    if not 1 <= number <= max(len(rounds), 1):
        return None
    rows = rounds[number - 1] if rounds else []
    revision = _revision(article, rows)
    content: dict[str, Any] = revision.content if revision else {}
    is_newest = number >= len(rounds)
    return Sheet(
        number=number,
        rounds=max(len(rounds), 1),
        title=str(content.get("title") or article.title),
        facts=_facts(article, content),
        revision=revision.number if revision else 0,
        sha256=revision.sha256 if revision else "",
        words=text.count_words(markup.plain_text(content.get("body", ""))),
        pictures=len(content.get("images", [])),
        lines=_lines(rows) + (_waiting(article, rows) if is_newest else []),
        publication=_publication(rows),
        withdrawal=_withdrawal(rows),
        last=rows[-1] if rows else None,
    )


def _revision(article: Article, rows: list[Transition]) -> Revision | None:
    """The text the round is about: what was published, else what the last move was about."""
    published = [row for row in rows if row.move == "publish"]
    number = (published or rows)[-1].revision if rows else article.version
    return article.revisions.filter(number=number).first()


def _facts(article: Article, content: dict[str, Any]) -> dict[str, str]:
    def name_of(model: Any, row: int | None) -> str:
        return str(model.objects.filter(pk=row).first() or "") if row else ""

    unit = name_of(Department, content.get("source_department_id"))
    return {
        "unit": unit or str(content.get("outside_source", "")),
        "author": str(content.get("byline", "")),
        "channel": name_of(Channel, content.get("channel_id")),
        "class": name_of(ContentClass, content.get("content_class_id")),
    }


def _lines(rows: list[Transition]) -> list[Line]:
    return [
        Line(
            stage=stage_label(row.from_stage),
            decision=move_label(row.move),
            name=row.actor_name,
            at=row.made_at,
            opinion=row.reason,
            revision=row.revision,
            invited_by=str(row.facts.get("invited_by_name", "")),
            signs=row.move in workflow.DECISIONS and row.from_stage in REVIEWS,
        )
        for row in rows
        if row.move in ON_SHEET
    ]


def _waiting(article: Article, rows: list[Transition]) -> list[Line]:
    """The stages of the running round that nobody decided at yet: to be signed by hand, too."""
    if not rows or any(row.move == "publish" for row in rows):
        return []
    return [Line(stage_label(stage), "") for stage in _ahead(article)]


def _ahead(article: Article) -> list[str]:
    """The reviews to come, by the chain the text was submitted to, else by the one there is."""
    chain, expected = article.chain.split(), [stage.value for stage in stages_for(article)]
    editors = [stage for stage in expected if stage != Stage.UNIT]
    if article.stage == Stage.UNIT:
        return [Stage.UNIT.value, *editors]
    if article.stage in REVIEWS:
        return chain[chain.index(article.stage) :] if article.stage in chain else [article.stage]
    if article.stage in {Stage.RECEIVED, Stage.RESERVE}:
        return editors
    return expected if article.stage in {Stage.WRITING, Stage.RETURNED} else []


def _publication(rows: list[Transition]) -> Publication | None:
    """With what was said last of its moments; an end that was taken back is none."""
    said = {name: value for row in rows for name, value in row.facts.items()}
    for row in rows:
        if row.move == "publish":
            return Publication(
                row.actor_name,
                row.made_at,
                _moment(said.get("appears_at")),
                _moment(said.get("expires_at")),
            )
    return None


def _withdrawal(rows: list[Transition]) -> Withdrawal | None:
    for row in reversed(rows):
        if row.move == "withdraw":
            return Withdrawal(row.actor_name, row.made_at, row.reason)
    return None


def _moment(written: Any) -> datetime | None:
    return parse_datetime(written) if isinstance(written, str) else None


def stage_label(stage: str) -> str:
    """How a stage of the record is called, also one that there is no more."""
    return str(Stage(stage).label) if stage in Stage.values else stage


def move_label(name: str) -> str:
    """How a move of the record is called, also one that is no move of the table."""
    move = workflow.MOVES.get(name)
    if move:
        return str(move.label)
    return _("Link for a leader") if name == "invite" else name
