"""The demo's front page names only what the demo has."""

from __future__ import annotations

import pytest

from articles.demo.home import BLOCKS, PLACEMENTS
from articles.demo.organisation import CHANNELS
from articles.demo.pictures import MOTIFS
from articles.demo.stories import load_stories


class TestPlacements:
    @pytest.mark.parametrize("wanted", PLACEMENTS, ids=lambda each: each.story or each.address)
    def test_lead_to_stories_and_motifs_there_are(self, wanted):
        assert wanted.address or wanted.story in {story.key for story in load_stories()}
        assert not wanted.motif or wanted.motif in MOTIFS

    def test_weigh_channels_there_are(self):
        assert set(BLOCKS) <= {channel.slug for channel in CHANNELS}
