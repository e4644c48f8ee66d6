"""Notes on what was wrong in a published story."""

from __future__ import annotations

import pytest

from articles import correcting, freshness, publishing, workflow
from articles.models import Article, Correction, Edition
from tests.factories import make_article, make_edition, rewrite

pytestmark = pytest.mark.django_db

WORDS = "第三段“1.2万吨”有误，应为“1200吨”。"


@pytest.fixture
def published(editor) -> Article:
    return Article.objects.get(pk=make_edition(by=editor).pk)


class TestCorrect:
    def test_keeps_words_person_and_time(self, published, editor, noon):
        note = correcting.correct(published, by=editor, words=f"  {WORDS}\n")
        note.refresh_from_db()
        assert (note.text, note.made_by, note.made_at) == (WORDS, editor, noon)

    def test_makes_kept_pages_old(self, published, editor):
        before = freshness.generation()
        note = correcting.correct(published, by=editor, words=WORDS)
        between = freshness.generation()
        correcting.take_back(note, by=editor)
        assert len({before, between, freshness.generation()}) == 3

    @pytest.mark.parametrize("words", ["", " \n\u3000", "\0", "字" * 301])
    def test_refuses_no_words_and_too_many(self, published, editor, words):
        with pytest.raises(workflow.MoveRefused):
            correcting.correct(published, by=editor, words=words)
        assert not Correction.objects.exists()

    def test_is_for_those_who_may_publish(self, published, writer):
        with pytest.raises(workflow.MoveRefused):
            correcting.correct(published, by=writer, words=WORDS)

    def test_is_for_stories_readers_have(self, editor, published):
        with pytest.raises(workflow.MoveRefused):
            correcting.correct(make_article(by=editor), by=editor, words=WORDS)
        publishing.withdraw(published, by=editor, reason="有误")
        published.refresh_from_db()
        with pytest.raises(workflow.MoveRefused):
            correcting.correct(published, by=editor, words=WORDS)

    def test_stays_when_the_story_is_published_again(self, published, editor):
        correcting.correct(published, by=editor, words=WORDS)
        again = rewrite(Edition.objects.get(pk=published.pk), by=editor, title="第二版")
        edition = publishing.publish(again, by=editor)
        assert [note.text for note in edition.corrections.all()] == [WORDS]


class TestTakeBack:
    def test_is_for_those_who_may_publish(self, published, editor, writer):
        note = correcting.correct(published, by=editor, words=WORDS)
        with pytest.raises(workflow.MoveRefused):
            correcting.take_back(note, by=writer)
        correcting.take_back(note, by=editor)
        assert not Correction.objects.exists()
