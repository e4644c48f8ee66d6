"""The table of moves: who makes which, from where to where, on what condition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Stage
from articles.models.appointment import reaches
from articles.models.review_chain import stages_for
from articles.models.stage import REVIEWS
from articles.workflow.rounds import contributors, missing_reviews, round_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

Status = Article.Status
ANY_STATUS = frozenset(Status)
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


def as_editor(user: User | AnonymousUser, article: Article) -> str | None:
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
    return as_editor(user, article)


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
                as_editor(user, article) or _something_new(user, article)
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
            condition=lambda user, article: as_editor(user, article) or _four_eyes(user, article),
            needs_reason=True,
        ),
        Move(
            name="reject",
            label=gettext_lazy("Reject"),
            from_stages=_stages(*REVIEWS, Stage.RECEIVED, Stage.RESERVE),
            to_stage=Stage.REJECTED,
            permission="review",
            condition=lambda user, article: as_editor(user, article) or _four_eyes(user, article),
            needs_reason=True,
        ),
        Move(
            name="reserve",
            label=gettext_lazy("Hold in reserve"),
            from_stages=_stages(Stage.RECEIVED, Stage.FIRST, Stage.SECOND, Stage.FINAL),
            to_stage=Stage.RESERVE,
            permission="review",
            condition=lambda user, article: as_editor(user, article) or _four_eyes(user, article),
        ),
        Move(
            name="reopen",
            label=gettext_lazy("Open again"),
            from_stages=_stages(Stage.REJECTED, Stage.RESERVE),
            to_stage=Stage.WRITING,
            permission="change",
            condition=as_editor,
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
