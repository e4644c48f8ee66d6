"""The page of a topic at a moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles import publishing
from articles.models import ArticleViews, Topic, TopicMaterial
from articles.topics import arranging, composing, rules
from tests.factories import (
    figure,
    make_attachment,
    make_department,
    make_edition,
    make_image,
    make_section,
    make_series,
    make_topic,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def titles(section) -> list[str]:
    return [story.title for story in section.stories]


class TestStanding:
    def test_is_what_is_open_newest_first(self, noon):
        make_topic(slug="old", starts_at=noon - 3 * DAY)
        make_topic(slug="new", starts_at=noon - DAY, ends_at=noon + DAY)
        make_topic(slug="over", starts_at=noon - 3 * DAY, ends_at=noon)
        make_topic(slug="coming", starts_at=noon + DAY)
        make_topic(slug="draft", starts_at=None)
        assert [row.slug for row in Topic.objects.standing(noon)] == ["new", "old"]


class TestSections:
    def test_by_hand_stand_in_the_order_of_the_hand(self, editor, noon):
        topic = make_topic()
        rows = [make_edition(by=editor, title=title, at=noon - DAY) for title in "甲乙丙"]
        section = make_section(topic=topic, stories=rows)
        chosen = list(section.chosen.all())
        arranging.reorder(section.chosen.all(), [chosen[2].pk, chosen[0].pk])
        [shown] = composing.compose(topic, noon).sections
        assert titles(shown) == ["丙", "甲", "乙"]

    def test_by_rule_show_the_newest_and_lead_to_the_rest(self, editor, noon):
        topic = make_topic()
        unit = make_department()
        for back in range(3):
            make_edition(
                by=editor,
                title=f"{back}天前",
                at=noon - back * DAY,
                source_department=unit,
                tags=["安全"],
            )
        make_section(topic=topic, tag="安全", unit=unit, shown=2)
        [shown] = composing.compose(topic, noon).sections
        assert titles(shown) == ["0天前", "1天前"]
        assert shown.more == f"/units/{unit.pk}/?tag=%E5%AE%89%E5%85%A8"

    def test_without_a_story_to_show_are_left_out(self, editor, noon):
        topic = make_topic()
        make_section(topic=topic, stories=[make_edition(by=editor, at=noon + DAY)])
        make_section(topic=topic, tag="没有")
        assert composing.compose(topic, noon).sections == []

    def test_hold_no_withdrawn_story(self, editor, noon):
        topic = make_topic()
        row = make_edition(by=editor)
        make_section(topic=topic, stories=[row])
        publishing.withdraw(row.article, by=editor, reason="有误")
        assert composing.compose(topic).sections == []


class TestMaterials:
    def test_are_files_of_live_stories_and_links(self, editor, noon):
        topic = make_topic()
        row = make_edition(by=editor, attachments=[make_attachment(by=editor, title="提纲")])
        make_section(topic=topic, stories=[row])
        [file] = arranging.files_offered(topic)
        arranging.append(TopicMaterial(topic=topic, title="宣讲提纲", attachment_id=file["id"]))
        arranging.append(TopicMaterial(topic=topic, title="评论", address="/channels/news/"))
        assert arranging.files_offered(topic) == []
        shown = composing.compose(topic).materials
        assert [(each.title, each.address) for each in shown] == [
            ("宣讲提纲", ""),
            ("评论", "/channels/news/"),
        ]
        publishing.withdraw(row.article, by=editor, reason="有误")
        assert [each.title for each in composing.compose(topic).materials] == ["评论"]


class TestStatistics:
    def test_count_each_story_once(self, editor, noon):
        topic = make_topic()
        units = [make_department(), make_department()]
        rows = [
            make_edition(
                by=editor,
                source_department=units[number % 2],
                tags=["安全"],
                body=figure(make_image(by=editor)),
                at=noon - DAY,
            )
            for number in range(3)
        ]
        for row in rows:
            ArticleViews.objects.filter(article_id=row.pk).update(base=100, total=11)
        make_section(topic=topic, stories=rows[:2])
        make_section(topic=topic, tag="安全")
        make_series(topic=topic, stories=rows[1:])
        sums = composing.compose(topic, noon).statistics
        assert (sums.stories, sums.units, sums.pictures, sums.views) == (3, 2, 3, 333)
        assert sums.at == noon
        assert not sums.is_cut

    def test_say_when_a_rule_finds_more_than_is_counted(self, editor, noon, monkeypatch):
        monkeypatch.setattr(rules, "MOST_FOUND", 2)
        topic = make_topic()
        for _n in range(3):
            make_edition(by=editor, tags=["安全"], at=noon - DAY)
        make_section(topic=topic, tag="安全")
        sums = composing.compose(topic, noon).statistics
        assert sums.stories == 2
        assert sums.is_cut
