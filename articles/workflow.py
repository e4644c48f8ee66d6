"""The moves a story can make, who may make them, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

Status = Article.Status


@dataclass(frozen=True)
class Move:
    name: str
    label: str | Promise
    from_statuses: frozenset[str]
    to_status: str
    permission: str


MOVES = {
    move.name: move
    for move in (
        Move(
            name="publish",
            label=gettext_lazy("Publish"),
            from_statuses=frozenset({Status.DRAFT, Status.PUBLISHED, Status.WITHDRAWN}),
            to_status=Status.PUBLISHED,
            permission="articles.publish_article",
        ),
        Move(
            name="withdraw",
            label=gettext_lazy("Withdraw"),
            from_statuses=frozenset({Status.PUBLISHED}),
            to_status=Status.WITHDRAWN,
            permission="articles.withdraw_article",
        ),
    )
}


class MoveRefused(Exception):
    """A move that may not be made; `reasons` are sentences staff can read."""

    def __init__(self, *reasons: str):
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


def can(user: User | AnonymousUser, action: str, article: Article) -> bool:
    """Whether this person may do this with this article now. Unknown actions are denied."""
    move = MOVES.get(action)
    if move is not None:
        return article.status in move.from_statuses and user.has_perm(move.permission)
    if action == "edit":
        return user.has_perm("articles.change_article")
    if action == "delete":
        # What readers have seen is withdrawn, not deleted.
        return article.status == Status.DRAFT and user.has_perm("articles.delete_article")
    return False


def require(user: User | AnonymousUser, action: str, article: Article) -> None:
    """Raises MoveRefused with the reason when `can` says no."""
    if can(user, action, article):
        return
    move = MOVES.get(action)
    if move is not None and article.status not in move.from_statuses:
        raise MoveRefused(
            _("“%(title)s” is %(status)s; this step is not possible now.")
            % {"title": article.title, "status": article.get_status_display()}
        )
    raise MoveRefused(_("You may not do this. Ask a colleague who may publish."))


def publishing_gaps(article: Article) -> list[str]:
    """What is still missing before an article may be published, as sentences; [] when nothing."""
    gaps = []
    if not article.body:
        gaps.append(_("The text is empty. Write it, then publish."))
    if not article.source_name:
        gaps.append(_("The source is missing. Choose the department the story comes from."))
    for place, image in enumerate(article.images.filter(order__gt=0), start=1):
        if not image.caption:
            gaps.append(
                _("Picture %(place)d has no caption. Write one sentence under it.")
                % {"place": place}
            )
    return gaps
