"""灰色模式: days of mourning, on which every public page is without colours."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class GreyPeriodQuerySet(models.QuerySet["GreyPeriod"]):
    def standing(self, at: datetime | None = None) -> GreyPeriodQuerySet:
        """Periods that include a moment (now)."""
        at = at or timezone.now()
        return self.filter(starts_at__lte=at, ends_at__gt=at)


class GreyPeriod(models.Model):
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), help_text=_("From then on in colours again."))
    note = models.CharField(
        _("note"),
        max_length=100,
        blank=True,
        help_text=_("For example: national day of mourning. Readers do not see it."),
    )

    objects = GreyPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("grey period")
        verbose_name_plural = _("grey periods")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="grey_ends_after_start",
                violation_error_message=_("The end lies before the beginning. Correct one."),
            ),
        ]

    def __str__(self) -> str:
        return self.note or f"{timezone.localtime(self.starts_at):%Y-%m-%d}"
