"""Which visit a request belongs to: pure functions on values."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from articles.visits import recognition
from articles.visits.recognition import GAP, LONGEST, Visit
from tests.conftest import NOON, SHANGHAI

ID = "0123456789abcdef" * 2
MOMENTS = st.integers(min_value=0, max_value=15 * 365 * 24 * 3600).map(
    lambda seconds: NOON + timedelta(seconds=seconds)
)


class TestCookie:
    @given(MOMENTS, st.integers(min_value=0, max_value=12 * 3600))
    def test_gives_back_the_visit(self, started, age):
        visit = Visit(ID, started, started + timedelta(seconds=age))
        assert recognition.from_cookie(recognition.to_cookie(visit)) == visit

    @pytest.mark.parametrize("has_counted", [False, True])
    @pytest.mark.parametrize("is_held", [False, True])
    def test_remembers_what_became_of_the_visit(self, has_counted, is_held):
        visit = Visit(ID, NOON, NOON, has_counted=has_counted, is_held=is_held)
        assert recognition.from_cookie(recognition.to_cookie(visit)) == visit

    def test_of_before_there_were_flags_is_taken(self):
        seconds = int(NOON.timestamp())
        value = recognition._signer.sign(f"{ID}.{seconds}.{seconds}")
        assert recognition.from_cookie(value) == Visit(ID, NOON, NOON)

    @given(st.text())
    def test_of_anyone_else_is_none(self, value):
        assert recognition.from_cookie(value) is None

    def test_cannot_be_changed_by_one_character(self):
        value = recognition.to_cookie(Visit(ID, NOON, NOON))
        for place in range(len(value)):
            other = "0" if value[place] != "0" else "1"
            changed = value[:place] + other + value[place + 1 :]
            found = recognition.from_cookie(changed)
            # The last character of base64 holds spare bits.
            assert found is None or place == len(value) - 1

    @pytest.mark.parametrize(
        "content",
        [
            "",
            "a",
            "a.b",
            "a.b.c",
            "a.1.",
            "a.1.2.3",
            "a.1.2.x",
            "a.1.2.hc",
            "a.1.2.c.h",
            "a.1.2.c.",
            f"a.{'9' * 30}.1",
            f"a.-{10**17}.1",
            "a.1.nan",
        ],
    )
    def test_signed_but_nonsense_is_none(self, content):
        assert recognition.from_cookie(recognition._signer.sign(content)) is None

    def test_of_another_purpose_is_none(self):
        other = signing.Signer(salt="articles.other").sign(f"{ID}.1.1")
        assert recognition.from_cookie(other) is None


class TestCarryOn:
    @pytest.mark.parametrize(
        ("since_last", "since_start", "goes_on"),
        [
            (timedelta(0), timedelta(0), True),
            (GAP - timedelta(seconds=1), LONGEST - timedelta(seconds=1), True),
            (GAP, GAP, False),
            (timedelta(0), LONGEST, False),
            (-timedelta(hours=1), timedelta(0), True),
        ],
    )
    def test_keeps_or_ends_the_visit(self, since_last, since_start, goes_on):
        visit = Visit(ID, NOON - since_start, NOON - since_last)
        after = recognition.carry_on(visit, NOON)
        assert (after.id == ID) is goes_on
        assert after.last >= NOON
        assert after.started == (visit.started if goes_on else NOON)

    def test_gives_one_successor_to_all_tabs(self):
        visit = Visit(ID, NOON - GAP, NOON - GAP)
        later = NOON + timedelta(seconds=7)
        assert recognition.carry_on(visit, NOON).id == recognition.carry_on(visit, later).id

    def test_gives_different_successors_to_different_ends(self):
        early, late = (Visit(ID, NOON - LONGEST, NOON - gap) for gap in (GAP, GAP * 2))
        assert recognition.carry_on(early, NOON).id != recognition.carry_on(late, NOON).id


class TestByKey:
    @pytest.mark.parametrize("key", ["a" * 16, "Z9_-" * 16, "0" * 32])
    def test_takes_keys(self, key):
        visit = recognition.by_key(key, NOON)
        assert not visit.start_known
        assert len(visit.id) == 32
        assert key not in visit.id

    @pytest.mark.parametrize(
        "key",
        ["", "a" * 15, "a" * 65, "a" * 16 + "\n", "钥" * 16, "a" * 16 + "\0", "a b" * 8, "０" * 16],
    )
    def test_takes_nothing_else(self, key):
        assert recognition.by_key(key, NOON) is None


class TestByTraits:
    def test_names_another_visit_each_clock_hour_day_and_salt(self):
        moments = [NOON, NOON + timedelta(hours=1), NOON + timedelta(days=1)]
        ids = {recognition.by_traits(b"salt", ("a",), moment).id for moment in moments}
        ids.add(recognition.by_traits(b"pepper", ("a",), NOON).id)
        assert len(ids) == 4

    def test_tells_lists_of_traits_apart(self):
        ids = {
            recognition.by_traits(b"s", traits, NOON).id for traits in (("ab", "c"), ("a", "bc"))
        }
        assert len(ids) == 2


class TestDay:
    def test_is_that_of_the_start_in_shanghai(self):
        started = datetime(2026, 6, 15, 0, 10, tzinfo=SHANGHAI)
        visit = Visit(ID, started, started + timedelta(hours=30))
        assert visit.day == started.date()
