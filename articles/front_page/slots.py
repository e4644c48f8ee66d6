"""How much a slot holds, and what fills the places nobody filled by hand."""

from __future__ import annotations

from collections.abc import Iterable

from articles.front_page.entries import Entry
from articles.models import Edition, Placement

Slot = Placement.Slot

# What fits; placements beyond it wait until one before them ends.
CAPACITY: dict[str, int] = {
    Slot.LEAD: 1,
    Slot.RELATED: 3,
    Slot.CAROUSEL: 5,
    Slot.TOPICS: 4,
    Slot.PINNED: 12,
    Slot.PICTURES: 4,
}
# Slots that are nothing without a picture.
WITH_PICTURE = (Slot.CAROUSEL, Slot.PICTURES)
# An older picture is no lead.
LEAD_CANDIDATES = 20


def shown(slot: str, entries: Iterable[Entry]) -> list[Entry]:
    """Those of a slot's placements that readers get: as many as fit, of those that can be shown."""
    return [entry for entry in entries if can_be_shown(slot, entry)][: CAPACITY[slot]]


def can_be_shown(slot: str, entry: Entry) -> bool:
    return slot not in WITH_PICTURE or bool(entry.cover)


def lead(placed: list[Entry], newest: list[Edition]) -> Entry | None:
    """The one placed, else the newest story with a picture, else the newest."""
    if placed:
        return placed[0]
    candidates = newest[:LEAD_CANDIDATES]
    first = next((edition for edition in candidates if edition.cover), None)
    first = first or next(iter(candidates), None)
    return Entry(first) if first else None


def related(placed: list[Entry], lead: Entry | None, newest: list[Edition]) -> list[Entry]:
    """Links beneath the lead: those placed, then the newest that share a tag with it."""
    tags = set(lead.edition.tag_names) if lead and lead.edition else set()
    akin = [edition for edition in newest if tags.intersection(edition.tag_names)]
    return _filled(Slot.RELATED, placed, akin, without=[lead])


def carousel(placed: list[Entry], lead: Entry | None, newest: list[Edition]) -> list[Entry]:
    """The pictures at the top: those placed, then the lead's own and the newest."""
    leading = [lead.edition] if lead and lead.edition else []
    if lead and lead.picture and all(entry.edition != lead.edition for entry in placed):
        placed = [*placed, lead][: CAPACITY[Slot.CAROUSEL]]
    return _filled(Slot.CAROUSEL, placed, leading + newest)


def pictures(placed: list[Entry], above: list[Entry], newest: list[Edition]) -> list[Entry]:
    """Picture news: those placed, then the newest with a picture that do not stand above."""
    return _filled(Slot.PICTURES, placed, newest, without=above)


def _filled(
    slot: str,
    placed: list[Entry],
    candidates: Iterable[Edition],
    without: Iterable[Entry | None] = (),
) -> list[Entry]:
    entries = list(placed)
    taken = {entry.edition.pk for entry in (*placed, *without) if entry and entry.edition}
    for edition in candidates:
        if len(entries) >= CAPACITY[slot]:
            break
        entry = Entry(edition)
        if edition.pk not in taken and can_be_shown(slot, entry):
            entries.append(entry)
            taken.add(edition.pk)
    return entries
