"""Lists of editions: pages of twenty, and the neighbours of a story."""

from __future__ import annotations

import re

from django.core.paginator import Page, Paginator
from django.db.models import Q

from articles.models import Edition
from articles.models.edition import EditionQuerySet

PAGE_SIZE = 20


def page_of(editions: EditionQuerySet, number: str) -> Page | None:
    """The page of that number, the last one when there are fewer; None for anything else."""
    if not re.fullmatch(r"[1-9][0-9]*", number):
        return None
    paginator = Paginator(editions.newest_first().for_lists(), PAGE_SIZE)
    wanted = int(number) if len(number) < 10 else paginator.num_pages
    return paginator.page(min(wanted, paginator.num_pages))


def newer_in_channel(edition: Edition) -> Edition | None:
    """上一篇: the story above this one in its channel's list."""
    after = Q(published_at__gt=edition.published_at) | Q(
        published_at=edition.published_at, article_id__gt=edition.article_id
    )
    neighbours = _in_channel(edition).filter(after, published_at__gte=edition.published_at)
    return neighbours.order_by("published_at", "article_id").first()


def older_in_channel(edition: Edition) -> Edition | None:
    """下一篇: the story beneath this one in its channel's list."""
    before = Q(published_at__lt=edition.published_at) | Q(
        published_at=edition.published_at, article_id__lt=edition.article_id
    )
    neighbours = _in_channel(edition).filter(before, published_at__lte=edition.published_at)
    return neighbours.newest_first().first()


def _in_channel(edition: Edition) -> EditionQuerySet:
    return Edition.objects.live().for_lists().filter(channel=edition.channel_id)
