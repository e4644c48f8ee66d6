"""The recycle bin: a draft goes in, comes out as it was, or leaves it for good."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from articles.models import Article


@transaction.atomic
def throw_away(article: Article, *, by: User) -> None:
    """Puts a draft into the recycle bin, where it stays for 30 days."""
    Article.objects.filter(pk=article.pk, deleted_at=None).update(
        deleted_at=timezone.now(), deleted_by=by
    )


@transaction.atomic
def take_back(article: Article) -> None:
    """Takes a draft out of the recycle bin, as it was."""
    Article.objects.filter(pk=article.pk).update(deleted_at=None, deleted_by=None)


@transaction.atomic
def discard(article: Article) -> None:
    """Deletes a draft for good; its files become orphans, which the daily sweep takes away.

    Raises Article.DoesNotExist when it does not lie in the bin any more as `article` was read:
    somebody took it back or deleted it meanwhile.
    """
    rows = Article.objects.binned().select_for_update(of=("self",))
    current = rows.get(pk=article.pk, deleted_at=article.deleted_at)
    current.images.update(article=None)
    current.attachments.update(article=None)
    current.videos.update(article=None)
    current.delete()
