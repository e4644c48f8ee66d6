"""The moves a story can make, who may make them, and why not.

Where the working copy stands is its *stage*; what readers have of the story is its *status*. A
published story keeps its status while its next version goes through the stages. All moves stand
in one table, MOVES; what a stage allows besides (looking, writing, deleting) is said below it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Stage, Transition
from articles.models.appointment import reaches
from articles.models.article import REVIEWS
from articles.models.review_chain import stages_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

Status = Article.Status
ANY_STATUS = frozenset(Status)
# The stages in the order a manuscript passes them.
WAY = (Stage.WRITING, Stage.UNIT, Stage.RECEIVED, Stage.FIRST, Stage.SECOND, Stage.FINAL)
# Whoever makes one of these has read the text and answers for it.
DECISIONS = frozenset({"approve", "send back", "reject", "reserve"})


# None when nothing stands in the way, else the sentence that says what does.
Condition = Callable[["User | AnonymousUser", Article], str | None]


# Conditions --------------------------------------------------------------------------------


def _own_text(user: User | AnonymousUser, article: Article) -> str | None:
    if user.pk in contributors(article):
        return _("You wrote on this text; somebody else has to review it.")
    return None


def _other_stage(user: User | AnonymousUser, article: Article) -> str | None:
    decided = round_of(article).filter(actor=user.pk, move__in=(*DECISIONS, "invite"))
    if decided.filter(from_stage__in=REVIEWS).exclude(from_stage=article.stage).exists():
        return _("You decided at another stage of this article; somebody else has to here.")
    return None


def _four_eyes(user: User | AnonymousUser, article: Article) -> str | None:
    """Nobody reviews their own text, and nobody decides at two stages of one article."""
    if not article.pk or article.stage not in REVIEWS:
        return None
    return _own_text(user, article) or _other_stage(user, article)


def _something_new(user: User | AnonymousUser, article: Article) -> str | None:
    if article.pk and article.is_published and not article.is_changed_since_published:
        return _("Nothing was changed since it was published.")
    return None


def _as_editor(user: User | AnonymousUser, article: Article) -> str | None:
    """Manuscripts that were sent in are in the editors' hands."""
    if article.stage in {Stage.RECEIVED, Stage.RESERVE, Stage.REJECTED}:
        if reaches(user, "change", article, beyond_own=True):
            return None
        return _("The editors have it now. Ask them to send it back if it has to be changed.")
    return None


def _may_recall(user: User | AnonymousUser, article: Article) -> str | None:
    """A correspondent takes back from the unit; what editors submitted, an editor does."""
    if article.stage == Stage.UNIT or reaches(user, "change", article, beyond_own=True):
        return None
    return _("The editors have it now. Ask them to send it back if it has to be changed.")


def _not_seen_yet(user: User | AnonymousUser, article: Article) -> str | None:
    if article.pk and article.edition.published_at <= timezone.now():
        return _("Readers have this story already; its time stays as it is.")
    return None


def _reviewed(user: User | AnonymousUser, article: Article) -> str | None:
    if article.stage == Stage.APPROVED:
        missing = missing_reviews(article)
        if missing:
            return _("It is not approved as it reads now: %(stages)s is missing. Submit it.") % {
                "stages": _(", ").join(str(stage.label) for stage in missing)
            }
        return None
    stages = stages_for(article)
    if stages:
        return _("It has to be reviewed before it is published. Submit it: %(chain)s.") % {
            "chain": " → ".join(str(stage.label) for stage in stages)
        }
    return _as_editor(user, article)


