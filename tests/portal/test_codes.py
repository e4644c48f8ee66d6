"""The QR code of a story."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles import publishing
from articles.models import Article
from articles.portal import codes
from tests.factories import make_article, make_edition

pytestmark = pytest.mark.django_db


def url_of(number: int) -> str:
    return reverse("code", args=[number])


class TestCode:
    def test_is_a_drawing_of_the_address_of_the_story(self, client, editor, monkeypatch):
        drawn: list[str] = []

        def draw(address: str) -> bytes:
            drawn.append(address)
            return b"<svg/>"

        monkeypatch.setattr(codes, "_drawn", draw)
        edition = make_edition(by=editor)
        answer = client.get(url_of(edition.pk))
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert drawn == [f"http://testserver{edition.get_absolute_url()}"]

    def test_is_black_on_white_and_carries_neither_script_nor_style(self, client, editor):
        answer = client.get(url_of(make_edition(by=editor).pk))
        drawing = answer.content.decode()
        assert drawing.startswith("<svg ")
        assert 'fill="#fff"' in drawing
        assert "style" not in drawing
        assert "script" not in drawing
        assert not answer.cookies

    def test_of_what_readers_cannot_open_is_404(self, client, editor):
        draft, withdrawn = make_article(by=editor), make_edition(by=editor)
        publishing.withdraw(Article.objects.get(pk=withdrawn.pk), by=editor, reason="有误")
        for number in (draft.pk, withdrawn.pk, 999_999):
            assert client.get(url_of(number)).status_code == 404

    def test_is_drawn_once(self, client, editor):
        codes._drawn.cache_clear()
        edition = make_edition(by=editor)
        client.get(url_of(edition.pk))
        client.get(url_of(edition.pk))
        assert codes._drawn.cache_info().misses == 1

    def test_does_not_grow_with_the_name_of_the_host(self, client, editor, settings):
        settings.ALLOWED_HOSTS = ["*"]
        host = ".".join(["long" * 12] * 20)
        answer = client.get(url_of(make_edition(by=editor).pk), headers={"host": host})
        assert answer.status_code == 404
