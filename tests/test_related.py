"""Which stories are named beneath another one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from articles import publishing, related
from articles.models import Article, Edition, ShelvedStory
from tests.factories import make_channel, make_department, make_edition

pytestmark = pytest.mark.django_db


def titles(edition, **options) -> list[str]:
    return [story.title for story in related.stories(edition, timezone.now(), **options)]


class TestStories:
    def test_share_tags_most_in_common_first_then_come_from_the_unit(self, editor):
        unit, now = make_department(), timezone.now()

        def make(title, days, tags=(), **fields):
            at = now - timedelta(days=days)
            return make_edition(by=editor, title=title, tags=list(tags), at=at, **fields)

        make("一个标签 较早", 5, ["安全"])
        make("一个标签 较新", 4, ["保供"])
        make("一个标签 同单位 更早", 6, ["安全"], source_department=unit)
        make("两个标签 最早", 9, ["安全", "保供"])
        make("只有单位相同", 1, source_department=unit)
        make("毫不相干", 1, ["供热"])
        story = make("本篇", 2, ["安全", "保供"], source_department=unit)
        assert titles(story) == [
            "两个标签 最早",
            "一个标签 同单位 更早",
            "一个标签 较新",
            "一个标签 较早",
            "只有单位相同",
        ]

    def test_are_six_at_most_and_none_the_page_names_already(self, editor):
        now = timezone.now()
        channel = make_channel()
        story, newest, *_older = [
            make_edition(
                by=editor, tags=["安全"], channel=channel, title=str(n), at=now - timedelta(days=n)
            )
            for n in range(10)
        ]
        assert titles(story) == ["1", "2", "3", "4", "5", "6"]
        assert titles(story, besides=[newest.pk]) == ["2", "3", "4", "5", "6", "7"]

    def test_can_be_read_now(self, editor):
        now = timezone.now()
        story, withdrawn, scheduled, expired = (
            make_edition(by=editor, tags=["安全"]) for _ in range(4)
        )
        publishing.withdraw(Article.objects.get(pk=withdrawn.pk), by=editor, reason="有误")
        ShelvedStory.objects.filter(article_id=scheduled.pk).update(
            published_at=now + timedelta(days=1)
        )
        ShelvedStory.objects.filter(article_id=expired.pk).update(
            expires_at=now - timedelta(minutes=1)
        )
        assert titles(story) == []

    def test_cost_one_statement_however_many_tags(self, editor, django_assert_num_queries):
        few = make_edition(by=editor, tags=["安全"])
        many = make_edition(by=editor, tags=[f"标签{n}" for n in range(30)] + ["安全"])
        for story in (few, many):
            with django_assert_num_queries(1):
                related.stories(story, timezone.now())

    def test_hold_what_a_row_of_a_list_shows(self, editor, django_assert_num_queries):
        story = make_edition(by=editor, tags=["安全"])
        make_edition(by=editor, tags=["安全"], title="另一篇", short_title="短标题")
        (found,) = related.stories(story, timezone.now())
        with django_assert_num_queries(0):
            assert found.list_title == "短标题"
            assert found.published_at.year
            assert found.cover is None

    def test_of_a_reprint_without_tags_are_none_and_cost_nothing(
        self, editor, django_assert_num_queries
    ):
        story = make_edition(by=editor, outside_source="某报")
        with django_assert_num_queries(0):
            assert titles(story) == []

    @pytest.mark.parametrize(
        "name", ["'", '"; DROP TABLE articles_edition', "%s", "{0}", "%", "标" * 100]
    )
    def test_any_tag_is_a_name_only(self, editor, name):
        first = make_edition(by=editor, tags=[name])
        second = make_edition(by=editor, tags=[name])
        assert [row.pk for row in related.stories(first, timezone.now())] == [second.pk]
        assert Edition.objects.count() == 2
