"""What pages say of themselves to search engines, harvesters and link previews."""

from __future__ import annotations

import json
import re
from datetime import datetime

import pytest

from tests.conftest import SHANGHAI
from tests.factories import figure, make_channel, make_department, make_edition, make_image

pytestmark = pytest.mark.django_db

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def data(page: str) -> dict[str, dict]:
    """@type → the block of that type."""
    return {block["@type"]: block for block in map(json.loads, BLOCK.findall(page))}


def meta(page: str, attribute: str = "name") -> dict[str, str]:
    return dict(re.findall(rf'<meta {attribute}="([^"]+)" content="([^"]*)">', page))


@pytest.fixture
def page(client, editor) -> str:
    news = make_channel(name="新闻中心", slug="news")
    edition = make_edition(
        by=editor,
        title="讲清来路 讲实本领",
        summary="两句话。",
        channel=make_channel(name="集团新闻", slug="group-news", parent=news),
        source_department=make_department(name="党委宣传部（企业文化部）"),
        at=datetime(2023, 11, 21, 21, 42, 0, tzinfo=SHANGHAI),
        tags=["安全生产", "宣讲"],
        body=figure(make_image(by=editor)),
    )
    return client.get(edition.get_absolute_url()).content.decode()


class TestStory:
    def test_is_a_news_article(self, page):
        story = data(page)["NewsArticle"]
        assert story["headline"] == "讲清来路 讲实本领"
        assert story["datePublished"] == "2023-11-21T21:42:00+08:00"
        assert story["author"] == [{"@type": "Person", "name": "王芳"}]
        assert story["publisher"]["name"] == "集团新闻门户"
        assert story["image"][0].startswith("http://testserver/media/public/")
        assert story["inLanguage"] == "zh-Hans"

    def test_knows_its_place(self, page):
        steps = data(page)["BreadcrumbList"]["itemListElement"]
        assert [step["name"] for step in steps] == [
            "首页",
            "新闻中心",
            "集团新闻",
            "讲清来路 讲实本领",
        ]
        assert [step["position"] for step in steps] == [1, 2, 3, 4]
        assert steps[1]["item"] == "http://testserver/channels/news/"

    def test_carries_the_names_harvesters_agreed_on(self, page):
        found = meta(page)
        assert found["SiteName"] == "集团新闻门户"
        assert found["SiteDomain"] == "testserver"
        assert found["ArticleTitle"] == "讲清来路 讲实本领"
        assert found["PubDate"] == "2023-11-21 21:42:00"
        assert found["ContentSource"] == "党委宣传部（企业文化部）"
        assert found["ColumnName"] == "集团新闻"
        assert found["Author"] == "王芳"
        assert found["Keywords"] == "安全生产,宣讲"
        assert found["description"] == "两句话。"

    def test_makes_a_card_when_it_is_shared(self, page):
        found = meta(page, "property")
        assert found["og:type"] == "article"
        assert found["og:title"] == "讲清来路 讲实本领"
        assert found["og:image"].startswith("http://testserver/media/public/")
        assert int(found["og:image:width"]) >= 300
        assert int(found["og:image:height"]) >= 300
        card = meta(page, "itemprop")
        assert card["image"] == found["og:image"]
        assert card["description"] == "两句话。"

    def test_names_the_address_of_the_settings(self, client, editor, settings):
        settings.SITE_ADDRESS = "https://news.example.com"
        edition = make_edition(by=editor)
        page = client.get(edition.get_absolute_url()).content.decode()
        address = f"https://news.example.com{edition.get_absolute_url()}"
        assert f'rel="canonical" href="{address}"' in page
        assert data(page)["NewsArticle"]["mainEntityOfPage"] == address

    def test_ends_no_block_of_data(self, client, editor):
        evil = "</script><script>alert(1)</script><!--\u2028"
        edition = make_edition(by=editor, title=evil, tags=[], outside_source=evil)
        page = client.get(edition.get_absolute_url()).content.decode()
        assert "<script>alert" not in page
        assert "alert(1)" in data(page)["NewsArticle"]["headline"]


class TestOtherPages:
    def test_name_their_channel(self, client, editor):
        channel = make_channel(name="集团新闻", slug="group-news", description="集团的会议和活动")
        make_edition(by=editor, channel=channel)
        page = client.get("/channels/group-news/").content.decode()
        found = meta(page)
        assert found["ColumnName"] == "集团新闻"
        assert found["ColumnDescription"] == "集团的会议和活动"
        assert data(page)["BreadcrumbList"]["itemListElement"][-1]["name"] == "集团新闻"

    @pytest.mark.parametrize("address", ["/", "/channels/group-news/", "/archive/", "/api/"])
    def test_say_their_canonical_address(self, client, address):
        make_channel(slug="group-news")
        page = client.get(f"{address}?utm_source=x").content.decode()
        assert f'<link rel="canonical" href="http://testserver{address}">' in page
