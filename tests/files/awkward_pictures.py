"""Awkward pictures, made when asked for: nothing binary lies in the repository.

Each function returns the bytes of one file as a camera, a phone, a designer or an attacker
might send it.
"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import ExifTags, Image, ImageCms

RED, BLUE = (200, 30, 30), (30, 30, 200)
# Words hidden in metadata; none of them may be found in a file readers or the desk get.
SECRETS = (b"SECRET-CAMERA", b"SECRET-PLACE", b"SECRET-COMMENT", b"SECRET-XMP", b"SECRET-TEXT")
ORIENTATION = 0x0112
# How a camera held like this stores what it sees: the opposite of turning it upright.
STORED_TURNED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def two_colours(size: tuple[int, int] = (160, 80)) -> Image.Image:
    """Blue with a red quarter at the top left: one look tells how it is turned."""
    image = Image.new("RGB", size, BLUE)
    image.paste(RED, (0, 0, size[0] // 2, size[1] // 2))
    return image


def turned(orientation: int) -> bytes:
    """A JPEG stored as the sensor lay, with the EXIF orientation that puts it right."""
    method, image = STORED_TURNED[orientation], two_colours()
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return encoded(image if method is None else image.transpose(method), "JPEG", exif=exif)


def talkative(kind: str) -> bytes:
    """A picture that tells camera, place and more in every way its format knows."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SECRET-CAMERA"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            ExifTags.GPS.GPSLatitudeRef: "N",
            ExifTags.GPS.GPSLatitude: (34.0, 15.0, 30.0),
            ExifTags.GPS.GPSMapDatum: "SECRET-PLACE",
        }
    )
    options: dict = {"exif": exif}
    if kind == "JPEG":
        options |= {"comment": b"SECRET-COMMENT", "xmp": b"<x>SECRET-XMP</x>"}
    if kind == "WEBP":
        options |= {"xmp": b"<x>SECRET-XMP</x>"}
    if kind == "GIF":
        options = {"comment": b"SECRET-COMMENT"}
    if kind == "PNG":
        from PIL.PngImagePlugin import PngInfo

        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_text("Comment", "SECRET-TEXT")
    # What lies behind the end of the picture is read by nobody, and published by many.
    return encoded(two_colours(), kind, **options) + b"SECRET-TEXT"


def grey_16_bit(value: int = 32_768) -> bytes:
    """A PNG as scanners make it; Pillow's own conversion turns it white."""
    return encoded(Image.new("I;16", (60, 40), value), "PNG")


def see_through_palette(kind: str) -> bytes:
    """A palette of two colours, one of them transparent."""
    image = two_colours().quantize(2)
    return encoded(image, kind, transparency=image.getpixel((0, 0)))


def for_print() -> bytes:
    """A CMYK JPEG out of a layout program: pure red."""
    return encoded(Image.new("CMYK", (60, 40), (0, 255, 255, 0)), "JPEG")


def with_profile(kind: str) -> tuple[bytes, bytes]:
    """A picture with a colour profile, and the profile."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return encoded(two_colours(), kind, icc_profile=profile), profile


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (60, 40), colour) for colour in (RED, BLUE)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def huge_png(width: int, height: int) -> bytes:
    """A valid black-and-white PNG: gigabytes of pixels in some kilobytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    row, packer = b"\0" * (1 + (width + 7) // 8), zlib.compressobj(1)
    rows = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
