"""What is refused or left out before any view sees it."""

from __future__ import annotations

import pytest

from tests.factories import make_edition

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


class TestPublicPages:
    """Cookies that Django would answer with a deletion or another one."""

    PATHS = ("/", "/?page=2", "/channels/none/", "/nothing/", "/media/public/none.webp", "/visit/")

    @pytest.mark.parametrize(
        "cookie", ["sessionid=x", "sessionid=", "csrftoken=x", "csrftoken=", "messages=x"]
    )
    @pytest.mark.parametrize("method", ["get", "head"])
    def test_neither_read_nor_set_a_cookie(self, client, editor, cookie, method):
        edition = make_edition(by=editor)
        for path in (*self.PATHS, edition.get_absolute_url()):
            answer = getattr(client, method)(path, HTTP_COOKIE=cookie)
            assert not answer.cookies, path
            assert "Cookie" not in answer.headers.get("Vary", ""), path

    def test_leave_the_desk_its_session(self, as_editor):
        assert as_editor.get("/").status_code == 200
        assert as_editor.get("/admin/").status_code == 200

    def test_are_not_those_of_the_desk(self, client):
        answer = client.get("/admin/login/", HTTP_COOKIE="csrftoken=x")
        assert "csrftoken" in answer.cookies
