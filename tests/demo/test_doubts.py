"""What of the demo's views somebody has to look into."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles.demo import doubts, views
from articles.demo.stories import load_stories
from articles.models import Suspicion, ViewCorrection, ViewHold
from articles.visits import figures, holds
from tests.factories import make_edition

pytestmark = pytest.mark.django_db

STORIES = {doubts.HELD, doubts.SUSPICIOUS, doubts.CORRECTED}


@pytest.fixture
def told(noon, editor) -> dict[str, int]:
    stories = [story for story in load_stories() if story.key in STORIES]
    published = {}
    for story in stories:
        day = noon.date() - timedelta(days=story.days_ago)
        at = timezone.make_aware(datetime.combine(day, story.time))
        published[story.key] = make_edition(by=editor, at=at).pk
    views.write(stories, published, noon)
    doubts.write(published, noon, by=editor)
    return published


class TestWrite:
    def test_leaves_something_on_each_desk(self, told):
        hold = ViewHold.objects.get()
        assert hold.verdict == ""
        assert holds.by_article(hold) == [(told[doubts.HELD], doubts.CROWD)]
        suspected = Suspicion.objects.values_list("article_id", flat=True)
        assert list(suspected) == [told[doubts.SUSPICIOUS]]
        assert ViewCorrection.objects.get().article_id == told[doubts.CORRECTED]

    def test_is_right_when_it_is_recounted(self, told, editor):
        call_command("audit_views")
        holds.decide(ViewHold.objects.get(), holds.Verdict.RELEASED, by=editor, reason="真人。")
        call_command("audit_views")

    def test_shows_the_correction_in_the_figure(self, told):
        (story,) = [story for story in load_stories() if story.key == doubts.CORRECTED]
        assert figures.views(told[doubts.CORRECTED]) == story.views + doubts.CORRECTION

    def test_leaves_a_demo_without_these_stories_alone(self, noon, editor):
        doubts.write({}, noon, by=editor)
        assert not ViewHold.objects.exists()