# The table ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """Who makes it: everybody with `permission` (the beginning of a right's name; “review” means
    that of the stage) whom `condition` does not stop. `to_stage` None: see `destination`."""

    name: str
    label: str | Promise
    from_stages: frozenset[str]
    to_stage: str | None
    permission: str
    from_statuses: frozenset[str] = ANY_STATUS
    condition: Condition | None = None
    needs_reason: bool = False


def _stages(*stages: str) -> frozenset[str]:
    return frozenset(stages)


MOVES = {
    move.name: move
    for move in (
        Move(
            name="submit",
            label=gettext_lazy("Submit"),
            from_stages=_stages(Stage.WRITING, Stage.RETURNED, Stage.RECEIVED, Stage.RESERVE),
            to_stage=None,
            permission="change",
            condition=lambda user, article: (
                _as_editor(user, article) or _something_new(user, article)
            ),
        ),
        Move(
            name="recall",
            label=gettext_lazy("Take back to edit"),
            from_stages=_stages(*REVIEWS, Stage.APPROVED),
            to_stage=None,
            permission="change",
            condition=_may_recall,
        ),
        Move(
            name="approve",
            label=gettext_lazy("Approve"),
            from_stages=_stages(*REVIEWS),
            to_stage=None,
            permission="review",
            condition=_four_eyes,
        ),
        Move(
            name="send back",
            label=gettext_lazy("Send back"),
            from_stages=_stages(*REVIEWS, Stage.RECEIVED, Stage.RESERVE, Stage.APPROVED),
            to_stage=Stage.RETURNED,
            permission="review",
            condition=lambda user, article: _as_editor(user, article) or _four_eyes(user, article),
            needs_reason=True,
        ),
        Move(
            name="reject",
            label=gettext_lazy("Reject"),
            from_stages=_stages(*REVIEWS, Stage.RECEIVED, Stage.RESERVE),
            to_stage=Stage.REJECTED,
            permission="review",
            condition=lambda user, article: _as_editor(user, article) or _four_eyes(user, article),
            needs_reason=True,
        ),
        Move(
            name="reserve",
            label=gettext_lazy("Hold in reserve"),
            from_stages=_stages(Stage.RECEIVED, Stage.FIRST, Stage.SECOND, Stage.FINAL),
            to_stage=Stage.RESERVE,
            permission="review",
            condition=lambda user, article: _as_editor(user, article) or _four_eyes(user, article),
        ),
        Move(
            name="reopen",
            label=gettext_lazy("Open again"),
            from_stages=_stages(Stage.REJECTED, Stage.RESERVE),
            to_stage=Stage.WRITING,
            permission="change",
            condition=_as_editor,
        ),
        Move(
            name="publish",
            label=gettext_lazy("Publish"),
            from_stages=_stages(
                Stage.WRITING, Stage.RETURNED, Stage.RECEIVED, Stage.RESERVE, Stage.APPROVED
            ),
            to_stage=Stage.WRITING,
            permission="publish",
            condition=_reviewed,
        ),
        Move(
            name="withdraw",
            label=gettext_lazy("Withdraw"),
            from_stages=frozenset(Stage),
            to_stage=None,
            permission="withdraw",
            from_statuses=frozenset({Status.PUBLISHED}),
            needs_reason=True,
        ),
        Move(
            name="reschedule",
            label=gettext_lazy("Move to another time"),
            from_stages=frozenset(Stage),
            to_stage=None,
            permission="publish",
            from_statuses=frozenset({Status.PUBLISHED}),
            condition=_not_seen_yet,
        ),
        Move(
            name="end",
            label=gettext_lazy("Change the times"),
            from_stages=frozenset(Stage),
            to_stage=None,
            permission="publish",
            from_statuses=frozenset({Status.PUBLISHED}),
        ),
    )
}


class MoveRefused(Exception):
    """A move that may not be made; `reasons` are sentences staff can read."""

    def __init__(self, *reasons: str):
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


def permission_for(move: Move, article: Article) -> str:
    """The beginning of the right's name: at a review that of its stage, in the editors' hands
    that to change, of an approved text that to publish."""
    if move.permission != "review":
        return move.permission
    if article.stage in REVIEWS:
        return f"review_{article.stage}"
    return "publish" if article.stage == Stage.APPROVED else "change"


def destination(move: Move, user: User | AnonymousUser, article: Article) -> str:
    """Where the working copy stands after this move of this person."""
    if move.to_stage is not None:
        return move.to_stage
    if move.name == "submit":
        return _submitted_to(user, article)
    if move.name == "approve":
        return _after(article.stage, article)
    if move.name == "recall":
        return _submitted_from(article)
    return article.stage


def _submitted_to(user: User | AnonymousUser, article: Article) -> str:
    """A correspondent's manuscript goes to the unit's review and then to the editors, what an
    editor submits to the first review; where there is none, it is approved."""
    stages = stages_for(article)
    if not reaches(user, "change", article, beyond_own=True):
        return Stage.UNIT if Stage.UNIT in stages else Stage.RECEIVED
    later = [stage for stage in stages if stage != Stage.UNIT]
    return later[0] if later else Stage.APPROVED


def chain_submitted(user: User | AnonymousUser, article: Article) -> str:
    """The stages of the round this person begins, as they are kept with the article."""
    if _submitted_to(user, article) == Stage.UNIT:
        return str(Stage.UNIT.value)
    if not reaches(user, "change", article, beyond_own=True):
        return ""
    return " ".join(stage.value for stage in stages_for(article) if stage != Stage.UNIT)


def _submitted_from(article: Article) -> str:
    """Where it goes when it is taken back: to whoever had it before."""
    submitted = round_of(article).filter(move="submit").order_by("-number").first()
    came_from = submitted.from_stage if submitted else Stage.WRITING
    return Stage.WRITING if came_from == Stage.RETURNED else came_from


def _after(stage: str, article: Article) -> str:
    """The stage that follows an approval: of the unit's review the editors, of the last review
    the publisher."""
    if stage == Stage.UNIT:
        return Stage.RECEIVED
    chain = article.chain.split()
    rest = chain[chain.index(stage) + 1 :] if stage in chain else []
    return rest[0] if rest else Stage.APPROVED


# The record, as far as it decides ------------------------------------------------------------


def round_of(article: Article) -> models.QuerySet[Transition]:
    """The moves since the story was last published; all of them when it never was."""
    rows = Transition.objects.filter(article_number=article.pk)
    last = rows.filter(move="publish").order_by("-number").values_list("number", flat=True).first()
    return rows.filter(number__gt=last or 0)


def contributors(article: Article) -> set[int]:
    """Accounts that wrote on the text readers do not have yet; the author always."""
    revisions = article.revisions.all()
    if article.status != Status.DRAFT:
        revisions = revisions.filter(number__gt=article.edition.revision.number)
    return {article.created_by_id, *revisions.values_list("saved_by_id", flat=True)}


def missing_reviews(article: Article) -> list[Stage]:
    """The reviews of this round that nobody approved on exactly the present text."""
    checksum = article.revisions.filter(number=article.version).values_list("sha256", flat=True)
    approved = round_of(article).filter(
        move="approve", revision=article.version, sha256=checksum.first() or ""
    )
    given = dict(approved.values_list("from_stage", "actor_name"))
    return [stage for stage in map(Stage, article.chain.split()) if stage not in given]


# What may be done --------------------------------------------------------------------------


def can(user: User | AnonymousUser, action: str, article: Article) -> bool:
    """Whether this person may do this with this article now. Unknown actions are denied."""
    move = MOVES.get(action)
    if move is not None and not article.is_binned:
        return (
            article.stage in move.from_stages
            and article.status in move.from_statuses
            and reaches(user, permission_for(move, article), article)
            and not (move.condition and move.condition(user, article))
        )
    if article.is_binned:
        mine = article.created_by_id == user.pk or reaches(user, "publish", article)
        if action == "discard":
            # For good: one's own, or by those who answer for what is published.
            return mine and reaches(user, "delete", article)
        return action == "take back" and reaches(user, "delete", article)
    if action == "look":
        return Article.objects.visible_to(user).filter(pk=article.pk).exists()
    if action == "edit":
        return (
            not article.is_locked
            and reaches(user, "change", article)
            and not _as_editor(user, article)
        )
    if action == "correct":
        # A note on a page that readers have.
        return article.is_published and reaches(user, "publish", article)
    if action == "plan":
        # The day it is meant to appear is no part of its text.
        return reaches(user, "change", article, beyond_own=True)
    if action == "comment":
        return article.status in ANY_STATUS and (
            reaches(user, "change", article)
            or (article.stage in REVIEWS and reaches(user, f"review_{article.stage}", article))
            or (article.stage == Stage.APPROVED and reaches(user, "publish", article))
        )
    if action == "delete":
        # What readers have seen is withdrawn; what others have in hand is taken back or rejected.
        return (
            article.status == Status.DRAFT
            and not article.is_under_way
            and reaches(user, "delete", article)
        )
    return False


def moves_open_to(user: User | AnonymousUser, article: Article) -> list[Move]:
    """The moves this person may make now, in the order of the table."""
    return [move for move in MOVES.values() if can(user, move.name, article)]


def require(user: User | AnonymousUser, action: str, article: Article) -> None:
    """Raises MoveRefused with the reason when `can` says no."""
    if can(user, action, article):
        return
    move = MOVES.get(action)
    if move is not None and not article.is_binned:
        if article.status not in move.from_statuses or article.stage not in move.from_stages:
            raise MoveRefused(_standing(article))
        if reaches(user, permission_for(move, article), article) and move.condition:
            raise MoveRefused(move.condition(user, article) or _standing(article))
    if action == "edit" and article.is_locked and reaches(user, "change", article):
        raise MoveRefused(_locked(article))
    raise MoveRefused(_("You may not do this. Ask a colleague who may publish."))


def _standing(article: Article) -> str:
    is_on_way = article.stage != Stage.WRITING
    standing = article.get_stage_display() if is_on_way else article.get_status_display()
    return _("“%(title)s” is %(status)s; this step is not possible now.") % {
        "title": article.title,
        "status": standing,
    }


def _locked(article: Article) -> str:
    return _(
        "The text stands at “%(stage)s” and stays as it was sent. "
        "Take it back to edit, or ask for it to be sent back."
    ) % {"stage": article.get_stage_display()}
