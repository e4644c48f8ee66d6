"""My desk: what waits, came back, is on its way, scheduled, or goes wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import publishing
from articles.models import Article
from articles.publishing import Period
from articles.recording import Actor
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


@pytest.fixture
def house(noon):
    unit = make_department(name="煤业公司")
    news = make_channel()
    make_chain(channel=news, unit=True, first=True)
    people = {
        name: make_colleague(username, role, **({"department": unit} if is_of_unit else {}))
        for name, username, role, is_of_unit in (
            ("writer", "lu", "correspondent", True),
            ("unit", "qin", "unit", True),
            ("editor", "shen", "editor", False),
            ("first", "gu", "first", False),
            ("publisher", "ji", "publisher", False),
        )
    }
    return unit, news, people


def sent_in(house, **fields) -> Article:
    unit, news, people = house
    fields = {"channel": news, "source_department": unit} | fields
    return move("submit", make_article(by=people["writer"], **fields), by=people["writer"])


def see(person: User):
    client = Client()
    client.force_login(person, backend="newsroom.authentication.OneStatementBackend")
    return client.get("/admin/")


def process_of(person: User):
    return see(person).context["desk"].process


def titles(section) -> list[str]:
    return [line.article.title for line in section.lines]


class TestWaiting:
    def test_is_mine_oldest_first_and_marked_when_late(self, house, noon, time_machine):
        sent_in(house, title="先来")
        time_machine.move_to(noon + timedelta(hours=23), tick=False)
        sent_in(house, title="后到")
        time_machine.move_to(noon + timedelta(hours=30), tick=False)
        answer = see(house[2]["unit"])
        waiting = answer.context["desk"].process.waiting
        assert titles(waiting) == ["先来", "后到"]
        assert [line.is_overdue for line in waiting.lines] == [True, False]
        assert waiting.lines[0].since == noon
        assert "已超时" in answer.content.decode()

    def test_is_nobody_elses(self, house):
        sent_in(house)
        for name in ("writer", "editor", "first", "publisher"):
            assert not process_of(house[2][name]).waiting.lines, name

    def test_ends_with_the_decision(self, house):
        article = sent_in(house)
        move("approve", article, by=house[2]["unit"])
        assert not process_of(house[2]["unit"]).waiting.lines
        assert titles(process_of(house[2]["editor"]).waiting) == [article.title]

    def test_teaches_when_it_is_empty(self, house):
        assert "没有等您处理的稿件" in see(house[2]["first"]).content.decode()

    def test_names_twenty_and_counts_the_rest(self, house):
        for _ in range(22):
            sent_in(house)
        waiting = process_of(house[2]["unit"]).waiting
        assert (len(waiting.lines), waiting.total, waiting.more) == (20, 22, 2)


class TestCameBack:
    def test_says_who_and_why(self, house):
        article = sent_in(house)
        move("send back", article, by=house[2]["unit"], reason="请补充完工日期。")
        answer = see(house[2]["writer"])
        line = answer.context["desk"].process.returned.lines[0]
        assert (line.article, line.said, line.by) == (article, "请补充完工日期。", "qin")
        assert "请补充完工日期。" in answer.content.decode()

    def test_goes_when_it_is_sent_again(self, house):
        article = sent_in(house)
        move("send back", article, by=house[2]["unit"], reason="补充")
        move("submit", article, by=house[2]["writer"])
        assert not process_of(house[2]["writer"]).returned.lines

    def test_shows_a_rejection_for_two_weeks(self, house, noon, time_machine):
        move("reject", sent_in(house), by=house[2]["unit"], reason="已刊发过")
        assert process_of(house[2]["writer"]).returned.lines[0].said == "已刊发过"
        time_machine.move_to(noon + timedelta(days=15), tick=False)
        assert not process_of(house[2]["writer"]).returned.lines


class TestSent:
    def test_says_where_it_stands_and_who_has_it(self, house):
        sent_in(house)
        line = process_of(house[2]["writer"]).sent.lines[0]
        assert (line.article.stage, line.people) == ("unit", ["qin"])

    def test_stays_until_a_week_after_it_was_published(self, house, noon, time_machine):
        people = house[2]
        article = sent_in(house)
        move("approve", article, by=people["unit"])
        move("submit", article, by=people["editor"])
        move("approve", article, by=people["first"])
        publishing.publish(Article.objects.get(pk=article.pk), by=Actor(people["publisher"]))
        assert titles(process_of(people["writer"]).sent) == [article.title]
        time_machine.move_to(noon + timedelta(days=8), tick=False)
        assert not process_of(people["writer"]).sent.lines


class TestScheduled:
    def test_is_in_order_of_time(self, editor, noon):
        for title, days in (("后", 3), ("先", 1)):
            article = make_article(by=editor, title=title)
            publishing.publish(article, by=editor, period=Period(noon + timedelta(days=days)))
        make_edition(by=editor, title="已发")
        assert titles(process_of(editor).scheduled) == ["先", "后"]


class TestGoesWrong:
    def what(self, person: User) -> dict[str, str]:
        troubles = process_of(person).troubles
        return {trouble.article.title: str(trouble.what) for trouble in troubles}

    def test_names_a_scheduled_story_that_will_not_appear(self, editor, noon):
        article = make_article(by=editor, title="不会刊出")
        publishing.publish(article, by=editor, period=Period(noon + timedelta(days=1)))
        publishing.withdraw(Article.objects.get(), by=editor, reason="内容有误")
        assert set(self.what(editor)) == {"不会刊出"}

    def test_names_a_scheduled_story_that_will_appear_with_an_old_text(self, editor, noon):
        article = make_article(by=editor)
        edition = publishing.publish(article, by=editor, period=Period(noon + timedelta(days=1)))
        rewrite(edition, by=editor, title="改过了")
        assert set(self.what(editor)) == {"改过了"}

    def test_names_plans_whose_day_has_come(self, editor, noon):
        for title, days in (("昨天", -1), ("今天", 0), ("明天", 1)):
            make_article(by=editor, title=title)
            Article.objects.filter(title=title).update(
                planned_on=noon.date() + timedelta(days=days)
            )
        assert set(self.what(editor)) == {"昨天", "今天"}

    def test_names_what_expires_within_three_days(self, editor, noon):
        for title, days in (("快到期", 2), ("还早", 4)):
            period = Period(None, noon + timedelta(days=days))
            publishing.publish(make_article(by=editor, title=title), by=editor, period=period)
        assert set(self.what(editor)) == {"快到期"}

    def test_names_what_is_overdue_with_others(self, house, noon, time_machine):
        sent_in(house, title="搁置的稿件")
        time_machine.move_to(noon + timedelta(hours=30), tick=False)
        assert titles(process_of(house[2]["editor"]).overdue) == ["搁置的稿件"]
        # With whom it waits it stands above already.
        assert not process_of(house[2]["unit"]).overdue.lines


class TestSecrets:
    def test_of_other_units_stay_theirs(self, house, noon, time_machine):
        outside = make_colleague("he", "editor", department=make_department())
        article = sent_in(house, title="暗号金丝猴")
        Article.objects.filter(pk=article.pk).update(planned_on=noon.date())
        time_machine.move_to(noon + timedelta(days=3), tick=False)
        for _ in range(2):
            assert "暗号金丝猴" not in see(outside).content.decode()
            move("send back", article, by=house[2]["unit"], reason="补充")
            move("submit", article, by=house[2]["writer"])


class TestCost:
    def test_does_not_grow_with_rows(self, house, noon, time_machine, django_assert_num_queries):
        editor = house[2]["editor"]
        for _ in range(2):
            self.fill(house)
        time_machine.move_to(noon + timedelta(days=3), tick=False)
        with CaptureQueriesContext(connection) as few:
            see(editor)
        for _ in range(5):
            self.fill(house)
        time_machine.move_to(noon + timedelta(days=6), tick=False)
        # Logging in is part of it, both times.
        with django_assert_num_queries(len(few)):
            see(editor)
        assert len(few) <= 45

    def fill(self, house) -> None:
        unit, news, people = house
        received = sent_in(house)
        move("approve", received, by=people["unit"])
        sent_in(house)
        make_article(by=people["editor"], channel=news, source_department=unit)
        own = make_article(by=people["editor"], channel=news, source_department=unit)
        move("submit", own, by=people["editor"])
