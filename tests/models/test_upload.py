"""What came in as a file: who may use it, who sees it, when nobody will."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles.models import Article
from tests.factories import make_article, make_attachment, make_image, make_video

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[make_image, make_attachment, make_video])
def make(request):
    """Makes an upload of one kind."""
    return request.param


def in_a_story(upload, *, by):
    """The upload as a row of a draft of this person."""
    upload.article = make_article(by=by)
    upload.save()
    return upload


class TestUsableIn:
    def test_means_own_uploads_and_those_of_the_article(self, make, writer, editor):
        mine, theirs = make(by=writer), make(by=editor)
        placed = in_a_story(make(by=editor), by=editor)
        elsewhere = in_a_story(make(by=writer), by=writer)
        usable = type(mine).objects.usable_in
        assert set(usable(placed.article, writer)) == {mine, placed}
        assert set(usable(placed.article, editor)) == {theirs, placed}
        assert set(usable(elsewhere.article, editor)) == {theirs, elsewhere}
        assert set(usable(Article(), writer)) == {mine}


class TestVisibleTo:
    def test_means_own_uploads_and_those_of_stories_one_may_open(
        self, make, writer, editor, outsider
    ):
        mine, theirs = make(by=writer), make(by=editor)
        placed = in_a_story(make(by=editor), by=editor)
        visible = type(mine).objects.visible_to
        assert set(visible(writer)) == {mine, placed}
        assert set(visible(editor)) == {theirs, placed}
        assert not visible(outsider).exists()


class TestOrphaned:
    def test_means_old_and_never_used(self, make, writer, noon):
        old, fresh, used = make(by=writer), make(by=writer), in_a_story(make(by=writer), by=writer)
        rows = type(old).objects
        rows.filter(pk__in=[old.pk, used.pk]).update(uploaded_at=noon - timedelta(days=9))
        assert list(rows.orphaned(noon - timedelta(days=1))) == [old]
        assert set(rows.orphaned(noon + timedelta(days=1))) == {old, fresh}
