"""Sitemaps: every live story once, at a cost that does not grow with the newsroom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import etree

from articles import publishing
from articles.models import Article, Edition
from articles.portal import sitemaps
from tests.factories import figure, make_channel, make_edition, make_image

pytestmark = pytest.mark.django_db

NAMES = {
    "s": sitemaps.NAMESPACE,
    "i": sitemaps.IMAGES,
    "n": sitemaps.NEWS,
    "x": sitemaps.XHTML,
}


def read(client, address: str) -> etree._Element:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return etree.fromstring(answer.content)


def locations(sitemap: etree._Element) -> list[str]:
    return [str(found.text) for found in sitemap.iterfind("*/s:loc", NAMES)]


@pytest.fixture
def two_a_page(monkeypatch):
    query = sitemaps.PAGES_WITH_STORIES.replace(str(sitemaps.NUMBERS_A_PAGE), "2")
    monkeypatch.setattr(sitemaps, "NUMBERS_A_PAGE", 2)
    monkeypatch.setattr(sitemaps, "PAGES_WITH_STORIES", query)


class TestStories:
    def test_the_index_leads_to_every_live_story_and_no_other(self, client, editor, two_a_page):
        made = [make_edition(by=editor) for _ in range(7)]
        for gone in made[2:5]:
            publishing.withdraw(Article.objects.get(pk=gone.pk), by=editor, reason="有误")
        Edition.objects.filter(pk=made[6].pk).update(
            published_at=timezone.now() + timedelta(days=1)
        )
        found = []
        for address in locations(read(client, "/sitemap.xml")):
            assert address.startswith("http://testserver/sitemap-")
            if "stories" in address:
                found += locations(read(client, address.removeprefix("http://testserver")))
        live = [made[0], made[1], made[5]]
        assert sorted(found) == sorted(f"http://testserver{row.get_absolute_url()}" for row in live)

    def test_names_pictures_and_the_last_change(self, client, editor, noon):
        story = make_edition(by=editor, body=figure(make_image(by=editor)))
        number = (story.pk - 1) // sitemaps.NUMBERS_A_PAGE + 1
        sitemap = read(client, f"/sitemap-stories-{number}.xml")
        picture = sitemap.findtext("s:url/i:image/i:loc", namespaces=NAMES)
        assert picture.startswith("http://testserver/media/public/")
        assert sitemap.findtext("s:url/s:lastmod", namespaces=NAMES) == "2026-06-15T04:00:00Z"

    @pytest.mark.parametrize("number", ["0", "99", "9" * 18, "9" * 30, "-1", "1.5", "１"])
    def test_a_page_of_nothing_is_404(self, client, number):
        assert client.get(f"/sitemap-stories-{number}.xml").status_code == 404

    def test_costs_as_many_queries_with_many_stories(
        self, client, editor, two_a_page, django_assert_num_queries
    ):
        for _ in range(9):
            make_edition(by=editor)
        with django_assert_num_queries(3):
            client.get("/sitemap.xml")


class TestSections:
    def test_name_channels_in_each_language(self, client, editor):
        make_edition(by=editor, channel=make_channel(slug="group-news"))
        sitemap = read(client, "/sitemap-sections.xml")
        found = locations(sitemap)
        for address in ("/", "/en/", "/channels/group-news/", "/en/channels/group-news/"):
            assert f"http://testserver{address}" in found
        links = sitemap.findall("s:url", NAMES)[0].findall("x:link", NAMES)
        assert {link.get("hreflang") for link in links} == {"zh-Hans", "en"}


class TestNews:
    def test_holds_what_is_two_days_old_at_most(self, client, editor, noon, time_machine):
        fresh = make_edition(by=editor, title="新 & 闻", at=noon - timedelta(hours=47))
        make_edition(by=editor, title="旧闻", at=noon - timedelta(hours=49))
        sitemap = read(client, "/sitemap-news.xml")
        assert locations(sitemap) == [f"http://testserver{fresh.get_absolute_url()}"]
        assert sitemap.findtext("*/n:news/n:title", namespaces=NAMES) == "新 & 闻"
        time_machine.move_to(noon + timedelta(hours=1, seconds=1), tick=False)
        assert locations(read(client, "/sitemap-news.xml")) == []


class TestRobots:
    def test_are_kept_from_the_desk_and_led_to_the_sitemap(self, client, settings):
        settings.SITE_ADDRESS = "https://news.example.com"
        lines = client.get("/robots.txt").content.decode().splitlines()
        assert "Disallow: /admin/" in lines
        assert "Disallow: /preview/" in lines
        assert "Sitemap: https://news.example.com/sitemap.xml" in lines
