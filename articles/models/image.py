"""配图: a photograph in a story. Caption and photographer belong to this use of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from imagefield.fields import PPOIField

from articles import framing, markup
from articles.framing import Frame
from articles.models.article import Article
from articles.models.picture_file import PictureField
from articles.models.rendition_formats import ALL_FORMATS
from articles.models.upload import UploadQuerySet

# Folders of the media storage that are never served.
ORIGINALS = "originals"
PICTURES = "pictures"


def original_path(image: ArticleImage, name: str) -> str:
    return f"{ORIGINALS}/{uuid4().hex}"


def picture_path(image: ArticleImage, name: str) -> str:
    return f"{PICTURES}/{uuid4().hex}.{name.rpartition('.')[2]}"


class ArticleImage(models.Model):
    class Rights(models.TextChoices):
        """On what ground a picture may be shown."""

        UNKNOWN = "", _("not stated")
        OWN = "own", _("our own photograph")
        CONTRIBUTED = "contributed", _("contributed")
        AGENCY = "agency", _("bought from an agency")
        OTHER = "other", _("other, see the note")

    article = models.ForeignKey(
        Article,
        verbose_name=_("article"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="images",
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    file = PictureField(
        _("file"),
        upload_to=picture_path,
        width_field="width",
        height_field="height",
        ppoi_field="focal_point",
        formats=ALL_FORMATS,
        db_index=True,
    )
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    focal_point = PPOIField(_("focal point"), editable=False)
    caption = models.CharField(
        _("caption"),
        max_length=300,
        blank=True,
        help_text=_("A full sentence: who does what, where and when."),
    )
    credit = models.CharField(
        _("credit"), max_length=50, blank=True, help_text=_("The photographer, for example 王建.")
    )
    alternative = models.CharField(
        _("alternative text"),
        max_length=200,
        blank=True,
        help_text=_("What can be seen, for people who cannot see it. Empty: the caption."),
    )
    rights = models.CharField(
        _("rights basis"), max_length=12, choices=Rights.choices, default=Rights.UNKNOWN, blank=True
    )
    rights_note = models.CharField(
        _("note on the rights"),
        max_length=100,
        blank=True,
        help_text=_("For example the agency, the contract, the person who agreed."),
    )
    turn = models.PositiveSmallIntegerField(
        _("turned by"), default=0, help_text=_("Degrees clockwise: 0, 90, 180 or 270.")
    )
    crop = models.JSONField(
        _("part shown"),
        null=True,
        blank=True,
        help_text=_("Left, top, width and height as shares of the turned picture. Empty: all."),
    )
    original = models.FileField(_("original"), upload_to=original_path, editable=False)
    original_name = models.CharField(_("original file name"), max_length=255, editable=False)
    sha256 = models.CharField(
        _("checksum of the original"), max_length=64, editable=False, db_index=True
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    objects = UploadQuerySet["ArticleImage"].as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["article_id", "order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(width__gt=0, height__gt=0), name="image_has_size"
            ),
            models.CheckConstraint(
                condition=models.Q(turn__in=[0, 90, 180, 270]), name="image_turn_is_right_angle"
            ),
        ]

    def __str__(self) -> str:
        return self.caption or self.original_name

    @property
    def alternative_text(self) -> str:
        """What the alt attribute says; never empty once there is a caption."""
        return self.alternative or self.caption

    @property
    def frame(self) -> Frame:
        """How much of it is shown."""
        return Frame(self.turn, _quadruple(self.crop), self.focus)

    @property
    def shown_size(self) -> framing.Size:
        """Width and height in pixels of the part that is shown."""
        return self.frame.shown((self.width, self.height))

    def as_picture(self) -> markup.Picture:
        """The picture as the editor has it: its row, how it is shown and what is said of it."""
        return markup.Picture(
            image=self.pk,
            credit=self.credit,
            alternative=self.alternative,
            rights=self.rights,
            rights_note=self.rights_note,
            turn=self.turn,
            crop=_quadruple(self.crop),
            focus=self.focus,
        )

    @property
    def focus(self) -> tuple[float, float]:
        """What must stay in sight when the cover is cut: shares of width and height."""
        across, _x, down = self.focal_point.partition("x")
        return float(across), float(down)

    def show_as(self, picture: markup.Picture) -> None:
        """Takes over what the editor says of the picture. Saves nothing."""
        self.credit, self.alternative = picture.credit, picture.alternative
        self.rights, self.rights_note = picture.rights, picture.rights_note
        self.turn = picture.turn
        self.crop = list(picture.crop) if picture.crop else None
        self.focal_point = _spelled(picture.focus)

    def frame_as(self, snapshot: dict[str, Any]) -> None:
        """Takes over the frame a revision's snapshot knows. Saves nothing."""
        self.turn, self.crop = snapshot.get("turn", 0), snapshot.get("crop")
        self.focal_point = _spelled(snapshot.get("focus", markup.MIDDLE))

    def snapshot(self) -> dict[str, Any]:
        """What a revision keeps of this picture."""
        return self.as_picture().snapshot(self.caption)


def _quadruple(crop: list[float] | None) -> tuple[float, float, float, float] | None:
    if not crop:
        return None
    left, top, width, height = map(float, crop)
    return left, top, width, height


def _spelled(point: Sequence[float]) -> str:
    return "{:.4g}x{:.4g}".format(*point)
