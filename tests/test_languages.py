"""Every page in Chinese and English, told apart by its address alone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone, translation

from articles.portal.kept_pages.store import PAGES
from newsroom import languages
from tests.conftest import SHANGHAI
from tests.factories import make_channel, make_edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(editor):
    return make_edition(
        by=editor,
        title="讲清来路",
        channel=make_channel(slug="group-news"),
        at=datetime(2023, 11, 21, 21, 42, 0, tzinfo=SHANGHAI),
        tags=["安全生产"],
    )


class TestAddresses:
    @pytest.mark.parametrize(
        ("path", "code"),
        [
            ("/", "zh-hans"),
            ("/en/", "en"),
            ("/en", "en"),
            ("/en/articles/1/", "en"),
            ("/english/", "zh-hans"),
            ("/EN/", "zh-hans"),
            ("/zh-hans/", "zh-hans"),
            ("/fr/", "zh-hans"),
            ("//en/", "zh-hans"),
            ("", "zh-hans"),
        ],
    )
    def test_say_the_language(self, path, code):
        assert languages.language_of(path) == code

    def test_of_all_pages_exist_in_both(self, client, story):
        for address in (
            "/",
            "/channels/group-news/",
            f"/units/{story.department_id}/",
            "/archive/",
            "/archive/2023/",
            "/archive/2023/11/",
            "/tags/安全生产/",
            "/authors/王芳/",
            "/pictures/",
            "/hot/",
            "/search/?q=来路",
            "/api/",
            story.get_absolute_url(),
        ):
            assert 'lang="zh-hans"' in client.get(address).content.decode(), address
            english = client.get(f"/en{address}")
            assert english.status_code == 200, address
            assert '<html lang="en"' in english.content.decode(), address

    @pytest.mark.parametrize("address", ["/zh-hans/", "/EN/", "/fr/", "/en/admin/", "/en/visit/"])
    def test_of_no_language_are_404(self, client, address):
        assert client.get(address).status_code == 404

    def test_choose_nothing_for_the_next_request(self, client, story):
        client.get("/en/")
        assert translation.get_language() == "zh-hans"
        assert 'lang="zh-hans"' in client.get("/articles/999999/").content.decode()


class TestNobodyElseDecides:
    def test_neither_header_nor_cookie(self, client, story):
        client.cookies["django_language"] = "en"
        answer = client.get("/", headers={"Accept-Language": "en"})
        assert 'lang="zh-hans"' in answer.content.decode()
        vary = answer.headers.get("Vary", "").lower()
        assert "cookie" not in vary
        assert "language" not in vary

    def test_english_pages_set_no_cookie(self, client, story):
        for address in ("/en/", f"/en{story.get_absolute_url()}", "/en/nothing/"):
            assert not client.get(address).cookies

    def test_the_desk_stays_chinese(self, client):
        answer = client.get("/admin/login/", headers={"Accept-Language": "en"})
        assert 'lang="zh-hans"' in answer.content.decode()


class TestKeptPages:
    def test_are_kept_apart(self, client, story):
        for _twice in range(2):
            assert '<html lang="en"' in client.get("/en/").content.decode()
            assert '<html lang="zh-hans"' in client.get("/").content.decode()
        assert PAGES.pages == 2


class TestTheSwitch:
    @pytest.mark.parametrize(
        ("address", "other"),
        [
            ("/", "/en/"),
            ("/en/", "/"),
            ("/channels/group-news/?page=1&utm=x", "/en/channels/group-news/?page=1"),
            ("/en/tags/安全生产/", "/tags/%E5%AE%89%E5%85%A8%E7%94%9F%E4%BA%A7/"),
            ("/search/?q=来路", "/en/search/?q=%E6%9D%A5%E8%B7%AF"),
        ],
    )
    def test_leads_to_the_same_page(self, client, story, address, other):
        page = client.get(address).content.decode()
        switch = re.search(r'<a class="language" href="([^"]+)" lang="([^"]+)"', page)
        assert switch
        assert switch[1] == other
        assert switch[2] == ("zh-Hans" if address.startswith("/en/") else "en")
        assert client.get(other).status_code == 200

    def test_is_told_to_search_engines(self, client, story):
        for address in (story.get_absolute_url(), f"/en{story.get_absolute_url()}"):
            page = client.get(address).content.decode()
            for tag, path in (("zh-Hans", ""), ("en", "/en"), ("x-default", "")):
                href = f"http://testserver{path}{story.get_absolute_url()}"
                assert f'hreflang="{tag}" href="{href}"' in page
            assert f'rel="canonical" href="http://testserver{address}"' in page

    def test_is_missing_where_there_is_one_address_only(self, client, as_editor):
        assert 'class="language"' not in client.get("/nothing/").content.decode()


class TestEnglishPages:
    def test_link_to_english_pages_only(self, client, story):
        page = client.get("/en/").content.decode()
        body = page[page.index("<body") :]
        links = set(re.findall(r'<a [^>]*?href="(/[^"]*)"', body))
        assert {link for link in links if not link.startswith("/en/")} == {"/"}

    def test_say_that_the_story_is_chinese(self, client, story):
        page = client.get(f"/en{story.get_absolute_url()}").content.decode()
        assert '<h1 lang="zh-Hans">' in page
        assert '<div class="body" lang="zh-Hans">' in page
        chinese = client.get(story.get_absolute_url()).content.decode()
        assert '<div class="body">' in chinese

    def test_write_dates_and_numbers_their_own_way(self, client, story):
        from articles.models import ArticleViews

        ArticleViews.objects.filter(article_id=story.pk).update(base=12345)
        english = client.get(f"/en{story.get_absolute_url()}").content.decode()
        assert "21 November 2023, 21:42" in english
        assert "<span data-views>12,345</span>" in english
        assert "[21 Nov 2023]" in client.get("/en/channels/group-news/").content.decode()
        chinese = client.get(story.get_absolute_url()).content.decode()
        assert "2023/11/21 21:42:00" in chinese
        assert "<span data-views>12345</span>" in chinese

    def test_hold_no_chinese_of_ours(self, client, story, settings):
        settings.SITE_NAME = "Group newsroom"
        make_edition(by=story.article.created_by, at=timezone.now() - timedelta(hours=1))
        for address in ("/en/", "/en/channels/group-news/", "/en/archive/", "/en/api/", "/en/x/"):
            page = client.get(address).content.decode()
            page = page[page.index("<body") :]
            # What is marked as Chinese, and the names of units, are content.
            page = re.sub(r'<(\w+)[^>]* lang="zh-Hans"[^>]*>.*?</\1>', "", page, flags=re.DOTALL)
            page = re.sub(r"<(select|nav)\b.*?</\1>", "", page, flags=re.DOTALL)
            found = re.findall("[\u4e00-\u9fff]+", re.sub("<[^>]+>", " ", page))
            assert not found, f"{address}: {found}"
