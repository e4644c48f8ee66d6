"""Numbers typed into addresses and forms: what a database may be asked for."""

from __future__ import annotations

import pytest

from articles.admin.numbers import is_too_large, number_in


class TestNumberIn:
    @pytest.mark.parametrize(
        ("typed", "number"),
        [("0", 0), ("7", 7), ("007", 7), ("9" * 15, 10**15 - 1)],
    )
    def test_is_the_number(self, typed, number):
        assert number_in(typed) == number

    @pytest.mark.parametrize(
        "typed", [None, "", " 7", "+7", "-7", "7.0", "x", "７", "²", "٧", "9" * 16]
    )
    def test_is_nothing_for_what_no_row_can_have(self, typed):
        assert number_in(typed) is None


class TestIsTooLarge:
    @pytest.mark.parametrize("typed", ["9" * 16, "-" + "9" * 16, " " + "9" * 16])
    def test_of_a_number_no_row_has(self, typed):
        assert is_too_large(typed)

    @pytest.mark.parametrize("typed", ["", "7", "9" * 15, "x" * 40, "长" * 40])
    def test_is_not_said_of_others(self, typed):
        assert not is_too_large(typed)
