"""Parts of a file, as browsers, download managers and attackers ask for them."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files import File
from django.test import RequestFactory

from newsroom import ranges
from newsroom.ranges import Part

CONTENT = bytes(range(256)) * 10


def ask(method: str = "get", **headers: str):
    request = getattr(RequestFactory(), method)(
        "/", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    stored = File(BytesIO(CONTENT), "film.mp4")
    answer = ranges.answer(
        request, stored, tag="film", content_type="video/mp4", headers={"X-A": "b"}
    )
    assert answer.headers["X-A"] == "b"
    return answer, stored


def body(answer) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


class TestWanted:
    @pytest.mark.parametrize(
        ("header", "part"),
        [
            ("bytes=0-", Part(0, 99)),
            ("bytes=0-0", Part(0, 0)),
            ("bytes=10-19", Part(10, 19)),
            ("bytes=10-5000", Part(10, 99)),
            ("bytes=-10", Part(90, 99)),
            ("bytes=-1000", Part(0, 99)),
            ("bytes = 10 - 19", Part(10, 19)),
            ("", None),
            ("bytes=", None),
            ("bytes=-", None),
            ("bytes=a-b", None),
            ("bytes=20-10", None),
            ("bytes=0-1,5-6", None),
            ("bytes=" + "0-1," * 5000, None),
            ("items=0-5", None),
            ("bytes=0-" + "9" * 5000, None),
            ("bytes=٣-", None),
        ],
    )
    def test_is_one_part_or_the_whole_file(self, header, part):
        assert ranges.wanted(header, 100) == part

    @pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
    def test_says_when_it_is_not_in_the_file(self, header):
        with pytest.raises(ranges.NotInFile):
            ranges.wanted(header, 100)

    def test_of_an_empty_file_is_nothing(self):
        with pytest.raises(ranges.NotInFile):
            ranges.wanted("bytes=0-", 0)


class TestAnswer:
    def test_is_the_whole_file_to_who_asks_for_nothing(self):
        answer, _file = ask()
        assert answer.status_code == 200
        assert body(answer) == CONTENT
        assert answer.headers["Content-Length"] == str(len(CONTENT))
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["ETag"] == '"film"'
        assert ranges.begins(answer)

    # Closing an answer looks at the database's connection.
    @pytest.mark.django_db
    def test_is_the_part_and_closes_the_file(self):
        answer, stored = ask(Range="bytes=100-199")
        assert answer.status_code == 206
        assert body(answer) == CONTENT[100:200]
        assert answer.headers["Content-Range"] == f"bytes 100-199/{len(CONTENT)}"
        assert answer.headers["Content-Length"] == "100"
        assert not ranges.begins(answer)
        answer.close()
        assert stored.closed

    def test_is_416_with_the_size_beyond_the_end(self):
        answer, stored = ask(Range=f"bytes={len(CONTENT)}-")
        assert answer.status_code == 416
        assert answer.headers["Content-Range"] == f"bytes */{len(CONTENT)}"
        assert stored.closed
        assert not ranges.begins(answer)

    @pytest.mark.parametrize(
        ("validator", "status"),
        [
            ('"film"', 206),
            ('"other"', 200),
            ('W/"film"', 200),
            ("Mon, 15 Jun 2026 04:00:00 GMT", 200),
        ],
    )
    def test_is_a_part_only_of_the_same_content(self, validator, status):
        answer, _file = ask(Range="bytes=1-2", If_Range=validator)
        assert answer.status_code == status

    def test_is_empty_where_nothing_changed(self):
        answer, stored = ask(If_None_Match='"film"', Range="bytes=0-")
        assert answer.status_code == 304
        assert stored.closed
        assert ask(If_None_Match='"other"')[0].status_code == 200

    def test_to_head_tells_the_size_and_sends_nothing(self):
        answer, stored = ask("head", Range="bytes=0-9")
        assert answer.status_code == 200
        assert answer.headers["Content-Length"] == str(len(CONTENT))
        assert not body(answer)
        assert stored.closed
