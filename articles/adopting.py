"""采用: where the manuscripts of correspondents stand, what became of their text, round-ups.

A manuscript is an article that was submitted to its unit or to the editors. It is adopted when
an editor moves it on, when it is published, or when a round-up that used it is published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import reviewing, workflow
from articles.models import (
    Article,
    ManuscriptUse,
    Revision,
    Role,
    Stage,
    Transition,
)
from articles.models.appointment import reaches, reaches_of
from articles.models.article import ArticleQuerySet
from articles.models.people import display_name
from articles.models.stage import EDITED_TO, SENT_TO

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

# More make no round-up but a digest of everything.
MOST_USED = 30


class State(StrEnum):
    """How a correspondent calls what became of a manuscript."""

    DRAFT = "draft"
    UNIT = "unit"
    RECEIVED = "received"
    EDITING = "editing"
    RETURNED = "returned"
    REJECTED = "rejected"
    RESERVE = "reserve"
    ADOPTED = "adopted"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return {
            State.DRAFT: _("draft of mine"),
            State.UNIT: _("in review by the unit"),
            State.RECEIVED: _("received by the editors"),
            State.EDITING: _("being edited"),
            State.RETURNED: _("came back to be improved"),
            State.REJECTED: _("not taken"),
            State.RESERVE: _("kept in reserve"),
            State.ADOPTED: _("adopted, on its way"),
            State.SCHEDULED: _("scheduled for readers"),
            State.PUBLISHED: _("published for readers"),
            State.WITHDRAWN: _("withdrawn from readers"),
        }[self]


@dataclass(frozen=True)
class Manuscript:
    """`reason`: why it came back or was not taken. `used_in`: titles of published round-ups."""

    article: Article
    state: State
    author: str
    submitted_at: datetime | None
    since: datetime
    reason: str
    used_in: list[str]


# Where they stand -------------------------------------------------------------------------


def own(user: User | AnonymousUser) -> ArticleQuerySet:
    """What this person wrote, drafts too, newest first."""
    return Article.objects.filter(deleted_at=None, created_by=user.pk).order_by("-pk")


def of_units(user: User | AnonymousUser) -> ArticleQuerySet | None:
    """What was submitted from the units this person reviews for; None when there are none."""
    if not user.has_perm("articles.review_unit_article"):
        return None
    reach = models.Q()
    if held := reaches_of(user):
        mine = [each.q() for each in held if each.role == Role.UNIT_REVIEWER]
        if not mine:
            return None
        for each in mine:
            reach |= each
        if any(not each for each in mine):
            reach = models.Q()
    rows = Article.objects.filter(reach, submitted(), deleted_at=None)
    return rows.order_by("-pk")


def submitted() -> models.Exists:
    """A condition: that the article was submitted as a manuscript."""
    return models.Exists(
        Transition.objects.filter(
            article_number=models.OuterRef("pk"), move="submit", to_stage__in=SENT_TO
        )
    )


def manuscripts(articles: Iterable[Article]) -> list[Manuscript]:
    """Each article with what became of it, in the same order. Three statements, however many."""
    articles = list(articles)
    numbers = [article.pk for article in articles]
    rows: dict[int, list[Transition]] = defaultdict(list)
    for row in Transition.objects.filter(article_number__in=numbers).order_by("number"):
        rows[row.article_number].append(row)
    used = _used_in(numbers)
    edited = _edited(articles)
    return [_manuscript(each, rows[each.pk], used[each.pk], edited) for each in articles]


def _manuscript(
    article: Article, rows: list[Transition], used_in: list[str], edited: set[int]
) -> Manuscript:
    sent = [row for row in rows if row.move == "submit" and row.to_stage in SENT_TO]
    state = _state(article, sent, used_in, is_edited=article.pk in edited)
    reason = ""
    if state in {State.RETURNED, State.REJECTED, State.RESERVE}:
        reason = next((row.reason for row in reversed(rows) if row.to_stage == article.stage), "")
    return Manuscript(
        article=article,
        state=state,
        author=display_name(article.created_by),
        submitted_at=sent[0].made_at if sent else None,
        since=rows[-1].made_at if rows else article.created_at,
        reason=reason,
        used_in=used_in,
    )


def _state(
    article: Article, sent: list[Transition], used_in: list[str], *, is_edited: bool
) -> State:
    if used_in:
        return State.PUBLISHED
    if article.status == Article.Status.PUBLISHED:
        return State.SCHEDULED if article.edition.is_waiting else State.PUBLISHED
    if article.status == Article.Status.WITHDRAWN:
        return State.WITHDRAWN
    stage = Stage(article.stage)
    if stage in EDITED_TO:
        return State.ADOPTED
    if stage == Stage.RECEIVED:
        return State.EDITING if is_edited else State.RECEIVED
    if stage == Stage.WRITING:
        return State.EDITING if sent and is_edited else State.DRAFT
    return State(stage.value)


def _edited(articles: list[Article]) -> set[int]:
    """Those whose newest text somebody else saved."""
    newest = Revision.objects.filter(
        article__in=articles, number=models.F("article__version")
    ).exclude(saved_by=models.F("article__created_by"))
    return set(newest.values_list("article_id", flat=True))


def _used_in(numbers: list[int]) -> dict[int, list[str]]:
    """Number of a manuscript → titles of the round-ups it was used in that readers have had."""
    uses = ManuscriptUse.objects.filter(
        manuscript__in=numbers,
        article__status=Article.Status.PUBLISHED,
        article__edition__published_at__lte=timezone.now(),
    )
    # As readers know it, not as it is written on.
    titles = uses.order_by("pk").values_list("manuscript_id", "article__edition__title")
    found: dict[int, list[str]] = defaultdict(list)
    for number, title in titles:
        found[number].append(title)
    return found


# What became of the text ------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """`kind`: "submitted", "edited" or "published"."""

    kind: str
    revision: Revision
    at: datetime
    name: str


def versions(article: Article) -> list[Version]:
    """The text as it was submitted, as the editors submitted it, as readers have it."""
    rows = list(Transition.objects.of(article.pk))
    sent = [row for row in rows if row.move == "submit" and row.to_stage in SENT_TO]
    edited = [row for row in rows if row.move == "submit" and row.to_stage in EDITED_TO]
    published = [row for row in rows if row.move == "publish"]
    wanted = {
        kind: found[-1]
        for kind, found in (("submitted", sent), ("edited", edited), ("published", published))
        if found
    }
    numbers = {row.revision for row in wanted.values()}
    revisions = {
        revision.number: revision for revision in article.revisions.filter(number__in=numbers)
    }
    return [
        Version(kind, revisions[row.revision], row.made_at, row.actor_name)
        for kind, row in wanted.items()
        if row.revision in revisions
    ]


# Round-ups --------------------------------------------------------------------------------


def may_compile(user: User | AnonymousUser, article: Article) -> bool:
    """Whether this person may say from which manuscripts the article is made: as an editor, and
    only while its text may be changed."""
    return workflow.can(user, "edit", article) and reaches(user, "change", article, beyond_own=True)


def usable(user: User | AnonymousUser, article: Article) -> ArticleQuerySet:
    """Manuscripts within this person's reach that could be used in the article."""
    return (
        Article.objects.visible_to(user)
        .filter(submitted())
        .exclude(pk=article.pk)
        .exclude(pk__in=article.made_from.values("manuscript"))
    )


