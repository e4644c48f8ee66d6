"""Uploading, showing and completing for the article form."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from taggit.models import Tag

from articles.models import ArticleImage
from tests.factories import figure, make_article, make_image, photograph

pytestmark = pytest.mark.django_db

UPLOAD = "/admin/articles/article/upload/"


class TestUpload:
    def test_takes_a_photograph_in(self, as_writer, writer):
        answer = as_writer.post(UPLOAD, {"file": photograph("井口.jpg")})
        assert answer.status_code == 201
        image = ArticleImage.objects.get()
        assert answer.json() == {"id": image.pk, "width": 1200, "height": 800}
        assert image.uploaded_by == writer
        assert image.original_name == "井口.jpg"

    @pytest.mark.parametrize(
        "file",
        [
            SimpleUploadedFile("a.jpg", b"not a picture"),
            SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            SimpleUploadedFile("a.jpg", photograph().read()[:5000]),
            SimpleUploadedFile("a.jpg", b""),
        ],
        ids=["text", "svg", "truncated", "empty"],
    )
    def test_refuses_with_a_sentence_in_chinese_and_leaves_nothing(self, as_writer, file, settings):
        answer = as_writer.post(UPLOAD, {"file": file})
        assert answer.status_code == 400
        sentence = answer.json()["error"]
        assert sentence.endswith("。")
        assert not ArticleImage.objects.exists()
        assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]

    def test_without_a_file_says_so(self, as_writer):
        answer = as_writer.post(UPLOAD, {})
        assert answer.status_code == 400
        assert answer.json()["error"]

    def test_is_for_people_who_write(self, as_outsider):
        assert as_outsider.post(UPLOAD, {"file": photograph()}).status_code == 403
        assert not ArticleImage.objects.exists()

    def test_answers_get_with_405(self, as_writer):
        assert as_writer.get(UPLOAD).status_code == 405

    def test_needs_the_token_of_the_form(self, writer):
        from django.test import Client

        strict = Client(enforce_csrf_checks=True)
        strict.force_login(writer, backend="django.contrib.auth.backends.ModelBackend")
        assert strict.post(UPLOAD, {"file": photograph()}).status_code == 403


class TestPicture:
    def test_is_shown_to_its_uploader_before_the_story_is_saved(self, as_writer, writer):
        image = make_image(by=writer)
        answer = as_writer.get(f"/admin/articles/article/picture/{image.pk}/")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "image/webp"
        assert answer.headers["Cache-Control"].startswith("private")

    def test_of_somebody_elses_fresh_upload_is_404(self, as_writer, editor):
        image = make_image(by=editor)
        assert as_writer.get(f"/admin/articles/article/picture/{image.pk}/").status_code == 404

    def test_of_a_story_is_shown_to_colleagues(self, as_writer, editor):
        image = make_image(by=editor)
        make_article(by=editor, body=figure(image))
        assert as_writer.get(f"/admin/articles/article/picture/{image.pk}/").status_code == 200

    @pytest.mark.parametrize("number", ["0", "999999", "9" * 18, "9" * 30])
    def test_that_is_not_there_is_404(self, as_writer, number):
        assert as_writer.get(f"/admin/articles/article/picture/{number}/").status_code == 404


class TestTagNames:
    def test_offers_those_that_begin_with_it_first(self, as_writer):
        for name in ("安全", "安全生产", "本质安全", "先进典型"):
            Tag.objects.create(name=name)
        answer = as_writer.get("/admin/articles/article/tags/?q=安全")
        assert answer.json() == {"tags": ["安全", "安全生产", "本质安全"]}

    @pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q=" + "x" * 5000, "?q=%25_'\""])
    def test_answers_anything(self, as_writer, query):
        assert as_writer.get(f"/admin/articles/article/tags/{query}").json() == {"tags": []}
