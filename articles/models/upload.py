"""What came in as a file: a photograph, an attachment or a film, of a story or not yet."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

from articles.models.article import Article

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

Row = TypeVar("Row", bound=models.Model)


class UploadQuerySet(models.QuerySet[Row]):
    """For rows with `article`, `uploaded_by` and `uploaded_at`."""

    def usable_in(self, article: Article, user: User) -> Self:
        """Rows a form may name: the article's own, and this person's uploads not used yet."""
        own = models.Q(article=None, uploaded_by=user)
        return self.filter(own | models.Q(article=article) if article.pk else own)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of stories this person may open, and their own fresh uploads."""
        own = models.Q(article=None, uploaded_by=user.pk)
        return self.filter(own | models.Q(article__in=Article.objects.visible_to(user)))

    def orphaned(self, before: datetime) -> Self:
        """Uploads no saved article ever used."""
        return self.filter(article=None, uploaded_at__lt=before)
