"""The view endpoint as browsers meet it: who may tell, what is answered, what is remembered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Edition, ViewLedger
from articles.visits import figures, recognition
from tests.factories import make_edition

pytestmark = pytest.mark.django_db

OURS = {"sec-fetch-site": "same-origin"}
KEY = "0123456789abcdef" * 2


@pytest.fixture
def story(editor):
    return make_edition(by=editor)


@pytest.fixture
def address(story) -> str:
    return reverse("view", args=[story.pk])


class TestWhoMayTell:
    @pytest.mark.parametrize(
        "headers",
        [
            {"sec-fetch-site": "same-origin"},
            {"sec-fetch-site": "same-origin", "origin": "https://other.example"},
            {"origin": "http://testserver"},
            {"origin": "http://TestServer"},
            {"referer": "http://testserver/articles/1/"},
            {"origin": "http://testserver", "referer": "http://other.example/"},
        ],
    )
    def test_is_a_page_of_ours(self, client, address, headers):
        assert client.post(address, {"key": KEY}, headers=headers).json() == {"views": 1}
        assert client.post(reverse("visit"), headers=headers).status_code == 204

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"sec-fetch-site": "none"},
            {"sec-fetch-site": "Same-Origin"},
            {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
            {"origin": "null"},
            {"origin": "http://other.example"},
            {"origin": "http://testserver.other.example"},
            {"origin": "http://testserver:8000"},
            {"origin": "http://testserver@other.example"},
            {"origin": "http://other.example", "referer": "http://testserver/"},
            {"origin": "http://["},
            {"referer": "http://other.example/?http://testserver/"},
            {"referer": "/articles/1/"},
        ],
    )
    def test_is_nobody_else(self, client, address, headers):
        for url in (address, reverse("visit")):
            answer = client.post(url, {"key": KEY}, headers=headers)
            assert answer.status_code == 403
            assert not answer.cookies
        assert not ViewLedger.objects.exists()

    def test_needs_no_csrf_token(self, address):
        client = Client(enforce_csrf_checks=True)
        assert client.post(address, {"key": KEY}, headers=OURS).status_code == 200


class TestAnswer:
    def test_is_the_number_and_nothing_else(self, client, address):
        answer = client.post(address, {"key": KEY}, headers=OURS)
        assert answer.content == b'{"views": 1}'
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Cache-Control"] == "no-store"

    def test_to_a_page_without_story_is_empty(self, client):
        answer = client.post(reverse("visit"), {"key": KEY}, headers=OURS)
        assert (answer.status_code, answer.content) == (204, b"")
        assert "visit" in answer.cookies
        assert not ViewLedger.objects.exists()

    @pytest.mark.parametrize("method", ["get", "head", "options", "put", "patch", "delete"])
    def test_to_any_other_method_is_405(self, client, address, method):
        for url in (address, reverse("visit")):
            assert getattr(client, method)(url, headers=OURS).status_code == 405


class TestAnsweredEarly:
    """Above sessions, tokens and addresses, unless somebody may be logged in."""

    def test_says_what_is_said_below(self, client, address, writer):
        early = client.post(address, {"key": KEY}, headers=OURS)
        client.cookies.clear()
        client.force_login(writer)
        below = client.post(address, {"key": KEY}, headers=OURS)
        assert early.content == below.content
        assert dict(early.headers) == dict(below.headers)
        for header in ("Content-Security-Policy", "X-Frame-Options", "Content-Length"):
            assert header in early.headers
        assert early.cookies.keys() == {"visit"}

    def test_asks_for_no_session(self, client, address, monkeypatch):
        def fail(*_values):
            raise AssertionError

        monkeypatch.setattr(SessionMiddleware, "process_request", fail)
        assert client.post(address, {"key": KEY}, headers=OURS).status_code == 200
        with pytest.raises(AssertionError):
            client.post(reverse("visit"), headers=OURS)

    def test_refuses_another_host(self, client, address):
        assert (
            client.post(address, {"key": KEY}, headers=OURS | {"host": "other.example"}).status_code
            == 400
        )
        assert not ViewLedger.objects.exists()

    def test_says_the_same_of_what_is_not_there(self, client, settings):
        early = client.post("/articles/999/view/", {"key": KEY}, headers=OURS)
        client.cookies[settings.SESSION_COOKIE_NAME] = "nobody"
        below = client.post("/articles/999/view/", {"key": KEY}, headers=OURS)
        assert early.status_code == below.status_code == 404
        assert early.content == below.content


class TestCookie:
    def test_lives_half_an_hour_and_is_out_of_reach(self, client, address):
        cookie = client.post(address, {"key": KEY}, headers=OURS).cookies["visit"]
        assert cookie["max-age"] == 1800
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["secure"]
        assert not cookie["domain"]

    def test_is_secure_on_https(self, client, address):
        cookie = client.post(address, {"key": KEY}, headers=OURS, secure=True).cookies["visit"]
        assert cookie["secure"] is True

    def test_is_renewed_by_each_beacon(self, client, address, noon, time_machine):
        Edition.objects.update(published_at=noon - timedelta(days=1))
        first = client.post(address, {"key": KEY}, headers=OURS).cookies["visit"].value
        time_machine.move_to(noon + timedelta(minutes=5), tick=False)
        second = client.post(reverse("visit"), headers=OURS).cookies["visit"].value
        before, after = recognition.from_cookie(first), recognition.from_cookie(second)
        assert (before.id, before.started) == (after.id, after.started)
        assert after.last - before.last == timedelta(minutes=5)

    @pytest.mark.parametrize(
        "value", ["", "x", "a.1.2:signature", "a" * 10_000, "%00", '"', "é", "a.b.c:d:e"]
    )
    def test_of_somebody_else_is_ignored(self, client, address, value):
        client.cookies["visit"] = value
        answer = client.post(address, {"key": KEY}, headers=OURS)
        assert answer.json() == {"views": 1}
        assert recognition.from_cookie(answer.cookies["visit"].value)

    def test_that_was_changed_is_no_new_visit_with_the_same_key(self, client, address):
        client.post(address, {"key": KEY}, headers=OURS)
        genuine = client.cookies["visit"].value
        client.cookies["visit"] = "f" + genuine[1:] if genuine[0] != "f" else "e" + genuine[1:]
        assert client.post(address, {"key": KEY}, headers=OURS).json() == {"views": 1}

    def test_says_nothing_about_the_reader(self, client, address):
        value = client.post(address, {"key": KEY}, headers=OURS).cookies["visit"].value
        assert KEY not in value
        assert "127.0.0.1" not in value


class TestKey:
    @pytest.mark.parametrize(
        "key",
        ["", "short", "a" * 65, "a" * 100_000, "钥匙" * 10, "\0" * 20, "' OR 1=1 --" * 2, "💥" * 9],
    )
    def test_that_is_none_is_ignored(self, client, address, key):
        assert client.post(address, {"key": key}, headers=OURS).json() == {"views": 1}
        client.cookies.clear()
        # As for anyone without a key: once an hour.
        assert client.post(address, {"key": key}, headers=OURS).json() == {"views": 1}

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text())
    def test_never_breaks_the_endpoint(self, client, address, key):
        assert client.post(address, {"key": key}, headers=OURS).status_code == 200

    def test_is_not_taken_from_the_address(self, client, address):
        client.post(f"{address}?key={KEY}", headers=OURS)
        client.cookies.clear()
        other = KEY[::-1]
        assert client.post(f"{address}?key={other}", headers=OURS).json() == {"views": 1}


class TestBody:
    @pytest.mark.parametrize(
        ("body", "content_type", "status"),
        [
            (b"", "", 200),
            (b"", "application/x-www-form-urlencoded", 200),
            (b"\xff\xfe%ff", "application/x-www-form-urlencoded", 200),
            (b"{", "application/json", 200),
            (b"x", "multipart/form-data", 400),
            (b"&".join(b"a=1" for _field in range(6000)), "application/x-www-form-urlencoded", 400),
        ],
    )
    def test_of_any_shape_is_no_500(self, client, address, body, content_type, status):
        answer = client.generic("POST", address, body, content_type=content_type, headers=OURS)
        assert answer.status_code == status


class TestAddressOfTheReader:
    def test_is_not_what_the_reader_writes(self, client, address):
        for spoofed in ("8.8.8.8", "8.8.4.4", "garbage", ""):
            headers = {**OURS, "x-forwarded-for": spoofed, "x-real-ip": spoofed}
            assert client.post(address, headers=headers).json() == {"views": 1}
            client.cookies.clear()

    def test_is_what_our_proxy_writes(self, client, address, settings):
        settings.PROXY_COUNT = 1
        seen = []
        for hops in ("8.8.8.8", "8.8.4.4", "9.9.9.9, 8.8.4.4"):
            headers = {**OURS, "x-forwarded-for": hops}
            seen.append(client.post(address, headers=headers).json()["views"])
            client.cookies.clear()
        assert seen == [1, 2, 2]


def test_pages_of_readers_set_no_cookie(client, story):
    for url in (reverse("home"), story.get_absolute_url(), story.channel.get_absolute_url()):
        answer = client.get(url)
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")
    assert figures.views(story.pk) == 0
