"""批量操作: what one press of a button did to many stories, so that it can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A run or an undo that wrote nothing for so long was cut off: as long as a server that stops lets
# a request go on (deploy/gunicorn.conf.py).
SILENCE = timedelta(minutes=5)


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
    written_at = models.DateTimeField(
        _("last written"), auto_now=True, help_text=_("When it last came further.")
    )

    class Meta:
        verbose_name = _("bulk action")
        verbose_name_plural = _("bulk actions")
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"

    @property
    def left(self) -> int:
        """How many of the chosen stories it has not come to."""
        return max(len(self.facts.get("chosen", [])) - len(self.lines), 0)

    @property
    def to_undo(self) -> list[int]:
        """The places of the lines that were done and not yet tried to be taken back."""
        return [
            place for place, line in enumerate(self.lines) if line["done"] and "undo" not in line
        ]

    @property
    def is_under_way(self) -> bool:
        """Whether somebody's request still runs it or takes it back, as far as one can know."""
        has_more = self.to_undo if self.undone_at else self.left
        return bool(has_more) and timezone.now() - self.written_at <= SILENCE

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None and not self.to_undo

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """The run as it is now, under its lock; what is changed within is kept.

        A run and its undo may be at it at once: neither writes over what the other wrote.
        """
        with transaction.atomic():
            self.refresh_from_db(from_queryset=BulkRun.objects.select_for_update())
            yield
            self.save(update_fields=["lines", "undone_at", "written_at"])
