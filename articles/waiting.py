"""What waits for whom, of many stories in a few statements: for the desk, the board, the notices.

The table of moves says the same, person by person; a test holds the two together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from articles import workflow
from articles.models import Article, Revision, Stage, Transition
from articles.models.appointment import is_within, reached_by, read_reaches
from articles.models.article import ArticleQuerySet
from articles.models.stage import REVIEWS
from newsroom.authentication import BACKEND

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

# A stage → the move that is expected of somebody there.
EXPECTED = {
    **dict.fromkeys(REVIEWS, "approve"),
    Stage.RECEIVED: "submit",
    Stage.APPROVED: "publish",
}
DECIDED = (*workflow.DECISIONS, "invite")


def overdue_before(now: datetime) -> datetime:
    """What has been waiting since then or longer is overdue."""
    return now - timedelta(hours=settings.REVIEW_OVERDUE_HOURS)


def overdue(articles: ArticleQuerySet, now: datetime) -> ArticleQuerySet:
    """Of these articles those that wait for somebody too long."""
    return articles.filter(stage__in=EXPECTED, stage_since__lte=overdue_before(now))


def for_person(user: User | AnonymousUser) -> ArticleQuerySet:
    """What waits for this person's next move. Superusers may do all, but are not asked."""
    rows = Article.objects.filter(deleted_at=None)
    if user.is_superuser or not user.is_staff:
        return rows.none()
    condition = Q(pk__in=())
    for stage in EXPECTED:
        right = _right(Stage(stage))
        condition |= Q(stage=stage) & reached_by(user, right)
    return rows.filter(condition).exclude(
        Q(stage__in=REVIEWS)
        & (Q(created_by=user.pk) | Q(Exists(_written_by(user))) | Q(Exists(_decided_by(user))))
    )


def people(article: Article) -> list[User]:
    """Those who may make the move that is expected where the story stands, by account.

    Superusers may do all, but are not asked.
    """
    return people_for([article]).get(article.pk, [])


def people_for(articles: Iterable[Article]) -> dict[int, list[User]]:
    """For each of these stories the people it waits for, by account; nobody is [].

    The number of queries does not grow with the stories, nor with the people.
    """
    waiting = [article for article in articles if article.stage in EXPECTED]
    rights = {article.pk: _right(Stage(article.stage)) for article in waiting}
    holders = {right: _holders(right) for right in set(rights.values())}
    read_reaches([person for several in holders.values() for person in several])
    shut_out = _shut_out([article for article in waiting if article.stage in REVIEWS])
    return {
        article.pk: [
            person
            for person in holders[rights[article.pk]]
            if person.pk not in shut_out[article.pk]
            and is_within(
                person,
                rights[article.pk],
                article,
                beyond_own=article.stage == Stage.RECEIVED,
            )
        ]
        for article in waiting
    }


def _right(stage: Stage) -> str:
    """The beginning of the name of the right that the expected move needs."""
    expected = workflow.MOVES[EXPECTED[stage]]
    return workflow.permission_for(expected, Article(stage=stage))


def _holders(right: str) -> Sequence[User]:
    accounts: QuerySet[User] = User.objects.with_perm(
        f"articles.{right}_article", include_superusers=False, backend=BACKEND
    )
    return list(accounts.filter(is_staff=True).distinct().order_by("pk"))


# Who may not: nobody reviews what they wrote, or decides at two stages ------------------------


def _last_publication(article_number: str) -> Coalesce:
    rows = Transition.objects.filter(article_number=OuterRef(article_number), move="publish")
    return Coalesce(Subquery(rows.order_by("-number").values("number")[:1]), Value(0))


def _decisions() -> QuerySet[Transition]:
    """What was decided at reviews since the last publication of each story."""
    rows = Transition.objects.filter(move__in=DECIDED, from_stage__in=REVIEWS)
    return rows.filter(number__gt=_last_publication("article_number"))


def _decided_by(user: User | AnonymousUser) -> QuerySet[Transition]:
    mine = _decisions().filter(actor=user.pk, article_number=OuterRef("pk"))
    return mine.exclude(from_stage=OuterRef("stage"))


def _revisions() -> QuerySet[Revision]:
    """Revisions readers do not have; of a story that was withdrawn they have none."""
    is_out = When(
        article__status=Article.Status.PUBLISHED, then=F("article__edition__revision__number")
    )
    printed = Case(is_out, default=Value(0))
    return Revision.objects.filter(number__gt=printed)


def _written_by(user: User | AnonymousUser) -> QuerySet[Revision]:
    return _revisions().filter(article=OuterRef("pk"), saved_by=user.pk)


def _shut_out(articles: Sequence[Article]) -> dict[int, set[int]]:
    """Article → accounts that may not decide at the review at which it stands."""
    shut: dict[int, set[int]] = defaultdict(set)
    stages = {article.pk: article.stage for article in articles}
    if not stages:
        return shut
    for article in articles:
        shut[article.pk].add(article.created_by_id)
    written = _revisions().filter(article__in=stages).order_by()
    for article_id, person in written.values_list("article_id", "saved_by_id").distinct():
        shut[article_id].add(person)
    decided = _decisions().filter(article_number__in=stages, actor__isnull=False).order_by()
    for number, person, stage in decided.values_list("article_number", "actor_id", "from_stage"):
        if stage != stages[number]:
            shut[number].add(person)
    return shut
