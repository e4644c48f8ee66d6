"""Synthetic stories: the same rows publishing makes, and a database that goes on working."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from articles import filling, markup, pictures, printing, renditions, writing
from articles.filling import making
from articles.models import (
    Article,
    ArticleImage,
    ArticleViews,
    Channel,
    Department,
    Edition,
    Revision,
)
from articles.visits import figures
from tests.factories import figure, make_article, make_channel, make_edition, make_image, photograph

pytestmark = pytest.mark.django_db

# What a benchmark may simplify; all else is as publishing prints it.
SIMPLIFIED = {"summary", "body"}


@pytest.fixture(autouse=True)
def _one_shared_file(monkeypatch):
    monkeypatch.setattr(making, "SHARED_FILES", 1)


@pytest.fixture(autouse=True)
def _small_shared_file(request):
    """The file all stories show is there already and small, but for `TestCommand`."""
    if request.cls is TestFill:
        author = User.objects.create(username=making.AUTHOR, is_active=False)
        pictures.accept(photograph(size=(60, 40)), by=author)


@pytest.fixture
def filled(noon) -> list[Edition]:
    list(filling.fill(30, now=noon))
    return list(Edition.objects.select_related("article", "revision"))


class TestFill:
    def test_makes_whole_stories(self, filled):
        assert len(filled) == 30
        assert Article.objects.published().count() == 30
        assert Revision.objects.count() == ArticleViews.objects.count() == 30
        assert ArticleImage.objects.exclude(article=None).count() == 120

    def test_prints_what_publishing_prints(self, filled):
        for edition in filled:
            article = edition.article
            images = list(article.images.filter(order__gt=0))
            cover = renditions.cover_photograph(images[0])
            photographs = renditions.photographs(images)
            values = printing.printed_values(article, photographs, cover=cover)
            for name in set(values) - SIMPLIFIED:
                assert getattr(edition, name) == values[name], name
            assert edition.body == values["body"]
            assert edition.plain_text.startswith(edition.summary)

    def test_stores_what_writing_stores(self, filled):
        for edition in filled:
            article = edition.article
            assert markup.clean(article.body) == markup.emptied(article.body) == article.body
            figures = [figure.images[0] for figure in markup.read_figures(article.body)]
            assert figures == list(article.images.order_by("order").values_list("pk", flat=True))
            assert edition.revision.content == writing.snapshot(article)
            assert edition.revision.sha256 == Revision.checksum(edition.revision.content)
            assert article.version == edition.revision.number == 1
            article.full_clean()

    def test_spreads_the_stories_over_ten_years(self, filled, noon):
        moments = sorted(edition.published_at for edition in filled)
        assert len(set(moments)) == 30
        assert moments[-1] <= noon
        assert (noon - moments[0]).days > 9 * 365
        assert Edition.objects.live().count() == 30

    def test_gives_every_story_views(self, filled):
        views = figures.views_of([edition.pk for edition in filled])
        assert len(views) == 30
        assert min(views.values()) >= 20

    def test_shows_stories_readers_can_open(self, filled, client):
        for edition in filled[:3]:
            assert client.get(edition.get_absolute_url()).status_code == 200
            assert client.get(edition.cover["source"]).status_code == 200

    def test_leaves_numbers_for_the_next_story(self, filled, editor):
        image = make_image(by=editor)
        edition = make_edition(by=editor, body=figure(image))
        newest = max(edition.pk for edition in filled)
        assert edition.pk > newest
        assert image.pk > max(
            ArticleImage.objects.exclude(pk=image.pk).values_list("pk", flat=True)
        )
        connection.check_constraints()

    def test_may_be_repeated(self, filled, noon):
        uploads = ArticleImage.objects.filter(article=None).count()
        assert list(filling.fill(5, now=noon)) == [5]
        assert Edition.objects.count() == 35
        assert ArticleImage.objects.filter(article=None).count() == uploads
        assert Channel.objects.count() == Department.objects.count() == 1

    def test_joins_the_stories_that_are_there(self, noon, editor):
        channel = make_channel(name="要闻")
        draft, edition = make_article(by=editor), make_edition(by=editor, channel=channel)
        before = Edition.objects.filter(pk=edition.pk).values().get()
        list(filling.fill(3, now=noon))
        assert Article.objects.count() == 5
        assert Article.objects.get(pk=draft.pk).status == "draft"
        assert Edition.objects.filter(pk=edition.pk).values().get() == before

    def test_goes_batch_by_batch(self, noon, monkeypatch):
        monkeypatch.setattr(filling, "BATCH", 4)
        assert list(filling.fill(9, now=noon)) == [4, 8, 9]
        assert Edition.objects.count() == 9


class TestCommand:
    def test_says_what_it_did(self, capsys):
        call_command("fill", articles=2)
        assert capsys.readouterr().out.endswith("2 articles added\n")
        assert Edition.objects.count() == 2

    def test_fills_fast_with_copies_that_stand_on_their_shelves(self, monkeypatch, client):
        monkeypatch.setattr(filling, "ORIGINALS", 7)
        call_command("fill", articles=30, fast=True)
        assert Edition.objects.live().count() == 30
        page = client.get("/archive/?page=2").context["page"]
        assert (page.paginator.count, len(page.object_list)) == (30, 10)
