"""Networks and what they may bring: budgets, known networks, hashes instead of addresses."""

from __future__ import annotations

import pytest

from articles.models import KnownNetwork, Outcome, ViewLedger
from articles.visits import networks
from tests.conftest import NOON
from tests.visits.looking import ARTICLE, MINUTE, OTHER, SECOND, put_up, receive, visit

COUNTED, HELD = Outcome.COUNTED, Outcome.HELD


@pytest.fixture
def _small(account, settings) -> None:
    settings.VISIT_BUDGET = 3


def arrive(
    count: int, at=NOON, address="10.1.1.1", start=0, *, has_counted=False, is_held=False
) -> list[Outcome]:
    """So many visits, one after the other."""
    return [
        receive(ARTICLE, visit(start + n, has_counted=has_counted, is_held=is_held), at, address)
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.1.2.3", "10.1.2.0/24"),
        ("255.255.255.255", "255.255.255.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:10.1.2.3", "10.1.2.0/24"),
        ("::1", "::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", ""),
        ("unix:", ""),
        ("10.1.2", ""),
        ("10.1.2.3.4", ""),
        ("10.1.2.3:80", ""),
        ("一", ""),
    ],
)
@pytest.mark.django_db
def test_network_of(address, network):
    assert networks.origin_of(address).network == network


@pytest.mark.usefixtures("_small")
class TestBudget:
    def test_holds_what_is_over_it(self):
        assert arrive(5) == [COUNTED] * 3 + [HELD] * 2

    def test_is_one_network_s(self):
        arrive(5)
        assert arrive(1, address="10.1.1.99", start=10) == [HELD]
        assert arrive(1, address="10.1.2.1", start=20) == [COUNTED]
        assert arrive(1, address="2001:db8::1", start=30) == [COUNTED]

    @pytest.mark.parametrize(("later", "outcome"), [(MINUTE - SECOND, HELD), (MINUTE, COUNTED)])
    def test_is_that_of_a_minute(self, later, outcome):
        arrive(3)
        assert arrive(1, NOON + later, start=10) == [outcome]

    def test_holds_on_while_as_many_go_on_coming(self):
        arrive(3)
        arrive(3, NOON + 50 * SECOND, start=10)
        assert arrive(1, NOON + 61 * SECOND, start=20) == [HELD]

    def test_is_not_touched_by_visits_that_read_on(self):
        arrive(3)
        assert arrive(9, has_counted=True, start=10) == [COUNTED] * 9

    def test_counts_a_visit_without_cookies_once(self):
        for article in range(OTHER, OTHER + 400, 100):
            receive(put_up(article), visit(1))
        assert arrive(2, start=2) == [COUNTED] * 2

    def test_holds_all_a_held_visit_reads(self):
        assert arrive(1, has_counted=True, is_held=True) == [HELD]

    def test_begins_anew_with_the_salt_of_the_next_day(self):
        midnight = NOON.replace(hour=23, minute=59, second=59)
        arrive(3, midnight)
        assert arrive(1, midnight + SECOND, start=10) == [COUNTED]
        assert ViewLedger.objects.values("network").distinct().count() == 2


@pytest.mark.usefixtures("_small")
class TestKnownNetworks:
    @pytest.mark.parametrize(
        ("network", "address", "budget"),
        [
            ("10.1.0.0/16", "10.1.1.1", None),
            ("10.1.0.0/16", "10.1.1.1", 5),
            ("10.1.0.0/16", "::ffff:10.1.1.1", 5),
            (" 10.1.1.1 ", "10.1.1.1", 5),
            ("10.1.1.7/24", "10.1.1.1", 5),
            ("2001:db8::/32", "2001:db8:5::1", 5),
            ("0.0.0.0/0", "10.1.1.1", 0),
        ],
    )
    def test_have_a_budget_of_their_own(self, network, address, budget):
        KnownNetwork.objects.create(network=network, budget=budget)
        assert networks.origin_of(address).budget == budget
        counted = 6 if budget is None else budget
        assert arrive(6, address=address) == [COUNTED] * counted + [HELD] * (6 - counted)

    @pytest.mark.parametrize("address", ["10.2.1.1", "2001:db8::1", "", "nonsense"])
    def test_are_no_others(self, address):
        KnownNetwork.objects.create(network="10.1.0.0/16", budget=5)
        assert networks.origin_of(address).budget == 3

    def test_of_which_the_narrowest_counts(self):
        for network, budget in (("10.0.0.0/8", 100), ("10.1.1.0/24", 5), ("10.1.0.0/16", 50)):
            KnownNetwork.objects.create(network=network, budget=budget)
        assert networks.origin_of("10.1.1.1").budget == 5
        assert networks.origin_of("10.1.2.1").budget == 50

    def test_are_read_again_after_half_a_minute(self, monkeypatch, django_assert_num_queries):
        assert networks.origin_of("10.1.1.1").budget == 3
        KnownNetwork.objects.create(network="10.1.0.0/16", budget=5)
        with django_assert_num_queries(0):
            assert networks.origin_of("10.1.1.1").budget == 3
        networks.forget()
        assert networks.origin_of("10.1.1.1").budget == 5
