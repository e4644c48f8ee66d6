"""Pages of topics, and the series beneath a story."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles.models import Topic
from articles.topics import installments
from tests.factories import (
    make_channel,
    make_edition,
    make_section,
    make_series,
    make_topic,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def read(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    assert not answer.cookies
    return answer.content.decode()


class TestTopic:
    def test_shows_what_it_holds(self, client, editor, noon):
        topic = make_topic(title="岳行致远", introduction="讲清来路。", banner=True)
        make_section(topic=topic, title="宣讲走到哪里", stories=[make_edition(by=editor)])
        html = read(client, topic.get_absolute_url())
        for words in (
            "岳行致远",
            "讲清来路。",
            "宣讲走到哪里",
            "/media/public/",
            "2026/06/15 12:00",
        ):
            assert words in html

    def test_without_anything_says_so(self, client):
        assert 'class="message"' in read(client, make_topic().get_absolute_url())

    def test_stays_readable_when_it_is_over(self, client, noon):
        topic = make_topic(starts_at=noon - 3 * DAY, ends_at=noon - DAY)
        assert "2026-06-14" in read(client, topic.get_absolute_url())

    @pytest.mark.parametrize("starts_at", [None, DAY])
    def test_is_not_there_before_it_opens(self, client, noon, time_machine, starts_at):
        topic = make_topic(starts_at=starts_at and noon + starts_at)
        assert client.get(topic.get_absolute_url()).status_code == 404
        time_machine.move_to(noon + 2 * DAY, tick=False)
        opened = client.get(topic.get_absolute_url()).status_code
        assert opened == (200 if starts_at else 404)

    def test_is_right_at_once_when_something_changes(self, client, editor):
        topic = make_topic()
        section = make_section(topic=topic, stories=[make_edition(by=editor)])
        assert section.title in read(client, topic.get_absolute_url())
        section.title = "换了名字"
        section.save()
        assert "换了名字" in read(client, topic.get_absolute_url())

    @pytest.mark.parametrize("address", ["x", "a" * 600, "%00", "%F0%9F%98%80", "..", "-"])
    def test_answers_any_address(self, client, address):
        assert client.get(f"/topics/{address}/").status_code in (400, 404)

    def test_asks_as_much_for_one_section_as_for_many(
        self, client, editor, django_assert_max_num_queries, django_assert_num_queries
    ):
        channel = make_channel()
        rows = [make_edition(by=editor, tags=["安全"], channel=channel) for _n in range(4)]
        small, large = make_topic(), make_topic()
        make_section(topic=small, stories=rows[:1])
        make_section(topic=small, tag="安全", channel=channel)
        make_series(topic=small, stories=rows[:1])
        for _n in range(4):
            make_section(topic=large, stories=rows)
            make_section(topic=large, tag="安全", channel=channel)
        make_series(topic=large, stories=rows[1:])
        read(client, make_topic().get_absolute_url())
        with django_assert_max_num_queries(20) as asked:
            read(client, small.get_absolute_url())
        with django_assert_num_queries(len(asked)):
            read(client, large.get_absolute_url())


class TestTopics:
    def test_are_listed_newest_first(self, client, noon):
        make_topic(title="旧的", starts_at=noon - 9 * DAY, ends_at=noon - DAY)
        make_topic(title="新的", banner=True)
        make_topic(title="没开的", starts_at=None)
        html = read(client, "/topics/")
        assert html.index("新的") < html.index("旧的")
        assert "没开的" not in html

    def test_have_pages(self, client, noon, django_assert_max_num_queries):
        Topic.objects.bulk_create(
            Topic(title=f"第{n}个", slug=f"t{n}", starts_at=noon - DAY) for n in range(30)
        )
        with django_assert_max_num_queries(8):
            html = read(client, "/topics/?page=2")
        assert html.count('href="/topics/t') == 6
        assert read(client, "/topics/?page=999").count('href="/topics/t') == 6

    @pytest.mark.parametrize("page", ["0", "-1", "x", "1e3", "１", "9" * 400, "%00", "1'"])
    def test_answer_any_page_number(self, client, page):
        assert client.get(f"/topics/?page={page}").status_code in (400, 404)

    def test_can_be_none(self, client):
        assert 'class="message"' in read(client, "/topics/")


class TestSeriesBeneathAStory:
    def test_leads_on_and_back(self, client, editor, noon):
        rows = [make_edition(by=editor, title=title, at=noon - DAY) for title in "甲乙丙"]
        make_series(name="七评", planned=7, stories=rows)
        html = read(client, rows[1].get_absolute_url())
        series = html[html.index('class="series"') : html.index("</section>", html.index("七评"))]
        assert series.count(rows[0].get_absolute_url()) == 2
        assert series.count(rows[2].get_absolute_url()) == 2
        assert "2026/06/15 12:00" in series

    def test_leads_to_its_topic_once_that_is_open(self, client, editor, noon):
        row = make_edition(by=editor)
        series = make_series(stories=[row], topic=make_topic(slug="later", starts_at=None))
        assert "/topics/later/" not in read(client, row.get_absolute_url())
        series.topic.starts_at = noon
        series.topic.save()
        assert "/topics/later/" in read(client, row.get_absolute_url())

    def test_costs_other_stories_nothing(
        self, client, editor, noon, django_assert_max_num_queries, monkeypatch
    ):
        row, other = make_edition(by=editor), make_edition(by=editor)
        make_series(stories=[row])
        monkeypatch.setattr(installments, "of_story", None)
        assert 'class="series"' not in read(client, other.get_absolute_url())
