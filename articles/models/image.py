"""配图: a photograph in a story. Caption and photographer belong to this use of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
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

from articles import framing, markup
from articles.framing import Frame
from articles.models.article import Article

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

# Folders of the media storage. Only the public one is ever served without a permission check.
ORIGINALS = "originals"
PICTURES = "pictures"
PRIVATE_RENDITIONS = "renditions"
PUBLIC_RENDITIONS = "public"

# The text column is 720 CSS pixels wide, a phone 360 to 430: one and two device pixels each.
RENDITION_WIDTHS = (480, 960, 1440)
FALLBACK_WIDTH = 960
# The whole picture beside the text that is being written, and in its tray.
DESK_WIDTH, THUMB_WIDTH = 960, 240
# Renditions differ in width; WebP holds 16,383 pixels a side, an upload 12,000.
NO_LIMIT = 12_000

_TURNS = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}
# Decoding is what takes memory: one large picture at a time in a process, whether it comes in
# or a rendition is made of it. Those with fewer pixels take less than 30 MB.
one_at_a_time = BoundedSemaphore()
LARGE = 4_000_000


@register
def encode(get_image: Any, kind: str, quality: int) -> Any:
    """An imagefield processor: the rendition's file format and quality."""

    def processor(image: Any, context: Context) -> Any:
        context.save_kwargs.update(format=kind, quality=quality)
        image = get_image(image, context)
        return _on_white(image) if kind == "JPEG" and image.mode != "RGB" else image

    return processor


@register
def thumbnail(get_image: Any, size: tuple[int, int]) -> Any:
    """In place of imagefield's: to the pixel as pages announce it, and without decoding a
    JPEG in full when an eighth of it will do. The name is part of the files' names."""

    def processor(image: Image.Image, context: Any) -> Image.Image:
        shown = context.shown(image.size)
        small = framing.scaled(shown, size[0])
        image.draft("RGB", framing.times(image.size, 2 * small[0] / shown[0]))
        image = get_image(image, context)
        return image.resize(small, Image.Resampling.LANCZOS, reducing_gap=3.0)

    return processor


@register
def frame(get_image: Any, turn: int, crop: Any) -> Any:
    """An imagefield processor: the part of the picture that is shown, turned."""

    def processor(image: Image.Image, context: Any) -> Image.Image:
        image = get_image(image, context)
        return _cut(image, turn, Frame(turn, crop).box(image.size))

    return processor


@register
def cover(get_image: Any, turn: int, crop: Any, focus: tuple[float, float]) -> Any:
    """An imagefield processor: the part that lists show."""

    def processor(image: Image.Image, context: Any) -> Image.Image:
        image = get_image(image, context)
        return _cut(image, turn, Frame(turn, crop, focus).cover_box(image.size))

    return processor


def _cut(image: Image.Image, turn: int, box: framing.Box) -> Image.Image:
    turned = image.transpose(_TURNS[turn]) if turn else image
    return turned.crop(box)


def _on_white(image: Image.Image) -> Image.Image:
    """What is transparent is paper; JPEG would make it black."""
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return paper


def _format(kind: str, width: int, shows: str = "frame") -> Any:
    """A size in the frame of its row: as framed, whole, or cut as a cover.

    A file's name is a digest of its picture's name and all that is said here, so another frame
    is another file. A picture without a frame keeps the names it had before there were frames.
    """
    extension, quality = {"WEBP": (".webp", 80), "JPEG": (".jpg", 82)}[kind]

    def spec(file: PictureFile, context: Any) -> None:
        row: ArticleImage = file.instance
        chosen = Frame() if shows == "whole" else row.frame
        context.extension = extension
        # imagefield names files after the point of interest, too, which only covers look at.
        context.ppoi = [0.5, 0.5]
        context.shown = chosen.cover if shows == "cover" else chosen.shown
        processors: list[Any] = [("encode", kind, quality), ("thumbnail", (width, NO_LIMIT))]
        if shows == "cover":
            processors.append(("cover", chosen.turn, chosen.crop, chosen.focus))
        elif not chosen.is_whole:
            processors.append(("frame", chosen.turn, chosen.crop))
        context.processors = processors

    return spec


FORMATS = {
    **{f"webp{width}": _format("WEBP", width) for width in RENDITION_WIDTHS},
    "fallback": _format("JPEG", FALLBACK_WIDTH),
}
COVER_FORMATS = {
    **{f"cover{width}": _format("WEBP", width, "cover") for width in RENDITION_WIDTHS},
    "cover": _format("JPEG", FALLBACK_WIDTH, "cover"),
}
DESK_FORMATS = {
    "whole": _format("WEBP", DESK_WIDTH, "whole"),
    "thumb": _format("WEBP", THUMB_WIDTH, "whole"),
}
ALL_FORMATS = FORMATS | COVER_FORMATS | DESK_FORMATS


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

    def rendition_name(self, format_name: str) -> str:
        """The name of its private file in a format, whether made already or not."""
        return str(self._process_context(self.field.formats[format_name]).name)

    def process(self, spec: str, *, force: bool = False) -> str:
        """Makes a rendition unless it is there; returns its name.

        imagefield's own would leave a copy under another name when two make it at once.
        """
        context = self._process_context(self.field.formats[spec])
        name = str(context.name)
        if force or not self.storage.exists(name):
            with self._turn_to_decode():
                if force or not self.storage.exists(name):
                    self._write(name, self._process(context=context), force=force)
        return name

    def draw(self, spec: str) -> bytes:
        """A rendition that is kept nowhere."""
        with self._turn_to_decode():
            context = self._process_context(self.field.formats[spec])
            return cast(bytes, self._process(context=context))

    def _turn_to_decode(self) -> AbstractContextManager[Any]:
        is_large = self.instance.width * self.instance.height > LARGE
        return one_at_a_time if is_large else nullcontext()

    def _write(self, name: str, content: bytes, *, force: bool) -> None:
        if force:
            self.storage.delete(name)
        written = self.storage.save(name, ContentFile(content))
        if written != name:
            # Another process was faster.
            self.storage.delete(written)


class PictureField(ImageField):
    attr_class = PictureFile


class ArticleImageQuerySet(models.QuerySet["ArticleImage"]):
    def usable_in(self, article: Article, user: User) -> ArticleImageQuerySet:
        """Rows a body may name: the article's own, and this person's uploads not used yet."""
        own = models.Q(article=None, uploaded_by=user)
        return self.filter(own | models.Q(article=article) if article.pk else own)

    def visible_to(self, user: User | AnonymousUser) -> ArticleImageQuerySet:
        """Pictures of stories this person may open, and their own fresh uploads."""
        own = models.Q(article=None, uploaded_by=user.pk)
        return self.filter(own | models.Q(article__in=Article.objects.visible_to(user)))

    def orphaned(self, before: datetime) -> ArticleImageQuerySet:
        """Uploads no saved article ever used."""
        return self.filter(article=None, uploaded_at__lt=before)


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

    objects = ArticleImageQuerySet.as_manager()

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
