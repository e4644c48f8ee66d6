"""What stands around the text of a story, and what all of it weighs."""

from __future__ import annotations

import gzip
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from articles.models import Correction
from tests.conftest import SHANGHAI
from tests.factories import figure, make_attachment, make_edition, make_image

pytestmark = pytest.mark.django_db

MOST_BYTES = 30 * 1024
PARAGRAPH = f"<p>{'集团今天召开安全生产会议，部署第四季度重点工作。' * 10}</p>"


def page_of(client, edition) -> str:
    return client.get(edition.get_absolute_url()).content.decode()


class TestCorrections:
    def test_stand_dated_above_the_text_newest_first(self, client, editor, time_machine):
        new_year = datetime(2026, 1, 1, tzinfo=SHANGHAI)
        edition = make_edition(by=editor, body="<p>正文开头。</p>", at=new_year)
        for day in ("2026-03-01", "2026-03-05"):
            time_machine.move_to(f"{day} 12:00+08:00", tick=False)
            Correction.objects.create(edition=edition, text=f"{day}的说明", made_by=editor)
        html = page_of(client, edition).partition("<body")[2]
        places = [html.index(words) for words in ("2026/03/05", "2026/03/01", "正文开头。")]
        assert places == sorted(places)

    def test_are_of_their_own_story_only(self, client, editor):
        edition = make_edition(by=editor)
        Correction.objects.create(edition=make_edition(by=editor), text="别篇的", made_by=editor)
        html = page_of(client, edition)
        assert "别篇的" not in html
        assert "corrections" not in html


class TestRelated:
    def test_leads_to_stories_with_the_same_tag_once(self, client, editor):
        other = make_edition(by=editor, title="同标签的一篇", tags=["安全"])
        html = page_of(client, make_edition(by=editor, tags=["安全"]))
        assert html.count(f'href="{other.get_absolute_url()}"') == 1

    def test_does_not_name_the_neighbours_again(self, client, editor):
        other = make_edition(by=editor, tags=["安全"])
        edition = make_edition(by=editor, tags=["安全"], channel=other.channel)
        assert page_of(client, edition).count(f'href="{other.get_absolute_url()}"') == 1

    def test_tags_lead_to_their_lists(self, client, editor):
        html = page_of(client, make_edition(by=editor, tags=["安全 生产", "a/b?c"]))
        (link,) = re.findall(r'<p class="tags">.*?href="([^"]+)"', html)
        assert client.get(link).status_code == 200


class TestMoments:
    def test_are_written_as_html_knows_them(self, client, editor):
        html = page_of(client, make_edition(by=editor))
        written = re.findall(r'datetime="([^"]+)"', html)
        assert written
        for moment in written:
            assert re.fullmatch(r"[-0-9]{10}T[0-9:]{8}\+08:00", moment)


class TestDisclaimer:
    def test_stands_beneath_reprints_only(self, client, editor):
        reprint = make_edition(by=editor, outside_source="某某日报")
        assert 'class="disclaimer"' in page_of(client, reprint)
        assert 'class="disclaimer"' not in page_of(client, make_edition(by=editor))


class TestPictures:
    def test_open_without_script(self, client, editor):
        edition = make_edition(by=editor, body=figure(make_image(by=editor)))
        (link,) = re.findall(r'<a href="([^"]+)"[^>]*><picture>', page_of(client, edition))
        answer = client.get(link)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "image/webp"

    def test_bring_the_dialogue_with_them(self, client, editor):
        plain, with_picture = (
            make_edition(by=editor, body=body)
            for body in ("<p>没有图。</p>", figure(make_image(by=editor)))
        )
        assert "lightbox" not in page_of(client, plain)
        assert page_of(client, with_picture).count("<dialog") == 1


class TestWeight:
    def test_html_css_and_scripts_of_a_full_story_are_under_30_kb(self, client, editor):
        pictures = "".join(figure(make_image(by=editor)) for _ in range(6))
        table = "<table><tbody><tr><th>项目</th></tr><tr><td>1</td></tr></tbody></table>"
        edition = make_edition(
            by=editor,
            kicker="引题",
            subtitle="副题",
            tags=["安全", "保供"],
            body=PARAGRAPH * 8 + pictures + table,
            attachments=[make_attachment(by=editor)],
        )
        for _ in range(8):
            make_edition(by=editor, tags=["安全"], channel=edition.channel)
        Correction.objects.create(edition=edition, text="更正。", made_by=editor)
        html = page_of(client, edition)
        loaded = re.findall(r'(?:<script[^>]* src|rel="stylesheet" href)="/static/([^"]+)"', html)
        assert {"articles/portal/portal.css", "articles/portal/lightbox.js"} <= set(loaded)
        files = [Path(str(finders.find(name))).read_bytes() for name in loaded]
        weight = sum(len(gzip.compress(content)) for content in (html.encode(), *files))
        assert weight <= MOST_BYTES, f"{weight} bytes"
