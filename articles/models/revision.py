"""An immutable snapshot of an article at each save: history, and what a decision is bound to."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article


class PlainEncoder(json.JSONEncoder):
    """Chinese as it is: escaped, it would take twice the room on SQLite."""

    def __init__(self, **options: Any):
        super().__init__(**{**options, "ensure_ascii": False})


class Revision(models.Model):
    article = models.ForeignKey(
        Article, verbose_name=_("article"), on_delete=models.CASCADE, related_name="revisions"
    )
    number = models.PositiveIntegerField(_("number"))
    content = models.JSONField(_("content"), encoder=PlainEncoder)
    sha256 = models.CharField(_("checksum"), max_length=64)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("saved by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    saved_at = models.DateTimeField(_("saved"), auto_now_add=True)
    is_autosave = models.BooleanField(
        _("saved by itself"),
        default=False,
        help_text=_("Replaced by the next save of the same sitting."),
    )
    sitting = models.CharField(
        _("sitting"),
        max_length=32,
        blank=True,
        help_text=_("Which opened form saved it; empty without JavaScript."),
    )
    step = models.PositiveBigIntegerField(
        _("step"),
        default=0,
        help_text=_("Rises with each save of a sitting; one that comes late is known by it."),
    )
    added = models.PositiveIntegerField(
        _("characters added"), default=0, help_text=_("Against the revision before it.")
    )
    removed = models.PositiveIntegerField(_("characters removed"), default=0)
    restored_from = models.PositiveIntegerField(
        _("restored from"), null=True, help_text=_("The number of the revision it repeats.")
    )

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["article_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
            models.CheckConstraint(condition=models.Q(number__gt=0), name="revision_number_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} r{self.number}"

    @staticmethod
    def checksum(content: dict[str, Any]) -> str:
        """SHA-256 of the content in one spelling (sorted keys, no spaces, UTF-8), as hex."""
        spelled = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(spelled.encode()).hexdigest()
