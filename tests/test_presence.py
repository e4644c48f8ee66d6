"""Who is in: each person once, from the first window they opened, until they are gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles import presence, writing
from articles.models import Article, Presence
from tests.factories import make_article

pytestmark = pytest.mark.django_db

MINE, MINE_TOO, THEIRS, THEIRS_TOO = "a" * 32, "b" * 32, "c" * 32, "d" * 32


@pytest.fixture
def article(writer) -> Article:
    return make_article(by=writer)


def others(article, by, sitting=MINE):
    return presence.others(article, by=by, sitting=sitting)


class TestStaying:
    def test_twice_is_one_row_that_was_seen_later(self, noon, time_machine, writer, article):
        presence.stay(article, by=writer, sitting=MINE)
        time_machine.shift(timedelta(seconds=15))
        presence.stay(article, by=writer, sitting=MINE)
        row = Presence.objects.get()
        assert row.since == noon
        assert row.seen_at == noon + timedelta(seconds=15)

    def test_a_sitting_belongs_to_whoever_came_first(self, writer, editor, article):
        presence.stay(article, by=writer, sitting=MINE)
        presence.stay(article, by=editor, sitting=MINE)
        presence.leave(article, by=editor, sitting=MINE)
        assert Presence.objects.get().user == writer


class TestOthers:
    def test_are_named_once_from_their_first_window(
        self, noon, time_machine, writer, editor, article
    ):
        presence.stay(article, by=editor, sitting=THEIRS)
        time_machine.shift(timedelta(seconds=10))
        presence.stay(article, by=editor, sitting=THEIRS_TOO)
        presence.stay(article, by=writer, sitting=MINE)
        (visitor,) = others(article, writer)
        assert (visitor.name, visitor.since) == ("editor", noon)
        assert not visitor.is_oneself

    def test_include_oneself_in_another_window(self, writer, article):
        presence.stay(article, by=writer, sitting=MINE)
        presence.stay(article, by=writer, sitting=MINE_TOO)
        (visitor,) = others(article, writer)
        assert visitor.is_oneself

    def test_are_not_those_of_another_article(self, writer, editor, article):
        presence.stay(make_article(by=editor), by=editor, sitting=THEIRS)
        assert others(article, writer) == []

    def test_are_gone_when_they_leave(self, writer, editor, article):
        presence.stay(article, by=editor, sitting=THEIRS)
        presence.leave(article, by=editor, sitting=THEIRS)
        assert others(article, writer) == []

    def test_are_gone_when_nothing_is_heard_of_them(
        self, noon, time_machine, writer, editor, article
    ):
        presence.stay(article, by=editor, sitting=THEIRS)
        time_machine.shift(timedelta(seconds=45))
        assert others(article, writer)
        time_machine.shift(timedelta(seconds=6))
        assert others(article, writer) == []

    def test_say_whether_they_saved_since_they_came(
        self, noon, time_machine, writer, editor, article
    ):
        article.title = "来之前改的"
        writing.keep(article, body=article.body, tags=[], by=editor, based_on=1)
        time_machine.shift(timedelta(minutes=1))
        presence.stay(article, by=editor, sitting=THEIRS)
        assert others(article, writer)[0].saved_at is None
        time_machine.shift(timedelta(seconds=20))
        article.title = "来之后改的"
        writing.keep(article, body=article.body, tags=[], by=editor, based_on=2)
        assert others(article, writer)[0].saved_at == noon + timedelta(seconds=80)
