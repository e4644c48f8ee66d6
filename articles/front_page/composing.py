"""Puts the front page together, in a constant number of queries however much there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from articles.front_page import entries, slots, unit_news
from articles.front_page.entries import Entry
from articles.front_page.unit_news import UnitNews, Units
from articles.models import Channel, Edition, Placement, SiteLink
from articles.models.edition import EditionQuerySet
from articles.models.tree import Tree
from articles.renditions import Address
from articles.visits import hot as hot_stories

Block = Channel.Block
Slot = Placement.Slot

# Slots are filled from these: the newest of all channels.
NEWEST = 40
STORIES_PER_CHANNEL = 7
HOT_STORIES = 10
# Stories may be withdrawn since they were read.
HOT_CANDIDATES = 30


@dataclass(frozen=True)
class ChannelBlock:
    channel: Channel
    stories: list[Entry]


@dataclass(frozen=True)
class FrontPage:
    """`beside` stands beside the carousel; the other blocks of channels by their weight."""

    at: datetime
    lead: Edition | None = None
    headline: Entry | None = None
    related: list[Entry] = field(default_factory=list)
    carousel: list[Entry] = field(default_factory=list)
    topics: list[Entry] = field(default_factory=list)
    pictures: list[Entry] = field(default_factory=list)
    beside: ChannelBlock | None = None
    wide: list[ChannelBlock] = field(default_factory=list)
    columns: list[ChannelBlock] = field(default_factory=list)
    notices: list[ChannelBlock] = field(default_factory=list)
    unit_news: UnitNews = field(default_factory=UnitNews)
    hot: list[Edition] = field(default_factory=list)
    links: list[SiteLink] = field(default_factory=list)


def compose(
    channels: Tree,
    *,
    at: datetime | None = None,
    unit: str = "",
    address: Address | None = None,
) -> FrontPage:
    """The front page as it is at a moment (now), with the news of one unit if one is named.

    A channel that only gathers others has no block unless it is given one; the lead is not
    repeated in its block. Placements' own pictures are found at `address`.
    """
    at = at or timezone.now()
    placed = _placed(at, address)
    units = unit_news.read(at, unit)
    hot = _most_viewed(at)
    for_units = next((row for row in channels.rows.values() if row.block == Block.UNITS), None)
    unit_ids = channels.ids_within(for_units.pk) if for_units else []
    with_block = _with_block(channels)
    stories = _stories(at, with_block.values(), units, unit_ids, hot)
    newest = stories[:NEWEST]
    headline = slots.lead(placed[Slot.LEAD], newest)
    carousel = slots.carousel(placed[Slot.CAROUSEL], headline, newest)
    by_pk = {edition.pk: edition for edition in stories}
    lead = headline.edition if headline else None
    blocks = _weighed(_blocks(with_block, stories, placed[Slot.PINNED], lead))
    return FrontPage(
        at=at,
        lead=lead,
        headline=headline,
        related=slots.related(placed[Slot.RELATED], headline, newest),
        carousel=carousel,
        topics=placed[Slot.TOPICS],
        pictures=slots.pictures(
            placed[Slot.PICTURES], [*carousel, *([headline] if headline else [])], newest
        ),
        unit_news=UnitNews(
            units.offered,
            units.chosen,
            for_units,
            [story for story in stories if units.has(story, unit_ids)][: unit_news.STORIES],
        ),
        hot=[by_pk[pk] for pk in hot if pk in by_pk][:HOT_STORIES],
        links=list(SiteLink.objects.all()),
        beside=blocks.beside,
        wide=blocks.wide,
        columns=blocks.columns,
        notices=blocks.notices,
    )


def _placed(at: datetime, address: Address | None) -> dict[str, list[Entry]]:
    """What stands in each slot by hand and can be read."""
    by_slot: dict[str, list[Entry]] = defaultdict(list)
    for placement in Placement.objects.standing(at).with_stories():
        if placement.is_readable(at):
            by_slot[placement.slot].append(entries.placed(placement, address))
    return defaultdict(list, {slot: slots.shown(slot, row) for slot, row in by_slot.items()})


def _most_viewed(at: datetime) -> list[int]:
    return hot_stories.most_viewed(timezone.localdate(at), hot_stories.WEEK, HOT_CANDIDATES)


def _with_block(channels: Tree) -> dict[Channel, list[int]]:
    """Channels that have a block → the channels it shows."""
    shown = {}
    for _depth, row in channels.walk():
        gathers = bool(channels.children(row.pk)) and row.block == Block.AUTOMATIC
        if not gathers and row.block not in (Block.NONE, Block.UNITS):
            shown[row] = channels.ids_within(row.pk)
    return shown


def _stories(
    at: datetime,
    blocks: Iterable[list[int]],
    units: Units,
    unit_ids: list[int],
    hot: list[int],
) -> list[Edition]:
    """All stories the page may show, newest first: two queries."""
    live = Edition.objects.live(at)
    parts = [
        _first(live, NEWEST),
        _first(units.stories(live, unit_ids), unit_news.STORIES),
        live.filter(pk__in=hot).values_list("pk"),
        # One more than shown: the lead may be among them.
        *(_first(live.filter(channel__in=ids), STORIES_PER_CHANNEL + 1) for ids in blocks),
    ]
    found = parts[0].union(*parts[1:], all=True)
    shown = Edition.objects.filter(pk__in={row[0] for row in found})
    return list(shown.newest_first().for_lists())


def _first(editions: EditionQuerySet, count: int) -> QuerySet[Edition, tuple[int]]:
    """The newest of them. SQLite takes a limit in a nested query only."""
    newest = editions.newest_first().values("pk")[:count]
    return Edition.objects.filter(pk__in=newest).values_list("pk")


def _blocks(
    with_block: dict[Channel, list[int]],
    stories: list[Edition],
    pinned: list[Entry],
    lead: Edition | None,
) -> list[ChannelBlock]:
    """Blocks that are not empty: what is pinned in the channel first, then its newest."""
    blocks = []
    for channel, ids in with_block.items():
        first = [entry for entry in pinned if entry.edition and entry.edition.channel_id in ids]
        taken = {entry.edition.pk for entry in first if entry.edition}
        rest = [
            Entry(story)
            for story in stories
            if story.channel_id in ids and story != lead and story.pk not in taken
        ]
        if shown := (first + rest)[:STORIES_PER_CHANNEL]:
            blocks.append(ChannelBlock(channel, shown))
    return blocks


@dataclass(frozen=True)
class Weighed:
    """The blocks of channels by their place on the page."""

    beside: ChannelBlock | None
    wide: list[ChannelBlock]
    columns: list[ChannelBlock]
    notices: list[ChannelBlock]


def _weighed(blocks: list[ChannelBlock]) -> Weighed:
    """The first of the automatic blocks stands beside the carousel, the second across."""
    by_weight: dict[str, list[ChannelBlock]] = defaultdict(list)
    for block in blocks:
        by_weight[block.channel.block].append(block)
    automatic = by_weight[Block.AUTOMATIC]
    beside = automatic.pop(0) if automatic else None
    wide = by_weight[Block.WIDE] or automatic[:1]
    columns = [*by_weight[Block.COLUMN], *(block for block in automatic if block not in wide)]
    return Weighed(
        beside,
        wide,
        [block for block in blocks if block in columns],
        by_weight[Block.NOTICES],
    )
