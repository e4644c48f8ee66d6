"""Whether kept pages are told of everything that changes what readers see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from articles import freshness, publishing
from articles.models import Article, Edition, Freshness
from articles.models.edition import NEW_FOR
from tests.factories import make_article, make_channel, make_department, make_edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def changes():
    """Calls something and says whether it made kept pages old."""

    def run(action) -> bool:
        before = freshness.generation()
        action()
        return freshness.generation() != before

    return run


class TestGeneration:
    def test_is_zero_before_anything_happened(self):
        assert freshness.generation() == 0

    def test_is_another_one_after_each_change(self, changes):
        assert changes(freshness.changed)
        assert changes(freshness.changed)
        assert Freshness.objects.count() == 1

    def test_comes_back_with_what_is_rolled_back(self):
        freshness.changed()
        before = freshness.generation()
        with transaction.atomic():
            freshness.changed()
            transaction.set_rollback(True)
        assert freshness.generation() == before

    def test_changes_with_a_publication_and_a_withdrawal(self, changes, editor):
        article = make_article(by=editor)
        assert changes(lambda: publishing.publish(article, by=editor))
        assert changes(lambda: publishing.withdraw(article, by=editor, reason="有误"))

    def test_changes_with_channels_and_units(self, changes):
        channel, unit = make_channel(), make_department()
        channel.name, unit.short_name = "改名", "改称"
        assert changes(channel.save)
        assert changes(unit.save)
        assert changes(channel.delete)
        assert changes(unit.delete)

    def test_stays_while_only_a_draft_changes(self, changes, editor):
        channel = make_channel()
        assert not changes(lambda: make_article(by=editor, channel=channel, outside_source="日报"))


class TestNextChange:
    def test_is_midnight_on_a_day_without_stories(self, noon):
        assert freshness.next_change(noon) == noon + timedelta(hours=12)

    @pytest.mark.parametrize("field", ["published_at", "expires_at"])
    def test_is_when_a_story_appears_or_expires(self, noon, editor, field):
        edition = make_edition(by=editor, at=noon - timedelta(days=9))
        moment = noon + timedelta(hours=2)
        Edition.objects.filter(pk=edition.pk).update(**{field: moment})
        assert freshness.next_change(noon) == moment
        assert freshness.next_change(moment) == noon + timedelta(hours=12)

    def test_is_when_a_story_is_no_longer_new(self, noon, editor):
        published = noon - NEW_FOR + timedelta(hours=1)
        make_edition(by=editor, at=published)
        assert freshness.next_change(noon) == noon + timedelta(hours=1)

    def test_costs_one_statement(self, noon, editor, django_assert_num_queries):
        make_edition(by=editor)
        with django_assert_num_queries(1):
            freshness.next_change(noon)

    def test_leaves_the_withdrawn_to_the_generation(self, noon, editor):
        edition = make_edition(by=editor)
        publishing.withdraw(Article.objects.get(pk=edition.pk), by=editor, reason="有误")
        assert freshness.next_change(noon) == noon + timedelta(hours=12)
