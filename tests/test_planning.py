"""The day a story is meant to appear, and the moment of a scheduled one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from articles import planning, publishing, recording
from articles.models import Article, Edition, Transition
from articles.publishing import Period
from articles.recording import Actor
from articles.workflow import MoveRefused
from tests.factories import (
    make_article,
    make_chain,
    make_channel,
    make_colleague,
    make_department,
    make_edition,
    move,
    rewrite,
)

pytestmark = pytest.mark.django_db


class TestPlan:
    def test_keeps_the_day_and_takes_it_back(self, editor, noon):
        article, day = make_article(by=editor), noon.date() + timedelta(days=3)
        assert planning.plan(article, day, by=Actor(editor)).planned_on == day
        assert Article.objects.get().planned_on == day
        planning.plan(article, None, by=Actor(editor))
        assert Article.objects.get().planned_on is None

    def test_changes_neither_text_nor_version(self, editor, noon):
        article = make_article(by=editor)
        planning.plan(article, noon.date(), by=Actor(editor))
        assert (Article.objects.get().version, article.revisions.count()) == (1, 1)

    @pytest.mark.parametrize("days", [-1, 367])
    def test_refuses_days_nobody_means(self, editor, noon, days):
        with pytest.raises(MoveRefused):
            planning.plan(
                make_article(by=editor), noon.date() + timedelta(days=days), by=Actor(editor)
            )

    def test_may_stay_on_a_day_that_has_passed(self, editor, noon):
        article = make_article(by=editor)
        yesterday = noon.date() - timedelta(days=1)
        Article.objects.update(planned_on=yesterday)
        planning.plan(Article.objects.get(), yesterday, by=Actor(editor))
        assert Article.objects.get(pk=article.pk).planned_on == yesterday

    def test_is_possible_while_the_text_is_locked(self, editor, noon):
        channel = make_channel()
        make_chain(channel=channel, first=True)
        article = make_article(by=editor, channel=channel)
        move("submit", article, by=editor)
        assert planning.plan(article, noon.date(), by=Actor(editor)).is_locked

    def test_is_the_editors(self, noon):
        unit = make_department()
        correspondent = make_colleague("lu", "correspondent", department=unit)
        article = make_article(by=correspondent, source_department=unit)
        with pytest.raises(MoveRefused):
            planning.plan(article, noon.date(), by=Actor(User.objects.get(pk=correspondent.pk)))
        other = make_colleague("he", "editor", department=make_department())
        with pytest.raises(MoveRefused):
            planning.plan(article, noon.date(), by=Actor(other))

    def test_is_over_once_it_is_published(self, editor, noon):
        edition = make_edition(by=editor)
        with pytest.raises(MoveRefused):
            planning.plan(edition.article, noon.date(), by=Actor(editor))

    def test_is_not_of_what_lies_in_the_bin(self, editor, noon):
        article = make_article(by=editor)
        Article.objects.update(deleted_at=noon, deleted_by=editor)
        with pytest.raises(Article.DoesNotExist):
            planning.plan(article, noon.date(), by=Actor(editor))


@pytest.fixture
def scheduled(editor, noon) -> Edition:
    article = make_article(by=editor)
    return publishing.publish(article, by=editor, period=Period(noon + timedelta(days=1)))


class TestReschedule:
    def test_moves_the_moment_and_prints_nothing_anew(self, scheduled, editor, noon):
        rewrite(scheduled, by=editor, title="改过的标题")
        moment = noon + timedelta(days=2)
        publishing.start_at(scheduled.article, moment, by=Actor(editor, "10.0.0.8"))
        edition = Edition.objects.get()
        assert (edition.published_at, edition.title) == (moment, scheduled.title)
        assert not Edition.objects.live(moment - timedelta(seconds=1))
        assert Edition.objects.live(moment)

    def test_is_recorded_and_leaves_the_round_alone(self, scheduled, editor, noon):
        before = Article.objects.get().stage
        publishing.start_at(scheduled.article, noon + timedelta(days=2), by=Actor(editor))
        row = Transition.objects.latest("number")
        assert (row.move, row.to_stage) == ("reschedule", before)
        assert "appears_at" in row.facts
        assert not recording.verify().faults

    def test_needs_no_review_where_there_is_a_chain(self, editor, noon):
        channel = make_channel()
        article = make_article(by=editor, channel=channel)
        publishing.publish(article, by=editor, period=Period(noon + timedelta(days=1)))
        make_chain(channel=channel, first=True)
        edition = publishing.start_at(article, noon + timedelta(days=3), by=Actor(editor))
        assert edition.published_at == noon + timedelta(days=3)

    @pytest.mark.parametrize("offset", [timedelta(0), -timedelta(days=1), timedelta(days=400)])
    def test_refuses_moments_that_are_not_to_come(self, scheduled, editor, noon, offset):
        with pytest.raises(MoveRefused):
            publishing.start_at(scheduled.article, noon + offset, by=Actor(editor))

    def test_refuses_a_moment_behind_its_end(self, scheduled, editor, noon):
        publishing.end_at(scheduled.article, noon + timedelta(days=2), by=Actor(editor))
        with pytest.raises(MoveRefused):
            publishing.start_at(scheduled.article, noon + timedelta(days=3), by=Actor(editor))

    def test_is_whose_who_may_publish(self, scheduled, writer, noon):
        with pytest.raises(MoveRefused):
            publishing.start_at(scheduled.article, noon + timedelta(days=2), by=Actor(writer))

    def test_is_too_late_once_readers_have_it(self, editor, noon):
        edition = make_edition(by=editor, at=noon - timedelta(hours=1))
        with pytest.raises(MoveRefused):
            publishing.start_at(edition.article, noon + timedelta(days=2), by=Actor(editor))
