"""Where a story stands, in the words of the list, the form and the review page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles import publishing, standing, writing
from articles.models import Article, Stage
from articles.publishing import Period
from tests.editorial import at_stage
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def told(article: Article) -> list[str]:
    return [badge.label for badge in standing.badges(Article.objects.get(pk=article.pk))]


@pytest.fixture
def article(editor, noon) -> Article:
    return make_article(by=editor)


def test_of_a_draft_is_its_stage(article):
    assert told(article) == ["草稿"]
    assert told(at_stage(article, Stage.FIRST)) == ["初审"]


def test_of_a_scheduled_story_names_the_moment(article, editor, noon):
    publishing.publish(article, by=editor, period=Period(noon + timedelta(hours=20)))
    (label,) = told(article)
    assert "2026-06-16 08:00" in label
    assert "已发布" not in label


def test_of_a_schedule_that_was_cancelled_is_no_withdrawal(article, editor, noon):
    publishing.publish(article, by=editor, period=Period(noon + timedelta(hours=20)))
    publishing.withdraw(article, by=editor, reason="改期")
    assert told(article) == ["定时已取消"]


def test_of_an_ended_story_says_since_when(article, editor, noon, time_machine):
    publishing.publish(article, by=editor, period=Period(None, noon + timedelta(hours=1)))
    time_machine.move_to(noon + timedelta(hours=2), tick=False)
    (label,) = told(article)
    assert "2026-06-15 13:00" in label


def test_of_the_next_version_is_both(article, editor):
    publishing.publish(article, by=editor)
    current = Article.objects.get(pk=article.pk)
    current.title = "改过的标题"
    writing.keep(current, body=current.body, tags=[], by=editor, based_on=current.version)
    assert told(at_stage(article, Stage.FINAL)) == ["已发布，有修改未发布", "终审"]


@pytest.mark.parametrize(
    ("value", "is_found"),
    [
        ("scheduled", True),
        ("published", False),
        ("ended", False),
        ("draft", False),
        ("first", False),
    ],
)
def test_is_what_the_list_is_narrowed_by(article, editor, noon, as_editor, value, is_found):
    publishing.publish(article, by=editor, period=Period(noon + timedelta(hours=20)))
    answer = as_editor.get(f"/admin/articles/article/?status__exact={value}")
    assert (article in answer.context["cl"].result_list) is is_found
