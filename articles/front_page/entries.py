"""One line of a slot: a story or an address, placed by hand or filled in by rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from articles import renditions
from articles.models import Edition, Placement
from articles.renditions import Photograph


@dataclass(frozen=True)
class Entry:
    """Answers to the names templates know from editions; a placement's own words come first."""

    edition: Edition | None
    placement: Placement | None = None
    picture: Photograph | None = None

    def get_absolute_url(self) -> str:
        if self.edition is not None:
            return self.edition.get_absolute_url()
        return self.placement.address if self.placement else ""

    @property
    def own_title(self) -> str:
        return self.placement.title if self.placement else ""

    @property
    def title(self) -> str:
        return self.own_title or (self.edition.title if self.edition else "")

    @property
    def list_title(self) -> str:
        return self.own_title or (self.edition.list_title if self.edition else "")

    @property
    def kicker(self) -> str:
        """Part of a headline set; a title of the placement's own stands alone."""
        return self.edition.kicker if self.edition and not self.own_title else ""

    @property
    def subtitle(self) -> str:
        return self.edition.subtitle if self.edition and not self.own_title else ""

    @property
    def summary(self) -> str:
        return self.edition.summary if self.edition else ""

    @property
    def source_name(self) -> str:
        return self.edition.source_name if self.edition else ""

    @property
    def published_at(self) -> datetime | None:
        return self.edition.published_at if self.edition else None

    @property
    def cover(self) -> Any:
        return self.picture or (self.edition.cover if self.edition else None)


def placed(placement: Placement, address: renditions.Address | None = None) -> Entry:
    """What a placement shows; its own picture at `address`, the public one unless told."""
    own = getattr(placement, "picture", None)
    shape = renditions.whole_photograph if placement.slot in WIDE else renditions.cover_photograph
    return Entry(placement.edition, placement, shape(own, address) if own else None)


# Slots that show a picture as it is; the others cut it to the shape of a cover.
WIDE = (Placement.Slot.TOPICS,)
