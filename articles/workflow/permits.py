"""Whether somebody may do something with a story now, where a move leads, and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from articles.models import Article, Stage
from articles.models.appointment import reaches
from articles.models.review_chain import stages_for
from articles.models.stage import REVIEWS
from articles.workflow.moves import MOVES, Move, Status, as_editor
from articles.workflow.rounds import round_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


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
            and not as_editor(user, article)
        )
    if action == "correct":
        # A note on a page that readers have.
        return article.is_published and reaches(user, "publish", article)
    if action == "plan":
        # The day it is meant to appear is no part of its text.
        return reaches(user, "change", article, beyond_own=True)
    if action == "comment":
        return (
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
        if move.permission == "review" and article.stage in REVIEWS:
            raise MoveRefused(
                _("It stands at “%(stage)s” now; others decide there.")
                % {"stage": article.get_stage_display()}
            )
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
