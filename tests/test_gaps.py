"""What a story still lacks, as sentences."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from articles import gaps
from articles.models import StoryTemplate
from tests.factories import figure, make_article, make_image

pytestmark = pytest.mark.django_db


class TestPublishingGaps:
    def test_are_none_for_a_complete_story(self, writer):
        image = make_image(by=writer)
        assert gaps.publishing(make_article(by=writer, body=figure(image))) == []
        reprint = make_article(by=writer, source_department=None, outside_source="矿业日报")
        assert gaps.publishing(reprint) == []

    def test_are_a_sentence_each(self, writer):
        first, second = make_image(by=writer), make_image(by=writer)
        body = figure(first, "有图注。") + figure(second, "")
        article = make_article(by=writer, body=body, source_department=None)
        found = gaps.publishing(article)
        assert len(found) == 2
        assert "2" in found[1]

    @pytest.mark.parametrize(
        "body", ["", " ", "<p></p>", "<p><strong> </strong></p>", "<ul><li></li></ul>", "<hr>"]
    )
    def test_include_a_text_that_shows_nothing(self, writer, body):
        assert len(gaps.publishing(make_article(by=writer, body=body))) == 1

    def test_ignore_pictures_that_are_not_placed(self, writer):
        image = make_image(by=writer)
        article = make_article(by=writer)
        image.article, image.order = article, 0
        image.save()
        assert gaps.publishing(article) == []


class TestBlanksInTheText:
    @pytest.fixture(autouse=True)
    def template(self, db):
        StoryTemplate.objects.create(name="会议", body="<p>【会议名称】在【地点】举行。</p>")

    def test_are_one_sentence_with_their_number(self, writer):
        body = "<p>【会议名称】举行。</p><p>【会议名称】在【<b>地点</b>】。</p>"
        with override("en"):
            (gap,) = gaps.publishing(make_article(by=writer, body=body))
        assert "3 blanks" in gap
        assert "【会议名称】" in gap

    def test_are_told_from_the_brackets_of_writers(self, writer):
        body = "<p>【记者手记】矿灯亮起。【副本】</p>"
        assert gaps.publishing(make_article(by=writer, body=body)) == []

    def test_cost_one_query_together_with_the_headline(self, writer, django_assert_num_queries):
        article = make_article(by=writer, title="【会议名称】", body="<p>【地点】</p>")
        with django_assert_num_queries(3):
            assert len(gaps.publishing(article)) == 2
