"""A page as it is kept, and what a reader gets of it."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, parse_http_date_safe
from django.utils.translation import get_language

from newsroom import site

# The levels above take longer and save next to nothing.
COMPRESSION = 6
# RFC 9110, 15.4.5, and what lets a program of another site see the answer at all.
NOT_MODIFIED_HEADERS = (
    "Access-Control-Allow-Origin",
    "Cache-Control",
    "Content-Location",
    "Date",
    "Expires",
    "Last-Modified",
    "Vary",
)
GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Key:
    """What makes two requests the same page: canonical links hold scheme and host."""

    origin: str
    address: str
    language: str | None

    @classmethod
    def of(cls, request: HttpRequest, address: str) -> Key:
        # Refuses hosts that are not ours, whatever links begin with.
        request.get_host()
        return cls(site.origin(request).lower(), address, get_language())

    def digest(self) -> bytes:
        """128 bits that stand for it; no address has a line break."""
        words = f"{self.origin}\n{self.address}\n{self.language}"
        return hashlib.sha256(words.encode()).digest()[:16]


@dataclass(frozen=True, slots=True)
class Page:
    """An answer, ready to be sent. `marks`: the numbers of all it shows, when it named them."""

    status: int
    body: bytes
    etag: str
    headers: tuple[tuple[str, str], ...]
    generation: int
    valid_until: datetime
    marks: dict[str, int] | None = None

    @classmethod
    def from_response(
        cls,
        response: HttpResponse,
        generation: int,
        valid_until: datetime,
        marks: dict[str, int] | None,
    ) -> Page:
        patch_vary_headers(response, ["Accept-Encoding"])
        content = response.content
        return cls(
            status=response.status_code,
            body=gzip.compress(content, COMPRESSION, mtime=0),
            etag=f'W/"{hashlib.sha256(content).hexdigest()[:24]}"',
            headers=tuple(response.headers.items()),
            generation=generation,
            valid_until=valid_until,
            marks=marks,
        )

    def answer(self, request: HttpRequest) -> HttpResponse:
        """What this reader gets: 304, or the page as the browser can unpack it."""
        if self.status == 200 and self._is_known(request):
            response: HttpResponse = HttpResponseNotModified()
            for name, value in self.headers:
                if name in NOT_MODIFIED_HEADERS:
                    response.headers[name] = value
        else:
            response = self._whole(request)
        response.headers["ETag"] = self.etag
        return response

    def _whole(self, request: HttpRequest) -> HttpResponse:
        body = self.body
        is_compressed = bool(GZIP.search(request.headers.get("Accept-Encoding", "")))
        if not is_compressed:
            body = gzip.decompress(body)
        response = HttpResponse(b"" if request.method == "HEAD" else body, status=self.status)
        for name, value in self.headers:
            response.headers[name] = value
        if is_compressed:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(body))
        return response

    def _is_known(self, request: HttpRequest) -> bool:
        """Whether the reader has it already; the tag decides where there is one (RFC 9110,
        13.2.2)."""
        if "If-None-Match" in request.headers:
            known = parse_etags(request.headers["If-None-Match"])
            return self.etag in known or known == ["*"]
        since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
        rendered = parse_http_date_safe(dict(self.headers).get("Last-Modified", ""))
        return since is not None and rendered is not None and rendered <= since
