"""Filling in bulk, against creating the same rows one by one."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from articles.filling import fill
from articles.filling.making import PICTURES
from articles.models import Article, ArticleImage, ArticleViews, Edition, Revision
from benchmarks.plan import Plan
from benchmarks.report import Line, Report

# Article, revision, edition and sums, and its pictures.
ROWS = 4 + PICTURES
SAMPLE = 100


@dataclass(frozen=True)
class Timing:
    articles: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.articles * ROWS / self.seconds


def measure(plan: Plan) -> Report:
    """Both in turn, a part of the articles each round."""
    share = max(SAMPLE, plan.articles // plan.rounds)
    filled, created = [], []
    for _ in range(plan.rounds):
        filled.append(_fill(share))
        created.append(_create(min(SAMPLE, share)))
    report = Report(
        f"fill, {share * plan.rounds:,} articles of {ROWS} rows",
        f"objects.create() for each row of {SAMPLE} articles in one transaction, rows per second",
    )
    for name, timings in (("objects.create()", created), ("fill", filled)):
        ratios = [
            timing.rate / reference.rate for timing, reference in zip(timings, created, strict=True)
        ]
        report.lines.append(Line(name, ratios, _aside(timings)))
    return report


def _aside(timings: list[Timing]) -> str:
    seconds = sum(timing.seconds for timing in timings)
    articles = sum(timing.articles for timing in timings)
    return f"{articles * ROWS / seconds:.0f} rows/s, {articles:,} articles in {seconds:.1f} s"


def _fill(articles: int) -> Timing:
    start = monotonic()
    for _done in fill(articles, now=timezone.now()):
        pass
    return Timing(articles, monotonic() - start)


def _create(articles: int) -> Timing:
    """The newest rows once more, read beforehand; what is timed is only the creating."""
    sample = [_rows_of(article) for article in Article.objects.order_by("-pk")[:articles]]
    start = monotonic()
    with transaction.atomic():
        for rows in sample:
            _create_one(rows)
    return Timing(articles, monotonic() - start)


def _rows_of(article: Article) -> dict[type[Model], list[dict[str, Any]]]:
    """Column values of a story in all its tables, without primary keys."""
    found: dict[type[Model], list[Any]] = {
        Article: [article],
        ArticleImage: list(article.images.all()),
        Revision: list(article.revisions.all()),
        Edition: [article.edition],
        ArticleViews: [ArticleViews.objects.get(pk=article.pk)],
    }
    return {model: [_columns(row) for row in rows] for model, rows in found.items()}


def _columns(row: Model) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


def _create_one(rows: dict[type[Model], list[dict[str, Any]]]) -> None:
    article = Article.objects.create(**rows[Article][0])
    for columns in rows[ArticleImage]:
        ArticleImage.objects.create(**columns | {"article_id": article.pk})
    revision = Revision.objects.create(**rows[Revision][0] | {"article_id": article.pk})
    Edition.objects.create(**rows[Edition][0], article=article, revision=revision)
    ArticleViews.objects.create(**rows[ArticleViews][0], article_id=article.pk)
