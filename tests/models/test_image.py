"""Photographs: whose they are, who may use them, what they say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from articles.models import Article, ArticleImage
from tests.factories import figure, make_article, make_image

pytestmark = pytest.mark.django_db


class TestUsableIn:
    def test_means_own_uploads_and_those_of_the_article(self, writer, editor):
        mine, theirs = make_image(by=writer), make_image(by=editor)
        placed, elsewhere = make_image(by=editor), make_image(by=writer)
        article = make_article(by=editor, body=figure(placed))
        make_article(by=writer, body=figure(elsewhere))
        usable = ArticleImage.objects.usable_in
        assert set(usable(article, writer)) == {mine, placed}
        assert set(usable(article, editor)) == {theirs, placed}
        assert set(usable(Article(), writer)) == {mine}


class TestOrphaned:
    def test_means_old_and_never_used(self, writer, noon):
        old, fresh, used = (make_image(by=writer) for _upload in range(3))
        make_article(by=writer, body=figure(used))
        for image in (old, used):
            ArticleImage.objects.filter(pk=image.pk).update(uploaded_at=noon - timedelta(days=9))
        assert list(ArticleImage.objects.orphaned(noon - timedelta(days=1))) == [old]
        assert fresh in ArticleImage.objects.orphaned(noon + timedelta(days=1))


class TestWords:
    def test_name_the_picture(self, writer):
        image = make_image(by=writer)
        assert str(image) == image.original_name
        image.caption = "职工合影。"
        assert (str(image), image.alternative_text) == ("职工合影。", "职工合影。")
        image.alternative = "十个人"
        assert image.alternative_text == "十个人"
        assert image.snapshot() == {
            "id": image.pk,
            "caption": "职工合影。",
            "credit": "",
            "alternative": "十个人",
        }


class TestConstraints:
    @pytest.mark.parametrize(
        "changes", [{"width": 0}, {"height": 0}, {"order": -1}, {"uploaded_by": None}]
    )
    def test_are_kept_by_the_database(self, writer, changes):
        image = make_image(by=writer)
        with pytest.raises(IntegrityError), transaction.atomic():
            ArticleImage.objects.filter(pk=image.pk).update(**changes)
