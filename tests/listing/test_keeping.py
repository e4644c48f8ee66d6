"""Shelves: what stands where, and that the numbers kept are those of the rows."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from articles import publishing, writing
from articles.listing import keeping
from articles.models import (
    Article,
    Channel,
    Edition,
    Shelf,
    ShelfMonth,
    ShelvedStory,
)
from tests.factories import (
    figure,
    make_article,
    make_channel,
    make_department,
    make_edition,
    make_image,
)

pytestmark = pytest.mark.django_db


def standing() -> dict[str, set[int]]:
    """What stands on each shelf, by its kind and name."""
    names = {
        shelf.pk: f"{shelf.kind} {shelf.name or shelf.channel or shelf.unit or ''}".rstrip()
        for shelf in Shelf.objects.all()
    }
    found: dict[str, set[int]] = {}
    for row in ShelvedStory.objects.all():
        found.setdefault(names[row.shelf_id], set()).add(row.article_id)
    return found


def assert_numbers_are_right() -> None:
    rows = Counter(ShelvedStory.objects.values_list("shelf_id", "month"))
    kept = ShelfMonth.objects.values_list("shelf_id", "month", "stories")
    assert {(shelf, month): n for shelf, month, n in kept if n} == dict(rows)


class TestShelve:
    def test_puts_a_story_on_every_shelf_it_belongs_to(self, editor):
        group = make_department(name="集团")
        mine = make_department(name="一矿", parent=group)
        news = make_channel(name="新闻")
        local = make_channel(name="基层", parent=news)
        edition = make_edition(
            by=editor,
            channel=local,
            source_department=mine,
            tags=["安全"],
            body=figure(make_image(by=editor)),
        )
        assert standing() == {
            name: {edition.pk}
            for name in (
                "everything",
                "channel 新闻",
                "channel 基层",
                "unit 集团",
                "unit 一矿",
                "tag 安全",
                "author 王芳",
                "pictures",
            )
        }
        assert_numbers_are_right()

    def test_follows_a_story_that_is_printed_again(self, editor):
        first, second = make_channel(name="甲"), make_channel(name="乙")
        edition = make_edition(by=editor, channel=first, tags=["旧"])
        article = Article.objects.get(pk=edition.pk)
        article.channel, article.byline = second, "李明"
        writing.keep(article, body=article.body, tags=["新"], by=editor, based_on=article.version)
        publishing.publish(article, by=editor)
        assert {"channel 乙", "tag 新", "author 李明"} <= set(standing())
        assert not {"channel 甲", "tag 旧", "author 王芳"} & set(standing())
        assert_numbers_are_right()

    def test_takes_a_withdrawn_story_away_and_puts_it_back(self, editor):
        article = Article.objects.get(pk=make_edition(by=editor).pk)
        before = standing()
        publishing.withdraw(article, by=editor, reason="有误")
        assert standing() == {}
        assert_numbers_are_right()
        publishing.publish(article, by=editor)
        assert standing() == before
        assert_numbers_are_right()

    def test_counts_a_story_in_the_month_readers_are_in(self, editor, noon):
        late = noon.replace(day=30, hour=23, minute=30)
        make_edition(by=editor, at=late)
        assert set(ShelvedStory.objects.values_list("month", flat=True)) == {202606}

    def test_clears_what_has_expired(self, editor, noon):
        edition = make_edition(by=editor, at=noon - timedelta(days=1))
        edition.expires_at = noon
        edition.save()
        keeping.shelve(edition)
        assert keeping.clear_expired(noon - timedelta(seconds=1)) == 0
        assert keeping.clear_expired(noon) > 0
        assert standing() == {}
        assert_numbers_are_right()


class TestArrange:
    def test_moves_a_channel_with_all_beneath_it(self, editor):
        one, two = make_channel(name="一"), make_channel(name="二")
        moved = make_channel(name="移", parent=one)
        below = make_channel(name="下", parent=moved)
        edition = make_edition(by=editor, channel=below)
        staying = make_edition(by=editor, channel=one)
        moved.parent = two
        moved.save()
        found = standing()
        assert found["channel 一"] == {staying.pk}
        assert found["channel 二"] == found["channel 移"] == found["channel 下"] == {edition.pk}
        assert_numbers_are_right()

    def test_moves_a_unit_to_the_top_and_back(self, editor):
        top = make_department(name="集团")
        unit = make_department(name="一矿", parent=top)
        make_edition(by=editor, source_department=unit)
        unit.parent = None
        unit.save()
        assert "unit 集团" not in standing()
        unit.parent = top
        unit.save()
        assert standing()["unit 集团"] == standing()["unit 一矿"]
        assert_numbers_are_right()

    @pytest.mark.parametrize("seed", range(3))
    def test_is_the_same_as_building_all_shelves_anew(self, editor, seed):
        chance = random.Random(seed)
        channels = [make_channel(name=f"栏{number}") for number in range(5)]
        for number in range(12):
            at = timezone.now() - timedelta(days=number * 9)
            make_edition(by=editor, channel=chance.choice(channels), at=at)
        for number in range(8):
            moved = Channel.objects.get(pk=chance.choice(channels).pk)
            moved.parent = chance.choice([None, *channels[:3]])
            if moved.parent and moved.pk in (moved.parent_id, *moved._ids_above()):
                continue
            moved.save()
            if number % 3 == 0:
                article = Article.objects.filter(status="published")[0]
                publishing.withdraw(article, by=editor, reason="有误")
            assert_numbers_are_right()
        kept = standing()
        keeping.rebuild()
        assert standing() == kept
        assert_numbers_are_right()


class TestRebuild:
    def test_is_done_where_stories_are_older_than_shelves(self, editor):
        make_edition(by=editor)
        kept = standing()
        ShelvedStory.objects.all().delete()
        Shelf.objects.update(above=None)
        Shelf.objects.all().delete()
        keeping.rebuild_if_missing()
        assert standing() == kept
        assert_numbers_are_right()

    def test_leaves_drafts_and_the_withdrawn_out(self, editor):
        make_article(by=editor)
        gone = make_edition(by=editor)
        publishing.withdraw(Article.objects.get(pk=gone.pk), by=editor, reason="有误")
        keeping.rebuild()
        assert Edition.objects.exists()
        assert standing() == {}
