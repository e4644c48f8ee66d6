"""The W3C's own checker finds nothing to complain about on any kind of page.

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

from articles import publishing
from articles.models import Article, Correction
from tests.factories import (
    figure,
    make_attachment,
    make_channel,
    make_edition,
    make_image,
    make_video,
    video_figure,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not (os.environ.get("VNU_JAR") and shutil.which("java")),
        reason="The W3C checker needs Java, and VNU_JAR to name its vnu.jar.",
    ),
]


def test_the_checker_finds_nothing(client, editor, tmp_path: Path):
    channel = make_channel(slug="group-news", description="集团要闻")
    first, second, alone = (make_image(by=editor) for _ in range(3))
    group = f'[{{"image":{first.pk}}},{{"image":{second.pk}}}]'
    story = make_edition(
        by=editor,
        kicker="引题",
        subtitle="副题",
        tags=["安全", "a/b c"],
        channel=channel,
        body=(
            "<p>正文<strong>一</strong>。</p><h2>小标题</h2><ul><li>一</li></ul>"
            "<table><tbody><tr><th>项目</th></tr><tr><td>1</td></tr></tbody></table>"
            f"<figure data-group='{group}'><figcaption>一组。</figcaption></figure>"
            f"{figure(alone, credit='王建')}{video_figure(make_video(by=editor))}"
        ),
        attachments=[make_attachment(by=editor)],
    )
    plain = make_edition(by=editor, outside_source="某报", tags=["安全"], channel=channel)
    withdrawn = make_edition(by=editor, channel=channel)
    publishing.withdraw(Article.objects.get(pk=withdrawn.pk), by=editor, reason="有误")
    Correction.objects.create(edition=story, text="已改正。", made_by=editor)
    addresses = {
        "/": 200,
        "/channels/group-news/": 200,
        "/archive/": 200,
        "/pictures/": 200,
        "/search/?q=正文": 200,
        story.get_absolute_url(): 200,
        plain.get_absolute_url(): 200,
        withdrawn.get_absolute_url(): 410,
        "/articles/999999/": 404,
    }
    for number, (address, status) in enumerate(addresses.items()):
        answer = client.get(address)
        assert answer.status_code == status, address
        (tmp_path / f"{number}.html").write_bytes(answer.content)
    assert complaints_about(tmp_path, list(addresses)) == []


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
