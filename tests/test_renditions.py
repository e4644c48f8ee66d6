"""The sizes a picture is shown at: made privately, given a public name, losing it again."""

from __future__ import annotations

from concurrent.futures import Future
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from articles import pictures, renditions
from articles.models.picture_file import PRIVATE_RENDITIONS, PUBLIC_RENDITIONS
from articles.models.rendition_formats import ALL_FORMATS, COVER_FORMATS, DESK_FORMATS, FORMATS
from tests.factories import figure, make_article, make_image, photograph
from tests.files import awkward_pictures as awkward

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
            ((600, 900), [(480, 720), (600, 900), (600, 900)]),
            ((40, 30), [(40, 30)] * 2),
            ((1, 1), [(1, 1)] * 2),
            ((3000, 15), [(480, 2), (960, 5), (1440, 7), (960, 5)]),
            ((15, 3000), [(15, 3000)] * 2),
        ],
    )
    def test_makes_every_size_and_never_enlarges(self, writer, size, sizes):
        image = picture(size, by=writer)
        names = renditions.prepare(image)
        assert list(names) == [*list(FORMATS)[: len(sizes) - 1], "fallback"]
        assert [decoded(name).size for name in names.values()] == sizes
        kinds = [decoded(name).format for name in names.values()]
        assert kinds == ["WEBP"] * (len(sizes) - 1) + ["JPEG"]

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
        assert renditions.private_name(image, "whole") == names["webp960"]

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
        assert done == [(renditions._prepare_all, image)]

    def test_later_is_at_once_where_settings_say_so(self, writer):
        image = make_image(by=writer)
        renditions.prepare_later(image)
        assert default_storage.exists(image.file.process("webp480"))

    def test_of_new_frames_follows_a_save(
        self, writer, settings, django_capture_on_commit_callbacks, monkeypatch
    ):
        done = []
        monkeypatch.setattr(renditions, "_submit", lambda work, on: done.append((work, on)))
        plain, turned = make_image(by=writer), make_image(by=writer)
        body = figure(plain) + f'<figure data-image="{turned.pk}" data-turn="90"></figure>'
        article = make_article(by=writer, body=body)
        with django_capture_on_commit_callbacks(execute=True):
            renditions.prepare_frames_later(article)
            settings.RENDITIONS_IN_BACKGROUND = True
            renditions.prepare_frames_later(article)
            assert done == []
        assert done == [(renditions._prepare_frames, [turned])]
        work, images = done[0]
        work(images)
        turned.refresh_from_db()
        assert default_storage.exists(turned.file.rendition_name("webp960"))

    def test_says_in_the_log_what_failed(self, caplog):
        failed: Future[None] = Future()
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


def framed(*, by, **fields):
    """1200 × 800, red at the top left, elsewhere blue."""
    content = awkward.encoded(awkward.two_colours((1200, 800)), "JPEG")
    image = pictures.accept(SimpleUploadedFile("照片.jpg", content), by=by)
    for name, value in fields.items():
        setattr(image, name, value)
    image.save()
    return image


def is_red(name: str, place: tuple[int, int]) -> bool:
    red, _green, blue = decoded(name).convert("RGB").getpixel(place)  # type: ignore[misc]
    return red > blue


def names_of(image) -> dict[str, str]:
    return {name: image.file.rendition_name(name) for name in ALL_FORMATS}


