"""Figures against a small newsroom counted by hand: row by row, in Python, from what it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from django.db import connection

from articles import publishing
from articles.models import (
    Article,
    ArticleViews,
    Channel,
    DailyViews,
    Department,
    Edition,
    EditionFacts,
    HourlyViews,
    MonthlyViews,
    TopicSection,
    ViewCorrection,
)
from articles.models.tree import Tree
from articles.statistics import days, nodes, stories, sums, tables, topics
from articles.statistics.periods import Against, Comparison, Period, compare
from articles.statistics.ranking import Measure, ranks
from articles.statistics.stories import Narrowing
from articles.statistics.sums import Figures
from articles.topics import rules
from tests.conftest import NOON, SHANGHAI
from tests.factories import (
    figure,
    make_article,
    make_channel,
    make_department,
    make_edition,
    make_image,
    make_section,
    make_series,
    make_topic,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 15)
SPANS = (
    (date(2026, 6, 1), date(2026, 6, 30)),
    (date(2026, 5, 1), date(2026, 5, 31)),
    (date(2026, 4, 20), date(2026, 6, 3)),
    (date(2026, 1, 1), date(2026, 12, 31)),
    (date(2026, 6, 10), date(2026, 6, 10)),
)
COMPARISONS = [compare(Period(*span), against, TODAY) for span in SPANS for against in Against]

ONE_MONTH = "SELECT views FROM articles_monthlyviews WHERE month = 202606"


@pytest.fixture
def newsroom(noon, editor, chief):
    """A group with two companies, one of them with a mine; nine stories, one of them withdrawn,
    one of an outside source; views of a hundred days, corrections, one of them reversed."""
    chance = Random(7)
    group = make_department(name="集团")
    company, other = (make_department(name=name, parent=group) for name in ("煤业", "物流"))
    mine = make_department(name="煤矿", parent=company)
    top = make_channel(name="新闻")
    channels = [top, make_channel(name="集团新闻", parent=top), make_channel(name="动态")]
    units = [group, company, mine, mine, other, group, company, mine, None]
    bylines = ["王芳", "王芳 李伟", "通讯员 赵敏", "", "李伟", "王芳", "赵敏", "赵敏 王芳", "李伟"]
    made = []
    for number, unit in enumerate(units):
        source = {"source_department": unit} if unit else {"outside_source": "某报"}
        draft = make_article(
            by=editor,
            title=f"第{number}篇",
            body=f"<p>{'字' * (number + 1)} 5G</p>",
            channel=channels[number % 3],
            tags=["安全", "典型"][: number % 3],
            **source,
        )
        Article.objects.filter(pk=draft.pk).update(byline=bylines[number])
        at = NOON - timedelta(days=13 * number, hours=11)
        made.append(publishing.publish(Article.objects.get(pk=draft.pk), by=editor, at=at))
        # As if it had been printed with pictures.
        EditionFacts.objects.filter(pk=draft.pk).update(
            pictures=number % 4, photographers="\n".join(("王建", "王建", "孙涛")[: number % 4])
        )
    for edition in made:
        DailyViews.objects.bulk_create(
            DailyViews(
                article_id=edition.pk, day=TODAY - timedelta(days=back), views=chance.randrange(30)
            )
            for back in range(0, 100, 3)
        )
        ArticleViews.objects.filter(pk=edition.pk).update(base=1_000)
    for number, (back, n) in enumerate(((2, 40), (20, -5), (50, 7))):
        ViewCorrection.objects.create(
            article_id=made[number].pk,
            day=TODAY - timedelta(days=back),
            n=n,
            reason="补记",
            made_by=chief,
            **(
                {"reversed_at": NOON, "reversed_by": chief, "reversal_reason": "误记"}
                if number == 2
                else {}
            ),
        )
    publishing.withdraw(Article.objects.get(pk=made[5].pk), by=editor, reason="事实有误")
    return [Edition.objects.get(pk=edition.pk) for edition in made]


def all_views() -> list[tuple[int, date, int]]:
    """(article, day, views) of every day and every correction that stands."""
    corrections = ViewCorrection.objects.filter(reversed_at=None)
    return [
        *DailyViews.objects.values_list("article_id", "day", "views"),
        *corrections.values_list("article_id", "day", "n"),
    ]


def counted(edition: Edition, rows, published: Period, read: Period) -> Figures:
    """One story's figures, from its rows."""
    views = sum(n for article, day, n in rows if article == edition.pk and day in read)
    if edition.published_at.astimezone(SHANGHAI).date() not in published:
        return Figures(views=views)
    if edition.withdrawn_at:
        return Figures(withdrawn=1, views=views)
    # What the body of story n holds: n + 1 ideographs and the word 5G.
    number = int(edition.title[1])
    return Figures(1, 0, number + 2, number % 4, views, views)


