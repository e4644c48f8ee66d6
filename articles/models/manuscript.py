"""综合稿: from which manuscripts a round-up was made, so that each unit is credited."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article


class ManuscriptUse(models.Model):
    article = models.ForeignKey(
        Article, verbose_name=_("round-up"), on_delete=models.CASCADE, related_name="made_from"
    )
    manuscript = models.ForeignKey(
        Article, verbose_name=_("manuscript"), on_delete=models.CASCADE, related_name="used_in"
    )

    class Meta:
        verbose_name = _("use of a manuscript")
        verbose_name_plural = _("uses of manuscripts")
        ordering = ["id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["article", "manuscript"], name="manuscript_used_once_in_a_story"
            ),
            models.CheckConstraint(
                condition=~models.Q(article=models.F("manuscript")),
                name="manuscript_not_used_in_itself",
            ),
        ]

    def __str__(self) -> str:
        return str(self.manuscript)
