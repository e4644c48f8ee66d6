"""The files that lie under public names, and those a story names."""

from __future__ import annotations

import json
import re

from django.core.files.storage import default_storage

from articles.models import Edition


def public_files() -> set[str]:
    """Every file under a public name."""

    def walk(folder):
        if not default_storage.exists(folder):
            return
        folders, files = default_storage.listdir(folder)
        yield from (f"{folder}/{name}" for name in files)
        for name in folders:
            yield from walk(f"{folder}/{name}")

    return set(walk("public"))


def shown_files(edition: Edition) -> set[str]:
    """The files an edition's body and cover name."""
    page = edition.body + json.dumps(edition.cover)
    return set(re.findall(r"public/[0-9a-f/]+-[0-9a-f]{12}\.(?:webp|jpg)", page))
