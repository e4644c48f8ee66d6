"""The moves a story can make, who may make them, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import markup
from articles.models import Article, StoryTemplate
from articles.models.story_template import COPY_MARK

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

Status = Article.Status
# Of forty without a caption the first few are enough to begin with.
PLACES_NAMED = 10


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
    if move is not None and not article.is_binned:
        return article.status in move.from_statuses and user.has_perm(move.permission)
    if article.is_binned:
        if action == "discard":
            # For good: one's own, or by those who answer for what is published.
            mine = article.created_by_id == user.pk or user.has_perm("articles.publish_article")
            return mine and user.has_perm("articles.delete_article")
        return action == "take back" and user.has_perm("articles.delete_article")
    if action == "edit":
        return user.has_perm("articles.change_article")
    if action == "correct":
        # A note on a page that readers have.
        return article.is_published and user.has_perm("articles.publish_article")
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
    return gaps + _blanks(article) + _missing_captions(article)


def _blanks(article: Article) -> list[str]:
    """What a template left to fill in: a sentence for each in the headline, one for the text."""
    headline = f"{article.kicker}\n{article.title}\n{article.subtitle}"
    body = markup.plain_text(article.body) if "【" in article.body else ""
    # Asked once for both: the texts of all templates are read for it.
    blanks = StoryTemplate.objects.unfilled(f"{headline}\n{body}")
    gaps = [
        _("The headline still has %(blank)s. Fill it in or take it out.") % {"blank": blank}
        for blank in blanks
        if blank in headline
    ]
    # The mark of a copy stands in headlines only; in a text it is the writer's own word.
    left = [blank for blank in blanks if blank in body and blank != COPY_MARK]
    if left:
        gaps.append(
            _(
                "The text still has %(count)d blanks (【…】) to fill in, for example %(blank)s. "
                "Fill them in or take them out, then publish."
            )
            % {"count": sum(body.count(blank) for blank in left), "blank": left[0]}
        )
    return gaps


def _missing_captions(article: Article) -> list[str]:
    """Pictures of a group share the caption of the first; a video has its own."""
    captions = dict(article.images.filter(order__gt=0).values_list("pk", "caption"))
    place, places, gaps = 1, [], []
    for figure in markup.read_figures(article.body):
        if figure.pictures and not captions.get(figure.images[0]):
            places.append(str(place))
        place += len(figure.pictures)
    if places:
        named = _(", ").join(places[:PLACES_NAMED])
        more = "…" if len(places) > PLACES_NAMED else ""
        gaps.append(
            _("Pictures without a caption: %(places)s. Write one sentence under each.")
            % {"places": named + more}
        )
    if article.videos.filter(order__gt=0, caption="").exists():
        gaps.append(_("A video has no caption. Write one sentence under it."))
    return gaps
