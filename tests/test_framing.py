"""How much of a picture is shown: turned, cropped, cut for lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import framing
from articles.framing import Frame


class TestShown:
    @pytest.mark.parametrize(
        ("frame", "box"),
        [
            (Frame(), (0, 0, 1200, 800)),
            (Frame(turn=90), (0, 0, 800, 1200)),
            (Frame(turn=180), (0, 0, 1200, 800)),
            (Frame(crop=(0.25, 0.5, 0.5, 0.5)), (300, 400, 900, 800)),
            (Frame(turn=270, crop=(0.25, 0.5, 0.5, 0.5)), (200, 600, 600, 1200)),
            (Frame(crop=(0.9999, 0.9999, 0.0001, 0.0001)), (1199, 799, 1200, 800)),
        ],
    )
    def test_is_turned_first_and_cropped_then(self, frame, box):
        assert frame.box((1200, 800)) == box
        left, top, right, bottom = box
        assert frame.shown((1200, 800)) == (right - left, bottom - top)


class TestCover:
    @pytest.mark.parametrize(
        ("frame", "box"),
        [
            (Frame(), (0, 0, 1200, 800)),
            (Frame(turn=90), (0, 334, 800, 867)),
            (Frame(turn=90, focus=(0.5, 0.0)), (0, 0, 800, 533)),
            (Frame(turn=90, focus=(0.5, 1.0)), (0, 667, 800, 1200)),
            # What is in focus lies outside the part that is shown: as near as can be.
            (Frame(crop=(0.5, 0.0, 0.5, 1.0), focus=(0.0, 0.0)), (600, 0, 1200, 400)),
            (Frame(crop=(0.0, 0.0, 1.0, 0.1), focus=(0.25, 0.05)), (240, 0, 360, 80)),
        ],
    )
    def test_is_three_to_two_around_the_focus(self, frame, box):
        assert frame.cover_box((1200, 800)) == box


shares = st.floats(0, 1).map(lambda share: round(share, 4))


@given(
    st.tuples(st.integers(1, 12_000), st.integers(1, 12_000)),
    st.sampled_from([0, 90, 180, 270]),
    st.tuples(shares, shares, shares, shares) | st.none(),
    st.tuples(shares, shares),
    st.integers(1, 2_000),
)
def test_every_frame_shows_a_part_of_the_picture(size, turn, crop, focus, width):
    frame = Frame(turn, crop, focus)
    across, down = frame.turned(size)
    left, top, right, bottom = frame.box(size)
    assert 0 <= left < right <= across
    assert 0 <= top < bottom <= down
    x, y, end, foot = frame.cover_box(size)
    assert left <= x < end <= right
    assert top <= y < foot <= bottom
    small = framing.scaled(frame.shown(size), width)
    assert 1 <= small[0] <= width
    assert small[1] >= 1
