"""Which state of the portal kept pages were rendered from."""

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


class FreshnessMark(models.Model):
    """One thing pages show, such as `story 12` or `shelf 3`, and the number of its state."""

    name = models.CharField(max_length=40, primary_key=True)
    number = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("freshness mark")
        verbose_name_plural = _("freshness marks")

    def __str__(self) -> str:
        return f"{self.name}: {self.number}"
