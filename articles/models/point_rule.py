"""积分规则: what earns how many points in the monthly bulletin. Different in every company."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_POINTS = 1_000


class PointRule(models.Model):
    class Counted(models.TextChoices):
        PUBLISHED = "published", _("each published story")
        PICTURES = "pictures", _("each picture in a published story")
        WORDS = "words", _("1,000 characters of published stories")
        VIEWS = "views", _("1,000 views")
        LEAD = "lead", _("each story that led the front page")
        CAROUSEL = "carousel", _("each story in the carousel of the front page")
        WITHDRAWN = "withdrawn", _("each story that was withdrawn")

    name = models.CharField(
        _("name"), max_length=40, help_text=_("As the bulletin says it, for example a story.")
    )
    counted = models.CharField(_("what is counted"), max_length=10, choices=Counted.choices)
    points = models.DecimalField(
        _("points"),
        max_digits=6,
        decimal_places=2,
        validators=[MinValueValidator(-MOST_POINTS), MaxValueValidator(MOST_POINTS)],
        help_text=_("For each of them, for example 5; negative to take points away."),
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers come first.")
    )

    class Meta:
        verbose_name = _("point rule")
        verbose_name_plural = _("point rules")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="point_rule_has_name")
        ]

    def __str__(self) -> str:
        return self.name
