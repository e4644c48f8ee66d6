"""What an edition holds: words, rendered body, cover."""

from __future__ import annotations

import json

import pytest
from django.utils import translation

from articles import printing, publishing, writing
from articles.models import Article, Edition
from tests.factories import figure, framed, make_article, make_edition, make_image
from tests.public_files import public_files, shown_files

pytestmark = pytest.mark.django_db


class TestPrintEdition:
    def test_takes_the_beginning_for_a_missing_summary(self, editor):
        edition = make_edition(by=editor, body="<p>" + "安" * 300 + "</p>")
        assert edition.summary == "安" * 99 + "…"

    def test_prints_in_chinese_whoever_publishes(self, editor):
        image = make_image(by=editor)
        with translation.override("en"):
            edition = make_edition(by=editor, body=figure(image, credit="王建"))
        assert "Photograph" not in edition.body
        assert "王建" in edition.body

    def test_fetches_the_first_picture_at_once_and_the_rest_when_near(self, editor):
        images = [make_image(by=editor) for _number in range(3)]
        edition = make_edition(by=editor, body="".join(map(figure, images)))
        assert edition.body.count("fetchpriority") == 1
        assert edition.body.index("fetchpriority") < edition.body.index("loading=")
        assert edition.body.count('loading="lazy"') == 2

    def test_escapes_captions(self, editor):
        image = make_image(by=editor)
        body = figure(image, "&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;b&gt;")
        edition = make_edition(by=editor, body=body)
        assert "<script>" not in edition.body
        assert "&lt;script&gt;" in edition.body


class TestCover:
    def test_is_the_first_picture_unless_another_is_chosen(self, editor):
        one, two = make_image(by=editor), make_image(by=editor)
        body = figure(one, "第一张。") + figure(two, "第二张。")
        edition = make_edition(by=editor, body=body)
        assert edition.cover["caption"] == "第一张。"
        article = Article.objects.get()
        article.cover = two
        article = writing.keep(article, body=body, tags=[], by=editor, based_on=1)
        edition = publishing.publish(article, by=editor)
        assert edition.cover["caption"] == "第二张。"
        assert shown_files(edition) <= public_files()

    def test_is_three_to_two(self, editor):
        image = make_image(by=editor)
        edition = make_edition(by=editor, body=framed(image, turn="90"))
        assert (edition.cover["width"], edition.cover["height"]) == (800, 533)
        assert 'width="800" height="1200"' in edition.body


class TestGroup:
    def test_is_printed_as_one_figure(self, editor):
        images = [make_image(by=editor) for _number in range(3)]
        group = json.dumps([{"image": image.pk, "credit": "王建"} for image in images])
        body = f"<figure data-group='{group}'><figcaption>合影。</figcaption></figure>"
        edition = make_edition(by=editor, body=body)
        assert edition.body.count("<figure") == edition.body.count("<figcaption>") == 1
        assert edition.body.count("<img") == edition.body.count('alt="合影。"') == 3
        assert edition.body.count("王建") == 1
        assert shown_files(edition) == public_files()


class TestPrintedValues:
    def test_needs_no_pictures(self, editor):
        article = make_article(by=editor)
        assert printing.printed_values(article, {})["cover"] is None

    def test_leaves_out_pictures_it_is_not_given(self, editor):
        article = make_article(by=editor, body=figure(make_image(by=editor)) + "<p>一</p>")
        values = printing.printed_values(article, {})
        assert (values["body"], values["cover"]) == ("<p>一</p>", None)

    def test_names_only_columns_of_the_edition(self, editor):
        columns = {field.attname for field in Edition._meta.concrete_fields}
        assert set(printing.printed_values(make_article(by=editor), {})) <= columns
