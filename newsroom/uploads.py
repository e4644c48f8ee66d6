"""Files that come in: what tells them apart, and how they are put down with their row."""

from __future__ import annotations

import hashlib

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction


def sha256(upload: UploadedFile) -> str:
    """The checksum of the whole file, which is read from its beginning afterwards."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def put_down(row: models.Model, files: dict[str, tuple[str, File]]) -> None:
    """Writes the files, column → (name, content), and saves the row that names them.

    All or nothing: when anything fails no file and no row is left.
    """
    try:
        for column, (name, content) in files.items():
            getattr(row, column).save(name, content, save=False)
        with transaction.atomic():
            row.save()
    except BaseException:
        for column in files:
            file = getattr(row, column)
            if file.name:
                file.storage.delete(file.name)
        raise
