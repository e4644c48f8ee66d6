"""Which code and settings a page was rendered with; another release keeps its own pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django import VERSION
from django.conf import settings

# What a page is made of, besides rows.
FOLDERS = ("articles", "newsroom", "templates")
ENDINGS = {".py", ".html", ".mo", ".css", ".js", ".svg"}
# What a page or an address in it says.
SETTINGS = (
    "ALLOWED_HOSTS",
    "CONTENT_SECURITY_POLICY",
    "DATABASES",
    "DEBUG",
    "HTTPS",
    "ICP_NUMBER",
    "LANGUAGES",
    "MEDIA_URL",
    "PERMISSIONS_POLICY",
    "POLICE_NUMBER",
    "SECRET_KEY",
    "SITE_ADDRESS",
    "SITE_NAME",
    "STATIC_ROOT",
    "STATIC_URL",
    "TIME_ZONE",
)


@cache
def name() -> str:
    """The same word in every process that renders the same; read once a process."""
    facts = [str(VERSION), *(f"{key}={getattr(settings, key)!s}" for key in SETTINGS)]
    return hashlib.sha256("\n".join([*facts, *_files()]).encode()).hexdigest()[:16]


def _files() -> Iterator[str]:
    """Every file that makes pages, with its size and the moment of its last change."""
    for folder in FOLDERS:
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*")):
            if path.suffix in ENDINGS:
                facts = path.stat()
                yield f"{path} {facts.st_size} {facts.st_mtime_ns}"
    manifest = Path(settings.STATIC_ROOT, "staticfiles.json")
    if manifest.exists():
        yield f"{manifest} {manifest.stat().st_mtime_ns}"
