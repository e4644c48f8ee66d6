"""Feeds: complete, absolute, asked for again without being sent again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import etree

from articles import publishing
from articles.models import Article, SectionStory, Topic, TopicSection
from articles.portal import feeds
from tests.factories import (
    figure,
    make_attachment,
    make_channel,
    make_department,
    make_edition,
    make_image,
)

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom", "m": feeds.MEDIA}


def atom(answer) -> etree._Element:
    return etree.fromstring(answer.content)


@pytest.fixture
def story(editor):
    return make_edition(
        by=editor,
        title="一夜三十二列 & <快>",
        body="<p>正文。</p>" + figure(make_image(by=editor)),
        tags=["安全生产"],
        attachments=[make_attachment(by=editor)],
    )


class TestFormats:
    def test_atom_holds_the_whole_story_with_complete_addresses(self, client, story):
        answer = client.get("/atom.xml")
        assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        feed = atom(answer)
        assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-Hans"
        assert feed.findtext("a:entry/a:title", namespaces=ATOM) == "一夜三十二列 & <快>"
        link = feed.find("a:entry/a:link", ATOM)
        assert link.get("href") == f"http://testserver{story.get_absolute_url()}"
        content = feed.findtext("a:entry/a:content", namespaces=ATOM) or ""
        assert "正文。" in content
        assert 'src="http://testserver/media/public/' in content
        assert 'src="/' not in content
        thumbnail = feed.find("a:entry/m:thumbnail", ATOM)
        assert thumbnail.get("url").startswith("http://testserver/media/public/")

    def test_rss_holds_the_same(self, client, story):
        answer = client.get("/rss.xml")
        assert answer.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
        item = etree.fromstring(answer.content).find("channel/item")
        assert item.findtext("title") == story.title
        content = item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded") or ""
        assert "正文。" in content

    def test_json_feed_holds_the_same(self, client, story):
        answer = client.get("/feed.json")
        assert answer.headers["Content-Type"] == "application/feed+json; charset=utf-8"
        feed = answer.json()
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["feed_url"] == "http://testserver/feed.json"
        item = feed["items"][0]
        assert item["id"] == item["url"] == f"http://testserver{story.get_absolute_url()}"
        assert item["title"] == story.title
        assert "正文。" in item["content_html"]
        assert item["authors"] == [{"name": "王芳"}]
        assert item["tags"] == ["安全生产"]
        assert item["attachments"][0]["mime_type"] == "application/pdf"

    @pytest.mark.parametrize("name", feeds.FORMATS)
    def test_is_well_formed_without_stories_and_with_odd_characters(self, client, editor, name):
        assert client.get(f"/{name}").status_code == 200
        story = make_edition(by=editor)
        story.title = story.summary = "竖\x0b线]]>&amp;\u202e\ufffe\uffff"
        story.save()
        answer = client.get(f"/{name}", {"other": "1"})
        assert answer.status_code == 200
        if name.endswith("xml"):
            etree.fromstring(answer.content)


class TestSubjects:
    def test_a_channel_has_the_stories_of_those_beneath(self, client, editor):
        above = make_channel(slug="news")
        below = make_channel(slug="group-news", parent=above)
        make_edition(by=editor, title="下级的", channel=below)
        make_edition(by=editor, title="别处的")
        for address in ("/channels/news/atom.xml", "/channels/group-news/feed.json"):
            text = client.get(address).content.decode()
            assert "下级的" in text
            assert "别处的" not in text

    def test_a_unit_has_the_stories_of_those_beneath(self, client, editor):
        above = make_department(name="集团")
        below = make_department(name="一矿", parent=above)
        make_edition(by=editor, title="一矿的", source_department=below)
        make_edition(by=editor, title="别处的")
        text = client.get(f"/units/{above.pk}/rss.xml").content.decode()
        assert "一矿的" in text
        assert "别处的" not in text

    @pytest.mark.parametrize(
        "address",
        ["/channels/none/atom.xml", "/units/999999/rss.xml", "/feed.xml", "/atom.xml/"],
    )
    def test_of_nothing_there_is_none(self, client, address):
        assert client.get(address).status_code == 404

    def test_pages_lead_to_their_feeds(self, client, editor):
        edition = make_edition(by=editor, channel=make_channel(slug="group-news"))
        of_site = 'type="application/atom+xml" title="集团新闻门户 (Atom)" href="/atom.xml"'
        of_channel = 'href="/channels/group-news/feed.json"'
        of_unit = f'href="/units/{edition.department_id}/rss.xml"'
        assert of_site in client.get("/").content.decode()
        page = client.get("/channels/group-news/").content.decode()
        assert of_site in page
        assert of_channel in page
        assert of_unit in client.get(f"/units/{edition.department_id}/").content.decode()


class TestAskingAgain:
    def test_is_answered_with_304_by_tag_and_by_date(self, client, story):
        first = client.get("/atom.xml")
        by_tag = client.get("/atom.xml", headers={"If-None-Match": first.headers["ETag"]})
        since = {"If-Modified-Since": first.headers["Last-Modified"]}
        by_date = client.get("/atom.xml", headers=since)
        assert by_tag.status_code == by_date.status_code == 304
        assert by_tag.content == b""

    def test_brings_the_feed_when_a_story_was_withdrawn(self, client, editor, noon, time_machine):
        story = make_edition(by=editor)
        make_edition(by=editor)
        first = client.get("/atom.xml")
        time_machine.move_to(noon + timedelta(seconds=5), tick=False)
        publishing.withdraw(Article.objects.get(pk=story.pk), by=editor, reason="有误")
        since = {"If-Modified-Since": first.headers["Last-Modified"]}
        assert client.get("/atom.xml", headers=since).status_code == 200
        tag = {"If-None-Match": first.headers["ETag"]}
        # The tag decides, whatever the date.
        assert client.get("/atom.xml", headers=tag | since).status_code == 200

    @pytest.mark.parametrize("since", ["", "yesterday", "Mon, 99 Nov 2026 00:00:00 GMT", "0" * 99])
    def test_understands_no_odd_dates(self, client, story, since):
        answer = client.get("/atom.xml", headers={"If-Modified-Since": since})
        assert answer.status_code == 200

    def test_sets_no_cookie(self, client, story):
        assert not client.get("/atom.xml").cookies


class TestCost:
    def test_is_the_same_with_many_stories(self, client, editor, django_assert_num_queries):
        channel = make_channel(slug="group-news")
        for _ in range(feeds.STORIES + 2):
            make_edition(by=editor, channel=channel, at=timezone.now())
        with django_assert_num_queries(6):
            answer = client.get("/channels/group-news/atom.xml")
        assert len(atom(answer).findall("a:entry", ATOM)) == feeds.STORIES


class TestTopics:
    def test_have_a_feed_of_their_stories_and_lead_to_it(self, client, editor, noon):
        topic = Topic.objects.create(
            title="岳行致远", slug="yuexing", starts_at=noon - timedelta(days=9)
        )
        section = topic.sections.create(title="报道", feed=TopicSection.Feed.HAND)
        chosen = make_edition(by=editor, title="专题里的")
        make_edition(by=editor, title="别处的")
        SectionStory.objects.create(section=section, edition=chosen)
        text = client.get("/topics/yuexing/atom.xml").content.decode()
        assert "专题里的" in text
        assert "别处的" not in text
        assert 'href="/topics/yuexing/atom.xml"' in client.get("/topics/yuexing/").content.decode()
        locations = client.get("/sitemap-sections.xml").content.decode()
        assert "http://testserver/en/topics/yuexing/" in locations

    def test_not_opened_yet_have_none(self, client, noon):
        Topic.objects.create(title="将来", slug="later", starts_at=noon + timedelta(days=1))
        assert client.get("/topics/later/atom.xml").status_code == 404
        assert client.get("/topics/none/feed.json").status_code == 404
