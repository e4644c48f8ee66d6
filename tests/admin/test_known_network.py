"""Known networks: what may be typed, and what it does."""

from __future__ import annotations

import pytest

from articles.models import KnownNetwork
from articles.visits import networks

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/knownnetwork/add/"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("10.1.2.3/16", "10.1.0.0/16"),
        (" 203.0.113.7 ", "203.0.113.7"),
        ("203.0.113.7/32", "203.0.113.7"),
        ("2001:db8::1/32", "2001:db8::/32"),
    ],
)
def test_is_kept_in_one_spelling(as_chief, typed, kept):
    as_chief.post(ADD, {"network": typed, "budget": "900", "note": "矿区出口"})
    assert KnownNetwork.objects.get().network == kept


@pytest.mark.parametrize("typed", ["", "10.1.0.0/33", "矿区", "10.1.*.*", "999.1.1.1"])
def test_refuses_what_is_no_network(as_chief, typed):
    answer = as_chief.post(ADD, {"network": typed, "budget": "", "note": ""})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not KnownNetwork.objects.exists()


def test_refuses_a_twin_in_another_spelling(as_chief):
    for typed in ("10.1.0.0/16", "10.1.9.9/16"):
        answer = as_chief.post(ADD, {"network": typed, "budget": "", "note": ""})
    assert "errorlist" in answer.content.decode()
    assert KnownNetwork.objects.count() == 1


def test_takes_effect_at_once_and_the_narrowest_wins(as_chief, settings):
    settings.VISIT_BUDGET = 300
    assert networks.origin_of("10.1.2.3").budget == 300
    for typed, budget in (("10.0.0.0/8", "10"), ("10.1.0.0/16", ""), ("10.1.2.0/24", "7")):
        as_chief.post(ADD, {"network": typed, "budget": budget, "note": ""})
    assert networks.origin_of("10.1.2.3").budget == 7
    assert networks.origin_of("10.1.3.3").budget is None
    assert networks.origin_of("10.2.0.1").budget == 10
    narrow = KnownNetwork.objects.get(network="10.1.2.0/24")
    as_chief.post(f"/admin/articles/knownnetwork/{narrow.pk}/delete/", {"post": "yes"})
    assert networks.origin_of("10.1.2.3").budget is None


def test_explains_with_examples(as_chief, settings):
    settings.VISIT_BUDGET = 300
    body = as_chief.get(ADD).content.decode()
    assert "10.1.255.255" in body
    assert "每组300次" in body
    assert "不限" in body
