"""Notices of what waits too long: one for each person a story waits for, once a stay at a stage."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from articles import waiting
from articles.models import Article, Notice

AT_A_TIME = 200


def remind(now: datetime) -> int:
    """Writes the notices that are missing; how many. Run twice it writes nothing more."""
    late = waiting.overdue(Article.objects.filter(deleted_at=None), now)
    numbers = list(late.order_by("pk").values_list("pk", flat=True))
    batches = [numbers[start : start + AT_A_TIME] for start in range(0, len(numbers), AT_A_TIME)]
    return sum(_remind_of(batch, now) for batch in batches)


@transaction.atomic
def _remind_of(numbers: list[int], now: datetime) -> int:
    # Under their locks: nobody moves them meanwhile, and two runs go one after the other.
    rows = Article.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk")
    articles = list(waiting.overdue(rows, now).defer("body", "summary"))
    known = _known(articles)
    notices = [
        Notice(user=person, article_id=number, kind=Notice.Kind.OVERDUE)
        for number, people in waiting.people_for(articles).items()
        for person in people
        if (number, person.pk) not in known
    ]
    Notice.objects.bulk_create(notices)
    return len(notices)


def _known(articles: list[Article]) -> set[tuple[int, int]]:
    """(article, person) of the overdue notices since each article came to its stage."""
    since = {article.pk: article.stage_since for article in articles}
    rows = Notice.objects.filter(article__in=since, kind=Notice.Kind.OVERDUE).order_by()
    return {
        (article, person)
        for article, person, made_at in rows.values_list("article_id", "user_id", "made_at")
        if made_at >= since[article]  # type: ignore[operator]
    }
