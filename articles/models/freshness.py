"""Which state of the portal readers see: one row, one number."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Freshness(models.Model):
    """The generation of the portal; `freshness.changed` sets another one."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    generation = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("freshness of the portal")
        verbose_name_plural = _("freshness of the portal")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="freshness_is_one_row")
        ]

    def __str__(self) -> str:
        return str(self.generation)
