"""What a document really is, told by its name and its first bytes.

Both have to say the same: a renamed program or page is refused. Nothing is ever unpacked or
opened here; what can be known is read from signatures, the list of names of a zip, and the names
within an old Office file.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

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


class DocumentRefused(Exception):
    """The file cannot be attached; the message is a sentence that says what to do."""


@dataclass(frozen=True)
class Kind:
    """A type of file: what it is sent as, and whether a file of that name really is one."""

    content_type: str
    fits: Callable[[BinaryIO, int], bool]


def refuse_others(file: BinaryIO, size: int, extension: str) -> None:
    """Refuses a file that is not of one of KINDS, or not what its name says."""
    if extension in WITH_MACROS:
        raise DocumentRefused(_macros())
    kind = KINDS.get(extension)
    if kind is None:
        raise DocumentRefused(
            _(
                "Files of this type cannot be attached. Use PDF, Word, Excel, PowerPoint, WPS, "
                "OFD, text, or a zip."
            )
        )
    if not kind.fits(file, size):
        raise DocumentRefused(
            _("The file is not what its name says (.%(type)s). Save it again in that format.")
            % {"type": extension}
        )


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
            raise DocumentRefused(_("The file has a password. Remove it, then choose it again."))
        names = _names_in_zip(file, size)
        if any("vbaproject" in name or "macrosheets/" in name for name in names):
            raise DocumentRefused(_macros())
        return "[content_types].xml" in names and any(name.startswith(folder) for name in names)

    return fits


def _is_ofd(file: BinaryIO, size: int) -> bool:
    return "ofd.xml" in _names_in_zip(file, size)


def _is_old_office(file: BinaryIO, size: int) -> bool:
    if _head(file, 8) != OLE:
        return False
    if _holds(file, MACROS):
        raise DocumentRefused(_macros())
    return True


def _is_wps(file: BinaryIO, size: int) -> bool:
    """WPS Office writes its own types the old way, newer versions as a zip."""
    if _is_old_office(file, size):
        return True
    names = _names_in_zip(file, size)
    if any("vbaproject" in name for name in names):
        raise DocumentRefused(_macros())
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
            raise DocumentRefused(
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
