"""Uploading, showing and completing for the article form."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from taggit.models import Tag

from articles import binning
from articles.admin import article_files
from articles.models import ArticleImage, Role
from articles.models.rendition_formats import ALL_FORMATS
from tests.editorial import appoint
from tests.factories import (
    figure,
    make_article,
    make_department,
    make_edition,
    make_image,
    photograph,
)

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
        strict.force_login(writer, backend="newsroom.authentication.OneStatementBackend")
        assert strict.post(UPLOAD, {"file": photograph()}).status_code == 403


class TestTheSameFileAgain:
    def test_is_offered_with_its_words(self, as_writer, writer, editor):
        image = make_image(by=editor, alternative="十个人")
        article = make_article(by=editor, title="井口的早晨", body=figure(image, "合影。", "王建"))
        answer = as_writer.post(UPLOAD, {"file": photograph(), "article": article.pk})
        (known,) = answer.json()["known"]
        assert known == {
            "id": image.pk,
            "title": "井口的早晨",
            "address": f"/admin/articles/article/{article.pk}/change/",
            "caption": "合影。",
            "credit": "王建",
            "alternative": "",
            "when": timezone.localdate().isoformat(),
            "is_here": True,
        }

    def test_elsewhere_is_not_here(self, as_writer, writer):
        image = make_image(by=writer)
        make_article(by=writer, body=figure(image))
        make_image(by=writer)
        known = as_writer.post(UPLOAD, {"file": photograph(), "article": "x"}).json()["known"]
        assert [(use["is_here"], use["title"]) for use in known] == [
            (False, ""),
            (False, "同心同向 实干争先"),
        ]

    def test_tells_nothing_of_what_one_may_not_see(self, as_writer, editor):
        make_image(by=editor, caption="秘密。")
        binned = make_image(by=editor)
        binning.throw_away(make_article(by=editor, body=figure(binned, "秘密。")), by=editor)
        answer = as_writer.post(UPLOAD, {"file": photograph()})
        assert answer.status_code == 201
        assert "known" not in answer.json()


class TestRendition:
    def address(self, image, name, v=None):
        query = f"?v={v}" if v else ""
        return f"/admin/articles/article/picture/{image.pk}/{name}/{query}"

    @pytest.mark.parametrize("name", ALL_FORMATS)
    def test_is_there_in_every_format(self, as_writer, writer, name):
        image = make_image(by=writer)
        answer = as_writer.get(article_files.picture_address(image, name))
        assert answer.status_code == 200
        kind = {b"RIFF": "image/webp", b"\xff\xd8\xff\xe0": "image/jpeg"}[answer.body[:4]]
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Cache-Control"] == "private, max-age=86400, immutable"

    def test_of_another_frame_has_another_address(self, as_writer, writer):
        image = make_image(by=writer)
        before = article_files.picture_address(image, "webp960")
        image.turn = 90
        image.save()
        assert article_files.picture_address(image, "webp960") != before
        late = as_writer.get(before)
        assert late.status_code == 200
        assert late.headers["Cache-Control"] == "private, no-store"

    def test_that_is_whole_may_be_kept_without_a_version(self, as_writer, writer):
        image = make_image(by=writer, turn=90, crop=[0, 0, 0.5, 0.5])
        for name in ("whole", "thumb"):
            assert "immutable" in as_writer.get(self.address(image, name)).headers["Cache-Control"]
        assert as_writer.get(self.address(image, "webp960")).headers["Cache-Control"] == (
            "private, no-store"
        )

    @pytest.mark.parametrize("name", ["webp9", "original", "file", "x" * 300])
    def test_in_an_unknown_format_is_404(self, as_writer, writer, name):
        assert as_writer.get(self.address(make_image(by=writer), name)).status_code == 404

    def test_of_what_one_may_not_see_is_404(self, as_writer, editor):
        fresh, binned = make_image(by=editor), make_image(by=editor)
        binning.throw_away(make_article(by=editor, body=figure(binned)), by=editor)
        for image in (fresh, binned):
            for name in ("thumb", "webp480", "cover"):
                assert as_writer.get(self.address(image, name)).status_code == 404

    def test_whose_file_is_gone_is_404(self, as_writer, writer):
        image = make_image(by=writer)
        image.file.storage.delete(image.file.name)
        assert as_writer.get(self.address(image, "thumb")).status_code == 404

    def test_of_a_story_costs_the_same_however_many_there_are(
        self, as_writer, writer, django_assert_num_queries
    ):
        images = [make_image(by=writer) for _number in range(4)]
        make_article(by=writer, body="".join(map(figure, images)))
        as_writer.get(self.address(images[0], "thumb"))
        with django_assert_num_queries(5):
            as_writer.get(self.address(images[3], "thumb"))


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

    def test_tells_nothing_of_what_is_not_in_sight(self, editor):
        elsewhere = appoint("he", Role.EDITOR, make_department())
        make_article(by=editor, tags=["安全保密"])
        make_edition(by=editor, tags=["安全公开"])
        client = Client()
        client.force_login(elsewhere, backend="newsroom.authentication.OneStatementBackend")
        answer = client.get("/admin/articles/article/tags/?q=安全")
        assert answer.json() == {"tags": ["安全公开"]}

    @pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q=" + "x" * 5000, "?q=%25_'\""])
    def test_answers_anything(self, as_writer, query):
        assert as_writer.get(f"/admin/articles/article/tags/{query}").json() == {"tags": []}
