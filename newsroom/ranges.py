"""Answering a part of a file (RFC 9110, 14): downloads that go on, films one jumps about in.

One part or the whole: who asks for several parts at once gets the whole file, as the RFC allows;
a page of parts is only ever asked for by attacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags

CHUNK = 64 * 1024
# For every file that people hand in: opened by itself it runs nothing and is what we say it is.
INERT = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
# More digits are no position in any file.
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
# What one asks to learn whether ranges are answered is no beginning of a download.
SMALLEST_START = 1024


@dataclass(frozen=True)
class Part:
    """Bytes `first` to `last`, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class NotInFile(Exception):
    """The part that is asked for lies behind the end of the file."""


def wanted(header: str, size: int) -> Part | None:
    """The part a Range header asks for; None for the whole file. Raises NotInFile."""
    match = _RANGE.fullmatch(header.strip().replace(" ", ""))
    if not match or not (match[1] or match[2]):
        return None
    if not match[1]:
        first, last = max(0, size - int(match[2])), size - 1
    else:
        first, last = int(match[1]), min(int(match[2] or size), size - 1)
        if match[2] and int(match[2]) < first:
            return None
    if first > last:
        raise NotInFile
    return Part(first, last)


def answer(
    request: HttpRequest, file: File, *, tag: str, content_type: str, headers: dict[str, str]
) -> HttpResponseBase:
    """The file, the part of it that is asked for, or 304 and 416. Closes the file in the end.

    `tag` names this very content: another content never has it.
    """
    etag = f'"{tag}"'
    headers = {**headers, "ETag": etag, "Accept-Ranges": "bytes"}
    if _is_known(request, etag):
        file.close()
        headers.pop("Content-Disposition", None)
        return HttpResponse(status=304, headers=headers)
    size = file.size
    try:
        part = wanted(request.headers.get("Range", ""), size) if _asks(request, etag) else None
    except NotInFile:
        file.close()
        headers = {**headers, "Content-Range": f"bytes */{size}"}
        return HttpResponse(status=416, content_type=content_type, headers=headers)
    if request.method == "HEAD":
        file.close()
        headers["Content-Length"] = str(size)
        return HttpResponse(content_type=content_type, headers=headers)
    if part is None:
        response = FileResponse(file, content_type=content_type)
        # Afterwards: it would make every file one to be shown in the page.
        for name, value in {**headers, "Content-Length": str(size)}.items():
            response.headers[name] = value
        return response
    return _part(file, part, size, content_type=content_type, headers=headers)


def begins(response: HttpResponseBase) -> bool:
    """Whether an answer holds the beginning of the file, so that a download begins with it."""
    if response.status_code == 206:
        _unit, _space, rest = response.headers["Content-Range"].partition(" ")
        span, _slash, size = rest.partition("/")
        length = int(response.headers["Content-Length"])
        return span.startswith("0-") and length >= min(SMALLEST_START, int(size))
    return response.status_code == 200


def _asks(request: HttpRequest, etag: str) -> bool:
    """Whether the Range header counts: only with GET, and of the content one has a part of."""
    return request.method == "GET" and request.headers.get("If-Range", etag) == etag


def _is_known(request: HttpRequest, etag: str) -> bool:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or etag in [each.removeprefix("W/") for each in known]


def _part(file: File, part: Part, size: int, **options: Any) -> StreamingHttpResponse:
    file.seek(part.first)
    response = StreamingHttpResponse(_read(file, part.length), status=206, **options)
    # The response closes what it is given to close, also when nobody reads to the end.
    response._resource_closers.append(file.close)  # type: ignore[attr-defined]
    response.headers["Content-Length"] = str(part.length)
    response.headers["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    return response


def _read(file: File, left: int) -> Iterator[bytes]:
    while left > 0 and (chunk := file.read(min(CHUNK, left))):
        left -= len(chunk)
        yield chunk
