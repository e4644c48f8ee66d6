"""Bar charts drawn by the server."""

from __future__ import annotations

import pytest

from articles.admin.bars import HEIGHT, chart


class TestChart:
    @pytest.mark.parametrize(
        ("most", "top"),
        [(0, 1), (1, 1), (2, 2), (3, 5), (7, 10), (50, 50), (130, 200), (999, 1000)],
    )
    def test_reaches_to_a_round_number(self, most, top):
        assert chart(("a",), [("1", (most,))]).top == top

    def test_stacks_the_pieces_of_a_bar_within_its_height(self):
        drawn = chart(("a", "b"), [("1", (3, 2)), ("2", (0, 10))])
        first, second = (bar.parts for bar in drawn.bars)
        assert [(part.kind, part.y, part.height) for part in first] == [
            ("a", 70, 30),
            ("b", 50, 20),
        ]
        assert [(part.kind, part.y, part.height) for part in second] == [("b", 0, HEIGHT)]

    def test_marks_the_first_the_middle_and_the_last_bar(self):
        rows = [(str(number), (1,)) for number in range(35)]
        assert chart(("a",), rows).marks == ["0", "17", "34"]
        assert chart(("a",), rows[:2]).marks == ["0", "1"]
        assert chart(("a",), []).marks == []
