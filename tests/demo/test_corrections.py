"""The demo's correction note."""

from __future__ import annotations

import pytest

from articles.demo import corrections
from articles.demo.stories import load_stories
from articles.models import Correction
from tests.factories import make_edition

pytestmark = pytest.mark.django_db


class TestWrite:
    def test_puts_the_note_on_a_story_there_is(self, editor):
        assert corrections.STORY in {story.key for story in load_stories()}
        edition = make_edition(by=editor)
        corrections.write({corrections.STORY: edition.pk}, editor)
        assert Correction.objects.get().edition == edition

    def test_leaves_a_demo_without_that_story_alone(self, editor):
        corrections.write({}, editor)
        assert not Correction.objects.exists()

    def test_names_the_photographer_the_story_names(self):
        story = next(each for each in load_stories() if each.key == corrections.STORY)
        assert story.pictures[1].credit in corrections.WORDS
