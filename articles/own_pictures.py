"""Pictures that belong to no story: taken in as photographs are, public while they are shown."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from articles import pictures, renditions
from articles.models.own_picture import OwnPicture


def clean(upload: UploadedFile) -> ContentFile:
    """The upload as it may be kept; raises pictures.PictureRefused."""
    return pictures.reencoded(upload)


def keep(own: OwnPicture, picture: ContentFile) -> None:
    """Saves a new row with its file; `picture` is a clean copy."""
    own.file.save(str(picture.name), picture, save=False)
    try:
        own.save()
    except BaseException:
        own.file.delete(save=False)
        raise


def drop(own: OwnPicture) -> None:
    """Deletes the row now, and its files once that is certain."""
    own.delete()
    # The row first: a file without a row is waste, a row without a file is a hole.
    transaction.on_commit(lambda: _delete_files(own), robust=True)


def expose(own: OwnPicture) -> None:
    """Gives all that pages ask for public names."""
    renditions.expose([own], own)


def conceal(gone: Iterable[OwnPicture]) -> None:
    renditions.conceal(gone)


def _delete_files(own: OwnPicture) -> None:
    conceal([own])
    own.file.delete(save=False)
