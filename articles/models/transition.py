"""流转记录: every move of every story, one row each, never changed and never deleted.

A row names the story, its revision and the person by number and by word, not by a reference that
could be deleted; its digest covers the row and the digest of the row before it, so that a row
changed, taken out or put in shows (`articles.recording.verify`). The database refuses to change
or delete rows, too (migration 0016).
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RecordIsFinal(TypeError):
    """Something tried to change or delete rows of the record."""

    def __init__(self) -> None:
        super().__init__("Transitions are only ever added: call articles.recording.append.")


class TransitionQuerySet(models.QuerySet["Transition"]):
    def of(self, article_id: int) -> TransitionQuerySet:
        """The record of one story, oldest first."""
        return self.filter(article_number=article_id).order_by("number")

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RecordIsFinal

    update = delete = bulk_create = bulk_update = update_or_create = _raw_delete = _refuse


class Transition(models.Model):
    number = models.PositiveBigIntegerField(
        _("number"), primary_key=True, help_text=_("Counted without gaps, over all stories.")
    )
    article_number = models.PositiveBigIntegerField(_("number of the article"))
    title = models.CharField(_("title"), max_length=200)
    move = models.CharField(_("step"), max_length=20)
    from_stage = models.CharField(_("from"), max_length=10)
    to_stage = models.CharField(_("to"), max_length=10)
    revision = models.PositiveIntegerField(_("version"))
    sha256 = models.CharField(_("checksum of the text"), max_length=64)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Empty: a leader without an account, by a link."),
    )
    actor_name = models.CharField(_("person"), max_length=150)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    facts = models.JSONField(
        _("further facts"), default=dict, help_text=_("For example the link a leader used.")
    )
    address = models.CharField(_("network address"), max_length=45, blank=True)
    made_at = models.DateTimeField(_("time"))
    previous = models.CharField(_("digest before"), max_length=64)
    digest = models.CharField(_("digest"), max_length=64)

    objects = TransitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("transition")
        verbose_name_plural = _("record of transitions")
        ordering = ["-number"]
        # Nobody adds, changes or deletes rows by hand.
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["article_number", "number"], name="transition_by_article"),
            models.Index(fields=["actor", "number"], name="transition_by_actor"),
            models.Index(fields=["made_at"], name="transition_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    def save(self, **options: Any) -> None:
        if not self._state.adding:
            raise RecordIsFinal
        super().save(**{**options, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RecordIsFinal

    def computed_digest(self) -> str:
        """SHA-256 over the row in one spelling, the digest before it included, as hex."""
        facts = {
            "number": self.number,
            "article": self.article_number,
            "title": self.title,
            "move": self.move,
            "from": self.from_stage,
            "to": self.to_stage,
            "revision": self.revision,
            "sha256": self.sha256,
            "actor": self.actor_id,
            "name": self.actor_name,
            "reason": self.reason,
            "facts": self.facts,
            "address": self.address,
            "at": self.made_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "previous": self.previous,
        }
        spelled = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(spelled.encode()).hexdigest()


class RecordHead(models.Model):
    """The newest row of the record; its lock puts all moves one after the other."""

    ONLY = 1

    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")

    class Meta:
        verbose_name = _("end of the record")
        verbose_name_plural = _("end of the record")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} {self.digest}"
