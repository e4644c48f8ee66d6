"""What people decide about views: holds, corrections, networks that are known, suspicions."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ViewHold(models.Model):
    """Views of one network on one day that came in larger numbers than its budget allows.

    They were accepted and answered, and count when somebody releases them.
    """

    class Verdict(models.TextChoices):
        OPEN = "", _("open")
        RELEASED = "released", _("released")
        STRUCK = "struck", _("struck")

    network = models.CharField(
        _("network"),
        max_length=16,
        help_text=_("A name for the network that tells nobody's address."),
    )
    day = models.DateField(_("day"))
    opened_at = models.DateTimeField(_("since"), default=timezone.now)
    verdict = models.CharField(
        _("verdict"), max_length=10, choices=Verdict.choices, default=Verdict.OPEN, blank=True
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("held views")
        verbose_name_plural = _("held views")
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "day"],
                condition=models.Q(verdict=""),
                name="one_open_hold_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(verdict="", decided_at=None)
                | ~models.Q(verdict="") & models.Q(decided_at__isnull=False) & ~models.Q(reason=""),
                name="hold_decided_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.network}"


class ViewCorrection(models.Model):
    """Views added or taken away by a person; the counted number itself is never edited."""

    article_id = models.BigIntegerField(_("article"), db_index=True)
    day = models.DateField(_("day"), help_text=_("The day whose figures it corrects."))
    n = models.IntegerField(_("views"), help_text=_("Negative to take views away."))
    reason = models.CharField(_("reason"), max_length=200)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    reversed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reversed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reversed_at = models.DateTimeField(_("reversed"), null=True, blank=True)
    reversal_reason = models.CharField(_("reason of the reversal"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("correction of views")
        verbose_name_plural = _("corrections of views")
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["day"], name="view_correction_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(n=0) & ~models.Q(reason=""), name="view_correction_says_why"
            ),
            models.CheckConstraint(
                condition=models.Q(reversed_at=None, reversed_by=None, reversal_reason="")
                | models.Q(reversed_at__isnull=False, reversed_by__isnull=False)
                & ~models.Q(reversal_reason=""),
                name="view_correction_reversed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.day}: {self.n:+}"


def validate_network(value: str) -> None:
    """An address or a network such as 10.1.0.0/16 or 2001:db8::/32."""
    try:
        ipaddress.ip_network(value.strip(), strict=False)
    except ValueError as error:
        raise ValidationError(
            _("Write an address or a network, such as 10.1.0.0/16 or 2001:db8::/32.")
        ) from error


class KnownNetwork(models.Model):
    """A network many readers share, such as a proxy of the company, with its own budget."""

    network = models.CharField(
        _("network"),
        max_length=50,
        unique=True,
        validators=[validate_network],
        help_text=_("An address or a network, for example 10.1.0.0/16."),
    )
    budget = models.PositiveIntegerField(
        _("new visits a minute"),
        null=True,
        blank=True,
        help_text=_("More than these are held for review. Empty: as many as come."),
    )
    note = models.CharField(
        _("note"), max_length=100, blank=True, help_text=_("For example: exit of the mine's LAN.")
    )

    class Meta:
        verbose_name = _("known network")
        verbose_name_plural = _("known networks")
        ordering = ["network"]

    def __str__(self) -> str:
        return self.network


class Suspicion(models.Model):
    """An article whose views of one day look made, with the reasons; a person looks into it."""

    article_id = models.BigIntegerField(_("article"))
    day = models.DateField(_("day"))
    views = models.PositiveIntegerField(_("views"))
    reasons = models.JSONField(
        _("reasons"), help_text=_("Each rule that was met, with the figures it was met by.")
    )
    looked_at = models.DateTimeField(_("looked into"), null=True, blank=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("looked into by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    finding = models.CharField(_("finding"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("suspicious views")
        verbose_name_plural = _("suspicious views")
        ordering = ["-day", "-views"]
        constraints = [
            models.UniqueConstraint(fields=["day", "article_id"], name="one_suspicion_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.article_id}"
