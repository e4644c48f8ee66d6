"""Drawn photographs are the same on every run, of the size asked for, and show something."""

import pytest
from PIL import ImageStat

from articles.demo.pictures import MOTIFS, UnknownMotif, draw


@pytest.mark.parametrize("motif", MOTIFS)
class TestEveryMotif:
    def test_is_the_same_each_time(self, motif):
        first, second = (draw(motif, 3, width=240, height=160) for _ in range(2))
        assert first.tobytes() == second.tobytes()

    def test_changes_with_the_seed(self, motif):
        first, second = (draw(motif, seed, width=240, height=160) for seed in (3, 4))
        assert first.tobytes() != second.tobytes()

    @pytest.mark.parametrize("size", [(300, 200), (200, 300)], ids=["landscape", "portrait"])
    def test_has_the_size_asked_for_and_is_not_blank(self, motif, size):
        picture = draw(motif, 1, width=size[0], height=size[1])
        assert (picture.mode, picture.size) == ("RGB", size)
        assert max(ImageStat.Stat(picture).stddev) > 12


def test_the_usual_size_is_that_of_a_landscape_photograph():
    assert draw("wind_ridge", 1).size == (1800, 1200)


def test_an_unknown_motif_is_refused_by_name():
    with pytest.raises(UnknownMotif, match="No motif “moon”; known are award_stage"):
        draw("moon", 1)
