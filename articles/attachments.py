"""Files to be downloaded: taken in under limits, named by a story, counted.

A file is what it says it is only when both its name and its first bytes say so: a renamed
program or page is refused. Nothing is ever unpacked or opened here; what can be known is read
from signatures, the list of names of a zip, and the names within an old Office file.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import cycle
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from articles import text
from articles.models import Article, Attachment, Edition

LONGEST_TITLE = 200
# A list of names larger than this belongs to no Office file; a zip of 50 MB fits.
LARGEST_DIRECTORY = 8 * 1024 * 1024
MOST_NAMES = 50_000
CHUNK = 256 * 1024

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
# Names within an old Office file, in its own spelling (UTF-16), and what they tell.
MACROS = "_VBA_PROJECT".encode("utf-16-le")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
PAGE = re.compile(rb"\s*<(?:!doctype|\?xml|html|head|body|script|svg|iframe|img|meta)", re.I)


class AttachmentRefused(Exception):
    """The file cannot be attached; the message is a sentence that says what to do."""


@dataclass(frozen=True)
class Kind:
    """A type of file: what it is sent as, and whether a file of that name really is one."""

    content_type: str
    fits: Callable[[BinaryIO, int], bool]


# --- What a file really is -----------------------------------------------------------------


def _starts(*signatures: bytes) -> Callable[[BinaryIO, int], bool]:
    return lambda file, size: _head(file, 16).startswith(signatures)


def _is_pdf(file: BinaryIO, size: int) -> bool:
    """The header may stand behind some bytes of a mail programme, but not behind a page."""
    head = _head(file, 1024)
    return b"%PDF-" in head and not PAGE.match(head) and not head.startswith((b"MZ", ZIP))


def _is_text(file: BinaryIO, size: int) -> bool:
    """Chinese text as Windows and everybody else write it.

    Tags are text like any other: such a file is only ever downloaded, under its own name and type,
    never shown as a page.
    """
    head = _head(file, 64 * 1024)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decodes(head, "utf-16")
    return b"\0" not in head and any(_decodes(head, name) for name in ("utf-8", "gb18030"))


def _decodes(head: bytes, encoding: str) -> bool:
    # The last character may be cut in two.
    for cut in range(4):
        try:
            head[: len(head) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _office(folder: str) -> Callable[[BinaryIO, int], bool]:
    def fits(file: BinaryIO, size: int) -> bool:
        if _head(file, 8) == OLE and _holds(file, ENCRYPTED):
            raise AttachmentRefused(_("The file has a password. Remove it, then choose it again."))
        names = _names_in_zip(file, size)
        if any("vbaproject" in name or "macrosheets/" in name for name in names):
            raise AttachmentRefused(_macros())
        return "[content_types].xml" in names and any(name.startswith(folder) for name in names)

    return fits


def _is_ofd(file: BinaryIO, size: int) -> bool:
    return "ofd.xml" in _names_in_zip(file, size)


def _is_old_office(file: BinaryIO, size: int) -> bool:
    if _head(file, 8) != OLE:
        return False
    if _holds(file, MACROS):
        raise AttachmentRefused(_macros())
    return True


def _is_wps(file: BinaryIO, size: int) -> bool:
    """WPS Office writes its own types the old way, newer versions as a zip."""
    if _is_old_office(file, size):
        return True
    names = _names_in_zip(file, size)
    if any("vbaproject" in name for name in names):
        raise AttachmentRefused(_macros())
    return "[content_types].xml" in names


def _macros() -> str:
    return _("The file holds macros. Save it without them (for example as .docx or .xlsx).")


def _head(file: BinaryIO, length: int) -> bytes:
    file.seek(0)
    return file.read(length)


def _holds(file: BinaryIO, needle: bytes) -> bool:
    file.seek(0)
    rest = b""
    while chunk := file.read(CHUNK):
        if needle in rest + chunk:
            return True
        rest = chunk[-len(needle) :]
    return False


def _names_in_zip(file: BinaryIO, size: int) -> set[str]:
    """The names a zip lists, in small letters; nothing when it is none.

    Read by hand: the library's reader takes as many entries as a file claims to have.
    """
    if _head(file, 4) != ZIP:
        return set()
    start = max(0, size - 65_557)
    file.seek(start)
    end = file.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) - at < 22:
        return set()
    length, place = struct.unpack_from("<II", end, at + 12)
    if length > LARGEST_DIRECTORY or place + length > size:
        return set()
    file.seek(place)
    directory = file.read(length)
    names: set[str] = set()
    at = 0
    while directory[at : at + 4] == b"PK\x01\x02":
        if len(names) >= MOST_NAMES:
            # What is not read may be a macro.
            raise AttachmentRefused(
                _("The file holds too many parts to be checked. Save it again, or export a PDF.")
            )
        if at + 46 > length:
            break
        name, extra, comment = struct.unpack_from("<HHH", directory, at + 28)
        names.add(directory[at + 46 : at + 46 + name].decode("utf-8", "replace").lower())
        at += 46 + name + extra + comment
    return names


_OOXML = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "pdf": Kind("application/pdf", _is_pdf),
    "doc": Kind("application/msword", _is_old_office),
    "xls": Kind("application/vnd.ms-excel", _is_old_office),
    "ppt": Kind("application/vnd.ms-powerpoint", _is_old_office),
    "docx": Kind(f"{_OOXML}wordprocessingml.document", _office("word/")),
    "xlsx": Kind(f"{_OOXML}spreadsheetml.sheet", _office("xl/")),
    "pptx": Kind(f"{_OOXML}presentationml.presentation", _office("ppt/")),
    "wps": Kind("application/vnd.ms-works", _is_wps),
    "et": Kind("application/octet-stream", _is_wps),
    "dps": Kind("application/octet-stream", _is_wps),
    "ofd": Kind("application/ofd", _is_ofd),
    "txt": Kind("text/plain", _is_text),
    "csv": Kind("text/csv", _is_text),
    "zip": Kind("application/zip", _starts(ZIP)),
    "rar": Kind("application/vnd.rar", _starts(b"Rar!\x1a\x07")),
    "7z": Kind("application/x-7z-compressed", _starts(b"7z\xbc\xaf\x27\x1c")),
}
WITH_MACROS = frozenset({"docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "pptm", "potm", "ppsm"})


# --- Taking in -----------------------------------------------------------------------------


def accept(upload: UploadedFile, *, by: User) -> Attachment:
    """Files an attachment as a fresh upload of this person; raises AttachmentRefused.

    All or nothing: when anything fails no file and no row is left.
    """
    size = upload.size or 0
    if not size:
        raise AttachmentRefused(_("The file is empty. Choose it again."))
    if size > settings.LARGEST_ATTACHMENT:
        raise AttachmentRefused(too_large())
    name = _as_named(upload.name or "")
    stem, extension = _split(name)
    _refuse_other_types(cast(BinaryIO, upload.file), size, extension)
    row = Attachment(
        title=stem[:LONGEST_TITLE] or extension.upper(),
        original_name=name[-255:],
        extension=extension,
        size=size,
        sha256=_sha256(upload),
        uploaded_by=by,
    )
    try:
        row.file.save("attachment", upload, save=False)
        with transaction.atomic():
            row.save()
    except BaseException:
        if row.file.name:
            row.file.storage.delete(row.file.name)
        raise
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


def _refuse_other_types(file: BinaryIO, size: int, extension: str) -> None:
    if extension in WITH_MACROS:
        raise AttachmentRefused(_macros())
    kind = KINDS.get(extension)
    if kind is None:
        raise AttachmentRefused(
            _(
                "Files of this type cannot be attached. Use PDF, Word, Excel, PowerPoint, WPS, "
                "OFD, text, or a zip."
            )
        )
    if not kind.fits(file, size):
        raise AttachmentRefused(
            _("The file is not what its name says (.%(type)s). Save it again in that format.")
            % {"type": extension}
        )


def _sha256(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


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
