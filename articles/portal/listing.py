"""Lists of editions, in pages of twenty."""

from __future__ import annotations

import re

from django.core.paginator import Page, Paginator

from articles.models.edition import EditionQuerySet

PAGE_SIZE = 20


def page_of(editions: EditionQuerySet, number: str) -> Page | None:
    """The page of that number, the last one when there are fewer; None for anything else."""
    if not re.fullmatch(r"[1-9][0-9]*", number):
        return None
    paginator = Paginator(editions.newest_first().for_lists(), PAGE_SIZE)
    wanted = int(number) if len(number) < 10 else paginator.num_pages
    return paginator.page(min(wanted, paginator.num_pages))
