"""预览链接: lets somebody without an account look at a story before it is published."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    def open(self, at: datetime | None = None) -> PreviewLinkQuerySet:
        """Links that still lead somewhere at a moment (now)."""
        at = at or timezone.now()
        return self.filter(revoked_at=None, expires_at__gt=at, article__deleted_at=None)


class PreviewLink(models.Model):
    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="preview_links"
    )
    note = models.CharField(
        _("for whom"),
        max_length=100,
        blank=True,
        help_text=_("For example: the leader who decides."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    opened_at = models.DateTimeField(_("last opened"), null=True, blank=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.note or f"{self.article_id}"

    def is_open(self, at: datetime | None = None) -> bool:
        """The same rule as `PreviewLinkQuerySet.open`, for one row."""
        at = at or timezone.now()
        return self.revoked_at is None and self.expires_at > at and not self.article.is_binned
