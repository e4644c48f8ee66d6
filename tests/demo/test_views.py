"""The demo's views: as many as its stories say, plausible, and right when they are recounted."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone

from articles.demo import views
from articles.demo.stories import load_stories
from articles.models import ArticleViews, DailyViews, HourlyViews, UncountedViews, ViewLedger
from articles.visits import figures, hot
from tests.factories import make_edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(noon, editor):
    """A story of yesterday and one of long ago, with the views the demo makes of them."""
    stories = sorted(load_stories(), key=lambda story: story.days_ago)
    stories = [stories[0], stories[-1]]
    published = {
        story.key: make_edition(
            by=editor,
            at=timezone.make_aware(
                datetime.combine(noon.date() - timedelta(days=story.days_ago), story.time)
            ),
        ).pk
        for story in stories
    }
    views.write(stories, published, noon)
    return [(story, published[story.key]) for story in stories]


class TestWrite:
    def test_gives_each_story_the_views_its_file_says(self, told):
        for story, article_id in told:
            assert figures.views(article_id) == story.views

    def test_calls_what_is_older_than_the_period_counted_elsewhere(self, told, noon):
        (_new, new_id), (old, old_id) = told
        assert ArticleViews.objects.get(pk=new_id).base == 0
        assert 0 < ArticleViews.objects.get(pk=old_id).total < old.views / 10
        assert DailyViews.objects.order_by("day").first().day >= (noon - views.PERIOD).date()

    def test_is_right_when_it_is_recounted(self, told, capsys):
        call_command("audit_views")
        assert "every figure is as it was counted" in capsys.readouterr().out

    def test_lets_visits_read_on(self, told):
        visits = ViewLedger.objects.values("visit_id").distinct().count()
        assert visits == ViewLedger.objects.filter(is_first=True).count()
        assert visits <= ViewLedger.objects.count()

    def test_has_hours_reasons_and_a_hot_list(self, told, noon):
        days = DailyViews.objects.aggregate(n=Sum("views"))["n"]
        assert HourlyViews.objects.aggregate(n=Sum("views"))["n"] == days
        assert not ViewLedger.objects.filter(counted_at__gt=noon).exists()
        assert set(UncountedViews.objects.values_list("outcome", flat=True)) == set(views.UNCOUNTED)
        assert hot.hottest(1) == [told[0][1]]

    def test_publishes_before_anybody_reads(self, told, noon):
        story, article_id = told[0]
        at = datetime.combine(noon.date() - timedelta(days=story.days_ago), time())
        first = ViewLedger.objects.filter(article_id=article_id).earliest("counted_at")
        assert timezone.localtime(first.counted_at).replace(tzinfo=None) > at
