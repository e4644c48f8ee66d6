"""Notices of what waits too long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from articles import reminding
from articles.models import Article, Notice
from tests.factories import make_article, make_chain, make_channel, make_colleague, move

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(editor, noon) -> Article:
    channel = make_channel()
    make_chain(channel=channel, first=True, final=True)
    make_colleague("gu", "first")
    make_colleague("bai", "first")
    make_colleague("yan", "final")
    return move("submit", make_article(by=editor, channel=channel), by=editor)


def overdue() -> set[str]:
    rows = Notice.objects.filter(kind="overdue", read_at=None)
    return set(rows.values_list("user__username", flat=True))


class TestRemind:
    def test_tells_each_it_waits_for_once(self, story, noon):
        assert reminding.remind(noon + timedelta(hours=23)) == 0
        assert reminding.remind(noon + timedelta(hours=25)) == 2
        assert reminding.remind(noon + timedelta(hours=49)) == 0
        assert overdue() == {"gu", "bai"}

    def test_tells_anew_at_the_next_stage(self, story, noon, time_machine):
        reminding.remind(noon + timedelta(hours=25))
        time_machine.move_to(noon + timedelta(hours=26), tick=False)
        move("approve", story, by=User.objects.get(username="gu"))
        assert overdue() == set()
        assert reminding.remind(noon + timedelta(hours=49)) == 0
        assert reminding.remind(noon + timedelta(hours=51)) == 1
        assert overdue() == {"yan"}

    def test_tells_whoever_came_later(self, story, noon):
        reminding.remind(noon + timedelta(hours=25))
        make_colleague("xin", "first")
        assert reminding.remind(noon + timedelta(hours=26)) == 1

    def test_follows_the_setting(self, story, noon, settings):
        settings.REVIEW_OVERDUE_HOURS = 2
        assert reminding.remind(noon + timedelta(hours=2)) == 2

    def test_is_done_by_the_command(self, story, noon, time_machine, capsys):
        time_machine.move_to(noon + timedelta(days=3), tick=False)
        call_command("send_notices")
        assert "2 notices of overdue stories" in capsys.readouterr().out

    def test_costs_the_same_with_many(self, story, noon, editor, django_assert_max_num_queries):
        for _ in range(6):
            move("submit", make_article(by=editor, channel=story.channel), by=editor)
        with django_assert_max_num_queries(18):
            assert reminding.remind(noon + timedelta(hours=25)) == 14
