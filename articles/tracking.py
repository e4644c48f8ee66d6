"""Where the working copy stands on its way: the steps, who decided what, whom it waits for."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles import workflow
from articles.models import Article, Revision, Stage, Transition
from articles.models.appointment import reaches
from articles.models.people import display_name
from articles.models.review_chain import stages_for
from articles.models.stage import REVIEWS
from articles.waiting import EXPECTED, people

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

# As the steps are called on the way; moves and stages have longer names.
LABELS: dict[str, str | Promise] = {
    Stage.WRITING: _("Writing"),
    Stage.UNIT: _("Unit review"),
    Stage.RECEIVED: _("Editors"),
    Stage.FIRST: _("First review"),
    Stage.SECOND: _("Second review"),
    Stage.FINAL: _("Final review"),
    Stage.APPROVED: _("Signing off"),
}
# The stages in the order a manuscript passes them.
WAY = (Stage.WRITING, Stage.UNIT, Stage.RECEIVED, Stage.FIRST, Stage.SECOND, Stage.FINAL)
# Stages beside the way → where on it somebody works on the text.
STANDS_AT = {Stage.RETURNED: Stage.WRITING, Stage.RESERVE: Stage.RECEIVED}
EDITORS_HAVE_IT = frozenset({Stage.UNIT, Stage.RECEIVED, Stage.RESERVE})
CAME_BACK = frozenset({Stage.RETURNED, Stage.REJECTED, Stage.RESERVE})
# Here somebody else than its author has to act.
WAITS = frozenset(EXPECTED)
# What of the record says how the text came to where it stands.
SHOWN = frozenset(
    {"submit", "recall", "approve", "send back", "reject", "reserve", "reopen", "invite"}
)


@dataclass(frozen=True)
class Step:
    """A step of the way: "done" by somebody, "here", or "ahead"."""

    stage: str
    label: str | Promise
    state: str
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """A row of the record with its move in words."""

    row: Transition
    label: str | Promise

    @property
    def from_label(self) -> str | Promise:
        return LABELS.get(self.row.from_stage, "") if self.row.from_stage in REVIEWS else ""


@dataclass(frozen=True)
class Track:
    steps: list[Step]
    # Of this round, oldest first.
    decisions: list[Decision]
    # Why it does not go on: the row that brought it back, while it is back.
    back: Transition | None

    @property
    def has_reviews(self) -> bool:
        """A story that is written and published needs no map."""
        return len(self.steps) > 2


def track(article: Article, user: User | AnonymousUser) -> Track:
    """The way of a saved article's present round, as far as it is known."""
    rows = _rows_of_round(article)
    if article.is_published and article.stage == Stage.WRITING and not rows:
        return _finished(article)
    decisions = [
        Decision(row, workflow.MOVES[row.move].label) for row in rows if row.move != "invite"
    ]
    back = next((each for each in reversed(rows) if each.to_stage == article.stage), None)
    return Track(
        steps=_steps(article, _way(article, user, rows), rows),
        decisions=decisions,
        back=back if article.stage in CAME_BACK else None,
    )


def _finished(article: Article) -> Track:
    """The way that led to what readers have; nobody writes on it yet."""
    rows = list(Transition.objects.of(article.pk))
    ends = [place for place, row in enumerate(rows) if row.move == "publish"]
    if not ends or article.is_changed_since_published:
        return Track([], [], None)
    begins = ends[-2] + 1 if len(ends) > 1 else 0
    passed = [row for row in rows[begins : ends[-1] + 1] if row.move in (*SHOWN, "publish")]
    decisions = [
        Decision(row, workflow.MOVES[row.move].label) for row in passed if row.move != "invite"
    ]
    return Track([], decisions if len(decisions) > 1 else [], None)


def _rows_of_round(article: Article) -> list[Transition]:
    """The same as `workflow.round_of`, in one query: what is shown of it, oldest first."""
    rows = list(Transition.objects.of(article.pk))
    begins = max((place for place, row in enumerate(rows, 1) if row.move == "publish"), default=0)
    return [row for row in rows[begins:] if row.move in SHOWN]


