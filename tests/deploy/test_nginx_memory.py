"""What nginx answers from memory (decision 0010)."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from articles import previewing, publishing
from articles.models import Article
from articles.visits import figures
from tests.factories import (
    make_attachment,
    make_edition,
    rewrite,
)

pytestmark = pytest.mark.django_db(transaction=True)

# What decision 0010 promises, in seconds.
OLDEST = 2
GZIP = {"accept_encoding": "gzip, deflate, br"}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def cached(site, path: str, **headers) -> str:
    """What nginx had to do with it: HIT, MISS, EXPIRED, BYPASS or nothing at all."""
    return site.ask(path, **headers)["X-Cache-Status"]


def comes_from_memory(site, path: str, **headers) -> bool:
    """Of five in a row, all but the first and those that begin a second do."""
    return "HIT" in [cached(site, path, **headers) for _ in range(5)]


class TestAPage:
    def test_is_kept(self, site, address):
        assert cached(site, address) == "MISS"
        assert comes_from_memory(site, address)
        page = site.ask(address)
        assert page.status == 200
        assert "原来的标题" in page.text
        # What browsers may do with it is what the application says.
        assert page["Cache-Control"] == "no-cache"
        assert "X-Accel-Expires" not in page.headers
        assert page["Content-Security-Policy"]
        assert page["Strict-Transport-Security"]

    def test_is_kept_once_for_browsers_that_take_gzip(self, site, address):
        answers = [site.ask(address, accept_encoding=f"gzip, x-{n}") for n in range(5)]
        assert "HIT" in [answer["X-Cache-Status"] for answer in answers]
        assert {answer["Content-Encoding"] for answer in answers} == {"gzip"}
        for refusing in ("", "br", "gzip;q=0", "gzip; q=0.0, br"):
            assert not site.ask(address, accept_encoding=refusing)["Content-Encoding"], refusing

    def test_is_known_again_by_its_tag(self, site, address):
        tag = site.ask(address)["ETag"]
        assert site.ask(address, if_none_match=tag).status == 304
        assert site.ask(address, if_none_match='W/"other"').status == 200

    def test_is_one_for_each_address(self, site, address):
        site.ask(address)
        assert cached(site, f"/en{address}") == "MISS"
        assert cached(site, f"{address}?page=2") == "MISS"

    @pytest.mark.parametrize(
        "path", ["/", "/archive/", "/search/?q=x", "/atom.xml", "/api/v1/hot/"]
    )
    def test_of_another_kind_is_kept_when_the_application_keeps_it(self, site, story, path):
        assert comes_from_memory(site, path) == ("search" not in path)

    def test_is_counted_when_it_came_from_memory(self, site, story, address):
        """V12: a page served from any cache counts exactly like one from the origin."""
        for reader in range(3):
            assert comes_from_memory(site, address)
            answer = site.ask(
                f"{address}view/",
                "POST",
                urlencode({"key": f"{reader:032x}"}).encode(),
                content_type="application/x-www-form-urlencoded",
                sec_fetch_site="same-origin",
                user_agent=FIREFOX,
            )
            assert answer.status == 200, answer.text
            assert "Secure" in answer["Set-Cookie"]
        assert figures.views(story.pk) == 3


class TestWhatChanges:
    """Looked at all the time, so that it is kept all the time."""

    def seconds_until(self, is_there) -> float:
        start = time.monotonic()
        while not is_there():
            assert time.monotonic() - start < 10
            time.sleep(0.02)
        return time.monotonic() - start

    def test_is_seen_in_time_when_it_is_published_and_withdrawn(self, site, story, address, chief):
        assert "原来的标题" in site.ask(address).text
        publishing.publish(rewrite(story, by=chief, title="现在的标题"), by=chief)
        seen = self.seconds_until(lambda: "现在的标题" in site.ask(address).text)
        publishing.withdraw(Article.objects.get(pk=story.pk), by=chief, reason="有误")
        gone = self.seconds_until(lambda: site.ask(address).status == 410)
        assert max(seen, gone) < OLDEST + 0.5

    def test_is_seen_at_once_by_who_is_logged_in_and_then_by_all(self, site, story, address, chief):
        cookie = "a=b; __Host-sessionid=whatever"
        assert "原来的标题" in site.ask(address).text
        publishing.publish(rewrite(story, by=chief, title="现在的标题"), by=chief)
        assert "现在的标题" in site.ask(address, cookie=cookie).text
        assert "现在的标题" in site.ask(address).text

    def test_is_seen_at_once_where_there_was_nothing(self, site, story, chief):
        path = f"/articles/{story.pk + 1}/"
        assert [site.ask(path).status for _ in range(2)] == [404, 404]
        assert cached(site, path) == "MISS"


class TestWhatIsNeverKept:
    @pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/jsi18n/"])
    def test_the_desk(self, site, path):
        assert [cached(site, path) for _ in range(2)] == ["", ""]

    def test_what_sets_a_cookie(self, site):
        answers = [site.ask("/admin/login/") for _ in range(2)]
        assert len({answer["Set-Cookie"] for answer in answers}) == 2

    def test_previews(self, site, story, chief):
        link = previewing.make_link(story.article, by=chief, note="", days=1)
        path = reverse("preview", args=[previewing.token_of(link)])
        assert [site.ask(path).status, cached(site, path)] == [200, ""]
        assert "/preview/***/" in site.log
        assert previewing.token_of(link) not in site.log

    def test_refusals(self, site, address):
        assert site.ask(address, host="elsewhere.example").status == 400
        assert cached(site, f"{address}%00") != "HIT"

    def test_attachments_whose_downloads_are_counted(self, site, chief):
        file = make_attachment(by=chief)
        make_edition(by=chief, attachments=[file])
        path = reverse("attachment", args=[file.pk])
        for _ in range(2):
            answer = site.ask(path, user_agent=FIREFOX)
            assert answer["Content-Disposition"].startswith("attachment")
            assert not answer["X-Cache-Status"]
        assert site.ask(path, range="bytes=2-5").status == 206
        assert site.ask(path, if_none_match=answer["ETag"]).status == 304
        file.refresh_from_db()
        assert file.downloads == 2
