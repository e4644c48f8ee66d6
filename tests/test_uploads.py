"""Files that come in: told apart by their content, put down with their row or not at all."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError

from articles.models import Attachment
from newsroom import uploads


class TestSha256:
    @pytest.mark.parametrize("content", [b"", b"bytes", bytes(200_000) + b"end"])
    def test_is_that_of_the_whole_file_wherever_it_was_read_to(self, content):
        upload = SimpleUploadedFile("a.bin", content)
        upload.read(3)
        assert uploads.sha256(upload) == hashlib.sha256(content).hexdigest()
        assert upload.read() == content


@pytest.mark.django_db
class TestPutDown:
    def test_leaves_a_row_and_the_file_it_names(self, writer):
        row = Attachment(title="清单", extension="pdf", size=5, uploaded_by=writer)
        uploads.put_down(row, {"file": ("a.pdf", ContentFile(b"bytes"))})
        with Attachment.objects.get().file.open() as file:
            assert file.read() == b"bytes"

    def test_leaves_nothing_when_the_database_refuses_the_row(self, settings):
        row = Attachment(title="清单", extension="pdf", size=5)
        with pytest.raises(IntegrityError):
            uploads.put_down(row, {"file": ("a.pdf", ContentFile(b"bytes"))})
        assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
        # The transaction of the caller goes on.
        assert not Attachment.objects.exists()
