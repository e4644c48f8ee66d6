"""Addresses with scheme and host."""

from __future__ import annotations

import pytest

from newsroom import site


@pytest.fixture
def request_(rf):
    return rf.get("/articles/1/")


class TestOrigin:
    def test_is_what_was_asked_unless_the_settings_say_so(self, request_, settings):
        settings.SITE_ADDRESS = ""
        assert site.absolute(request_, "/a/") == "http://testserver/a/"
        settings.SITE_ADDRESS = "https://news.example.com"
        assert site.absolute(request_, "/a/") == "https://news.example.com/a/"
        assert site.host(request_) == "news.example.com"

    def test_leaves_addresses_elsewhere_alone(self, request_):
        assert (
            site.absolute(request_, "https://files.example.com/x") == "https://files.example.com/x"
        )


class TestHtml:
    def test_completes_addresses_in_tags_and_nowhere_else(self, request_):
        html = (
            '<p>写 src="/x" 的人</p><a href="/b/">b</a><a href="#c">c</a><a href="https://d/">d</a>'
            '<source type="image/webp" srcset="/e.webp 480w, /f.webp 960w">'
            '<img src="/g.jpg" alt=""><video poster="/h.jpg"></video>'
        )
        assert site.absolute_html(request_, html) == (
            '<p>写 src="/x" 的人</p><a href="http://testserver/b/">b</a><a href="#c">c</a>'
            '<a href="https://d/">d</a><source type="image/webp" '
            'srcset="http://testserver/e.webp 480w, http://testserver/f.webp 960w">'
            '<img src="http://testserver/g.jpg" alt=""><video poster="http://testserver/h.jpg">'
            "</video>"
        )
