"""友情链接: another site the front page leads to."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

_is_url = URLValidator(schemes=["http", "https"])
# An address of this site; // would be another host's.
_OWN = re.compile(r"/(?![/\\])[^\s\\]*")


def validate_address(value: str) -> None:
    """An http(s) address, or one of this site that begins with a single slash."""
    if _OWN.fullmatch(value):
        return
    try:
        _is_url(value)
    except ValidationError as error:
        raise ValidationError(
            _("Write an address that begins with https://, http:// or, on this site, with /.")
        ) from error


class SiteLink(models.Model):
    name = models.CharField(_("name"), max_length=30)
    address = models.CharField(
        _("web address"),
        max_length=300,
        validators=[validate_address],
        help_text=_("For example https://www.example.com/ or /channels/news/."),
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Smaller numbers come first among neighbours.")
    )

    class Meta:
        verbose_name = _("link to another site")
        verbose_name_plural = _("links to other sites")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(address=""), name="site_link_is_complete"
            ),
        ]

    def __str__(self) -> str:
        return self.name
