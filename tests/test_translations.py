"""Every string speaks Chinese, and what is compiled is what is written."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "articles" / "locale" / "zh_Hans" / "LC_MESSAGES"
DOMAINS = ("django", "djangojs")


def entries(path: Path) -> dict[tuple[str | None, str], polib.POEntry]:
    return {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(path))}


@pytest.mark.parametrize("domain", DOMAINS)
class TestCatalogue:
    def test_is_complete(self, domain):
        catalogue = polib.pofile(str(CATALOGUES / f"{domain}.po"))
        missing = [entry.msgid for entry in catalogue if not entry.translated()]
        assert not missing
        assert not catalogue.fuzzy_entries()

    def test_is_compiled_as_it_is_written(self, domain):
        written = polib.pofile(str(CATALOGUES / f"{domain}.po"))
        compiled = polib.mofile(str(CATALOGUES / f"{domain}.mo"))
        assert {entry.msgid: entry.msgstr for entry in compiled} == {
            entry.msgid: entry.msgstr for entry in written if not entry.obsolete
        }

    def test_keeps_the_places_of_values(self, domain):
        for entry in polib.pofile(str(CATALOGUES / f"{domain}.po")):
            translations = [entry.msgstr, *entry.msgstr_plural.values()]
            for part in entry.msgid.split("%(")[1:]:
                place = "%(" + part.partition(")")[0] + ")"
                assert any(place in translation for translation in translations), entry.msgid

    def test_names_every_string_of_the_source(self, domain, tmp_path):
        if shutil.which("xgettext") is None:
            pytest.skip("gettext is missing: sudo apt-get install gettext")
        known = entries(CATALOGUES / f"{domain}.po")
        found = extracted(domain, tmp_path)
        new = sorted(msgid for _context, msgid in found.keys() - known.keys())
        assert not new, "run `make messages` and translate"
        unused = sorted(msgid for _context, msgid in known.keys() - found.keys())
        assert not unused, "no source uses these: run `make messages`"


def extracted(domain: str, folder: Path) -> dict[tuple[str | None, str], polib.POEntry]:
    """The strings of the source, collected by makemessages in a copy of the tree."""
    copy = folder / "tree"
    for name in ("articles", "newsroom", "templates"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", copy)
    for old in (copy / "articles" / "locale").rglob("*.[mp]o"):
        old.unlink()
    command = [sys.executable, "manage.py", "makemessages", "-l", "zh_Hans", "-d", domain, "-v0"]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    found = copy / "articles" / "locale" / "zh_Hans" / "LC_MESSAGES" / f"{domain}.po"
    return entries(found)
