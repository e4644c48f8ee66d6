"""Files to be downloaded: what is taken, what is refused, what a story names."""

from __future__ import annotations

import struct

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from articles import attachments, documents, publishing, writing
from articles.models import Article, Attachment
from articles.writing import AttachmentLine
from tests.factories import make_article, make_attachment, make_edition
from tests.files.documents import (
    PAGE,
    PDF,
    PROGRAM,
    RAR,
    SEVEN,
    office,
    old_office,
    zipped,
)

pytestmark = pytest.mark.django_db


def accept(name: str, content: bytes, by) -> Attachment:
    return attachments.accept(SimpleUploadedFile(name, content), by=by)


class TestNames:
    def test_of_browsers_are_told_with_chinese_quotation_marks(self, writer):
        row = accept("关于%22安全%22的通知%0D%0A.pdf", PDF, writer)
        assert row.title == "关于“安全”的通知"
        assert "%22" not in row.original_name


class TestAccept:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("宣讲材料.pdf", PDF),
            ("a.PDF", b"\xef\xbb\xbf" + PDF),
            ("a.doc", old_office("WordDocument")),
            ("a.xls", old_office("Workbook")),
            ("a.ppt", old_office("PowerPoint Document")),
            ("a.docx", office("word")),
            ("a.xlsx", office("xl")),
            ("a.pptx", office("ppt")),
            ("a.wps", old_office()),
            ("a.et", old_office()),
            ("a.dps", office("ppt")),
            ("a.ofd", zipped("OFD.xml", "Doc_0/Document.xml")),
            ("a.txt", "材料清单".encode()),
            ("a.txt", "材料清单".encode("gb18030")),
            ("a.txt", "\ufeff材料清单".encode("utf-16-le")),
            ("a.txt", ("文" * 40_000).encode()),
            ("a.txt", PAGE),
            ("a.txt", b"\xef\xbb\xbf" + PAGE),
            ("a.txt", b"\xff\xfe" + PAGE.decode().encode("utf-16-le")),
            ("a.csv", "单位,场次\n矿山,12\n".encode()),
            ("a.zip", zipped("照片/一.jpg")),
            ("a.rar", RAR),
            ("a.7z", SEVEN),
        ],
    )
    def test_takes_what_offices_write(self, writer, name, content):
        row = accept(name, content, writer)
        assert row.extension == name.rpartition(".")[2].lower()
        assert row.size == len(content)
        with row.file.open() as file:
            assert file.read() == content

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("a.pdf", b"", "empty"),
            ("a.pdf", PROGRAM, "not what its name says"),
            ("a.pdf", PAGE + PDF, "not what its name says"),
            ("a.pdf", zipped("x") + PDF, "not what its name says"),
            ("a.doc", PAGE, "not what its name says"),
            ("a.xls", b"<html><table>", "not what its name says"),
            ("a.docx", PROGRAM, "not what its name says"),
            ("a.docx", office("xl"), "not what its name says"),
            ("a.docx", zipped("a.txt"), "not what its name says"),
            ("a.docx", office("word")[:-30], "not what its name says"),
            ("a.ofd", office("word"), "not what its name says"),
            ("a.txt", PROGRAM, "not what its name says"),
            ("a.txt", PAGE + b"\0", "not what its name says"),
            ("a.txt", b"\xff\xfe\x00\xdc\x00\xdc" * 8, "not what its name says"),
            ("a.csv", b"\xff\x81\xff\x81\xff", "not what its name says"),
            ("a.zip", PDF, "not what its name says"),
            ("a.rar", zipped("x"), "not what its name says"),
            ("a.docm", office("word"), "macros"),
            ("a.xlsm", office("xl"), "macros"),
            ("a.docx", office("word", "word/vbaProject.bin"), "macros"),
            ("a.xlsx", office("xl", "xl/macrosheets/sheet1.xml"), "macros"),
            ("a.doc", old_office("_VBA_PROJECT"), "macros"),
            ("a.xls", old_office("_VBA_PROJECT_CUR"), "macros"),
            ("a.docx", old_office("EncryptedPackage"), "password"),
            ("a.exe", PROGRAM, "type cannot be attached"),
            ("a.html", PAGE, "type cannot be attached"),
            ("a.svg", b"<svg/>", "type cannot be attached"),
            ("pdf", PDF, "type cannot be attached"),
            ("a.pdf.exe", PDF, "type cannot be attached"),
        ],
    )
    def test_refuses_with_a_sentence_and_leaves_nothing(
        self, writer, settings, name, content, sentence
    ):
        with override("en"), pytest.raises(documents.DocumentRefused, match=sentence):
            accept(name, content, writer)
        assert not Attachment.objects.exists()
        assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]

    def test_of_a_zip_with_more_names_than_are_read_is_refused(self, writer, monkeypatch):
        monkeypatch.setattr(documents, "MOST_NAMES", 4)
        with override("en"), pytest.raises(documents.DocumentRefused, match="too many parts"):
            accept("a.docx", office("word", "a", "b", "word/vbaProject.bin"), writer)
        assert accept("a.docx", office("word", "a", "b"), writer).pk

    @pytest.mark.parametrize("claim", [(0, 2**32 - 1), (2**32 - 1, 0), (10**7, 10**7)])
    def test_of_a_zip_that_lies_about_its_list_reads_nothing(self, writer, claim):
        content = bytearray(office("word"))
        struct.pack_into("<II", content, content.rindex(b"PK\x05\x06") + 12, *claim)
        with pytest.raises(documents.DocumentRefused):
            accept("a.docx", bytes(content), writer)

    def test_keeps_to_the_limit_of_the_settings(self, writer, settings):
        settings.LARGEST_ATTACHMENT = len(PDF) - 1
        with pytest.raises(documents.DocumentRefused):
            accept("a.pdf", PDF, writer)
        settings.LARGEST_ATTACHMENT += 1
        assert accept("a.pdf", PDF, writer).pk

    @pytest.mark.parametrize(
        ("name", "title"),
        [
            ("宣讲材料清单.pdf", "宣讲材料清单"),
            ("第1期  安排（定稿）.v2.pdf", "第1期 安排（定稿）.v2"),
            ("\u202efdp.x.pdf", "fdp.x"),
            (".pdf", "PDF"),
            ("长" * 300 + ".pdf", "长" * 200),
        ],
    )
    def test_takes_the_title_from_the_name(self, writer, name, title):
        assert accept(name, PDF, writer).title == title


