"""稿件类别: what kind of story it is, as far as that decides who has to read it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContentClass(models.Model):
    name = models.CharField(
        _("name"),
        max_length=20,
        unique=True,
        help_text=_("For example 领导活动, 重要部署 or 一般消息."),
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers come first.")
    )

    class Meta:
        verbose_name = _("content class")
        verbose_name_plural = _("content classes")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="content_class_has_name")
        ]

    def __str__(self) -> str:
        return self.name
