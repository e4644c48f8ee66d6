"""Who has which article open in the desk at the moment."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article

# Three missed signs of life, which an open form gives every 15 seconds.
GONE_AFTER = timedelta(seconds=50)


class PresenceQuerySet(models.QuerySet["Presence"]):
    def here(self, at: datetime | None = None) -> PresenceQuerySet:
        """Forms that gave a sign of life lately."""
        return self.filter(seen_at__gt=(at or timezone.now()) - GONE_AFTER)


class Presence(models.Model):
    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="presences"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    sitting = models.CharField(_("sitting"), max_length=32)
    since = models.DateTimeField(_("since"), auto_now_add=True)
    seen_at = models.DateTimeField(_("last sign of life"), db_index=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [
            models.UniqueConstraint(fields=["article", "sitting"], name="presence_once_a_sitting")
        ]

    def __str__(self) -> str:
        return f"{self.user} @ {self.article_id}"
