"""The recycle bin: what goes in, comes out as it was, or leaves for good."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from articles import binning, publishing
from articles.models import Article
from tests.factories import figure, make_article, make_image
from tests.test_writing import BODY, keep, state
from tests.videos.test_showing import wait_until_somebody_waits

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
        binning.throw_away(article, by=writer)
        binning.discard(Article.objects.binned().get())
        image.refresh_from_db()
        assert image.article is None
        assert not Article.objects.exists()

    @pytest.mark.parametrize("again", [False, True])
    def test_is_not_left_by_what_was_taken_back_meanwhile(self, writer, again):
        article = make_article(by=writer, body=figure(make_image(by=writer)) + BODY)
        binning.throw_away(article, by=writer)
        seen = Article.objects.binned().get()
        binning.take_back(article)
        if again:
            binning.throw_away(article, by=writer)
        before = state()
        with pytest.raises(Article.DoesNotExist):
            binning.discard(seen)
        assert state() == before

    def test_is_left_once(self, writer):
        article = make_article(by=writer)
        binning.throw_away(article, by=writer)
        one, other = Article.objects.binned().get(), Article.objects.binned().get()
        binning.discard(one)
        with pytest.raises(Article.DoesNotExist):
            binning.discard(other)


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_what_one_takes_back_the_other_does_not_discard(self, writer):
        """Taken back, but not committed yet, when the other looks into the bin."""
        if connection.vendor != "postgresql":
            pytest.skip("one writer at a time")
        binning.throw_away(make_article(by=writer), by=writer)
        binned = Article.objects.binned().get()
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                binning.take_back(binned)
                discarded = pool.submit(discard_in_a_connection_of_its_own, binned)
                wait_until_somebody_waits()
            with pytest.raises(Article.DoesNotExist):
                discarded.result(timeout=10)
        article = Article.objects.get()
        assert not article.is_binned
        assert article.revisions.count() == 1


def discard_in_a_connection_of_its_own(article: Article) -> None:
    try:
        binning.discard(article)
    finally:
        connection.close()
