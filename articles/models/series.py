"""系列: stories that belong together, numbered 第1期, 第2期, 第3期."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.edition import Edition
from articles.models.topic import Topic

MOST_INSTALLMENTS = 999
_in_bounds = [MinValueValidator(1), MaxValueValidator(MOST_INSTALLMENTS)]


class Series(models.Model):
    topic_id: int | None

    name = models.CharField(
        _("name"), max_length=60, help_text=_("For example “岳行致远”系列评论员文章.")
    )
    planned = models.PositiveSmallIntegerField(
        _("planned installments"),
        null=True,
        blank=True,
        validators=_in_bounds,
        help_text=_("How many there will be, for 第3期/共7期. Empty: nobody knows yet."),
    )
    topic = models.ForeignKey(
        Topic,
        verbose_name=_("topic"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="series",
        help_text=_("Whose page lists the installments, too."),
    )

    class Meta:
        verbose_name = _("series (of stories)")
        verbose_name_plural = _("series (several)")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="series_has_name"),
            models.CheckConstraint(
                condition=models.Q(planned=None)
                | models.Q(planned__gte=1, planned__lte=MOST_INSTALLMENTS),
                name="series_planned_in_bounds",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Installment(models.Model):
    series_id: int
    edition_id: int

    series = models.ForeignKey(
        Series, verbose_name=_("series"), on_delete=models.CASCADE, related_name="installments"
    )
    edition = models.OneToOneField(
        Edition, verbose_name=_("story"), on_delete=models.CASCADE, related_name="installment"
    )
    number = models.PositiveSmallIntegerField(_("number"), validators=_in_bounds)

    class Meta:
        verbose_name = _("installment")
        verbose_name_plural = _("installments")
        ordering = ["series_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="installment_number_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="installment_number_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.number}"
