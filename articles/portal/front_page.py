"""What stands on the front page: one lead story and the newest of each channel."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import QuerySet

from articles.models import Channel, Edition
from articles.models.tree import Tree

STORIES_PER_CHANNEL = 7
# The lead is the newest story with a picture among these; an older picture is no lead.
LEAD_CANDIDATES = 20


@dataclass(frozen=True)
class ChannelBlock:
    channel: Channel
    stories: list[Edition]


@dataclass(frozen=True)
class FrontPage:
    lead: Edition | None = None
    blocks: list[ChannelBlock] = field(default_factory=list)


def compose(channels: Tree) -> FrontPage:
    """The front page in two queries, however many channels there are.

    A channel that only gathers others has no block; the lead is not repeated in its block.
    """
    lead = _lead()
    leaves = [row for _depth, row in channels.walk() if not channels.children(row.pk)]
    stories = _newest_of_each(leaves)
    blocks = []
    for channel in leaves:
        shown = [story for story in stories.get(channel.pk, []) if story != lead]
        if shown:
            blocks.append(ChannelBlock(channel, shown[: STORIES_PER_CHANNEL - 1]))
    return FrontPage(lead, blocks)


def _lead() -> Edition | None:
    newest = list(Edition.objects.live().newest_first().for_lists()[:LEAD_CANDIDATES])
    with_picture = (edition for edition in newest if edition.cover)
    return next(with_picture, newest[0] if newest else None)


def _newest_of_each(channels: list[Channel]) -> dict[int, list[Edition]]:
    if not channels:
        return {}
    first, *others = (_newest_in(channel) for channel in channels)
    ids = [row[0] for row in first.union(*others, all=True)]
    by_channel: dict[int, list[Edition]] = {}
    for edition in Edition.objects.filter(pk__in=ids).newest_first().for_lists():
        by_channel.setdefault(edition.channel_id, []).append(edition)
    return by_channel


def _newest_in(channel: Channel) -> QuerySet[Edition, tuple[int]]:
    """The rows of one channel's block. SQLite takes a limit in a nested query only."""
    newest = Edition.objects.live().filter(channel=channel).newest_first()
    return Edition.objects.filter(pk__in=newest.values("pk")[:STORIES_PER_CHANNEL]).values_list(
        "pk"
    )
