"""Attachments and videos on the desk: taken in, kept with the form, shown to colleagues only."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from articles import binning
from articles.models import Article, Attachment, Video
from articles.videos import intake
from tests.factories import make_article, make_attachment, make_video, video_figure
from tests.files.documents import PDF, PROGRAM
from tests.files.films import film_file, real_film

pytestmark = pytest.mark.django_db

ATTACH = "/admin/articles/article/attachment/"
FILM = "/admin/articles/article/video/"


def document(content: bytes = PDF, name: str = "宣讲材料清单.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def movie(content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile("片.mp4", content or real_film(), content_type="video/mp4")


class TestUpload:
    def test_takes_an_attachment_in(self, as_writer, writer):
        answer = as_writer.post(ATTACH, {"file": document()})
        assert answer.status_code == 201
        row = Attachment.objects.get()
        assert row.uploaded_by == writer
        assert answer.json() == {
            "id": row.pk,
            "title": "宣讲材料清单",
            "kind": "pdf",
            "size": len(PDF),
            "downloads": 0,
        }

    def test_takes_a_film_in(self, as_writer):
        answer = as_writer.post(FILM, {"file": movie()})
        assert answer.status_code == 201
        facts = {"id": Video.objects.get().pk, "width": 160, "height": 96, "duration": 2.0}
        assert answer.json() == facts

    def test_keeps_large_files_out_of_memory(self, as_writer, monkeypatch):
        def look(file, *, by):
            seen.append(file.temporary_file_path())
            raise intake.VideoRefused("Seen.")

        seen: list[str] = []
        monkeypatch.setattr(intake, "accept", look)
        as_writer.post(FILM, {"file": movie()})
        assert len(seen) == 1

    @pytest.mark.parametrize(
        ("address", "file"),
        [
            (ATTACH, document(PROGRAM)),
            (ATTACH, document(b"")),
            (ATTACH, None),
            (FILM, movie(film_file(entry=b"hvc1"))),
            (FILM, movie(b"x")),
            (FILM, None),
        ],
    )
    def test_refuses_with_a_sentence_and_leaves_nothing(self, as_writer, address, file, settings):
        answer = as_writer.post(address, {"file": file} if file else {})
        assert answer.status_code == 400
        assert answer.json()["error"]
        assert not Attachment.objects.exists()
        assert not Video.objects.exists()
        assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]

    @pytest.mark.parametrize("address", [ATTACH, FILM])
    def test_beyond_the_limit_is_refused_before_it_is_kept(self, as_writer, address, settings):
        settings.LARGEST_ATTACHMENT = settings.LARGEST_VIDEO = 1000
        answer = as_writer.post(address, {"file": document(PDF + bytes(200_000))})
        assert answer.status_code == 413
        assert answer.json()["error"]

    @pytest.mark.parametrize("address", [ATTACH, FILM])
    def test_is_for_people_who_write(self, as_outsider, address):
        assert as_outsider.post(address, {"file": document()}).status_code == 403
        assert not Attachment.objects.exists()

    @pytest.mark.parametrize("address", [ATTACH, FILM])
    def test_of_a_stranger_is_read_and_dropped(self, client, address, monkeypatch):
        from django.core.files.uploadhandler import TemporaryFileUploadHandler

        def fail(*args, **kwargs):
            raise AssertionError("kept a stranger's file")

        monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", fail)
        assert client.post(address, {"file": document()}).status_code == 403

    @pytest.mark.parametrize("address", [ATTACH, FILM])
    def test_needs_the_token_of_the_form(self, writer, address):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(writer, backend="newsroom.authentication.OneStatementBackend")
        assert strict.post(address, {"file": document()}).status_code == 403
        assert not Attachment.objects.exists()

    @pytest.mark.parametrize("address", [ATTACH, FILM])
    def test_answers_get_with_405(self, as_writer, address):
        assert as_writer.get(address).status_code == 405


class TestADraftsFiles:
    def test_are_shown_to_who_uploaded_them_before_the_story_is_saved(self, as_writer, writer):
        row, video = make_attachment(by=writer), make_video(by=writer)
        answer = as_writer.get(f"{ATTACH}{row.pk}/")
        assert answer.body == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["Cache-Control"].startswith("private")
        answer = as_writer.get(f"{FILM}{video.pk}/", headers={"Range": "bytes=0-9"})
        assert answer.status_code == 206
        assert answer.body == real_film()[:10]
        assert answer.headers["Content-Type"] == "video/mp4"

    def test_of_somebody_elses_fresh_upload_are_404(self, as_writer, editor):
        row, video = make_attachment(by=editor), make_video(by=editor)
        assert as_writer.get(f"{ATTACH}{row.pk}/").status_code == 404
        assert as_writer.get(f"{FILM}{video.pk}/").status_code == 404

    def test_of_a_story_are_for_colleagues_only(self, client, as_writer, editor, outsider):
        row, video = make_attachment(by=editor), make_video(by=editor)
        article = make_article(by=editor, body=video_figure(video), attachments=[row])
        addresses = [f"{ATTACH}{row.pk}/", f"{FILM}{video.pk}/"]
        for address in addresses:
            assert as_writer.get(address).status_code == 200
        binning.throw_away(article, by=editor)
        for address in addresses:
            assert as_writer.get(address).status_code == 404
        binning.take_back(article)
        client.force_login(outsider, backend="newsroom.authentication.OneStatementBackend")
        for address in addresses:
            assert client.get(address).status_code == 404
        client.logout()
        for address in addresses:
            assert client.get(address).status_code == 302

    @pytest.mark.parametrize("number", ["0", "999999", "9" * 18, "9" * 30])
    def test_that_are_not_there_are_404(self, as_writer, number):
        assert as_writer.get(f"{ATTACH}{number}/").status_code == 404
        assert as_writer.get(f"{FILM}{number}/").status_code == 404


class TestTheForm:
    def send(self, client, article: Article, **fields: str):
        address = reverse("admin:articles_article_change", args=[article.pk])
        form = client.get(address).context["adminform"].form
        data = {name: form[name].value() for name in form.fields}
        data = {name: "" if value is None else value for name, value in data.items()}
        data["tags"] = ""
        return client.post(address, data | {"_save": "1"} | fields)

    def test_keeps_attachments_with_the_text(self, as_writer, writer):
        article = make_article(by=writer)
        first, second = make_attachment(by=writer), make_attachment(by=writer)
        lines = [{"id": second.pk, "title": "　乙 "}, {"id": first.pk, "title": "甲"}]
        answer = self.send(as_writer, article, attachments=json.dumps(lines))
        assert answer.status_code == 302
        rows = article.attachments.values_list("pk", "order", "title")
        assert list(rows) == [(second.pk, 1, "乙"), (first.pk, 2, "甲")]
        kept = article.revisions.first().content["attachments"]
        assert kept == [{"id": second.pk, "title": "乙"}, {"id": first.pk, "title": "甲"}]

    def test_leaves_them_alone_when_nothing_is_said(self, as_writer, writer):
        article = make_article(by=writer, attachments=[make_attachment(by=writer)])
        assert self.send(as_writer, article, attachments="", title="新题").status_code == 302
        assert article.attachments.filter(order=1).count() == 1

    def test_takes_them_off_and_keeps_the_rows(self, as_writer, writer):
        article = make_article(by=writer, attachments=[make_attachment(by=writer)])
        assert self.send(as_writer, article, attachments="[]").status_code == 302
        assert article.attachments.get().order == 0

    @pytest.mark.parametrize(
        "value",
        [
            "x",
            "{}x",
            "[1]",
            '[{"id": 1}]',
            '[{"id": "a", "title": "x"}]',
            '[{"id": -1, "title": "x"}]',
            '[{"id": 99999999999999999999, "title": "x"}]',
            '[{"id": 1, "title": null}]',
            '[{"id": 1, "title": 5}]',
            "[" * 100_000,
            "{}",
            "5",
        ],
    )
    def test_refuses_what_is_no_list_of_attachments(self, as_writer, writer, value):
        article = make_article(by=writer)
        answer = self.send(as_writer, article, attachments=value)
        if answer.status_code == 302:
            # An empty object names nothing.
            assert value == "{}"
            return
        assert answer.status_code == 200
        assert answer.context["adminform"].form.errors["attachments"]
        assert article.revisions.count() == 1

    def test_refuses_titles_that_are_missing_or_too_long(self, as_writer, writer):
        article = make_article(by=writer)
        row = make_attachment(by=writer)
        for title in ("", "  ", "长" * 201):
            lines = json.dumps([{"id": row.pk, "title": title}])
            answer = self.send(as_writer, article, attachments=lines)
            assert len(answer.context["adminform"].form.errors["attachments"]) == 1
            # Shown again with the file, although no story has it yet.
            assert (
                str(row.pk)
                in answer.context["adminform"].form.fields["attachments"].widget.attrs["data-files"]
            )

    def test_refuses_more_than_a_story_may_have(self, as_writer, writer, settings):
        settings.MOST_ATTACHMENTS = 2
        rows = [make_attachment(by=writer) for _number in range(3)]
        lines = json.dumps([{"id": row.pk, "title": "x"} for row in rows])
        answer = self.send(as_writer, make_article(by=writer), attachments=lines)
        assert answer.context["adminform"].form.errors["attachments"]

    def test_refuses_files_of_other_people_and_stories(self, as_writer, writer, editor):
        foreign = make_attachment(by=editor)
        placed = make_attachment(by=writer)
        make_article(by=writer, attachments=[placed])
        for row in (foreign, placed):
            lines = json.dumps([{"id": row.pk, "title": "偷来的"}])
            answer = self.send(as_writer, make_article(by=writer), attachments=lines)
            assert answer.context["adminform"].form.errors["attachments"]
            assert "偷来的" not in Attachment.objects.values_list("title", flat=True)

    def test_asks_as_often_for_twenty_as_for_one(self, as_writer, writer):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        numbers = []
        for many in (1, 20):
            rows = [make_attachment(by=writer) for _number in range(many)]
            article = make_article(by=writer, attachments=rows)
            with CaptureQueriesContext(connection) as queries:
                as_writer.get(reverse("admin:articles_article_change", args=[article.pk]))
            numbers.append(len(queries))
        assert numbers[0] == numbers[1]
