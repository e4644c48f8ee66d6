"""What readers see: the moments at which a story is live, by queryset and by row."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from articles.models import Edition
from tests.conftest import NOON
from tests.factories import make_edition

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
MOMENTS = [-DAY, -SECOND, -TICK, timedelta(0), TICK, SECOND, DAY, 10 * DAY]


def at(delta: timedelta | None) -> datetime | None:
    return None if delta is None else NOON + delta


class TestLive:
    @pytest.mark.parametrize("published", [-DAY, timedelta(0), DAY])
    @pytest.mark.parametrize("expires", [None, TICK, 2 * DAY])
    @pytest.mark.parametrize("withdrawn", [None, -DAY, timedelta(0), DAY])
    def test_agrees_on_property_and_queryset(self, editor, published, expires, withdrawn):
        edition = make_edition(by=editor, at=at(published))
        if expires is not None:
            edition.expires_at = edition.published_at + expires
        edition.withdrawn_at = at(withdrawn)
        edition.withdrawal_reason = "有误" if edition.withdrawn_at else ""
        edition.save()
        for delta in MOMENTS:
            moment = NOON + delta
            expected = (
                withdrawn is None
                and moment >= edition.published_at
                and (edition.expires_at is None or moment < edition.expires_at)
            )
            assert edition.is_live(moment) is expected, delta
            assert Edition.objects.live(moment).exists() is expected, delta

    def test_is_asked_for_now(self, editor, noon, time_machine):
        edition = make_edition(by=editor, at=noon + SECOND)
        assert not edition.is_live()
        assert not Edition.objects.live().exists()
        time_machine.move_to(noon + SECOND, tick=False)
        assert edition.is_live()
        assert Edition.objects.live().exists()


class TestNewestFirst:
    def test_orders_by_date_then_number(self, editor, noon):
        first = make_edition(by=editor, at=noon)
        second = make_edition(by=editor, at=noon)
        oldest = make_edition(by=editor, at=noon - DAY)
        assert list(Edition.objects.newest_first()) == [second, first, oldest]


class TestForLists:
    def test_leaves_the_wide_columns_out(self, editor, django_assert_num_queries):
        make_edition(by=editor)
        with django_assert_num_queries(1):
            edition = Edition.objects.for_lists().get()
            assert edition.list_title
            assert edition.get_absolute_url()
        assert edition.get_deferred_fields() == {"body", "plain_text"}


class TestListTitle:
    @pytest.mark.parametrize(
        ("short", "title", "shown"),
        [
            ("短", "字" * 50, "短"),
            ("", "字" * 34, "字" * 34),
            ("", "字" * 35, "字" * 33 + "…"),
        ],
    )
    def test_fits_one_line(self, short, title, shown):
        assert Edition(short_title=short, title=title).list_title == shown


class TestConstraints:
    @pytest.mark.parametrize(
        "changes",
        [
            {"expires_at": NOON},
            {"expires_at": NOON - DAY},
            {"withdrawn_at": NOON},
            {"withdrawn_at": NOON, "withdrawal_reason": ""},
            {"published_at": None},
        ],
    )
    def test_are_kept_by_the_database(self, editor, changes):
        edition = make_edition(by=editor, at=NOON)
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.filter(pk=edition.pk).update(**changes)

    def test_allow_what_is_sensible(self, editor):
        edition = make_edition(by=editor, at=NOON)
        Edition.objects.filter(pk=edition.pk).update(
            expires_at=NOON + TICK, withdrawn_at=NOON - DAY, withdrawal_reason="有误"
        )
        assert str(edition) == edition.title
