"""The front page: what is placed comes first, a rule fills the rest, at any moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles import publishing
from articles.front_page import composing
from articles.front_page.composing import FrontPage
from articles.models import Article, Channel, DailyViews, Edition, SiteLink
from articles.models.tree import Tree
from tests.factories import (
    figure,
    make_channel,
    make_department,
    make_edition,
    make_image,
    make_placement,
)

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def front(**options) -> FrontPage:
    return composing.compose(Tree(Channel.objects.all()), **options)


def titles(entries) -> list[str]:
    return [entry.title for entry in entries]


def with_picture(editor, **fields) -> Edition:
    return make_edition(by=editor, body=figure(make_image(by=editor)), **fields)


class TestLead:
    def test_is_the_one_placed(self, editor, noon):
        with_picture(editor, title="有图的新稿")
        placed = make_edition(by=editor, title="无图的旧稿", at=noon - DAY)
        make_placement(edition=placed)
        assert front().lead == placed

    def test_has_the_placements_own_words_and_picture(self, editor):
        edition = make_edition(by=editor, title="很长的标题", kicker="引题", subtitle="副题")
        make_placement(edition=edition, title="短题", picture=True)
        shown = front().headline
        assert (shown.title, shown.kicker, shown.subtitle) == ("短题", "", "")
        assert shown.cover.width == 960

    def test_may_be_a_plain_address(self, editor):
        make_edition(by=editor)
        make_placement(address="https://www.example.com/", title="外部专题")
        assert front().headline.get_absolute_url() == "https://www.example.com/"
        assert front().lead is None

    def test_falls_back_to_the_rule_when_its_story_is_withdrawn(self, editor):
        other = make_edition(by=editor, title="仍在的稿子")
        gone = make_edition(by=editor, title="要撤的稿子")
        make_placement(edition=gone)
        publishing.withdraw(Article.objects.get(pk=gone.pk), by=editor, reason="有误")
        assert front().lead == other

    def test_falls_back_to_the_rule_when_its_story_expires(self, editor, noon):
        other = make_edition(by=editor, title="仍在的稿子", at=noon - DAY)
        gone = make_edition(by=editor, title="要过期的稿子", at=noon - HOUR)
        make_placement(edition=gone)
        Edition.objects.filter(pk=gone.pk).update(expires_at=noon + HOUR)
        assert front(at=noon).lead == gone
        assert front(at=noon + HOUR).lead == other

    def test_makes_room_for_the_next_one_by_order(self, editor):
        second = make_edition(by=editor, title="后来居上")
        make_placement(edition=make_edition(by=editor))
        make_placement(edition=second)
        assert front().lead == second

    def test_has_links_to_stories_with_its_tags(self, editor, noon):
        make_edition(by=editor, title="同标签的稿子", tags=["保供"], at=noon - DAY)
        make_edition(by=editor, title="别的标签", tags=["植树"], at=noon - DAY)
        make_placement(edition=make_edition(by=editor, title="头条", tags=["保供", "铁路"]))
        assert titles(front().related) == ["同标签的稿子"]


class TestAsOf:
    def test_shows_what_stood_and_what_will_stand(self, editor, noon):
        plain = make_edition(by=editor, title="平常的头条", at=noon - 30 * DAY)
        make_placement(
            edition=plain, title="节日版面", starts_at=noon - 9 * DAY, ends_at=noon - 8 * DAY
        )
        make_placement(edition=plain, title="下周的版面", starts_at=noon + 7 * DAY)
        moments = (noon - 8 * DAY - HOUR, noon, noon + 8 * DAY)
        shown = [front(at=at).headline.title for at in moments]
        assert shown == ["节日版面", "平常的头条", "下周的版面"]

    def test_shows_scheduled_stories_when_they_are_out(self, editor, noon):
        channel = make_channel()
        make_edition(by=editor, title="旧", channel=channel, at=noon - DAY)
        later = make_edition(by=editor, title="定时", channel=channel)
        Edition.objects.filter(pk=later.pk).update(published_at=noon + DAY)
        assert front(at=noon).headline.title == "旧"
        assert front(at=noon + 2 * DAY).headline.title == "定时"

    def test_before_anything_was_published_is_empty(self, editor, noon):
        make_edition(by=editor)
        assert front(at=noon - 900 * DAY).headline is None


class TestCarousel:
    def test_holds_five_those_placed_first(self, editor, noon):
        for hours in range(6):
            with_picture(editor, title=f"第{hours}张", at=noon - hours * HOUR)
        old = with_picture(editor, title="旧图", at=noon - 90 * DAY)
        make_placement(slot="carousel", edition=old)
        shown = titles(front().carousel)
        assert shown == ["旧图", "第0张", "第1张", "第2张", "第3张"]

    def test_leaves_out_what_has_no_picture(self, editor):
        edition = make_edition(by=editor, title="无图")
        make_placement(slot="carousel", edition=edition)
        assert front().carousel == []
        make_placement(slot="carousel", edition=edition, picture=True, title="自带图片")
        assert titles(front().carousel) == ["自带图片"]

    def test_shows_a_story_once(self, editor):
        edition = with_picture(editor, title="只出现一次")
        make_placement(slot="carousel", edition=edition)
        assert len(front().carousel) == 1


class TestBlocks:
    def test_have_the_weight_their_channel_is_given(self, editor):
        for order, (name, block) in enumerate(
            (
                ("要闻", ""),
                ("专栏", "column"),
                ("评论", "wide"),
                ("公告", "notices"),
                ("隐藏", "none"),
                ("其他", ""),
            )
        ):
            channel = make_channel(name=name, order=order, block=block)
            make_edition(by=editor, channel=channel, title=f"{name}稿")
            make_edition(by=editor, channel=channel, title=f"{name}稿二")
        page = front()

        def names(blocks):
            return [block.channel.name for block in blocks]

        assert page.beside.channel.name == "要闻"
        assert names(page.wide) == ["评论"]
        assert names(page.columns) == ["专栏", "其他"]
        assert names(page.notices) == ["公告"]

    def test_begin_with_what_is_pinned(self, editor, noon):
        channel = make_channel()
        old = make_edition(by=editor, title="置顶", channel=channel, at=noon - 300 * DAY)
        for hours in range(9):
            make_edition(by=editor, title=f"第{hours}条", channel=channel, at=noon - hours * HOUR)
        make_placement(slot="pinned", edition=old)
        shown = titles(front().beside.stories)
        assert shown[:2] == ["置顶", "第1条"], "the newest leads the page"
        assert len(shown) == 7

    def test_do_not_repeat_the_lead(self, editor):
        channel = make_channel()
        lead = make_edition(by=editor, title="头条", channel=channel)
        make_edition(by=editor, title="其次", channel=channel)
        make_placement(edition=lead)
        assert titles(front().beside.stories) == ["其次"]


class TestUnitNews:
    @pytest.fixture
    def units(self, editor, noon):
        group = make_department(name="集团公司")
        coal = make_department(name="煤业公司", parent=group, order=1)
        pit = make_department(name="一号煤矿", parent=coal)
        rail = make_department(name="铁路公司", parent=group, order=2)
        make_department(name="从未发稿", parent=group, order=3)
        for place, (title, unit) in enumerate(
            (("集团的稿子", group), ("煤业的稿子", coal), ("矿上的稿子", pit), ("铁路的稿子", rail))
        ):
            make_edition(by=editor, title=title, source_department=unit, at=noon - place * HOUR)
        return {"coal": coal, "rail": rail, "group": group}

    def test_are_those_of_all_units_and_not_of_the_group_itself(self, units):
        news = front().unit_news
        assert titles(news.stories) == ["煤业的稿子", "矿上的稿子", "铁路的稿子"]
        assert [unit.name for unit in news.units] == ["煤业公司", "铁路公司"]

    def test_of_a_chosen_unit_include_those_beneath_it(self, units):
        news = front(unit=str(units["coal"].pk)).unit_news
        assert news.chosen == units["coal"]
        assert titles(news.stories) == ["煤业的稿子", "矿上的稿子"]

    def test_are_a_channels_where_one_is_for_them(self, editor, units):
        channel = make_channel(name="企业动态", block="units")
        make_edition(by=editor, title="栏目里的稿子", channel=channel)
        page = front()
        assert titles(page.unit_news.stories) == ["栏目里的稿子"]
        assert page.unit_news.channel == channel
        others = [block.channel for block in (page.beside, *page.wide, *page.columns) if block]
        assert channel not in others
        assert titles(front(unit=str(units["rail"].pk)).unit_news.stories) == ["铁路的稿子"]

    @pytest.mark.parametrize(
        "unit", ["", "0", "-1", "x", "１", "9" * 18, "9" * 5000, "1 or 1=1", "𠮷", "1.5"]
    )
    def test_of_a_unit_that_does_not_exist_are_those_of_all(self, units, unit):
        news = front(unit=unit).unit_news
        assert news.chosen is None
        assert len(news.stories) == 3


class TestHotList:
    def test_ranks_the_views_of_seven_days(self, editor, noon):
        today = noon.date()
        rows = {
            title: make_edition(by=editor, title=title, at=noon - 20 * DAY) for title in "甲乙丙"
        }
        for title, day, views in (
            ("甲", today, 3),
            ("甲", today - 6 * DAY, 3),
            ("乙", today, 5),
            ("丙", today - 7 * DAY, 900),
        ):
            DailyViews.objects.create(article_id=rows[title].pk, day=day, views=views)
        assert titles(front().hot) == ["甲", "乙"]
        assert titles(front(at=noon - 7 * DAY).hot) == ["丙"]

    def test_leaves_out_what_is_withdrawn(self, editor, noon):
        gone = make_edition(by=editor)
        DailyViews.objects.create(article_id=gone.pk, day=noon.date(), views=9)
        publishing.withdraw(Article.objects.get(pk=gone.pk), by=editor, reason="有误")
        assert front().hot == []


class TestCost:
    def test_is_seven_queries_whatever_there_is(self, editor, noon, django_assert_num_queries):
        top = make_department(name="集团")
        for number in range(5):
            unit = make_department(parent=top)
            channel = make_channel(order=number)
            for hours in range(3):
                story = with_picture(
                    editor,
                    channel=channel,
                    source_department=unit,
                    at=noon - hours * HOUR,
                    tags=["保供"],
                )
                DailyViews.objects.create(article_id=story.pk, day=noon.date(), views=hours + 1)
                for slot in ("lead", "carousel", "pinned", "pictures", "related"):
                    make_placement(slot=slot, edition=story, picture=hours == 0)
            SiteLink.objects.create(name="网站", address="https://www.example.com/")
        with django_assert_num_queries(7):
            front(unit=str(unit.pk))