def expected(editions, comparison: Comparison) -> sums.Pair:
    pair, rows = sums.nothing(), all_views()
    for edition in editions:
        pair.now.include(counted(edition, rows, comparison.now, comparison.whole))
        pair.before.include(counted(edition, rows, comparison.before, comparison.before))
    return pair


class TestRows:
    def test_are_what_was_published_and_read(self, newsroom):
        for comparison in COMPARISONS:
            (row,) = sums.rows(comparison)
            assert row.pair == expected(newsroom, comparison), comparison
            by_article = {row.keys[0]: row.pair for row in sums.rows(comparison, "article_id")}
            for edition in newsroom:
                found = by_article.get(edition.pk, sums.nothing())
                assert found == expected([edition], comparison), (comparison, edition)

    def test_of_columns_there_are_not_are_refused(self, newsroom):
        with pytest.raises(ValueError, match="password"):
            sums.rows(COMPARISONS[0], "password")

    def test_of_nothing_are_nothing(self, db):
        (row,) = sums.rows(COMPARISONS[0])
        assert row.pair == sums.nothing()


class TestTables:
    def test_of_trees_hold_each_row_with_all_beneath(self, newsroom):
        for comparison in (COMPARISONS[2], COMPARISONS[6]):
            for table, model, column in (
                (tables.by_unit, Department, "department_id"),
                (tables.by_channel, Channel, "channel_id"),
            ):
                found = table(comparison, Measure.VIEWS)
                tree = Tree(model.objects.all())
                for line in found.lines:
                    within = tree.ids_within(int(line.key)) if line.key != "0" else [None]
                    mine = [each for each in newsroom if getattr(each, column) in within]
                    assert line.pair == expected(mine, comparison)
                top = [line.pair for line in found.lines if line.depth == 0]
                own = [line.own for line in found.lines]
                assert sums.total(top) == sums.total(own) == found.total
                assert found.total == expected(newsroom, comparison)

    def test_of_authors_split_bylines(self, newsroom):
        found = tables.by_author(COMPARISONS[6], Measure.VIEWS)
        for line in found.lines:
            mine = [each for each in newsroom if line.key in (each.byline or " ").split(" ")]
            if line.key == "":
                mine = [each for each in newsroom if not each.byline]
            assert line.pair == expected(mine, COMPARISONS[6]), line
        assert {line.key for line in found.lines} == {"王芳", "李伟", "赵敏", ""}
        assert found.total == expected(newsroom, COMPARISONS[6])

    def test_of_photographers_count_their_own_pictures(self, newsroom):
        found = {
            line.key: line
            for line in tables.by_photographer(COMPARISONS[6], Measure.PICTURES).lines
        }
        numbers = [number for number in range(9) if number != 5]
        assert found["王建"].pair.now.pictures == sum(min(number % 4, 2) for number in numbers)
        assert found["孙涛"].pair.now.pictures == sum(number % 4 == 3 for number in numbers)
        assert found["王建"].pair.now.published == sum(number % 4 > 0 for number in numbers)
        assert found[""].pair.now.pictures == 0

    def test_of_tags_count_a_story_for_each(self, newsroom):
        found = {line.key: line.pair for line in tables.by_tag(COMPARISONS[2], Measure.VIEWS).lines}
        for tag in ("安全", "典型"):
            mine = [each for each in newsroom if tag in each.tag_names]
            assert found[tag] == expected(mine, COMPARISONS[2])

    def test_of_topics_hold_what_their_page_holds(self, newsroom, noon):
        topic = make_topic(starts_at=NOON - timedelta(days=200), ends_at=NOON - timedelta(days=14))
        make_section(topic=topic, stories=newsroom[:2])
        make_section(topic=topic, tag="安全", channel=newsroom[0].channel)
        make_section(topic=topic, unit=newsroom[1].department, since=date(2026, 3, 1))
        make_series(topic=topic, stories=[newsroom[8]])
        empty = make_topic()
        comparison = COMPARISONS[6]
        rows = sums.tuples(comparison, *topics.KEYS)
        gathered = topics.gather(rows, nodes.read())
        sections = TopicSection.objects.filter(feed="rule")
        by_page = {found.article_id for found in rules.find(sections, noon, until=topic.ends_at)}
        live = {each.pk for each in newsroom if not each.withdrawn_at}
        found = {row[0] for row in gathered[topic.pk]}
        by_hand = {newsroom[0].pk, newsroom[1].pk, newsroom[8].pk}
        assert by_page
        assert found & live == (by_page | by_hand) & live
        lines = {line.key: line.pair for line in tables.by_topic(comparison, Measure.VIEWS).lines}
        mine = [each for each in newsroom if each.pk in found]
        assert lines[str(topic.pk)] == expected(mine, comparison)
        assert lines[str(empty.pk)] == sums.nothing()

    @pytest.mark.parametrize("measure", list(Measure))
    def test_rank_by_their_measure(self, newsroom, measure):
        lines = tables.by_author(COMPARISONS[2], measure).lines
        named = [line for line in lines if line.key]
        values = [measure.of(line.pair.now) for line in named]
        assert values == sorted(values, reverse=True)
        for line in named:
            larger = sum(measure.of(each.pair.now) > measure.of(line.pair.now) for each in named)
            assert line.rank == (larger + 1 if measure.of(line.pair.now) else None)
            before = [measure.of(each.pair.before) for each in named]
            mine = measure.of(line.pair.before)
            assert line.rank_before == (sum(b > mine for b in before) + 1 if mine else None)


