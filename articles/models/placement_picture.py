"""A placement's own picture, in place of the cover of its story."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.own_picture import OwnPicture
from articles.models.placement import Placement


class PlacementPicture(OwnPicture):
    placement = models.OneToOneField(
        Placement,
        verbose_name=_("placement"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="picture",
    )

    class Meta:
        verbose_name = _("picture of a placement")
        verbose_name_plural = _("pictures of placements")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(width__gt=0, height__gt=0), name="placement_picture_has_size"
            ),
        ]

    def __str__(self) -> str:
        return str(self.placement)
