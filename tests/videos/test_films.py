"""Reading MP4 files: real ones, odd ones, and what was made to hurt."""

from __future__ import annotations

import struct
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.demo.film import box
from articles.videos import films, samples
from articles.videos.boxes import Unreadable
from tests.files.films import GPS, film_file, position_track, real_film


def read(content: bytes) -> films.Film:
    return films.read(BytesIO(content), len(content))


class TestAFilm:
    def test_that_plays_is_understood(self):
        film = read(real_film())
        assert (film.width, film.height, film.duration) == (160, 96, 2.0)
        assert (film.picture, film.profile, film.sound) == ("avc1", 66, "")
        assert not film.boxes
        assert not film.ranges

    @pytest.mark.parametrize("version", [0, 1])
    @pytest.mark.parametrize("data_first", [False, True])
    def test_says_its_size_and_length(self, version, data_first):
        film = read(film_file(version=version, data_first=data_first))
        assert (film.width, film.height, film.duration) == (1280, 720, 65.0)
        assert (film.picture, film.profile, film.sound) == ("avc1", 100, "aac")

    def test_of_a_phone_held_high_stands_upright(self):
        quarter = (0, 0x10000, 0, -0x10000, 0, 0, 720 << 16, 0, 0x40000000)
        film = read(film_file(matrix=quarter))
        assert (film.width, film.height) == (720, 1280)

    def test_with_a_data_box_of_64_bits_or_to_the_end_is_read(self):
        content = film_file()
        short = struct.pack(">I4s", 16, b"mdat")
        assert content.count(short) == 1
        wide = struct.pack(">I4sQ", 1, b"mdat", 24)
        assert read(content.replace(short, wide)).width == 1280
        assert read(content.replace(short, struct.pack(">I4s", 0, b"mdat"))).width == 1280

    @pytest.mark.parametrize(
        ("descriptor", "sound"),
        [
            ("0319000100041140", "aac"),
            ("03808080190001000480808011 40", "aac"),
            ("031900018000000411 67", "aac"),
            ("031900014003616263041140", "aac"),
            ("0319000100041169", "other"),
            ("0319000100", "other"),
            ("04", "other"),
            ("ff" * 40, "other"),
            ("", "other"),
        ],
    )
    def test_names_the_kind_of_its_sound(self, descriptor, sound):
        assert read(film_file(descriptor=bytes.fromhex(descriptor))).sound == sound


class TestWhatAFileGivesAway:
    @pytest.mark.parametrize(
        "where",
        [
            {"in_movie": box(b"udta", box(b"\xa9xyz", GPS))},
            {"in_movie": box(b"meta", GPS)},
            {"in_track": box(b"udta", box(b"\xa9xyz", GPS))},
            {"in_track": box(b"meta", GPS)},
            {"more": box(b"uuid", bytes(16), GPS)},
            {"more": box(b"udta", GPS)},
            {"more": box(b"free", GPS)},
            {"more": struct.pack(">I4s", 0, b"uuid") + GPS},
        ],
    )
    def test_is_found_wherever_it_lies(self, where):
        content = film_file(**where)
        film = read(content)
        assert any(GPS in content[hidden.body : hidden.end] for hidden in film.boxes)

    def test_is_found_in_the_data_of_other_tracks(self):
        data = b"picture!" + GPS + b"sound!!!" + GPS
        content = film_file(data=data, data_first=True, in_movie=position_track(0, [18]))
        place = content.index(GPS)
        content = film_file(data=data, data_first=True, in_movie=position_track(place, [10, 8]))
        film = read(content)
        assert film.ranges == ((place, place + len(GPS)),)
        assert [hidden.kind for hidden in film.boxes] == [b"trak"]

    def test_never_reaches_beyond_the_data(self):
        content = film_file(in_movie=position_track(8, [4_000_000_000] * 3))
        start = content.index(b"mdat") + 4
        assert read(content).ranges == ((start, len(content)),)


def nested(depth: int) -> bytes:
    inner = b""
    for _level in range(depth):
        inner = box(b"trak", inner)
    return inner


class TestHostileFiles:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\0" * 64,
            b"ftyp" * 4,
            film_file()[:-9],
            film_file()[8:],
            box(b"ftyp", b"isom") + box(b"mdat", b"x"),
            box(b"ftyp", b"isom") + box(b"moov") + box(b"mdat"),
            film_file() + box(b"moov"),
            film_file(in_movie=b"\0\0\0\0trak"),
            film_file(in_movie=b"\0\0\0\1trak" + b"\xff" * 8),
            film_file(in_movie=b"\0\0\0\1trak" + bytes(8)),
            film_file(in_movie=b"\xff\xff\xff\xfftrak"),
            film_file(in_movie=b"\0\0\0\7trak"),
            film_file(in_movie=box(b"trak") * 3),
            film_file(in_movie=nested(5_000)),
            film_file(in_movie=box(b"free") * 6_000),
            film_file(more=box(b"mdat") * 100),
            film_file(in_movie=position_track(0, [])[:-12] + struct.pack(">III", 0, 2**32 - 1, 0)),
        ],
        ids=range(18),
    )
    def test_are_unreadable(self, content):
        with pytest.raises(Unreadable):
            read(content)

    @pytest.mark.parametrize(
        "content", [film_file(fragments=True), film_file(more=box(b"moof", b""))]
    )
    def test_in_fragments_are_told_apart(self, content):
        with pytest.raises(films.Fragmented):
            read(content)

    def test_with_tables_that_name_one_place_again_and_again_cost_it_once(self):
        sizes = [8] * 1000
        tables = position_track(0, sizes)
        content = film_file(data=bytes(64), data_first=True, in_movie=tables)
        place = content.index(b"mdat") + 4
        many = position_track(place, sizes)
        content = film_file(data=bytes(64), data_first=True, in_movie=many * 20)
        assert len(read(content).ranges) == 1

    def test_with_samples_that_run_over_all_data_boxes_again_and_again_are_refused(
        self, monkeypatch
    ):
        monkeypatch.setattr(samples, "MOST_RANGES", 50)
        more = b"".join(box(b"mdat", bytes(8)) for _each in range(8))
        track = position_track(8, [4_000_000_000])
        with pytest.raises(Unreadable):
            read(film_file(in_movie=track * 10, more=more))
        assert len(read(film_file(in_movie=track * 2, more=more)).ranges) == 9

    def test_with_tables_beyond_measure_are_refused(self):
        content = film_file(in_movie=position_track(0, [1]))
        one, many = struct.pack(">IIII", 0, 0, 1, 1), struct.pack(">IIII", 0, 1, 2**32 - 1, 1)
        broken = content.replace(one, many)
        assert broken != content
        with pytest.raises(Unreadable):
            read(broken)

    @given(st.data())
    def test_never_do_anything_but_answer_or_refuse(self, data):
        content = bytearray(film_file(in_movie=position_track(40, [4, 4])))
        for _change in range(data.draw(st.integers(1, 6))):
            place = data.draw(st.integers(0, len(content) - 1))
            content[place] = data.draw(st.integers(0, 255))
        cut = data.draw(st.integers(0, len(content)))
        try:
            film = read(bytes(content[:cut]))
        except (Unreadable, films.Fragmented):
            return
        assert all(0 <= start < end <= cut for start, end in film.ranges)
        assert all(0 <= hidden.start < hidden.end <= cut for hidden in film.boxes)