class TestRanks:
    def test_are_shared_by_equals(self):
        assert ranks({"a": 5, "b": 9, "c": 5, "d": 1, "e": 0}) == {"b": 1, "a": 2, "c": 2, "d": 4}


class TestStories:
    def test_are_narrowed_to_what_a_line_holds(self, newsroom):
        comparison = COMPARISONS[6]
        unit = newsroom[1].department
        for table, narrow in (
            (tables.by_unit, "unit"),
            (tables.by_channel, "channel"),
            (tables.by_author, "author"),
            (tables.by_tag, "tag"),
        ):
            for line in table(comparison, Measure.VIEWS).lines:
                key: Any = int(line.key) if narrow in {"unit", "channel"} else line.key
                found = stories.by_article(comparison, Measure.VIEWS, Narrowing(**{narrow: key}))
                assert found.total() == line.pair, (narrow, line.key)
        only_new = Narrowing(unit=unit.pk, only_new=True)
        new = stories.by_article(COMPARISONS[0], Measure.VIEWS, only_new)
        assert [line.key for line in new] == [str(newsroom[1].pk)]

    @pytest.mark.parametrize("measure", list(Measure))
    def test_are_ranked_as_lines_of_tables_are(self, newsroom, measure):
        lines = list(stories.by_article(COMPARISONS[2], measure, Narrowing()))
        assert [line.pair for line in lines] == [
            expected([Edition.objects.get(pk=int(line.key))], COMPARISONS[2]) for line in lines
        ]
        for pair, rank in (("now", "rank"), ("before", "rank_before")):
            values = {line.key: measure.of(getattr(line.pair, pair)) for line in lines}
            found = {line.key: getattr(line, rank) for line in lines if getattr(line, rank)}
            assert found == ranks(values)

    def test_unread_ones_are_the_least_read_a_day(self, newsroom):
        comparison = COMPARISONS[6]
        found = stories.unread(comparison)
        shown = {each.pk: each for each in newsroom if not each.withdrawn_at}
        assert {story.article_id for story in found} == set(shown)
        assert [story.per_day for story in found] == sorted(story.per_day for story in found)
        for story in found:
            published = shown[story.article_id].published_at.astimezone(SHANGHAI).date()
            assert story.days == (TODAY - published).days + 1
            pair = expected([shown[story.article_id]], comparison)
            assert story.views == pair.now.views


