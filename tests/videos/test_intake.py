"""Films taken in: what is kept, what is refused with which sentence, what is wiped out."""

from __future__ import annotations

import tempfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.utils.translation import override

from articles.demo.film import box
from articles.models import Video
from articles.videos import intake
from tests.files.films import GPS, film_file, position_track, real_film

pytestmark = pytest.mark.django_db


def upload(content: bytes, name: str = "巷道实录.mp4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="video/mp4")


def kept(video: Video) -> bytes:
    with video.file.open() as file:
        return file.read()


class TestAccept:
    def test_keeps_the_film_as_it_came(self, writer):
        video = intake.accept(upload(real_film()), by=writer)
        assert (video.width, video.height, video.duration) == (160, 96, 2.0)
        assert video.size == len(real_film())
        assert video.original_name == "巷道实录.mp4"
        assert video.uploaded_by == writer
        assert kept(video) == real_film()

    @pytest.mark.parametrize(
        "where",
        [
            {"in_movie": box(b"udta", box(b"\xa9xyz", GPS))},
            {"in_track": box(b"meta", GPS)},
            {"more": box(b"uuid", bytes(16), GPS)},
        ],
    )
    def test_wipes_out_where_it_was_filmed(self, writer, where):
        content = film_file(**where)
        stored = kept(intake.accept(upload(content), by=writer))
        assert GPS in content
        assert GPS not in stored
        assert len(stored) == len(content)
        assert b"free" in stored

    def test_wipes_out_the_positions_of_an_action_camera(self, writer):
        data = b"picture!" + GPS + b"sound!!!"
        place = film_file(data=data, data_first=True).index(GPS)
        track = position_track(place, [len(GPS)])
        content = film_file(data=data, data_first=True, in_movie=track)
        stored = kept(intake.accept(upload(content), by=writer))
        assert GPS not in stored
        assert b"picture!" in stored
        assert b"sound!!!" in stored
        # What is left is still a film, and gives nothing away.
        assert not intake.films.read(BytesIO(stored), len(stored)).ranges

    def test_works_on_the_temporary_file_of_a_large_upload(self, writer):
        content = film_file(in_movie=box(b"udta", GPS), data=bytes(200_000))
        large = TemporaryUploadedFile("a.mp4", "video/mp4", len(content), None)
        large.write(content)
        large.seek(0)
        assert tempfile.gettempdir() in large.temporary_file_path()
        assert GPS not in kept(intake.accept(large, by=writer))

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "empty"),
            (b"not a film at all", "not an MP4"),
            (film_file()[:-5], "damaged or incomplete"),
            (film_file(fragments=True), "streaming"),
            (film_file(entry=b"hvc1"), "HEVC"),
            (film_file(entry=b"hev1"), "HEVC"),
            (film_file(entry=b"av01"), "H.264, 8 bits"),
            (film_file(profile=110), "H.264, 8 bits"),
            (film_file(sound=b"twos"), "AAC sound"),
            (film_file(descriptor=b""), "AAC sound"),
            (film_file(brand=b"qt  "), "MOV"),
            (film_file(size=(0, 0)), "picture size"),
            (film_file(size=(9000, 100)), "picture size"),
            (film_file(length=0), "how long"),
            (film_file(scale=0), "how long"),
            (film_file(length=2**32 - 2), "how long"),
        ],
    )
    def test_refuses_with_a_sentence_and_leaves_nothing(self, writer, settings, content, sentence):
        with override("en"), pytest.raises(intake.VideoRefused, match=sentence):
            intake.accept(upload(content), by=writer)
        assert not Video.objects.exists()
        assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]

    def test_refuses_what_is_larger_than_the_setting(self, writer, settings):
        settings.LARGEST_VIDEO = len(real_film()) - 1
        with pytest.raises(intake.VideoRefused):
            intake.accept(upload(real_film()), by=writer)
        settings.LARGEST_VIDEO += 1
        intake.accept(upload(real_film()), by=writer)

    def test_leaves_no_file_when_the_row_cannot_be_written(self, writer, settings, monkeypatch):
        def fail(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr(Video, "save", fail)
        with pytest.raises(RuntimeError):
            intake.accept(upload(real_film()), by=writer)
        assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
