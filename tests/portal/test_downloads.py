"""Attachments for readers: who gets them, how they are sent, what is counted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import attachments, publishing, writing
from articles.models import Article, Attachment, Edition
from tests.factories import make_article, make_attachment, make_edition
from tests.files.documents import PDF

pytestmark = pytest.mark.django_db

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"


@pytest.fixture
def row(editor) -> Attachment:
    """An attachment of a live story."""
    row = make_attachment(by=editor, title="“岳行致远”宣讲材料清单", content=PDF + bytes(5000))
    make_edition(by=editor, attachments=[row])
    row.refresh_from_db()
    return row


def get(client, row, **headers):
    headers = {"User-Agent": BROWSER} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return client.get(f"/attachments/{row.pk}/", headers=headers)


def count(row) -> int:
    return Attachment.objects.get(pk=row.pk).downloads


class TestADownload:
    def test_is_never_shown_in_the_page(self, client, row):
        answer = get(client, row)
        assert answer.status_code == 200
        assert answer.body == PDF + bytes(5000)
        assert answer.headers["Content-Type"] == "application/pdf"
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith("attachment; filename*=utf-8''%E2%80%9C")
        assert disposition.endswith(".pdf")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")

    def test_is_only_of_what_a_live_edition_names(self, client, editor, noon):
        draft = make_attachment(by=editor)
        make_article(by=editor, attachments=[draft])
        fresh = make_attachment(by=editor)
        coming = make_attachment(by=editor)
        edition = make_edition(by=editor, attachments=[coming])
        Edition.objects.filter(pk=edition.pk).update(published_at=noon + timedelta(hours=1))
        taken_off = make_attachment(by=editor)
        edition = make_edition(by=editor, attachments=[taken_off])
        article = Article.objects.get(pk=edition.pk)
        writing.keep(article, body=article.body, tags=[], by=editor, based_on=1, attachments=[])
        assert get(client, taken_off).status_code == 200
        publishing.publish(article, by=editor)
        for row in (draft, fresh, coming, taken_off):
            assert get(client, row).status_code == 404
        assert client.get("/attachments/999999999999/").status_code == 404
        assert client.get("/attachments/0/").status_code == 404

    def test_of_a_withdrawn_story_is_gone(self, client, editor, row):
        publishing.withdraw(row.article, by=editor, reason="有误")
        answer = get(client, row)
        assert answer.status_code == 410
        assert PDF not in answer.content
        assert count(row) == 0

    def test_whose_file_is_lost_is_404(self, client, row):
        row.file.storage.delete(row.file.name)
        assert get(client, row).status_code == 404
        assert count(row) == 0

    def test_goes_on_where_it_stopped(self, client, row):
        whole = get(client, row)
        rest = get(client, row, Range="bytes=100-", If_Range=whole.headers["ETag"])
        assert rest.status_code == 206
        assert rest.body == whole.body[100:]
        assert rest.headers["Content-Range"] == f"bytes 100-{row.size - 1}/{row.size}"

    def test_takes_two_queries_and_one_to_count(self, client, row, django_assert_num_queries):
        with django_assert_num_queries(3):
            get(client, row)


class TestTheCount:
    @pytest.mark.parametrize(
        ("headers", "counted"),
        [
            ({}, 1),
            ({"Range": "bytes=0-"}, 1),
            ({"Range": "bytes=0-4000"}, 1),
            ({"Range": "bytes=0-0"}, 0),
            ({"Range": "bytes=0-1"}, 0),
            ({"Range": "bytes=1000-"}, 0),
            ({"Range": "bytes=-500"}, 0),
            ({"Range": "bytes=999999-"}, 0),
            ({"Range": "bytes=1000-", "If_Range": '"another"'}, 1),
            ({"If_None_Match": "*"}, 0),
            ({"Sec_Purpose": "prefetch;prerender"}, 0),
            ({"Purpose": "prefetch"}, 0),
            ({"User_Agent": "Mozilla/5.0 (compatible; Baiduspider/2.0)"}, 0),
            ({"User_Agent": "curl/8.5.0"}, 0),
            ({"User_Agent": ""}, 0),
        ],
    )
    def test_grows_with_each_download_that_begins(self, client, row, headers, counted):
        get(client, row, **headers)
        assert count(row) == counted

    def test_ignores_a_look_at_the_headers(self, client, row):
        answer = client.head(f"/attachments/{row.pk}/", headers={"User-Agent": BROWSER})
        assert answer.status_code == 200
        assert answer.headers["Content-Length"] == str(row.size)
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert count(row) == 0

    def test_ignores_what_did_not_change(self, client, row):
        etag = get(client, row).headers["ETag"]
        assert get(client, row, If_None_Match=etag).status_code == 304
        assert get(client, row, If_None_Match=f'"x", W/{etag}').status_code == 304
        assert count(row) == 1

    def test_is_for_readers_not_for_the_desk(self, as_editor, row):
        answer = as_editor.get(f"/admin/articles/article/attachment/{row.pk}/")
        assert answer.status_code == 200
        assert count(row) == 0

    def test_that_fails_costs_nobody_the_file(self, client, row, monkeypatch, caplog):
        def fail(_attachment_id):
            raise OperationalError("database is locked")

        monkeypatch.setattr(attachments, "count_download", fail)
        assert get(client, row).body
        assert "could not be counted" in caplog.text

    def test_survives_saving_and_publishing_the_story(self, client, editor, row):
        get(client, row)
        article = Article.objects.get()
        lines = [writing.AttachmentLine(row.pk, "新名")]
        writing.keep(article, body="<p>改</p>", tags=[], by=editor, based_on=1, attachments=lines)
        publishing.publish(article, by=editor)
        get(client, row)
        assert count(row) == 2

    @pytest.mark.django_db(transaction=True)
    def test_is_exact_when_many_come_at_once(self, row):
        # SQLite's database in memory belongs to one thread; there they come one after the other.
        threads = 1 if connection.vendor == "sqlite" else 4

        def download(_number: int) -> int:
            try:
                answer = Client().get(f"/attachments/{row.pk}/", headers={"User-Agent": BROWSER})
                return len(b"".join(answer))
            finally:
                if threads > 1:
                    connections.close_all()

        if threads == 1:
            assert {download(number) for number in range(24)} == {row.size}
        else:
            with ThreadPoolExecutor(threads) as pool:
                assert set(pool.map(download, range(24))) == {row.size}
        assert count(row) == 24


class TestThePage:
    def test_lists_what_can_be_downloaded(self, client, editor):
        row = make_attachment(by=editor, title="材料<清单>", content=PDF + bytes(2_000_000))
        edition = make_edition(by=editor, attachments=[row])
        get(client, row)
        page = client.get(edition.get_absolute_url()).content.decode()
        assert f'href="/attachments/{row.pk}/"' in page
        assert "材料&lt;清单&gt;" in page
        assert "1.9\xa0MB" in page
        assert row.file.name not in page

    def test_asks_once_more_however_many_there_are(self, client, editor, django_assert_num_queries):
        numbers = []
        for many in (1, 5):
            rows = [make_attachment(by=editor) for _number in range(many)]
            edition = make_edition(by=editor, attachments=rows)
            with CaptureQueriesContext(connection) as queries:
                client.get(edition.get_absolute_url())
            numbers.append(len(queries))
        assert numbers[0] == numbers[1]

    def test_without_attachments_says_nothing_of_them(self, client, editor):
        page = client.get(make_edition(by=editor).get_absolute_url()).content.decode()
        assert 'class="attachments"' not in page
