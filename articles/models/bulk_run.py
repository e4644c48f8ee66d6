"""批量操作: what one press of a button did to many stories, so that it can be undone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class BulkRun(models.Model):
    action = models.CharField(_("action"), max_length=20)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    facts = models.JSONField(
        _("what was chosen"), default=dict, help_text=_("For example the channel to move to.")
    )
    lines = models.JSONField(
        _("what became of each"),
        default=list,
        help_text=_("For each story its number, whether it was done, what was before, why not."),
    )
    undone_at = models.DateTimeField(_("undone"), null=True)

    class Meta:
        verbose_name = _("bulk action")
        verbose_name_plural = _("bulk actions")
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"
