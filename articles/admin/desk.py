"""The front page of the admin: what there is to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from articles.admin import desk_process
from articles.admin.deciding import may_decide
from articles.admin.desk_process import WIDE, WIDE_EDITION, Process
from articles.models import Article, Edition, Stage, Suspicion, ViewHold
from articles.models.article import ArticleQuerySet
from articles.visits import figures, holds, hot
from articles.visits.hot import Hot

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

LINES = 8
HOT_LINES = 5


@dataclass(frozen=True)
class PublishedLine:
    article: Article
    views: int


@dataclass(frozen=True)
class Desk:
    """Each list newest first, at most LINES long; `drafts_count` counts all of the drafts,
    `suspicions` those nobody looked into."""

    may_write: bool
    may_look: bool
    process: Process
    drafts: list[Article]
    drafts_count: int
    changed: list[Article]
    published: list[PublishedLine]
    hot: list[PublishedLine]
    holds: list[ViewHold]
    suspicions: int


def of(user: User | AnonymousUser) -> Desk:
    """What there is for this person: the process, own drafts, changes readers do not see yet."""
    articles = Article.objects.visible_to(user)
    own_drafts = articles.drafts().filter(created_by=user.pk, stage=Stage.WRITING)
    looks = ("articles.view_article", "articles.change_article")
    return Desk(
        may_write=user.has_perm("articles.add_article"),
        may_look=any(user.has_perm(right) for right in looks),
        process=desk_process.of(user),
        drafts=list(own_drafts.select_related("channel").defer(*WIDE)[:LINES]),
        drafts_count=own_drafts.count(),
        changed=list(
            articles.changed_since_published().select_related("channel").defer(*WIDE)[:LINES]
        ),
        published=_recently_published(articles),
        hot=_hot(articles),
        holds=_open_holds() if may_decide(user, ViewHold) else [],
        suspicions=_suspicions() if may_decide(user, Suspicion) else 0,
    )


def _open_holds() -> list[ViewHold]:
    return list(holds.with_sizes(ViewHold.objects.filter(verdict=holds.Verdict.OPEN))[:LINES])


def _suspicions() -> int:
    return Suspicion.objects.filter(looked_at=None).count()


def _recently_published(articles: ArticleQuerySet) -> list[PublishedLine]:
    recent = Edition.objects.live().newest_first().values_list("pk", flat=True)[:LINES]
    return _lines(articles, list(recent))


def _hot(articles: ArticleQuerySet) -> list[PublishedLine]:
    """What readers look for just now, the list of hot stories “of late”."""
    stories = hot.stories(Hot.LATELY, timezone.localdate(), HOT_LINES)
    return _lines(articles, [story.pk for story in stories])


def _lines(articles: ArticleQuerySet, numbers: list[int]) -> list[PublishedLine]:
    """Those of these published articles that this person may see, in this order."""
    shown = articles.filter(pk__in=numbers).select_related("channel", "edition")
    rows = shown.defer(*WIDE, *WIDE_EDITION).in_bulk(numbers)
    views = figures.views_of(rows)
    return [PublishedLine(rows[pk], views.get(pk, 0)) for pk in numbers if pk in rows]