class TestFileName:
    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("宣讲材料清单", "宣讲材料清单.pdf"),
            ("2026/06 安排", "2026 06 安排.pdf"),
            ('a"b\r\nc', "a b c.pdf"),
            ("..", "attachment.pdf"),
            ("长" * 200, "长" * 120 + ".pdf"),
        ],
    )
    def test_is_one_that_file_systems_take(self, title, name):
        assert attachments.file_name(title, "pdf") == name


class TestAStory:
    def test_keeps_order_and_titles_with_its_versions(self, writer):
        first, second = make_attachment(by=writer), make_attachment(by=writer)
        article = make_article(by=writer)
        lines = [AttachmentLine(second.pk, "乙"), AttachmentLine(first.pk, "甲")]
        writing.keep(article, body=article.body, tags=[], by=writer, based_on=1, attachments=lines)
        shown = article.attachments.filter(order__gt=0).values_list("title", flat=True)
        assert list(shown) == ["乙", "甲"]
        assert article.version == 2
        writing.keep(article, body=article.body, tags=[], by=writer, based_on=2, attachments=[])
        assert not article.attachments.filter(order__gt=0).exists()
        assert article.version == 3
        # An older version brings them back: the rows are still the story's.
        kept = article.revisions.get(number=2).content["attachments"]
        again = [AttachmentLine(entry["id"], entry["title"]) for entry in kept]
        writing.keep(article, body=article.body, tags=[], by=writer, based_on=3, attachments=again)
        assert list(article.attachments.values_list("order", "title")) == [(1, "乙"), (2, "甲")]

    def test_is_told_which_files_are_not_its_own(self, writer, editor):
        own, foreign = make_attachment(by=writer), make_attachment(by=editor)
        article = make_article(by=writer)
        assert not attachments.foreign(article, [own.pk], writer)
        with override("en"):
            (fault,) = attachments.foreign(article, [own.pk, foreign.pk], writer)
        assert fault.startswith("Attachment 2 ")

    def test_prints_what_readers_need_and_nothing_else(self, editor):
        row = make_attachment(by=editor, name="原名.pdf", title="宣讲：材料清单")
        edition = make_edition(by=editor, attachments=[row])
        assert edition.attachments == [
            {
                "id": row.pk,
                "title": "宣讲：材料清单",
                "name": "宣讲：材料清单.pdf",
                "size": len(PDF),
                "kind": "pdf",
            }
        ]


class TestShown:
    def test_is_what_the_edition_names_not_the_draft(self, editor):
        row, later = make_attachment(by=editor), make_attachment(by=editor)
        edition = make_edition(by=editor, attachments=[row])
        article = Article.objects.get(pk=edition.pk)
        writing.keep(
            article,
            body=article.body,
            tags=[],
            by=editor,
            based_on=1,
            attachments=[AttachmentLine(later.pk, "新的")],
        )
        assert attachments.shown(row.pk)
        assert attachments.shown(later.pk) is None
        publishing.publish(article, by=editor)
        assert attachments.shown(row.pk) is None
        assert attachments.shown(later.pk).name == "新的.pdf"

    def test_is_nothing_for_drafts_and_unknown_numbers(self, editor):
        make_article(by=editor, attachments=[row := make_attachment(by=editor)])
        for number in (row.pk, make_attachment(by=editor).pk, 10**15):
            assert attachments.shown(number) is None
