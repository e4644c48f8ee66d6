"""视频: a film in a story, with a still picture before it plays and a caption under it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.image import ArticleImage
from articles.models.upload import UploadQuerySet

# Never served without a check; a public name is given at publication.
VIDEOS = "videos"


def video_path(video: Video, name: str) -> str:
    return f"{VIDEOS}/{uuid4().hex}.mp4"


class Video(models.Model):
    article = models.ForeignKey(
        Article,
        verbose_name=_("article"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="videos",
    )
    order = models.PositiveIntegerField(
        _("order"), default=0, help_text=_("From 1; 0 when the text no longer names it.")
    )
    file = models.FileField(_("file"), upload_to=video_path, editable=False, db_index=True)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    duration = models.FloatField(_("duration in seconds"), editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False)
    poster = models.ForeignKey(
        ArticleImage,
        verbose_name=_("poster"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The picture shown before it plays."),
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=50, blank=True)
    original_name = models.CharField(_("original file name"), max_length=255, editable=False)
    sha256 = models.CharField(_("checksum"), max_length=64, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    objects = UploadQuerySet["Video"].as_manager()

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")
        ordering = ["article_id", "order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(width__gt=0, height__gt=0), name="video_has_size"
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.original_name

    def snapshot(self) -> dict[str, Any]:
        """What a revision keeps of this video."""
        return {
            "id": self.pk,
            "caption": self.caption,
            "credit": self.credit,
            "poster": self.poster_id,
        }
