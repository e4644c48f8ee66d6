"""What readers searched for and did not find: words, days and numbers, no person."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchMiss(models.Model):
    phrase = models.CharField(_("searched for"), max_length=60)
    day = models.DateField(_("day"))
    times = models.PositiveIntegerField(_("times"), default=1)

    class Meta:
        verbose_name = _("search without result")
        verbose_name_plural = _("searches without result")
        ordering = ["-day", "-times", "phrase"]
        constraints = [
            models.UniqueConstraint(fields=["day", "phrase"], name="search_miss_once_a_day")
        ]

    def __str__(self) -> str:
        return self.phrase
