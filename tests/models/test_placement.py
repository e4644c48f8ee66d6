"""Placements: when they stand, and what the database refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.models import GreyPeriod, Placement
from articles.models.site_link import validate_address
from tests.factories import make_edition, make_placement

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class TestTime:
    @pytest.mark.parametrize(
        ("starts", "ends", "is_standing", "is_over"),
        [
            (-HOUR, None, True, False),
            (timedelta(0), None, True, False),
            (HOUR, None, False, False),
            (-2 * HOUR, HOUR, True, False),
            (-2 * HOUR, timedelta(0), False, True),
            (-2 * HOUR, -HOUR, False, True),
        ],
    )
    def test_says_the_same_of_rows_and_of_one(self, noon, starts, ends, is_standing, is_over):
        row = make_placement(starts_at=noon + starts, ends_at=None if ends is None else noon + ends)
        rows = Placement.objects
        assert row.is_standing() is is_standing is rows.standing().filter(pk=row.pk).exists()
        assert row.is_over() is is_over is rows.over().filter(pk=row.pk).exists()
        assert rows.coming().exists() is (starts > timedelta(0))

    def test_of_grey_days_includes_the_beginning_and_not_the_end(self, noon):
        GreyPeriod.objects.create(starts_at=noon, ends_at=noon + HOUR)
        moments = (noon - HOUR, noon, noon + HOUR)
        standing = [GreyPeriod.objects.standing(at).exists() for at in moments]
        assert standing == [False, True, False]


class TestConstraints:
    @pytest.mark.parametrize(
        "fields",
        [
            {"address": "", "title": "无处可去"},
            {"address": "/x/", "title": ""},
            {"slot": "pinned"},
        ],
    )
    def test_an_address_is_complete_and_has_no_channel(self, noon, fields):
        row = Placement(slot="lead", address="/x/", title="题", starts_at=noon)
        for name, value in fields.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()

    def test_not_both_a_story_and_an_address(self, editor):
        edition = make_edition(by=editor)
        with pytest.raises(IntegrityError), transaction.atomic():
            make_placement(edition=edition, address="/x/", title="题")

    def test_ends_after_it_begins(self, noon):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_placement(starts_at=noon, ends_at=noon)


class TestAddresses:
    @pytest.mark.parametrize(
        "address", ["/", "/channels/news/?page=2", "https://www.example.com/x", "http://10.1.1.1/"]
    )
    def test_lead_to_this_site_or_another(self, address):
        validate_address(address)

    @pytest.mark.parametrize(
        "address",
        [
            "javascript:alert(1)",
            "//evil.example",
            "/\\evil.example",
            "ftp://a/",
            "news",
            "/a b",
            "data:text/html,x",
            "https://",
        ],
    )
    def test_lead_nowhere_else(self, address):
        with pytest.raises(ValidationError):
            validate_address(address)
