"""What a log must not tell."""

from __future__ import annotations

import logging

import pytest

from articles import previewing
from newsroom.logs import HidePreviewTokens
from tests.factories import make_article


def masked(message: str, *args: object) -> str:
    record = logging.LogRecord("any", logging.WARNING, "", 0, message, args, None)
    assert HidePreviewTokens().filter(record), "no record is lost"
    return record.getMessage()


class TestPreviewTokens:
    @pytest.mark.parametrize(
        ("said", "kept"),
        [
            ("Not Found: /preview/7.abc-_/", "Not Found: /preview/***/"),
            ('"GET /preview/7.abc/video/3/ HTTP/1.1"', '"GET /preview/***/video/3/ HTTP/1.1"'),
            ("/preview/7.abc", "/preview/***"),
            ("Not Found: /review/7.abc-_/done/", "Not Found: /review/***/done/"),
            ("/preview/a/ and /preview/b/", "/preview/***/ and /preview/***/"),
            ("/articles/7/ 100%", "/articles/7/ 100%"),
        ],
    )
    def test_are_masked_and_nothing_else(self, said, kept):
        assert masked("%s", said) == kept

    def test_are_masked_in_a_message_without_arguments(self):
        assert masked("100% of /preview/7.abc/") == "100% of /preview/***/"

    def test_of_a_working_link_are_not_logged(self, client, editor, caplog):
        link = previewing.make_link(make_article(by=editor), by=editor, note="", days=1)
        token = previewing.token_of(link)
        assert client.get(f"/preview/{token}/picture/99/fallback/").status_code == 404
        assert "Not Found: /preview/***/picture/99/fallback/" in caplog.text
        assert token not in caplog.text
