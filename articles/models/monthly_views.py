"""The views of an article in one month: the sum of its days, kept by triggers of the database.

Whoever writes `DailyViews` writes this too, in the same statement, and nobody else does
(migration 0015, docs/decisions/0012-months-are-summed-by-triggers.md).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MonthlyViews(models.Model):
    pk = models.CompositePrimaryKey("month", "article_id")
    month = models.PositiveIntegerField(help_text=_("Such as 202603, where readers are."))
    article_id = models.BigIntegerField()
    views = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("views of a month")
        verbose_name_plural = _("views by month")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.article_id} {self.month}: {self.views}"
