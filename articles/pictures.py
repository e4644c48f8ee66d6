"""Taking in a photograph: decoded in full under limits, turned upright, re-encoded, filed.

Only re-encoded bytes are ever shown: GPS positions, thumbnails and whatever else hides in a
file stay in the private original. Limits are checked on the header, before pixels are decoded.
"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from articles.models import ArticleImage
from articles.models.picture_file import one_at_a_time
from newsroom import uploads

FORMATS: tuple[str, ...] = ("JPEG", "PNG", "GIF", "WEBP")
try:
    import pi_heif  # type: ignore[import-untyped]  # it ships no types
except ImportError:
    # Optional: its decoder is LGPL, and not every house wants it.
    pass
else:
    pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    FORMATS = (*FORMATS, "HEIF")
# What a file of an iPhone names as its brand; AVIF has others.
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
# A 45-megapixel camera at its best quality stays under 30 MiB.
LARGEST_FILE = 30 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 12_000
# The smallest rendition of anything thinner would be less than a pixel wide.
MOST_TIMES_AS_LONG = 200
# Enough for a full-width picture on a 4K screen.
KEPT_SIDE = 3_840
JPEG_QUALITY = 90
# Earlier uses of a file that are offered with it.
MOST_KNOWN = 3
# Higher than this many times its width: a poster or a screenshot, read by scrolling.
LONG_PICTURE = 3

_SRGB = ImageCms.createProfile("sRGB")

# What Pillow raises on broken files, by experience: each of these has been seen.
DECODING_ERRORS = (
    Image.UnidentifiedImageError,
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    MemoryError,
    OSError,
    OverflowError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


class PictureRefused(Exception):
    """The file cannot be used; the message is a sentence that says what to do."""


def accept(upload: UploadedFile, *, by: User) -> ArticleImage:
    """Files a photograph as a fresh upload of this person; raises PictureRefused.

    All or nothing: when anything fails no file and no row is left.
    """
    return _file(upload, reencoded(upload), by)


def reencoded(upload: UploadedFile) -> ContentFile:
    """The clean copy of an uploaded picture, in a file named for its kind; keeps nothing.

    Raises PictureRefused.
    """
    if not upload.size:
        raise PictureRefused(_("The file is empty. Choose the photograph again."))
    if upload.size > LARGEST_FILE:
        raise PictureRefused(
            _("The file has %(size)d MB, at most 30 MB are possible. Export it smaller.")
            % {"size": round(upload.size / 1024 / 1024)}
        )
    return _reencoded(upload)


def known_uses(image: ArticleImage, *, by: User) -> list[ArticleImage]:
    """Where the same file was used before, newest first, as far as this person may know.

    Drafts in the recycle bin and other people's fresh uploads stay unknown. Every upload keeps
    files of its own all the same: one may go without a thought for the other.
    """
    same = ArticleImage.objects.visible_to(by).filter(sha256=image.sha256).exclude(pk=image.pk)
    return list(same.select_related("article").order_by("-pk")[:MOST_KNOWN])


def _reencoded(upload: UploadedFile) -> ContentFile:
    upload.seek(0)
    try:
        with one_at_a_time, Image.open(upload, formats=FORMATS) as image:
            _refuse_impossible(image)
            return _encode(_upright(image))
    except PictureRefused:
        raise
    except Image.UnidentifiedImageError as error:
        raise PictureRefused(_unreadable(upload)) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused(
            _("The picture has far more than 50 million pixels. Export it smaller.")
        ) from error
    except DECODING_ERRORS as error:
        raise PictureRefused(
            _("The picture is damaged or incomplete. Copy it from the camera again.")
        ) from error


def _unreadable(upload: UploadedFile) -> str:
    """What to do about a file that no decoder knows."""
    upload.seek(0)
    head = upload.read(12)
    if head[4:8] != b"ftyp" or head[8:12] not in HEIC_BRANDS:
        return _("This is not a picture we can read. Use JPEG, PNG, GIF or WebP.")
    if "HEIF" in FORMATS:
        return _("The picture is damaged or incomplete. Copy it from the camera again.")
    return _(
        "HEIC photographs cannot be read here. On the phone choose Settings, Camera, Formats, "
        "Most Compatible, or export the picture as JPEG."
    )


def _refuse_impossible(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise PictureRefused(
            _(
                "The picture has %(width)d×%(height)d pixels, at most 50 million and 12,000 a side "
                "are possible. Export it smaller."
            )
            % {"width": width, "height": height}
        )
    if max(width, height) > MOST_TIMES_AS_LONG * min(width, height):
        raise PictureRefused(_("The picture is as thin as a line. Crop it, then choose it again."))


def _upright(image: Image.Image) -> Image.Image:
    """The decoded picture, turned as the camera was held, not too large, sRGB, RGB or RGBA.

    Made smaller first: every step after it copies what is there.
    """
    box = _box(image.size)
    image.draft("RGB", box)
    image.load()
    profile = image.info.get("icc_profile")
    small = _with_8_bits(image)
    if small.mode in ("P", "PA", "1"):
        # These can only be scaled by leaving pixels out.
        small = small.convert("RGBA" if small.has_transparency_data else "RGB")
    small.thumbnail(box, Image.Resampling.LANCZOS)
    ImageOps.exif_transpose(small, in_place=True)
    small = _in_srgb(small, profile)
    mode = "RGBA" if small.has_transparency_data else "RGB"
    small = small if small.mode == mode else small.convert(mode)
    small.info = {}
    return small


def _box(size: tuple[int, int]) -> tuple[int, int]:
    """What the kept copy fits into. A long picture is read by scrolling: it keeps its width."""
    if max(size) > LONG_PICTURE * min(size):
        return LONGEST_SIDE, LONGEST_SIDE
    return KEPT_SIDE, KEPT_SIDE


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as every browser shows them; renditions carry no profile of their own."""
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, _SRGB, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        # A broken profile is no reason to refuse the photograph.
        return image
    return converted or image


def _with_8_bits(image: Image.Image) -> Image.Image:
    """16-bit grey scaled down to 8; Pillow's own conversion would clip it to white."""
    if not image.mode.startswith("I"):
        return image
    grey = image.convert("I").point(lambda value: value / 256).convert("L")
    grey.info = image.info
    return grey


def _encode(image: Image.Image) -> ContentFile:
    buffer = BytesIO()
    if image.mode == "RGBA":
        image.save(buffer, "PNG", exif=b"")
        return ContentFile(buffer.getvalue(), "picture.png")
    image.save(buffer, "JPEG", quality=JPEG_QUALITY, progressive=True, exif=b"")
    return ContentFile(buffer.getvalue(), "picture.jpg")


def _file(upload: UploadedFile, picture: ContentFile, by: User) -> ArticleImage:
    row = ArticleImage(
        original_name=(upload.name or "")[-255:], sha256=uploads.sha256(upload), uploaded_by=by
    )
    files = {"original": ("original", upload), "file": (str(picture.name), picture)}
    uploads.put_down(row, files)
    return row
