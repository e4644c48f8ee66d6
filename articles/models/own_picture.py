"""A picture that belongs to one row and to no story: beside a title, without a caption."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from imagefield.fields import PPOIField

from articles import framing
from articles.framing import Frame
from articles.models.image import picture_path
from articles.models.picture_file import PictureField
from articles.models.rendition_formats import ALL_FORMATS


class OwnPicture(models.Model):
    file = PictureField(
        _("file"),
        upload_to=picture_path,
        width_field="width",
        height_field="height",
        ppoi_field="focal_point",
        formats=ALL_FORMATS,
    )
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    focal_point = PPOIField(_("focal point"), editable=False)

    # What a photograph of a story has, and a picture beside a title does without.
    caption = credit = alternative_text = ""

    class Meta:
        abstract = True

    @property
    def frame(self) -> Frame:
        """All of it is shown."""
        return Frame()

    @property
    def shown_size(self) -> framing.Size:
        return self.frame.shown((self.width, self.height))