class TestFrame:
    @pytest.mark.parametrize(
        ("turn", "corner"), [(0, (5, 5)), (90, (-5, 5)), (180, (-5, -5)), (270, (5, -5))]
    )
    def test_turns_clockwise(self, writer, turn, corner):
        names = renditions.prepare(framed(by=writer, turn=turn))
        for name in names.values():
            width, height = decoded(name).size
            assert (width > height) == (turn in (0, 180))
            assert is_red(name, (corner[0] % width, corner[1] % height))
            assert not is_red(name, (-corner[0] % width, -corner[1] % height))

    def test_crops_what_was_turned(self, writer):
        # Turned to the right, the red quarter is the upper right one.
        image = framed(by=writer, turn=90, crop=[0.5, 0.0, 0.5, 0.5])
        assert image.shown_size == (400, 600)
        for name in renditions.prepare(image).values():
            assert decoded(name).size == (400, 600)
            assert all(is_red(name, place) for place in [(8, 8), (390, 8), (8, 590), (390, 590)])

    @pytest.mark.parametrize("size", [(3001, 2003), (3840, 2561), (997, 1501)])
    def test_is_as_large_as_pages_say(self, writer, size):
        image = picture(size, by=writer)
        image.crop, image.turn = [0.1003, 0.2, 0.6121, 0.7], 270
        photo = exposed(image)
        with default_storage.open(photo.source.removeprefix("/media/")) as file:
            assert Image.open(file).size == (photo.width, photo.height)
        for part in photo.source_set.split(", "):
            address, width = part.split()
            assert f"{decoded(address.removeprefix('/media/')).width}w" == width

    def test_of_a_row_without_one_keeps_the_names_of_before(self, writer):
        """Editions printed by version 1.0 hold such names."""
        image = make_image(by=writer)
        image.file.name = "pictures/0123456789abcdef.jpg"
        assert {name: image.file.rendition_name(name) for name in FORMATS} == {
            "webp480": "renditions/fe5/567/0123456789abcdef-f7c2eb872617.webp",
            "webp960": "renditions/fe5/567/0123456789abcdef-46f745185ea2.webp",
            "webp1440": "renditions/fe5/567/0123456789abcdef-1f05977d4dce.webp",
            "fallback": "renditions/fe5/567/0123456789abcdef-276327f511e1.jpg",
        }

    def test_gives_files_of_its_own(self, writer):
        image = framed(by=writer)
        seen = set(renditions.prepare(image, is_cover=True).values())
        for changes in ({"turn": 90}, {"crop": [0.1, 0.1, 0.5, 0.5]}, {"crop": None, "turn": 180}):
            for name, value in changes.items():
                setattr(image, name, value)
            names = set(renditions.prepare(image, is_cover=True).values())
            assert not names & seen
            seen |= names
        assert all(default_storage.exists(name) for name in seen)

    def test_does_not_change_names_by_the_focus_but_of_the_cover(self, writer):
        image = framed(by=writer)
        before = names_of(image)
        image.focal_point = "0.1x0.1"
        after = names_of(image)
        assert {name for name in after if after[name] != before[name]} == set(COVER_FORMATS)

    def test_leaves_the_desk_the_whole_upright_picture(self, writer):
        image = framed(by=writer, turn=90, crop=[0, 0, 0.5, 0.5])
        sizes = [decoded(renditions.private_name(image, name)).size for name in DESK_FORMATS]
        assert sizes == [(960, 640), (240, 160)]

    def test_has_a_version_of_its_own(self, writer):
        image = framed(by=writer)
        before = renditions.version(image, "webp960")
        image.turn = 90
        assert renditions.version(image, "webp960") != before
        assert len(before) == 12


class TestCover:
    def test_is_cut_around_what_must_stay_in_sight(self, writer):
        image = framed(by=writer, turn=90, focal_point="1x0")
        photo = renditions.cover_photograph(image)
        assert (photo.width, photo.height) == (800, 533)
        names = renditions.prepare(image, is_cover=True)
        sizes = {name: decoded(names[name]).size for name in names if name in COVER_FORMATS}
        assert sizes == {"cover480": (480, 320), "cover960": (800, 533), "cover": (800, 533)}
        assert all(is_red(names[name], (size[0] - 5, 5)) for name, size in sizes.items())

    def test_is_only_made_of_the_cover(self, writer):
        one, other = make_image(by=writer), make_image(by=writer)
        renditions.expose([one, other], other)
        for image, there in ((one, False), (other, True)):
            address = renditions.cover_photograph(image).source.removeprefix("/media/")
            assert default_storage.exists(address) is there


class TestMakingAtOnce:
    def test_keeps_one_file_when_another_process_was_faster(self, writer, monkeypatch):
        image = make_image(by=writer)
        process = type(image.file)._process

        def late(self, *args, **kwargs):
            content = process(self, *args, **kwargs)
            default_storage.save(image.file.rendition_name("webp480"), ContentFile(content))
            return content

        monkeypatch.setattr(type(image.file), "_process", late)
        name = image.file.process("webp480")
        folder = name.rpartition("/")[0]
        assert [f"{folder}/{each}" for each in default_storage.listdir(folder)[1]] == [name]


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


class TestConceal:
    def test_takes_all_public_names_away(self, writer):
        image = make_image(by=writer)
        photo = exposed(image)
        renditions.conceal([image])
        for address in (photo.source, *(part.split()[0] for part in photo.source_set.split(", "))):
            assert not default_storage.exists(address.removeprefix("/media/"))

    def test_takes_older_frames_away_but_for_what_is_shown(self, writer):
        image = framed(by=writer)
        other = make_image(by=writer)
        old = exposed(image).source.removeprefix("/media/")
        image.turn = 90
        new = exposed(image).source.removeprefix("/media/")
        beside = exposed(other).source.removeprefix("/media/")
        renditions.conceal([image], lambda _image, name: name == new)
        assert [default_storage.exists(name) for name in (old, new, beside)] == [False, True, True]
        renditions.conceal([image])
        assert [default_storage.exists(name) for name in (new, beside)] == [False, True]

    def test_may_be_repeated_and_undone(self, writer):
        image = make_image(by=writer)
        before = exposed(image)
        renditions.conceal([image])
        renditions.conceal([image])
        assert exposed(image) == before
        assert default_storage.exists(before.source.removeprefix("/media/"))
