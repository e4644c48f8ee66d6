"""The front page of the admin: what there is to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from articles.admin.deciding import may_decide
from articles.models import Article, Edition, Suspicion, ViewHold
from articles.models.article import ArticleQuerySet
from articles.visits import figures, holds

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

LINES = 8
# Columns a list does not show.
WIDE = ("body", "summary")
WIDE_EDITION = ("edition__body", "edition__plain_text", "edition__summary")


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
    drafts: list[Article]
    drafts_count: int
    changed: list[Article]
    published: list[PublishedLine]
    holds: list[ViewHold]
    suspicions: int


def of(user: User | AnonymousUser) -> Desk:
    """What waits for this person: own drafts, changes readers do not see yet, recent stories."""
    articles = Article.objects.visible_to(user)
    own_drafts = articles.drafts().filter(created_by=user.pk)
    looks = ("articles.view_article", "articles.change_article")
    return Desk(
        may_write=user.has_perm("articles.add_article"),
        may_look=any(user.has_perm(right) for right in looks),
        drafts=list(own_drafts.select_related("channel").defer(*WIDE)[:LINES]),
        drafts_count=own_drafts.count(),
        changed=list(
            articles.changed_since_published().select_related("channel").defer(*WIDE)[:LINES]
        ),
        published=_recently_published(articles),
        holds=_open_holds() if may_decide(user, ViewHold) else [],
        suspicions=_suspicions() if may_decide(user, Suspicion) else 0,
    )


def _open_holds() -> list[ViewHold]:
    return list(holds.with_sizes(ViewHold.objects.filter(verdict=holds.Verdict.OPEN))[:LINES])


def _suspicions() -> int:
    return Suspicion.objects.filter(looked_at=None).count()


def _recently_published(articles: ArticleQuerySet) -> list[PublishedLine]:
    recent = Edition.objects.live().newest_first().values_list("pk", flat=True)[:LINES]
    shown = articles.filter(pk__in=list(recent)).select_related("channel", "edition")
    rows = sorted(
        shown.defer(*WIDE, *WIDE_EDITION), key=lambda row: row.edition.published_at, reverse=True
    )
    views = figures.views_of([article.pk for article in rows])
    return [PublishedLine(article, views.get(article.pk, 0)) for article in rows]
