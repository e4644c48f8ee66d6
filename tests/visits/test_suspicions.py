"""Days with views that were made, and innocent days that look a little like them."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
from django.core.management import call_command

from articles.models import Suspicion
from articles.visits import suspicions
from articles.visits.suspicion_rules import RULES, Day, SteadyGaps
from tests.ledgers import every, file_views, make_hold, new_visit

pytestmark = pytest.mark.django_db

STORY, OTHER = 1, 2
SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
MORNING = 8 * HOUR


@pytest.fixture
def midnight(noon) -> datetime:
    return noon - 12 * HOUR


def by_chance(times: int, start: datetime, period: timedelta, seed: int = 1) -> list[datetime]:
    chance = Random(seed)
    return sorted(start + chance.random() * period for _number in range(times))


def reasons(midnight: datetime) -> dict[int, list[str]]:
    """article → the rules it met"""
    return {
        row.article_id: [reason["rule"] for reason in row.reasons]
        for row in suspicions.find(midnight.date())
    }


@pytest.fixture
def usual(midnight) -> list[str]:
    """A working day of another story: 200 visits from everywhere, half of which read a third."""
    visits = [new_visit() for _number in range(200)]
    moments = by_chance(200, midnight + MORNING, 10 * HOUR)
    file_views(OTHER, moments, visits=visits)
    file_views(3, [at + MINUTE for at in moments[:100]], visits=visits[:100])
    return visits


class TestWhatIsSuspicious:
    def test_most_views_from_one_network(self, usual, midnight):
        moments = by_chance(60, midnight + MORNING, 10 * HOUR, seed=2)
        file_views(STORY, moments, networks=["f" * 16] * 40, visits=usual[:60])
        (row,) = suspicions.find(midnight.date())
        assert (row.article_id, row.views) == (STORY, 60)
        assert row.reasons == [{"rule": "network", "share": 67, "usual": 0}]
        assert "67%" in suspicions.words_of(row)[0]

    def test_visits_that_read_nothing_else(self, usual, midnight):
        file_views(STORY, by_chance(60, midnight + MORNING, 10 * HOUR, seed=2))
        assert reasons(midnight) == {STORY: ["alone"]}

    def test_views_at_night(self, usual, midnight):
        moments = by_chance(60, midnight, 5 * HOUR, seed=2)
        file_views(STORY, moments, visits=usual[:60])
        assert reasons(midnight) == {STORY: ["night"]}

    def test_views_every_so_many_seconds(self, usual, midnight):
        moments = [
            at + Random(number).uniform(-5, 5) * SECOND
            for number, at in enumerate(every(5 * MINUTE, 30, midnight + MORNING))
        ]
        file_views(STORY, moments, visits=usual[:30])
        assert reasons(midnight) == {STORY: ["gaps"]}

    def test_all_of_it_at_once_and_the_words_of_each(self, usual, midnight):
        file_views(STORY, every(MINUTE, 120, midnight + HOUR), networks=["f" * 16] * 120)
        (row,) = suspicions.find(midnight.date())
        assert [reason["rule"] for reason in row.reasons] == [rule.name for rule in RULES]
        assert all(words and "%(" not in words for words in suspicions.words_of(row))


class TestWhatIsInnocent:
    def test_an_ordinary_day(self, usual, midnight):
        assert reasons(midnight) == {}

    def test_a_company_behind_one_proxy(self, midnight):
        """Eight of ten readers of every story come from the same network."""
        visits = [new_visit() for _number in range(200)]
        proxy = ["a" * 16] * 160
        moments = by_chance(200, midnight + MORNING, 10 * HOUR)
        file_views(OTHER, moments, networks=proxy, visits=visits)
        file_views(
            STORY,
            [at + MINUTE for at in moments[50:150]],
            networks=["a" * 16] * 85,
            visits=visits[50:150],
        )
        assert reasons(midnight) == {}

    def test_a_story_sent_round_at_eleven_at_night(self, usual, midnight):
        """A crowd comes within the hour, some of them after midnight, and reads on."""
        file_views(STORY, by_chance(80, midnight + 23 * HOUR, HOUR, seed=3), visits=usual[:80])
        crowd = [new_visit() for _number in range(120)]
        file_views(STORY, by_chance(40, midnight + DAY, HOUR, seed=4), visits=crowd[:40])
        morning = by_chance(80, midnight + DAY + MORNING, 10 * HOUR, seed=5)
        file_views(STORY, morning, visits=crowd[40:])
        file_views(OTHER, by_chance(100, midnight + DAY, 18 * HOUR, seed=6), visits=crowd[:100])
        assert reasons(midnight) == {}
        assert reasons(midnight + DAY) == {}

    def test_a_portal_whose_readers_never_read_on(self, midnight):
        file_views(OTHER, by_chance(200, midnight + MORNING, 10 * HOUR))
        file_views(STORY, by_chance(100, midnight + MORNING, 10 * HOUR, seed=2))
        assert reasons(midnight) == {}

    def test_a_night_in_which_everything_is_read(self, midnight):
        visits = [new_visit() for _number in range(100)]
        for article_id in (STORY, OTHER):
            moments = by_chance(100, midnight, 5 * HOUR, seed=article_id)
            file_views(article_id, moments, visits=visits)
        assert reasons(midnight) == {}

    def test_a_day_on_which_only_one_story_is_read(self, midnight):
        """Nothing to compare with: what is usual is not known."""
        moments = by_chance(100, midnight + MORNING, 10 * HOUR)
        file_views(STORY, moments, networks=["a" * 16] * 100)
        assert reasons(midnight) == {}

    def test_fewer_views_than_a_share_is_taken_of(self, usual, midnight):
        file_views(STORY, by_chance(49, midnight, 5 * HOUR, seed=2), networks=["f" * 16] * 49)
        assert reasons(midnight) == {}

    @pytest.mark.parametrize("seed", range(20))
    def test_people_who_come_by_chance(self, noon, seed):
        day = Day(views=30, moments=by_chance(30, noon, HOUR, seed))
        assert SteadyGaps().figures(day, Day()) is None

    def test_thirty_views_at_one_moment(self, noon):
        assert SteadyGaps().figures(Day(views=30, moments=[noon] * 30), Day()) is None

    def test_views_that_are_held(self, usual, midnight):
        make_hold(STORY, every(MINUTE, 120, midnight + HOUR))
        assert reasons(midnight) == {}


class TestFind:
    def test_asks_once_whatever_the_number_of_stories(self, midnight, django_assert_num_queries):
        for article_id in range(1, 30):
            file_views(article_id, by_chance(40, midnight, DAY, article_id))
        with django_assert_num_queries(1):
            suspicions.find(midnight.date())

    def test_asks_for_the_day_a_view_is_dated_to(self, usual, midnight):
        rows = file_views(STORY, by_chance(60, midnight, 4 * HOUR, seed=2), visits=usual[:60])
        for row in rows:
            # Their visits began before midnight.
            type(row).objects.filter(article_id=STORY, visit_id=row.visit_id).update(
                visit_day=midnight.date() - DAY
            )
        assert STORY in reasons(midnight)
        assert reasons(midnight - DAY) == {}


class TestWrite:
    @pytest.fixture
    def made(self, usual, midnight):
        file_views(STORY, every(MINUTE, 120, midnight + HOUR), networks=["f" * 16] * 120)

    def test_again_replaces_what_nobody_looked_into(self, made, midnight):
        day = midnight.date()
        Suspicion.objects.create(article_id=77, day=day, views=60, reasons=[])
        suspicions.write(day)
        suspicions.write(day)
        assert list(Suspicion.objects.values_list("article_id", flat=True)) == [STORY]

    def test_leaves_alone_what_somebody_looked_into_and_other_days(self, made, midnight, editor):
        day = midnight.date()
        suspicions.write(day)
        kept = Suspicion.objects.get()
        suspicions.look_into(kept, by=editor, finding="是真实读者。")
        Suspicion.objects.create(article_id=77, day=day - DAY, views=60, reasons=[])
        suspicions.write(day)
        assert Suspicion.objects.count() == 2
        kept.refresh_from_db()
        assert kept.finding == "是真实读者。"


class TestLookInto:
    @pytest.fixture
    def row(self, noon):
        return Suspicion.objects.create(article_id=STORY, day=noon.date(), views=60, reasons=[])

    @pytest.mark.parametrize("finding", ["", " \n", "\0", "字" * 201])
    def test_wants_a_finding_of_some_length(self, row, editor, finding):
        with pytest.raises(suspicions.FindingRefused):
            suspicions.look_into(row, by=editor, finding=finding)

    def test_keeps_the_first_finding(self, row, editor, noon):
        suspicions.look_into(row, by=editor, finding="刷的。")
        with pytest.raises(suspicions.LookedIntoAlready):
            suspicions.look_into(row, by=editor, finding="不是。")
        row.refresh_from_db()
        assert (row.finding, row.looked_by, row.looked_at) == ("刷的。", editor, noon)


class TestWordsOf:
    def test_says_nothing_of_a_rule_there_is_no_more(self):
        row = Suspicion(reasons=[{"rule": "gone", "share": 1}])
        assert suspicions.words_of(row) == []


class TestCommand:
    def test_looks_over_yesterday_or_the_day_it_is_told(self, usual, midnight, noon, capsys):
        file_views(STORY, every(MINUTE, 120, midnight - 23 * HOUR), networks=["f" * 16] * 120)
        call_command("list_suspicious_views")
        printed = capsys.readouterr().out
        assert "article 1, 120 views:" in printed
        assert "2026-06-14: 1 with suspicious views" in printed
        call_command("list_suspicious_views", "--day", "2026-06-15")
        assert "2026-06-15: 0 with" in capsys.readouterr().out