class TestDays:
    def test_follow_both_periods(self, newsroom):
        for day in {row.day for row in DailyViews.objects.all()}:
            total = sum(row.views for row in DailyViews.objects.filter(day=day))
            HourlyViews.objects.create(day=day, hour=9, views=total)
        for comparison in COMPARISONS:
            course = days.course(comparison)
            pair = expected(newsroom, comparison)
            assert sum(point.views for point in course.now) == pair.now.views
            assert sum(point.published for point in course.now) == pair.now.published
            assert sum(point.views for point in course.before) == pair.before.views
            assert course.now[0].day == comparison.now.first
        assert len(days.course(COMPARISONS[6]).now) == (TODAY - date(2025, 12, 31)).days

    def test_long_periods_are_told_by_month(self, noon):
        period = Period(date(2024, 6, 1), date(2026, 5, 31))
        course = days.course(compare(period, Against.BEFORE, TODAY))
        assert course.is_by_month
        assert len(course.now) == 24

    def test_hours_are_averages_of_such_days(self, noon):
        # Two Mondays and one Tuesday of June 2026.
        for day, hour, views in ((1, 9, 10), (8, 9, 5), (2, 21, 8)):
            HourlyViews.objects.create(day=date(2026, 6, day), hour=hour, views=views)
        found = days.hours(Period(date(2026, 6, 1), date(2026, 6, 8)))
        assert found.views == 23
        assert found.week[0][9].mean == Fraction(15, 2)
        assert found.week[1][21].mean == 8
        assert [(best.weekday, best.hour) for best in found.best] == [(1, 21), (0, 9)]
        assert (found.week[1][21].level, found.week[0][0].level) == (9, 0)


class TestFacts:
    def test_follow_what_is_printed(self, editor):
        body = "<p>井下5G 通了。</p>" + "".join(
            figure(make_image(by=editor), credit=credit) for credit in ("王建 李伟 摄", "")
        )
        edition = make_edition(by=editor, body=body, tags=["安全", "典型"])
        facts = EditionFacts.objects.get(pk=edition.pk)
        assert facts.photographers == "王建\n李伟"
        assert (facts.words, facts.pictures, facts.tags) == (6, 2, "典型\n安全")
        publishing.withdraw(edition.article, by=editor, reason="事实有误")
        assert EditionFacts.objects.get(pk=edition.pk).is_withdrawn
        publishing.publish(Article.objects.get(pk=edition.pk), by=editor)
        assert not EditionFacts.objects.get(pk=edition.pk).is_withdrawn

    def test_of_stories_printed_before_are_made_good(self, newsroom):
        from articles.statistics import facts

        EditionFacts.objects.update(photographers="", pictures=0)
        before = list(EditionFacts.objects.order_by("pk").values())
        EditionFacts.objects.all().delete()
        facts.keep_missing()
        assert list(EditionFacts.objects.order_by("pk").values()) == before

    def test_a_day_begins_at_midnight_in_beijing(self, editor, noon):
        late = datetime(2026, 5, 31, 23, 59, tzinfo=SHANGHAI)
        edition = make_edition(by=editor, at=late)
        assert EditionFacts.objects.get(pk=edition.pk).published_on == date(2026, 5, 31)


class TestMonths:
    def test_are_sums_of_their_days_whatever_happens_to_them(self, db):
        def months():
            rows = MonthlyViews.objects.order_by("month", "article_id")
            return [row for row in rows.values_list("month", "article_id", "views") if row[2]]

        may, june = date(2026, 5, 31), date(2026, 6, 1)
        for day, article, views in (
            (may, 1, 3),
            (june, 1, 4),
            (date(2026, 6, 2), 1, 5),
            (june, 2, 1),
        ):
            DailyViews.objects.create(article_id=article, day=day, views=views)
        assert months() == [(202605, 1, 3), (202606, 1, 9), (202606, 2, 1)]
        DailyViews.objects.filter(day=june, article_id=1).update(views=10)
        DailyViews.objects.filter(day=may).update(day=date(2026, 4, 30))
        assert months() == [(202604, 1, 3), (202606, 1, 15), (202606, 2, 1)]
        DailyViews.objects.filter(article_id=2).delete()
        DailyViews.objects.bulk_create(
            [DailyViews(article_id=1, day=june, views=99)], ignore_conflicts=True
        )
        assert months() == [(202604, 1, 3), (202606, 1, 15)]

    @pytest.mark.once
    def test_are_one_stretch_of_their_table(self, db):
        """Read by an index and then row by row, a year takes a third longer on SQLite."""
        with connection.cursor() as cursor:
            cursor.execute(
                "EXPLAIN QUERY PLAN SELECT views FROM articles_monthlyviews WHERE month=1"
            )
            (plan,) = cursor.fetchall()
        assert plan[-1] == "SEARCH articles_monthlyviews USING PRIMARY KEY (month=?)"
