"""Documents as offices write them, and files that only pretend to be one."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
RAR = b"Rar!\x1a\x07\x01\x00" + bytes(20)
SEVEN = b"7z\xbc\xaf\x27\x1c" + bytes(20)
PROGRAM = b"MZ\x90\x00\x03" + bytes(200)
PAGE = b"<!DOCTYPE html><script>alert(1)</script>"


def zipped(*names: str) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def office(folder: str, *more: str) -> bytes:
    return zipped("[Content_Types].xml", f"{folder}/document.xml", *more)


def old_office(*names: str) -> bytes:
    return OLE + bytes(600_000) + b"".join(name.encode("utf-16-le") for name in names) + bytes(64)
