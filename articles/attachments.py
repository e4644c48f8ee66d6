"""Files to be downloaded: taken in under limits, named by a story, counted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db.models import F
from django.utils.translation import gettext as _

from articles import documents, text
from articles.documents import DocumentRefused
from articles.models import Article, Attachment, Edition
from newsroom import uploads

LONGEST_TITLE = 200

# --- Taking in -----------------------------------------------------------------------------


def accept(upload: UploadedFile, *, by: User) -> Attachment:
    """Files an attachment as a fresh upload of this person; raises DocumentRefused.

    All or nothing: when anything fails no file and no row is left.
    """
    size = upload.size or 0
    if not size:
        raise DocumentRefused(_("The file is empty. Choose it again."))
    if size > settings.LARGEST_ATTACHMENT:
        raise DocumentRefused(too_large())
    name = _as_named(upload.name or "")
    stem, extension = _split(name)
    documents.refuse_others(cast(BinaryIO, upload.file), size, extension)
    row = Attachment(
        title=stem[:LONGEST_TITLE] or extension.upper(),
        original_name=name[-255:],
        extension=extension,
        size=size,
        sha256=uploads.sha256(upload),
        uploaded_by=by,
    )
    uploads.put_down(row, {"file": ("attachment", upload)})
    return row


def too_large() -> str:
    return _("The file is larger than %(limit)d MB. Make it smaller or split it.") % {
        "limit": settings.LARGEST_ATTACHMENT // 1024 // 1024
    }


def _as_named(name: str) -> str:
    """The name as the person knows it: browsers send a quotation mark as %22, a line end as %0A.

    Quotation marks become the Chinese ones, opening and closing in turn; file systems take those.
    """
    marks = cycle("“”")
    line = re.sub("%0[AD]", " ", name, flags=re.IGNORECASE)
    return re.sub('%22|"', lambda _match: next(marks), line)


def _split(name: str) -> tuple[str, str]:
    """The name without its type, as a title; the type in small letters."""
    stem, dot, extension = name.rpartition(".")
    stem = stem if dot else name
    title = "".join(each for each in stem if each.isprintable())
    return text.tidy_line(title), extension.lower() if dot else ""


# --- What a form names ---------------------------------------------------------------------


def foreign(article: Article, rows: Iterable[int], by: User) -> list[str]:
    """Attachments of another story or person, as sentences: `keep` would leave them out."""
    named = list(rows)
    usable = set(
        Attachment.objects.usable_in(article, by).filter(pk__in=named).values_list("pk", flat=True)
    )
    return [
        _("Attachment %(place)d belongs to another article. Remove it and add the file itself.")
        % {"place": place}
        for place, row in enumerate(named, start=1)
        if row not in usable
    ]


# --- What readers get ----------------------------------------------------------------------


def printed(rows: Iterable[Attachment]) -> list[dict[str, Any]]:
    """What an edition keeps of its attachments, in order."""
    return [
        {
            "id": row.pk,
            "title": row.title,
            "name": file_name(row.title, row.extension),
            "size": row.size,
            "kind": row.extension,
        }
        for row in rows
    ]


def file_name(title: str, extension: str) -> str:
    """What a downloaded file is called: its title, without what file systems refuse."""
    stem = re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]+', " ", title)
    stem = text.tidy_line(stem).strip(". ")[:120].rstrip(". ")
    return f"{stem or 'attachment'}.{extension}"


@dataclass(frozen=True)
class Shown:
    """An attachment as the edition of its story names it, and that edition."""

    row: Attachment
    edition: Edition
    name: str


def shown(attachment_id: int) -> Shown | None:
    """The attachment with the edition that names it; None when none does. Live or withdrawn."""
    row = Attachment.objects.filter(pk=attachment_id).first()
    if row is None or row.article_id is None:
        return None
    edition = Edition.objects.for_lists().filter(pk=row.article_id).first()
    named = {entry["id"]: entry for entry in edition.attachments} if edition else {}
    if edition is None or row.pk not in named:
        return None
    return Shown(row, edition, named[row.pk]["name"])


def count_download(attachment_id: int) -> None:
    """One more, in one statement: exact however many come at once."""
    Attachment.objects.filter(pk=attachment_id).update(downloads=F("downloads") + 1)


def listed(edition: Edition) -> list[dict[str, Any]]:
    """The attachments of an edition, each with how often it was downloaded; one statement."""
    if not edition.attachments:
        return []
    rows = Attachment.objects.filter(pk__in=[entry["id"] for entry in edition.attachments])
    counts = dict(rows.values_list("pk", "downloads"))
    return [entry | {"downloads": counts.get(entry["id"])} for entry in edition.attachments]