@transaction.atomic
def use(article: Article, manuscript_id: int, *, by: User) -> ManuscriptUse:
    """Takes a manuscript into the round-up; a second time changes nothing. Raises
    workflow.MoveRefused, and Article.DoesNotExist for what may not be used."""
    article = _compiled(article, by)
    known = article.made_from.filter(manuscript=manuscript_id).first()
    if known:
        return known
    if article.made_from.count() >= MOST_USED:
        raise workflow.MoveRefused(_("A round-up is made from at most 30 manuscripts."))
    manuscript = usable(by, article).get(pk=manuscript_id)
    return ManuscriptUse.objects.create(article=article, manuscript=manuscript)


@transaction.atomic
def leave_out(article: Article, manuscript_id: int, *, by: User) -> bool:
    """Whether it was in the round-up until now; raises workflow.MoveRefused."""
    article = _compiled(article, by)
    deleted, _rows = article.made_from.filter(manuscript=manuscript_id).delete()
    return deleted > 0


def _compiled(article: Article, by: User) -> Article:
    """The article under its lock: of two who choose at once one waits."""
    article = reviewing.locked(article.pk)
    if not may_compile(by, article):
        workflow.require(by, "edit", article)
        raise workflow.MoveRefused(_("Only editors make a story from manuscripts."))
    return article
