"""The sizes a picture is shown at: made privately, given a public name, losing it again."""

from __future__ import annotations

from concurrent.futures import Future
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from articles import pictures, renditions
from articles.models.image import FORMATS, PRIVATE_RENDITIONS, PUBLIC_RENDITIONS
from tests.factories import make_image, photograph

pytestmark = pytest.mark.django_db


def decoded(name: str) -> Image.Image:
    with default_storage.open(name) as file:
        image = Image.open(file)
        image.load()
    return image


def picture(size: tuple[int, int], *, by):
    return pictures.accept(photograph(size=size), by=by)


def exposed(image) -> renditions.Photograph:
    renditions.expose([image])
    return renditions.photographs([image])[image.pk]


class TestPrepare:
    @pytest.mark.parametrize(
        ("size", "sizes"),
        [
            ((2000, 1000), [(480, 240), (960, 480), (1440, 720), (960, 480)]),
            ((600, 900), [(480, 720), (600, 900), (600, 900), (600, 900)]),
            ((40, 30), [(40, 30)] * 4),
            ((1, 1), [(1, 1)] * 4),
            ((3000, 15), [(480, 2), (960, 4), (1440, 7), (960, 4)]),
            ((15, 3000), [(15, 3000)] * 4),
        ],
    )
    def test_makes_every_size_and_never_enlarges(self, writer, size, sizes):
        image = picture(size, by=writer)
        names = renditions.prepare(image)
        assert list(names) == list(FORMATS)
        assert [decoded(name).size for name in names.values()] == sizes
        kinds = [decoded(name).format for name in names.values()]
        assert kinds == ["WEBP", "WEBP", "WEBP", "JPEG"]

    def test_makes_a_jpeg_of_a_transparent_picture(self, writer):
        upload = photograph("图.png", kind="PNG")
        upload.seek(0)
        transparent = Image.open(upload).convert("RGBA")
        transparent.putalpha(0)
        path = Path(django_settings.MEDIA_ROOT) / "t.png"
        path.parent.mkdir(exist_ok=True)
        transparent.save(path)
        upload = type(upload)("图.png", path.read_bytes())
        image = pictures.accept(upload, by=writer)
        assert decoded(renditions.prepare(image)["fallback"]).mode == "RGB"

    def test_lies_in_the_private_folder(self, writer):
        names = renditions.prepare(make_image(by=writer)).values()
        assert all(name.startswith(f"{PRIVATE_RENDITIONS}/") for name in names)
        assert not default_storage.exists(PUBLIC_RENDITIONS)

    def test_does_the_work_once(self, writer, monkeypatch):
        image = make_image(by=writer)
        names = renditions.prepare(image)

        def fail(*args, **kwargs):
            raise AssertionError("made again")

        monkeypatch.setattr(type(image.file), "_process", fail)
        assert renditions.prepare(image) == names
        assert renditions.desk_name(image) == names["webp960"]

    def test_later_waits_for_the_commit(
        self, writer, settings, django_capture_on_commit_callbacks, monkeypatch
    ):
        settings.RENDITIONS_IN_BACKGROUND = True
        done = []

        def submit(*job):
            done.append(job)
            return Future()

        monkeypatch.setattr(renditions._background, "submit", submit)
        image = make_image(by=writer)
        with django_capture_on_commit_callbacks(execute=True):
            renditions.prepare_later(image)
            assert done == []
        assert done == [(renditions.prepare, image)]

    def test_later_is_at_once_where_settings_say_so(self, writer):
        image = make_image(by=writer)
        renditions.prepare_later(image)
        assert default_storage.exists(image.file.process("webp480"))

    def test_says_in_the_log_what_failed(self, caplog):
        failed: Future[dict[str, str]] = Future()
        failed.set_exception(OSError("disk full"))
        renditions._report(failed)
        assert "could not be prepared" in caplog.text

    def test_puts_what_is_transparent_on_paper(self, writer):
        buffer = BytesIO()
        Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(buffer, "PNG")
        upload = SimpleUploadedFile("图.png", buffer.getvalue())
        image = pictures.accept(upload, by=writer)
        fallback = decoded(renditions.prepare(image)["fallback"])
        assert fallback.convert("L").getpixel((30, 20)) == 255


class TestExpose:
    def test_gives_public_names_to_the_same_bytes(self, writer):
        image = make_image(by=writer)
        public = exposed(image).source.removeprefix("/media/")
        assert public.startswith(f"{PUBLIC_RENDITIONS}/")
        private = renditions.prepare(image)["fallback"]
        assert Path(default_storage.path(public)).samefile(default_storage.path(private))

    def test_changes_nothing_when_repeated(self, writer):
        image = make_image(by=writer)
        assert exposed(image) == exposed(image)

    @pytest.mark.parametrize(
        ("size", "widths", "shown"),
        [
            ((2000, 1000), [480, 960, 1440], (960, 480)),
            ((1200, 800), [480, 960, 1200], (960, 640)),
            ((960, 640), [480, 960], (960, 640)),
            ((481, 481), [480, 481], (481, 481)),
            ((480, 300), [480], (480, 300)),
            ((30, 20), [30], (30, 20)),
            ((3000, 15), [480, 960, 1440], (960, 5)),
        ],
    )
    def test_offers_each_true_width_once(self, writer, size, widths, shown):
        image = picture(size, by=writer)
        photo = exposed(image)
        offered = [int(part.split()[1].removesuffix("w")) for part in photo.source_set.split(", ")]
        assert offered == widths
        assert (photo.width, photo.height) == shown
        for part in photo.source_set.split(", "):
            address, width = part.split()
            name = address.removeprefix("/media/")
            assert f"{decoded(name).width}w" == width

    def test_says_the_caption_where_there_is_no_alternative(self, writer):
        image = make_image(by=writer, caption="职工合影。", credit="王建")
        photo = exposed(image)
        assert (photo.caption, photo.credit, photo.alternative) == (
            "职工合影。",
            "王建",
            "职工合影。",
        )
        image.alternative = "十个人站在井口"
        assert exposed(image).alternative == "十个人站在井口"

    def test_copies_where_a_storage_cannot_link(self, writer, settings, tmp_path):
        storage = FileSystemStorage(tmp_path / "plain")
        storage.save("renditions/a.jpg", ContentFile(b"bytes"))
        renditions._duplicate(storage, "renditions/a.jpg", "public/a.jpg")
        with storage.open("public/a.jpg") as file:
            assert file.read() == b"bytes"


class TestConceal:
    def test_takes_all_public_names_away(self, writer):
        image = make_image(by=writer)
        photo = exposed(image)
        renditions.conceal([image])
        for address in (photo.source, *(part.split()[0] for part in photo.source_set.split(", "))):
            assert not default_storage.exists(address.removeprefix("/media/"))

    def test_may_be_repeated_and_undone(self, writer):
        image = make_image(by=writer)
        before = exposed(image)
        renditions.conceal([image])
        renditions.conceal([image])
        assert exposed(image) == before
        assert default_storage.exists(before.source.removeprefix("/media/"))