def _way(article: Article, user: User | AnonymousUser, rows: Sequence[Transition]) -> list[Stage]:
    expected = stages_for(article)
    kept = [Stage(stage) for stage in article.chain.split() if stage != Stage.UNIT]
    reviews = kept or [stage for stage in expected if stage != Stage.UNIT]
    is_own = article.created_by_id == user.pk
    is_manuscript = (
        article.stage in EDITORS_HAVE_IT
        or any(row.to_stage in EDITORS_HAVE_IT for row in rows)
        or (is_own and not reaches(user, "change", article, beyond_own=True))
    )
    has_unit = Stage.UNIT in expected or any(
        Stage.UNIT in (row.from_stage, row.to_stage) for row in rows
    )
    beginning = [Stage.WRITING]
    if is_manuscript:
        beginning += [Stage.UNIT] if has_unit else []
        beginning += [Stage.RECEIVED]
    return [*beginning, *reviews, Stage.APPROVED]


def _steps(article: Article, way: list[Stage], rows: Sequence[Transition]) -> list[Step]:
    here = STANDS_AT.get(Stage(article.stage), Stage(article.stage))
    place = way.index(here) if here in way else -1
    approvals = _approvals(rows)
    steps = []
    for number, stage in enumerate(way):
        row = approvals.get(stage)
        is_done = bool(row) or (number < place and stage not in REVIEWS)
        state = "here" if number == place else "done" if is_done else "ahead"
        steps.append(
            Step(
                stage,
                LABELS[stage],
                state,
                by=row.actor_name if row else "",
                at=row.made_at if row else article.stage_since if number == place else None,
            )
        )
    return steps


def _approvals(rows: Sequence[Transition]) -> dict[str, Transition]:
    """Stage → who approved there. Where a text comes to a stage, that one and those behind it
    have to approve again."""
    given: dict[str, Transition] = {}
    for row in rows:
        came_to = STANDS_AT.get(Stage(row.to_stage), row.to_stage)
        if row.move == "approve":
            given[row.from_stage] = row
        if came_to in WAY:
            ahead = WAY[WAY.index(came_to) :]
            given = {stage: approval for stage, approval in given.items() if stage not in ahead}
    return given


# Whom it waits for ---------------------------------------------------------------------------


def waiting(article: Article) -> list[str]:
    """The names of those who may make the move that is expected now."""
    return [display_name(person) for person in people(article)]


@dataclass(frozen=True)
class Onward:
    """Where submitting leads, and the names of those who have it then."""

    stage: str
    label: str | Promise
    people: list[str]


def submitted_to(article: Article, user: User | AnonymousUser) -> str:
    """The stage this person's submission would put a saved article at."""
    return workflow.destination(workflow.MOVES["submit"], user, article)


def onward(article: Article, user: User | AnonymousUser) -> Onward:
    """Where this person's submission would put a saved article."""
    ahead = copy.copy(article)
    ahead.stage = submitted_to(article, user)
    ahead.chain = workflow.chain_submitted(user, article)
    return Onward(ahead.stage, LABELS[ahead.stage], waiting(ahead))


# What one has read and done ------------------------------------------------------------------


def last_number(article: Article) -> int:
    """The number of the newest row of the record about this article; 0 when there is none."""
    rows = Transition.objects.of(article.pk).values_list("number", flat=True)
    return rows.last() or 0


def was_made(move: str, article: Article, user: User, *, version: int, after: int) -> bool:
    """Whether the newest move, made after this row of the record, was this very one of theirs."""
    newest = Transition.objects.of(article.pk).last()
    return newest is not None and (
        newest.number > after
        and (newest.move, newest.actor_id, newest.revision) == (move, user.pk, version)
    )


def read_before(article: Article, user: User) -> Revision | None:
    """The version this person decided on last, when the text has changed since."""
    decided = Transition.objects.of(article.pk).filter(
        actor=user.pk, move__in=workflow.DECISIONS, revision__lt=article.version
    )
    number = decided.values_list("revision", flat=True).last()
    return article.revisions.filter(number=number).first() if number else None


def printed(article: Article) -> Revision | None:
    """The version readers have, when the newest one is another."""
    return article.edition.revision if article.is_changed_since_published else None
