"""更正说明: what was wrong in a published story, told to its readers on its page."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.edition import Edition


class Correction(models.Model):
    """It belongs to the story, not to one printing of it: publishing again leaves it standing."""

    edition = models.ForeignKey(
        Edition, verbose_name=_("edition"), on_delete=models.CASCADE, related_name="corrections"
    )
    text = models.CharField(_("words of the note"), max_length=300)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="correction_has_words")
        ]

    def __str__(self) -> str:
        return self.text
