"""Taking in a photograph: what is made of good files, and how bad ones are refused."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import DatabaseError
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from PIL import Image

from articles import binning, pictures, renditions
from articles.models import ArticleImage
from newsroom.storage import DurableFileSystemStorage
from tests.factories import figure, make_article, make_image, photograph
from tests.files import awkward_pictures as awkward

pytestmark = pytest.mark.django_db


def upload(content: bytes, name: str = "照片.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def shown(image: ArticleImage) -> Image.Image:
    """The clean copy, decoded."""
    with image.file.storage.open(image.file.name) as file:
        picture = Image.open(BytesIO(file.read()))
    picture.load()
    return picture


def is_near(pixel, colour, by: int = 40) -> bool:
    return all(abs(one - other) <= by for one, other in zip(pixel[:3], colour, strict=True))


def files_in(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


class TestAccept:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
    def test_takes_every_kind(self, writer, kind):
        image = pictures.accept(upload(awkward.encoded(awkward.two_colours(), kind)), by=writer)
        assert (image.width, image.height) == (160, 80)
        assert (image.article, image.order, image.uploaded_by) == (None, 0, writer)
        picture = shown(image)
        assert picture.format == "JPEG"
        assert is_near(picture.getpixel((10, 10)), awkward.RED)
        assert is_near(picture.getpixel((150, 70)), awkward.BLUE)

    @pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "YCbCr", "CMYK", "HSV"])
    def test_takes_every_mode(self, writer, mode):
        kind = "JPEG" if mode in ("YCbCr", "CMYK") else "PNG"
        source = Image.new("RGB", (60, 40), "white")
        if mode == "HSV":
            source, mode = source.convert("HSV").convert("RGB"), "RGB"
        content = awkward.encoded(source.convert(mode), kind)
        picture = shown(pictures.accept(upload(content), by=writer))
        assert (picture.mode, picture.format) == ("RGB", "JPEG")
        assert is_near(picture.getpixel((30, 20)), (255, 255, 255), 3)

    @pytest.mark.parametrize("mode", ["LA", "RGBA"])
    @pytest.mark.parametrize("kind", ["PNG", "WEBP"])
    def test_keeps_what_is_transparent(self, writer, mode, kind):
        content = awkward.encoded(Image.new("RGBA", (60, 40)).convert(mode), kind)
        picture = shown(pictures.accept(upload(content), by=writer))
        assert (picture.mode, picture.format) == ("RGBA", "PNG")
        assert picture.getpixel((30, 20))[3] == 0

    @pytest.mark.parametrize("kind", ["PNG", "GIF"])
    def test_keeps_a_transparent_colour_of_a_palette(self, writer, kind):
        image = pictures.accept(upload(awkward.see_through_palette(kind)), by=writer)
        picture = shown(image)
        assert picture.format == "PNG"
        assert picture.getpixel((10, 10))[3] == 0
        assert picture.getpixel((150, 70))[3] == 255

    @pytest.mark.parametrize(("value", "grey"), [(0, 0), (32_768, 128), (65_535, 255)])
    def test_keeps_the_tones_of_16_bits(self, writer, value, grey):
        picture = shown(pictures.accept(upload(awkward.grey_16_bit(value)), by=writer))
        assert is_near(picture.getpixel((30, 20)), (grey,) * 3, 2)

    def test_turns_print_colours_into_screen_colours(self, writer):
        picture = shown(pictures.accept(upload(awkward.for_print()), by=writer))
        assert picture.mode == "RGB"
        assert is_near(picture.getpixel((30, 20)), (255, 0, 0))

    @pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
    def test_takes_the_first_frame_of_what_moves(self, writer, kind):
        picture = shown(pictures.accept(upload(awkward.animated(kind)), by=writer))
        assert getattr(picture, "n_frames", 1) == 1
        assert is_near(picture.getpixel((30, 20)), awkward.RED)

    @pytest.mark.parametrize("orientation", sorted(awkward.STORED_TURNED))
    def test_turns_the_picture_upright(self, writer, orientation):
        image = pictures.accept(upload(awkward.turned(orientation)), by=writer)
        assert (image.width, image.height) == (160, 80)
        picture = shown(image)
        assert is_near(picture.getpixel((10, 10)), awkward.RED)
        for corner in ((150, 10), (10, 70), (150, 70)):
            assert is_near(picture.getpixel(corner), awkward.BLUE)
        assert not picture.getexif()

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_needs_no_colour_profile_any_more(self, writer, kind):
        content, _profile = awkward.with_profile(kind)
        picture = shown(pictures.accept(upload(content), by=writer))
        assert "icc_profile" not in picture.info

    def test_survives_a_broken_profile(self, writer):
        buffer = BytesIO()
        Image.new("RGB", (40, 40), (120, 60, 200)).save(buffer, "PNG", icc_profile=b"nonsense")
        picture = shown(pictures.accept(upload(buffer.getvalue()), by=writer))
        assert is_near(picture.getpixel((20, 20)), (120, 60, 200))

    def test_keeps_the_width_of_a_long_picture(self, writer):
        image = pictures.accept(photograph(size=(1080, 9000)), by=writer)
        assert (image.width, image.height) == (1080, 9000)

    @pytest.mark.parametrize(
        ("size", "kept"), [((4500, 3000), (3840, 2560)), ((20, 3840), (20, 3840)), ((1, 1), (1, 1))]
    )
    def test_keeps_at_most_what_a_screen_shows(self, writer, size, kept):
        image = pictures.accept(photograph(size=size), by=writer)
        assert (image.width, image.height) == kept == shown(image).size

    def test_files_the_original_byte_by_byte(self, writer):
        content = awkward.talkative("JPEG")
        image = pictures.accept(upload(content, "井口 (1).JPG"), by=writer)
        with image.original.open() as file:
            assert file.read() == content
        assert image.sha256 == hashlib.sha256(content).hexdigest()
        assert image.original_name == "井口 (1).JPG"

    def test_gives_names_that_tell_nothing(self, writer):
        image = pictures.accept(photograph("张三的身份证.jpg"), by=writer)
        for name in (image.original.name, image.file.name, *renditions.prepare(image).values()):
            assert name.isascii()
            assert "照片" not in name
        assert "." not in str(image.original.name)

    def test_keeps_the_end_of_an_endless_name(self, writer):
        file = photograph("x.jpg")
        file._name = "字" * 400 + ".jpg"  # type: ignore[attr-defined]
        image = pictures.accept(file, by=writer)
        assert len(image.original_name) == 255
        assert image.original_name.endswith(".jpg")

    def test_reads_uploads_that_lie_on_disk(self, writer):
        content = awkward.encoded(awkward.two_colours(), "JPEG")
        with TemporaryUploadedFile("照片.jpg", "image/jpeg", len(content), None) as file:
            file.write(content)
            image = pictures.accept(file, by=writer)
            with image.original.open() as original:
                assert original.read() == content


PHONE = Path(__file__).parent / "files" / "phone.heic"


class TestHeic:
    """A photograph as phones file it: 480 × 240, held upright, with camera and place."""

    def test_is_taken_upright_and_tells_nothing(self, writer, settings):
        content = PHONE.read_bytes()
        assert all(secret in content for secret in (b"SECRET-CAMERA", b"SECRET-PLACE"))
        image = pictures.accept(upload(content, "IMG_1234.HEIC"), by=writer)
        picture = shown(image)
        assert (picture.format, picture.size) == ("JPEG", (480, 240))
        assert is_near(picture.getpixel((30, 30)), awkward.RED)
        assert is_near(picture.getpixel((450, 30)), awkward.BLUE)
        renditions.expose([image], image)
        for path in files_in(settings):
            if "originals" not in path.parts:
                assert not [each for each in awkward.SECRETS if each in path.read_bytes()], path
        with image.original.open() as file:
            assert file.read() == content

    @pytest.mark.parametrize("length", [12, 30, 200, 500, 700, 800])
    def test_cut_short_is_refused(self, writer, settings, length):
        with pytest.raises(pictures.PictureRefused):
            pictures.accept(upload(PHONE.read_bytes()[:length]), by=writer)
        assert files_in(settings) == []

    def test_without_the_decoder_says_what_to_do(self, writer, settings, monkeypatch):
        monkeypatch.setattr(pictures, "FORMATS", ("JPEG", "PNG", "GIF", "WEBP"))
        with pytest.raises(pictures.PictureRefused) as caught:
            pictures.accept(upload(PHONE.read_bytes()), by=writer)
        assert "JPEG" in str(caught.value)
        assert "HEIC" in str(caught.value)
        assert files_in(settings) == []

    def test_is_optional(self):
        """Without pi-heif the rest is taken as ever."""
        program = (
            "import sys; sys.modules['pi_heif'] = None; import django; django.setup();"
            "from articles import pictures; print(*pictures.FORMATS)"
        )
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, env=environment
        )
        assert done.stdout.split() == ["JPEG", "PNG", "GIF", "WEBP"], done.stderr


class TestKnownUses:
    def test_are_those_this_person_may_see_newest_first(self, writer, editor):
        content = photograph().read()
        mine, theirs, placed, binned, other = (
            pictures.accept(upload(content), by=who)
            for who in (writer, editor, editor, writer, writer)
        )
        make_article(by=editor, body=figure(placed))
        binning.throw_away(make_article(by=writer, body=figure(binned)), by=writer)
        pictures.accept(photograph(size=(50, 50)), by=writer)
        assert pictures.known_uses(other, by=writer) == [placed, mine]
        assert pictures.known_uses(other, by=editor) == [placed, theirs]

    def test_are_three_at_most(self, writer):
        images = [make_image(by=writer) for _upload in range(5)]
        assert pictures.known_uses(images[4], by=writer) == images[3:0:-1]

    def test_keep_files_of_their_own(self, writer):
        one, two = make_image(by=writer), make_image(by=writer)
        assert one.sha256 == two.sha256
        assert one.file.name != two.file.name
        assert one.original.name != two.original.name


class TestMetadata:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
    def test_stays_in_the_original(self, writer, settings, kind):
        content = awkward.talkative(kind)
        assert any(secret in content for secret in awkward.SECRETS)
        image = pictures.accept(upload(content), by=writer)
        renditions.expose([image], image)
        others = [path for path in files_in(settings) if "originals" not in path.parts]
        # The clean copy, two private renditions, two of the cover, their four public names.
        assert len(others) == 9
        for path in others:
            written = path.read_bytes()
            for secret in (*awkward.SECRETS, b"Exif", b"GPS", b"photoshop", b"<x"):
                assert secret not in written, path

    def test_that_is_corrupt_does_not_cost_the_picture(self, writer):
        content = awkward.encoded(awkward.two_colours(), "JPEG", exif=b"Exif\0\0garbage!" * 3)
        image = pictures.accept(upload(content), by=writer)
        assert is_near(shown(image).getpixel((10, 10)), awkward.RED)


def _good(kind: str) -> bytes:
    return awkward.encoded(Image.radial_gradient("L").convert("RGB"), kind)


REFUSED = {
    "empty": b"",
    "text": "这不是照片。".encode() * 100,
    "html": b"<!DOCTYPE html><img src=x onerror=alert(1)>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "zip": b"PK\x03\x04" + b"\0" * 100,
    "bmp": awkward.encoded(awkward.two_colours(), "BMP"),
    "tiff": awkward.encoded(awkward.two_colours(), "TIFF"),
    "ico": awkward.encoded(awkward.two_colours(), "ICO"),
    "ppm": b"P6 1 1 255\n\0\0\0",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "jpeg, only its beginning": b"\xff\xd8\xff\xe0",
    "jpeg, wrong inside": b"\xff\xd8\xff\xe0" + b"\xaa" * 500,
    "jpeg, truncated": _good("JPEG")[:-2000],
    "png, only its beginning": b"\x89PNG\r\n\x1a\n",
    "png, no size": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 17,
    "png, truncated": _good("PNG")[:-2000],
    "png, wrong inside": _good("PNG")[:200] + b"\xaa" * 500 + _good("PNG")[700:],
    "gif, only its beginning": b"GIF89a",
    "gif, truncated": _good("GIF")[: len(_good("GIF")) // 2],
    "webp, only its beginning": b"RIFF\0\0\0\0WEBPVP8 ",
    "webp, truncated": _good("WEBP")[: len(_good("WEBP")) // 2],
    "12,000 × 12,000": awkward.huge_png(12_000, 12_000),
    "20,000 × 20,000": awkward.huge_png(20_000, 20_000),
    "60 million pixels": awkward.huge_png(10_000, 6_000),
    "too long": awkward.huge_png(12_001, 100),
    "thin as a line": awkward.huge_png(3_000, 10),
    "a line upright": awkward.huge_png(1, 3_000),
}


class TestRefuse:
    @pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
    def test_says_why_and_leaves_nothing(self, writer, settings, content):
        with pytest.raises(pictures.PictureRefused) as caught:
            pictures.accept(upload(content), by=writer)
        assert str(caught.value).endswith(("。", "."))
        assert not ArticleImage.objects.exists()
        assert files_in(settings) == []

    @pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
    def test_names_the_size_where_warnings_are_only_warnings(self, writer):
        with pytest.raises(pictures.PictureRefused) as caught:
            pictures.accept(upload(awkward.huge_png(12_000, 12_000)), by=writer)
        assert "12000×12000" in str(caught.value)

    def test_looks_at_the_header_before_it_decodes(self, writer, monkeypatch):
        def fail(*args):
            raise AssertionError("decoded")

        monkeypatch.setattr(pictures, "_upright", fail)
        with pytest.raises(pictures.PictureRefused):
            pictures.accept(upload(awkward.huge_png(10_000, 6_000)), by=writer)

    def test_takes_what_is_just_small_enough(self, writer, monkeypatch):
        content = _good("JPEG")
        monkeypatch.setattr(pictures, "LARGEST_FILE", len(content))
        assert pictures.accept(upload(content), by=writer).pk
        monkeypatch.setattr(pictures, "LARGEST_FILE", len(content) - 1)
        with pytest.raises(pictures.PictureRefused):
            pictures.accept(upload(content), by=writer)

    def test_reads_nothing_of_a_file_that_is_too_large(self, writer, settings):
        class Endless(SimpleUploadedFile):
            def read(self, *args):
                raise AssertionError("read")

        file = Endless("照片.jpg", b"x")
        file.size = 31 * 1024 * 1024
        with pytest.raises(pictures.PictureRefused) as caught:
            pictures.accept(file, by=writer)
        assert "31" in str(caught.value)
        assert files_in(settings) == []

    @examples(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")
    @given(
        st.sampled_from(["JPEG", "PNG", "GIF", "WEBP", "HEIF"]),
        st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
        st.floats(0, 1),
    )
    def test_never_breaks_on_a_broken_file(self, writer, kind, changes, length):
        content = bytearray(PHONE.read_bytes() if kind == "HEIF" else awkward.talkative(kind))
        for place, byte in changes:
            content[int(place * len(content))] = byte
        with contextlib.suppress(pictures.PictureRefused):
            pictures.accept(upload(bytes(content[: int(length * len(content))])), by=writer)


class TestAllOrNothing:
    def test_leaves_no_file_when_the_row_is_refused(self, writer, settings, monkeypatch):
        def fail(*args, **kwargs):
            raise DatabaseError

        monkeypatch.setattr(ArticleImage, "save", fail)
        with pytest.raises(DatabaseError):
            pictures.accept(photograph(), by=writer)
        assert files_in(settings) == []

    @pytest.mark.parametrize("failing", [1, 2])
    def test_leaves_no_file_when_the_disk_is_full(self, writer, settings, monkeypatch, failing):
        calls, save = [], DurableFileSystemStorage._save

        def fill_up(self, name, content):
            calls.append(name)
            if len(calls) == failing:
                raise OSError(28, "No space left on device")
            return save(self, name, content)

        monkeypatch.setattr(DurableFileSystemStorage, "_save", fill_up)
        with pytest.raises(OSError, match="No space"):
            pictures.accept(photograph(), by=writer)
        assert files_in(settings) == []
        assert not ArticleImage.objects.exists()

    def test_leaves_no_file_when_interrupted(self, writer, settings, monkeypatch):
        def interrupt(*args, **kwargs):
            raise KeyboardInterrupt

        monkeypatch.setattr(ArticleImage, "save", interrupt)
        with pytest.raises(KeyboardInterrupt):
            pictures.accept(photograph(), by=writer)
        assert files_in(settings) == []
