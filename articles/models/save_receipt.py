"""What tells a form that was sent twice from two forms."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article


class SaveReceipt(models.Model):
    """Proof that one opened form was saved, so that a double click saves once."""

    key = models.UUIDField(primary_key=True)
    fingerprint = models.CharField(
        max_length=64,
        help_text=_("Checksum of what was sent: the same form with other words is no repetition."),
    )
    sitting = models.CharField(
        max_length=32,
        blank=True,
        help_text=_("Which opened form saved it; empty without JavaScript."),
    )
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField(help_text=_("The version that was saved."))
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("save receipt")
        verbose_name_plural = _("save receipts")

    def __str__(self) -> str:
        return str(self.key)
