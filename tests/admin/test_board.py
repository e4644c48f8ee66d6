"""The board of all stages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.admin import board
from articles.models import Article, Role, Stage
from tests.factories import (
    make_article,
    make_chain,
    make_channel,
    make_colleague,
    make_department,
    make_edition,
    move,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(editor, noon) -> Article:
    channel = make_channel(name="集团新闻")
    make_chain(channel=channel, first=True)
    make_colleague("gu", "first")
    article = make_article(by=editor, channel=channel, title="等待初审")
    return move("submit", article, by=editor)


def see(person: User, query: str = ""):
    client = Client()
    client.force_login(person, backend="newsroom.authentication.OneStatementBackend")
    return client.get(f"/admin/board/{query}")


def column(answer, stage: str):
    return next(each for each in answer.context["columns"] if each.stage == stage)


def shown(answer) -> set[str]:
    return {card.article.title for each in answer.context["columns"] for card in each.cards}


class TestColumns:
    def test_say_who_has_it_and_since_when(self, story, editor, noon, time_machine):
        time_machine.move_to(noon + timedelta(hours=25), tick=False)
        card = column(see(editor), "first").cards[0]
        assert (card.article, card.since, card.is_overdue) == (story, noon, True)
        assert card.people == ["gu"]

    def test_are_oldest_first(self, story, editor, noon, time_machine):
        time_machine.move_to(noon + timedelta(hours=1), tick=False)
        move("submit", make_article(by=editor, channel=story.channel, title="后来"), by=editor)
        cards = column(see(editor), "first").cards
        assert [card.article.title for card in cards] == ["等待初审", "后来"]

    def test_hold_drafts_but_nothing_readers_have(self, editor, noon):
        make_article(by=editor, title="草稿")
        make_edition(by=editor, title="已发")
        answer = see(editor)
        assert shown(answer) == {"草稿"}
        assert column(answer, "writing").total == 1

    def test_name_every_stage(self, editor):
        stages = {each.stage for each in see(editor).context["columns"]}
        assert stages == set(Stage)

    def test_hold_at_most_fifty_and_say_how_many_more(self, editor, monkeypatch):
        monkeypatch.setattr(board, "MOST_CARDS", 3)
        for _ in range(5):
            make_article(by=editor)
        answer = see(editor)
        writing = column(answer, "writing")
        assert (len(writing.cards), writing.total, writing.more) == (3, 5, 2)
        assert "另有2篇较新的" in answer.content.decode()

    def test_cost_the_same_with_many(self, story, editor, django_assert_max_num_queries):
        for _ in range(8):
            move("submit", make_article(by=editor, channel=story.channel), by=editor)
        client = Client()
        client.force_login(editor, backend="newsroom.authentication.OneStatementBackend")
        with django_assert_max_num_queries(24):
            client.get("/admin/board/")


class TestNarrowing:
    def test_goes_by_unit_and_channel_with_all_beneath(self, editor):
        coal = make_department(name="煤业公司")
        mine = make_department(name="栎坪煤矿", parent=coal)
        news = make_channel()
        make_article(by=editor, title="矿上", source_department=mine, channel=news)
        make_article(by=editor, title="别处")
        assert shown(see(editor, f"?unit={coal.pk}")) == {"矿上"}
        assert shown(see(editor, f"?channel={news.pk}")) == {"矿上"}
        assert shown(see(editor, f"?unit={coal.pk}&channel={make_channel().pk}")) == set()

    @pytest.mark.parametrize("query", ["?unit=x", "?unit=0", "?channel=" + "9" * 40, "?unit=%00"])
    def test_by_nonsense_makes_nothing_fail(self, editor, query):
        make_article(by=editor, title="草稿")
        answer = see(editor, query)
        assert answer.status_code < 500


class TestRights:
    def test_hide_it_from_who_sees_only_their_own(self, editor):
        unit = make_department()
        assert see(make_colleague("lu", "correspondent", department=unit)).status_code == 404
        assert see(make_colleague("wen", "administrator")).status_code == 404

    def test_hide_it_from_outsiders_and_strangers(self, outsider, client):
        assert see(outsider).status_code == 404
        assert client.get("/admin/board/").status_code == 302

    def test_show_each_what_they_may_open(self, story, noon):
        unit = make_department()
        make_article(by=story.created_by, title="本单位", source_department=unit)
        assert shown(see(make_colleague("he", "editor", department=unit))) == {"本单位"}
        assert shown(see(make_colleague("yan", "final"))) == set()
        assert shown(see(User.objects.get(username="gu"))) == {"等待初审"}

    @pytest.mark.parametrize("role", [*Role, ""])
    def test_let_the_head_lead_there_whoever_may(self, role):
        unit = make_department()
        person = make_colleague("lu", role, department=unit) if role else make_colleague("lu")
        signed = Client()
        signed.force_login(person, backend="newsroom.authentication.OneStatementBackend")
        is_named = 'href="/admin/board/"' in signed.get("/admin/").content.decode()
        assert is_named is (signed.get("/admin/board/").status_code == 200)
