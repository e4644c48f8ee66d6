"""The W3C's own checker finds nothing to complain about on any kind of page, in any language.

It is a program for Java that no package of Python brings: `npm install vnu-jar`, and VNU_JAR
names its vnu.jar. Without it the test is skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.every_page import publish_everything, status_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not (os.environ.get("VNU_JAR") and shutil.which("java")),
        reason="The W3C checker needs Java, and VNU_JAR to name its vnu.jar.",
    ),
]

# Have one address, whatever the language.
IN_CHINESE_ONLY = ("preview", "broken link")


def test_the_checker_finds_nothing(client, editor, tmp_path: Path):
    addresses: list[str] = []
    for name, address in publish_everything(editor).items():
        for prefix in ("",) if name in IN_CHINESE_ONLY else ("", "/en"):
            answer = client.get(prefix + address)
            assert answer.status_code == status_of(name), prefix + address
            (tmp_path / f"{len(addresses)}.html").write_bytes(answer.content)
            addresses.append(prefix + address)
    assert "\n".join(complaints_about(tmp_path, addresses)) == ""


def complaints_about(folder: Path, addresses: list[str]) -> list[str]:
    files = [str(folder / f"{number}.html") for number in range(len(addresses))]
    checked = subprocess.run(
        ["java", "-Xss2m", "-jar", os.environ["VNU_JAR"], "--stdout", "--format", "json", *files],
        capture_output=True,
        text=True,
        timeout=300,
    )
    return [
        f"{addresses[int(Path(each['url']).stem)]}:{each.get('lastLine')}: {each['message']}"
        for each in json.loads(checked.stdout)["messages"]
    ]
