"""What people decide about views: what the database refuses, and how networks are written."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.models import KnownNetwork, Suspicion, ViewCorrection, ViewHold
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

DAY = NOON.date()


def refused(model, **fields) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**fields)


class TestViewHold:
    def test_is_open_once_a_network_and_day(self):
        ViewHold.objects.create(network="a", day=DAY)
        refused(ViewHold, network="a", day=DAY)
        ViewHold.objects.create(network="b", day=DAY)
        decided = {"verdict": "struck", "reason": "刷量", "decided_at": NOON}
        for _twice in range(2):
            ViewHold.objects.create(network="a", day=DAY, **decided)

    @pytest.mark.parametrize(
        "fields",
        [
            {"verdict": "struck"},
            {"verdict": "struck", "decided_at": NOON},
            {"verdict": "released", "reason": "培训班"},
            {"decided_at": NOON},
        ],
    )
    def test_is_decided_with_a_moment_and_a_reason(self, fields):
        refused(ViewHold, network="a", day=DAY, **fields)


class TestViewCorrection:
    def test_says_how_many_and_why(self, chief):
        good = {"article_id": 1, "day": DAY, "n": -3, "reason": "刷量", "made_by": chief}
        row = ViewCorrection.objects.create(**good)
        assert "-3" in str(row)
        refused(ViewCorrection, **good | {"n": 0})
        refused(ViewCorrection, **good | {"reason": ""})

    @pytest.mark.parametrize("missing", ["reversed_at", "reversed_by", "reversal_reason"])
    def test_is_reversed_whole(self, chief, missing):
        whole = {"reversed_at": NOON, "reversed_by": chief, "reversal_reason": "误判"}
        made = {"article_id": 1, "day": DAY, "n": 1, "reason": "漏计", "made_by": chief}
        ViewCorrection.objects.create(**made, **whole)
        del whole[missing]
        refused(ViewCorrection, **made, **whole)


class TestKnownNetwork:
    @pytest.mark.parametrize(
        "network", ["10.1.0.0/16", "10.1.2.3", " 10.1.2.3/24 ", "2001:db8::/32", "::1", "0.0.0.0/0"]
    )
    def test_is_an_address_or_a_network(self, network):
        KnownNetwork(network=network).full_clean()

    @pytest.mark.parametrize("network", ["", "10.1", "10.1.0.0/33", "10.1.0.*", "内网", "a" * 60])
    def test_is_nothing_else(self, network):
        with pytest.raises(ValidationError):
            KnownNetwork(network=network).full_clean()


def test_an_article_is_suspicious_once_a_day():
    good = {"article_id": 1, "day": DAY, "views": 9, "reasons": {}}
    assert str(Suspicion.objects.create(**good))
    refused(Suspicion, **good)
