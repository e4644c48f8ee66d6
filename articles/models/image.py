"""配图: a photograph in a story. Caption and photographer belong to this use of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from imagefield.fields import (
    Context,
    ImageField,
    ImageFieldFile,
    PPOIField,
    _ProcessBase,
    hashdigest,
)
from imagefield.processing import register
from PIL import Image

from articles.models.article import Article

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# Folders of the media storage. Only the public one is ever served without a permission check.
ORIGINALS = "originals"
PICTURES = "pictures"
PRIVATE_RENDITIONS = "renditions"
PUBLIC_RENDITIONS = "public"

# The text column is 720 CSS pixels wide, a phone 360 to 430: one and two device pixels each.
RENDITION_WIDTHS = (480, 960, 1440)
FALLBACK_WIDTH = 960
# Renditions differ in width; WebP holds 16,383 pixels a side, an upload 12,000.
NO_LIMIT = 12_000


@register
def encode(get_image: Any, kind: str, quality: int) -> Any:
    """An imagefield processor: the rendition's file format and quality."""

    def processor(image: Any, context: Context) -> Any:
        context.save_kwargs.update(format=kind, quality=quality)
        image = get_image(image, context)
        return _on_white(image) if kind == "JPEG" and image.mode != "RGB" else image

    return processor


def _on_white(image: Image.Image) -> Image.Image:
    """What is transparent is paper; JPEG would make it black."""
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return paper


def _format(kind: str, extension: str, quality: int, width: int) -> Any:
    def spec(file: Any, context: Context) -> None:
        context.extension = extension
        context.processors = [("encode", kind, quality), ("thumbnail", (width, NO_LIMIT))]

    return spec


FORMATS = {
    **{f"webp{width}": _format("WEBP", ".webp", 80, width) for width in RENDITION_WIDTHS},
    "fallback": _format("JPEG", ".jpg", 82, FALLBACK_WIDTH),
}


def original_path(image: ArticleImage, name: str) -> str:
    return f"{ORIGINALS}/{uuid4().hex}"


def picture_path(image: ArticleImage, name: str) -> str:
    return f"{PICTURES}/{uuid4().hex}.{name.rpartition('.')[2]}"


class PictureFile(ImageFieldFile):
    """The clean copy of an upload; its renditions lie apart from it, in a private folder."""

    def _process_base(self, name: str) -> _ProcessBase:
        stem = name.rpartition("/")[2].partition(".")[0]
        digest = hashdigest(stem)
        return _ProcessBase(f"{PRIVATE_RENDITIONS}/{digest[:3]}/{digest[3:6]}", f"{stem}-")

    def rendition_names(self) -> dict[str, str]:
        """Format → name of its private file, whether made already or not."""
        formats = self.field.formats
        return {name: str(self._process_context(formats[name]).name) for name in formats}


class PictureField(ImageField):
    attr_class = PictureFile


class ArticleImageQuerySet(models.QuerySet["ArticleImage"]):
    def usable_in(self, article: Article, user: User) -> ArticleImageQuerySet:
        """Rows a body may name: the article's own, and this person's uploads not used yet."""
        own = models.Q(article=None, uploaded_by=user)
        return self.filter(own | models.Q(article=article) if article.pk else own)

    def orphaned(self, before: datetime) -> ArticleImageQuerySet:
        """Uploads no saved article ever used."""
        return self.filter(article=None, uploaded_at__lt=before)


class ArticleImage(models.Model):
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
        formats=FORMATS,
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

    objects = ArticleImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["article_id", "order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(width__gt=0, height__gt=0), name="image_has_size"
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.original_name

    @property
    def alternative_text(self) -> str:
        """What the alt attribute says; never empty once there is a caption."""
        return self.alternative or self.caption

    def snapshot(self) -> dict[str, Any]:
        """What a revision keeps of this picture."""
        return {
            "id": self.pk,
            "caption": self.caption,
            "credit": self.credit,
            "alternative": self.alternative,
        }
