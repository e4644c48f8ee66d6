"""The recycle bin: what goes in, comes out as it was, or leaves for good."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from articles import binning, publishing
from articles.models import Article
from tests.factories import figure, make_article, make_image
from tests.test_writing import BODY, keep, state

pytestmark = pytest.mark.django_db


class TestRecycleBin:
    def test_takes_a_draft_and_gives_it_back_as_it_was(self, writer, editor):
        article = make_article(by=writer, body=figure(make_image(by=writer)) + BODY)
        before = state()
        binning.throw_away(article, by=editor)
        assert not Article.objects.visible_to(editor).exists()
        binned = Article.objects.binned().get()
        assert (binned.is_binned, binned.deleted_by) == (True, editor)
        binning.take_back(binned)
        assert state() == before

    def test_takes_no_further_words(self, writer):
        article = make_article(by=writer)
        binning.throw_away(article, by=writer)
        with pytest.raises(Article.DoesNotExist):
            keep(article, by=writer, body="<p>改</p>")

    def test_takes_no_published_story(self, editor):
        article = make_article(by=editor)
        publishing.publish(article, by=editor)
        with pytest.raises(IntegrityError), transaction.atomic():
            binning.throw_away(article, by=editor)

    def test_is_left_for_good_without_the_files(self, writer):
        image = make_image(by=writer)
        article = make_article(by=writer, body=figure(image) + BODY)
        binning.discard(article)
        image.refresh_from_db()
        assert image.article is None
        assert not Article.objects.exists()
