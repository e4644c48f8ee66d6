"""What can be searched, in its normal form: one row a live story, one a working copy.

The two never meet: readers search what is printed, staff what they write. Rows are made and
deleted, never updated; their grams are kept by the database itself (`searching.backends`), so
that a row that goes, whatever deletes it, takes its grams along.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.edition import Edition


class SearchEntry(models.Model):
    """Headline set, everything, and what a search can be narrowed to."""

    title = models.TextField(_("normal form of the headlines"), blank=True)
    text = models.TextField(_("normal form of all its words"), blank=True)
    facets = models.CharField(_("facets"), max_length=100, blank=True)

    class Meta:
        abstract = True


class EditionEntry(SearchEntry):
    place = models.BigIntegerField(
        primary_key=True,
        help_text=_("The second of the publication, or the next that is free: newer is greater."),
    )
    edition = models.OneToOneField(
        Edition, verbose_name=_("edition"), on_delete=models.CASCADE, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), db_index=True)
    expires_at = models.DateTimeField(_("expires"), null=True)

    class Meta:
        verbose_name = _("search entry of an edition")
        verbose_name_plural = _("search entries of editions")
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=models.Q(expires_at__isnull=False),
                name="edition_entry_by_expiry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.title[:20]}"


class ArticleEntry(SearchEntry):
    article = models.OneToOneField(
        Article,
        verbose_name=_("article"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("search entry of an article")
        verbose_name_plural = _("search entries of articles")

    def __str__(self) -> str:
        return f"{self.article_id}: {self.title[:20]}"
