"""nginx as it is configured in deploy/, before the application: files, limits, log-in."""

from __future__ import annotations

import http.client
import os
import re
import signal
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest
from axes.models import AccessLog
from django import conf
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.urls import reverse

from articles.pictures import LARGEST_FILE
from newsroom import ranges
from newsroom.storage import HashedStaticFilesStorage
from tests.factories import (
    figure,
    make_edition,
    make_image,
    make_video,
    video_figure,
)

pytestmark = pytest.mark.django_db(transaction=True)

GZIP = {"accept_encoding": "gzip, deflate, br"}


class TestFiles:
    def test_pictures_are_inert_and_kept_for_ever(self, site, chief):
        edition = make_edition(by=chief, body=figure(make_image(by=chief)))
        answer = site.ask(edition.cover["source"])
        assert answer.status == 200
        assert answer["Content-Type"] in ("image/webp", "image/jpeg")
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert {name: answer[name] for name in ranges.INERT} == ranges.INERT

    def test_films_are_answered_in_parts(self, site, chief):
        edition = make_edition(by=chief, body=video_figure(make_video(by=chief)))
        path = re.search(r'"(/media/public/[^"]+\.mp4)"', edition.body)[1]
        whole = site.ask(path)
        part = site.ask(path, range="bytes=100-199")
        assert whole["Content-Type"] == "video/mp4"
        assert part.status == 206
        assert part["Content-Range"] == f"bytes 100-199/{len(whole.body)}"
        assert part.body == whole.body[100:200]
        assert part["Content-Security-Policy"] == ranges.INERT["Content-Security-Policy"]

    @pytest.mark.parametrize(
        "name", ["originals/a.jpg", "public/a.html", "public/.a.part", "a.jpg"]
    )
    @pytest.mark.parametrize("start", ["/media/", "/media/public/../", "/media/public/%2e%2e/"])
    def test_nothing_else_is_given_out(self, site, name, start):
        FileSystemStorage(site.places.media).save(name, ContentFile(b"secret"))
        assert site.ask(start + name).status == 404

    def test_static_files_are_compressed_and_kept_for_ever(self, site):
        style = b"a { color: red }\n" * 100
        source = StaticFilesStorage(site.places.folder / "source", "/static/")
        hashed = HashedStaticFilesStorage(site.places.static, "/static/")
        for storage in (source, hashed):
            storage.save("trial.css", ContentFile(style))
        list(hashed.post_process({"trial.css": (source, "trial.css")}))
        path = hashed.url("trial.css", force=True)
        plain, packed = site.ask(path), site.ask(path, **GZIP)
        assert plain.body == style
        assert len(packed.body) < len(style) / 5
        assert packed["Content-Encoding"] == "gzip"
        assert packed["Content-Type"] == "text/css; charset=utf-8"
        assert packed["Cache-Control"] == "public, max-age=31536000, immutable"
        assert packed["X-Content-Type-Options"] == "nosniff"
        assert packed["Vary"] == "Accept-Encoding"
        assert site.ask("/static/trial.css")["Cache-Control"] == "public, max-age=60"


class TestLimits:
    @pytest.mark.parametrize(
        ("name", "largest"),
        [
            ("upload", LARGEST_FILE),
            ("attachment_upload", conf.settings.LARGEST_ATTACHMENT),
            ("video_upload", conf.settings.LARGEST_VIDEO),
        ],
    )
    def test_an_upload_that_is_too_large_is_told_so(self, site, name, largest):
        """By its length alone: nothing of it has to be sent."""
        form = {"content_type": "multipart/form-data; boundary=x"}
        path = reverse(f"admin:articles_article_{name}")
        answer = site.ask(path, "POST", content_length=str(largest + 3 * 1024**2), **form)
        assert answer.status == 413
        assert "文件太大" in answer.text

    def test_the_largest_that_may_be_sent_gets_through(self, site):
        path = reverse("admin:articles_article_upload")
        assert site.ask(path, "POST", b"x" * (LARGEST_FILE + 1024**2)).status == 403
        assert site.ask("/search/missed/", "POST", b"x" * 2 * 1024**2).status == 413

    def test_log_in_is_limited(self, site):
        form = urlencode({"username": "x", "password": "y"}).encode()
        answers = [site.ask("/admin/login/", "POST", form) for _ in range(25)]
        assert {answer.status for answer in answers} == {403, 429}
        assert "登录过于频繁" in answers[-1].text
        assert site.ask("/admin/login/").status == 200


class TestStaff:
    def test_log_in_and_are_known_by_their_own_address(self, site, settings, chief):
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
        chief.set_password("chief-password")
        chief.save()
        token = re.search(r"csrftoken=(\w+)", site.ask("/admin/login/")["Set-Cookie"])[1]
        form = {"username": "chief", "password": "chief-password", "csrfmiddlewaretoken": token}
        answer = site.ask(
            "/admin/login/?next=/admin/",
            "POST",
            urlencode(form).encode(),
            content_type="application/x-www-form-urlencoded",
            cookie=f"__Host-csrftoken={token}",
            referer=f"{site.origin}/admin/login/",
            origin=site.origin,
            x_forwarded_for="203.0.113.9",
            source="127.0.0.2",
        )
        assert (answer.status, answer["Location"]) == (302, "/admin/")
        session = re.search(r"__Host-sessionid=\w+", str(answer.headers))[0]
        assert site.ask("/admin/", cookie=session).status == 200
        # The reader's own claim, to the left, is not believed.
        assert AccessLog.objects.get().ip_address == "127.0.0.2"


class TestTheServer:
    def test_leads_to_https(self, site):
        line = http.client.HTTPConnection("127.0.0.1", site.places.redirecting_port, timeout=30)
        line.request("GET", "/articles/7/?a=b", headers={"Host": "elsewhere.example"})
        answer = line.getresponse()
        line.close()
        assert answer.status == 301
        assert answer.headers["Location"] == "https://localhost/articles/7/?a=b"

    def test_writes_no_query_string_into_its_log(self, site):
        site.ask("/search/?" + urlencode({"q": "confidential"}))
        until = time.monotonic() + 30
        # nginx writes a line after its answer has left.
        while '"GET /search/" 200' not in site.log:
            assert time.monotonic() < until, site.log
            time.sleep(0.05)
        assert "confidential" not in site.log

    def test_loses_no_request_while_the_application_is_reloaded(self, site, story):
        """Half of them are forms, which nginx never sends twice."""
        before = _workers(site.gunicorn)
        os.kill(site.gunicorn, signal.SIGHUP)
        statuses: set[int] = set()
        until = time.monotonic() + 60
        while _workers(site.gunicorn) & before or not statuses:
            assert time.monotonic() < until
            statuses.add(site.ask("/admin/login/").status)
            statuses.add(site.ask("/visit/", "POST", b"", sec_fetch_site="same-origin").status)
        assert statuses == {200, 204}


def _workers(master: int) -> set[str]:
    return set(Path(f"/proc/{master}/task/{master}/children").read_text().split())
