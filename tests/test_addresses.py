"""Whose request this is, by network address."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from newsroom.addresses import client_address

NEIGHBOUR = "10.0.0.1"


class TestClientAddress:
    @pytest.mark.parametrize(
        ("proxies", "forwarded", "address"),
        [
            (0, None, NEIGHBOUR),
            (0, "203.0.113.9", NEIGHBOUR),
            (1, None, NEIGHBOUR),
            (1, "", NEIGHBOUR),
            (1, "203.0.113.9", "203.0.113.9"),
            (1, "8.8.8.8, 203.0.113.9", "203.0.113.9"),
            (1, "8.8.8.8,203.0.113.9", "203.0.113.9"),
            (2, "203.0.113.9", NEIGHBOUR),
            (2, "203.0.113.9, 10.0.0.2", "203.0.113.9"),
            (2, "8.8.8.8, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
            (1, "2001:db8::7", "2001:db8::7"),
            (1, "garbage", NEIGHBOUR),
            (2, "garbage, 10.0.0.2", NEIGHBOUR),
        ],
    )
    def test_believes_only_our_own_proxies(self, settings, proxies, forwarded, address):
        settings.PROXY_COUNT = proxies
        headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
        request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=NEIGHBOUR)
        assert client_address(request) == address

    def test_is_empty_behind_a_socket_file(self, settings):
        settings.PROXY_COUNT = 0
        request = RequestFactory().get("/")
        del request.META["REMOTE_ADDR"]
        assert client_address(request) == ""

    @pytest.mark.django_db
    def test_is_what_the_log_in_throttle_goes_by(self, settings):
        from axes.helpers import get_client_ip_address

        settings.PROXY_COUNT = 1
        request = RequestFactory().get("/", headers={"x-forwarded-for": "8.8.8.8, 203.0.113.9"})
        assert get_client_ip_address(request) == "203.0.113.9"
