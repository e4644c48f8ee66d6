"""What the search server has yet to be told, written in the transaction that changed it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchMessage(models.Model):
    """This story changed: what the server knows of it is old."""

    edition_id = models.BigIntegerField(_("edition"))

    class Meta:
        verbose_name = _("message to the search server")
        verbose_name_plural = _("messages to the search server")

    def __str__(self) -> str:
        return str(self.edition_id)
