"""The rows of the counter: what the database refuses, and that none leans on an article."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, models, transaction

from articles.models import (
    ArticleViews,
    DailyViews,
    DaySalt,
    HourlyViews,
    Outcome,
    UncountedViews,
    ViewInbox,
    ViewLedger,
)
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

DAY = NOON.date()
ROWS = [
    (ViewLedger, {"visit_day": DAY, "article_id": 1, "visit_id": "a" * 32, "counted_on": DAY}),
    (DailyViews, {"article_id": 1, "day": DAY}),
    (HourlyViews, {"day": DAY, "hour": 9}),
    (UncountedViews, {"article_id": 1, "day": DAY, "outcome": Outcome.ROBOT}),
    (ArticleViews, {"article_id": 1}),
    (DaySalt, {"day": DAY, "salt": b"x" * 32}),
]
INBOX = (ViewInbox, {"article_id": 1, "day": DAY})


class TestRows:
    @pytest.mark.parametrize(("model", "fields"), ROWS)
    def test_exist_once(self, model, fields):
        model.objects.create(**fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**fields)

    @pytest.mark.parametrize(
        ("model", "fields"),
        [
            (ArticleViews, {"article_id": 1, "total": -1}),
            (ArticleViews, {"article_id": 1, "base": -1}),
            (DailyViews, {"article_id": 1, "day": DAY, "views": -1}),
            (DailyViews, {"article_id": 1, "day": DAY, "from_hot": -1}),
            (HourlyViews, {"day": DAY, "hour": 9, "views": -1}),
            (UncountedViews, {"article_id": 1, "day": DAY, "outcome": 2, "n": -1}),
            (ViewInbox, {"article_id": 1, "day": DAY, "n": -1}),
            (ViewInbox, {"article_id": 1, "day": DAY, "outcome": -1}),
        ],
    )
    def test_never_hold_less_than_nothing(self, model, fields):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**fields)

    @pytest.mark.parametrize("model", [ViewInbox, *(model for model, _fields in ROWS)])
    def test_have_no_foreign_key(self, model):
        assert not [
            field for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)
        ]

    def test_hold_neither_address_nor_account(self):
        kept = {field.name for field in ViewLedger._meta.get_fields()}
        about_the_view = {"pk", "visit_day", "article_id", "counted_on", "counted_at", "hold_id"}
        # Hashes whose salt is destroyed, and whether the visit began here.
        assert kept == about_the_view | {"visit_id", "network", "is_first"}

    @pytest.mark.parametrize(("model", "fields"), [*ROWS, INBOX])
    def test_can_be_told_apart(self, model, fields):
        assert str(model(**fields)).strip()

    def test_count_by_the_number_statements_name(self):
        # Written out in articles/visits/figures.py.
        assert Outcome.COUNTED.value == 0
