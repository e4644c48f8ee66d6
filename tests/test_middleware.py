"""What is refused before any view sees it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


class TestUnstorableText:
    @pytest.mark.parametrize(
        "address",
        [
            "/?a=%00",
            "/?%00=a",
            "/?a=%ff",
            "/?a=%E5%AE",
            "/?a=%ED%A0%80",
            "/?a=\0",
            "/channels/x/?page=1%00",
            "/%00",
            "/articles/1%00/",
            "/media/public/%00.jpg",
            "/admin/?next=%00",
            "/admin/login/?next=/%c0%80",
            "/admin/articles/article/?q=%00",
        ],
    )
    @pytest.mark.parametrize("method", ["get", "head", "post"])
    def test_is_refused_with_400(self, client, address, method):
        path, _mark, query = address.partition("?")
        answer = getattr(client, method)(path, QUERY_STRING=query)
        assert answer.status_code == 400
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"

    @pytest.mark.parametrize(
        "path", [b"/\xff/", b"/channels/\xc0\x80/", b"/media/\xed\xa0\x80.jpg"]
    )
    def test_in_a_path_is_no_500(self, client, path):
        answer = client.get("/", PATH_INFO=path.decode("latin-1"))
        assert answer.status_code in (400, 404)

    @pytest.mark.parametrize(
        "query",
        ["", "a=1", "a=%E5%AE%89", "a=安全", "a=100%", "a=%", "a=%zz", "a=%20+b", "%F0%9F%92%A5"],
    )
    def test_is_nothing_people_type(self, client, query):
        assert client.get("/", QUERY_STRING=query).status_code == 200

    def test_is_refused_in_words(self, client):
        assert client.get("/?a=%00").content.decode().strip()
