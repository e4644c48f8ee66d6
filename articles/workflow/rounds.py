"""The record of the present round, as far as it decides what may be done next."""

from __future__ import annotations

from django.db import models

from articles.models import Article, Stage, Transition


def round_of(article: Article) -> models.QuerySet[Transition]:
    """The moves since the story was last published; all of them when it never was."""
    rows = Transition.objects.filter(article_number=article.pk)
    last = rows.filter(move="publish").order_by("-number").values_list("number", flat=True).first()
    return rows.filter(number__gt=last or 0)


def contributors(article: Article) -> set[int]:
    """Accounts that wrote on the text readers do not have; the author always. Of a story that was
    withdrawn they have nothing."""
    revisions = article.revisions.all()
    if article.is_published:
        revisions = revisions.filter(number__gt=article.edition.revision.number)
    return {article.created_by_id, *revisions.values_list("saved_by_id", flat=True)}


def missing_reviews(article: Article) -> list[Stage]:
    """The reviews of this round that nobody approved on exactly the present text."""
    checksum = article.revisions.filter(number=article.version).values_list("sha256", flat=True)
    approved = round_of(article).filter(
        move="approve", revision=article.version, sha256=checksum.first() or ""
    )
    given = set(approved.values_list("from_stage", flat=True))
    return [stage for stage in map(Stage, article.chain.split()) if stage not in given]
