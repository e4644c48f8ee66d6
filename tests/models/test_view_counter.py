"""The rows of the counter: what the database refuses, and that none leans on an article."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, models, transaction

from articles.models import ArticleViews, DailyViews, DaySalt, ViewInbox, ViewLedger
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

DAY = NOON.date()
ROWS = [
    (ViewLedger, {"visit_day": DAY, "article_id": 1, "visit_id": "a" * 32, "counted_on": DAY}),
    (DailyViews, {"article_id": 1, "day": DAY}),
    (ArticleViews, {"article_id": 1}),
    (DaySalt, {"day": DAY, "salt": b"x" * 32}),
]


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
            (ViewInbox, {"article_id": 1, "day": DAY, "n": -1}),
        ],
    )
    def test_never_hold_less_than_nothing(self, model, fields):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**fields)

    @pytest.mark.parametrize("model", [ViewLedger, ViewInbox, ArticleViews, DailyViews, DaySalt])
    def test_have_no_foreign_key(self, model):
        assert not [
            field for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)
        ]

    def test_hold_neither_address_nor_account(self):
        kept = {field.name for field in ViewLedger._meta.get_fields()}
        assert kept == {"pk", "visit_day", "article_id", "visit_id", "counted_on"}

    @pytest.mark.parametrize(
        ("model", "fields"), [*ROWS, (ViewInbox, {"article_id": 1, "day": DAY})]
    )
    def test_can_be_told_apart(self, model, fields):
        assert str(model(**fields)).strip()
