"""Which topics a story belongs to: chosen by hand, an installment of a series, or found by a rule.

The rules of all topics are asked of the stories of a period at once, by cutting sets. A topic's
own page (articles/topics/rules.py) counts the newest 500 of each rule and only what readers may
see; here everything that was published or read in the period counts. A test compares the two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from articles.models import Installment, SectionStory, TopicSection
from articles.statistics import sums
from articles.statistics.nodes import Nodes

KEYS = ("article_id", "channel_id", "department_id", "tags", "published_at", "published_on")


# A row of `sums.tuples`.
Story = tuple[Any, ...]


def gather(
    rows: Iterable[Story], nodes: Nodes, topic_id: int | None = None
) -> defaultdict[int, list[Story]]:
    """Topic → its stories among `rows`, which begin with KEYS.

    Of one topic only if one is named. Two statements however many topics there are.
    """
    by_article = {row[0]: row for row in rows}
    members: defaultdict[int, set[int]] = defaultdict(set)
    for topic, article in _by_hand(topic_id):
        members[topic].add(article)
    sections = TopicSection.objects.filter(feed=TopicSection.Feed.RULE).select_related("topic")
    if topic_id is not None:
        sections = sections.filter(topic=topic_id)
    stories = _Stories(by_article.values(), nodes)
    for section in sections:
        members[section.topic_id] |= stories.found_by(section)
    found: defaultdict[int, list[Story]] = defaultdict(list)
    for topic, articles in members.items():
        found[topic] = [by_article[article] for article in articles if article in by_article]
    return found


def _by_hand(topic_id: int | None) -> Iterable[tuple[int, int]]:
    chosen = SectionStory.objects.filter(section__feed=TopicSection.Feed.HAND)
    numbered = Installment.objects.exclude(series__topic=None)
    if topic_id is not None:
        chosen = chosen.filter(section__topic=topic_id)
        numbered = numbered.filter(series__topic=topic_id)
    return (
        chosen.order_by()
        .values_list("section__topic", "edition")
        .union(numbered.order_by().values_list("series__topic", "edition"))
    )


class _Stories:
    """The stories of a period by what rules ask of them."""

    def __init__(self, rows: Iterable[Story], nodes: Nodes):
        self.nodes = nodes
        self.by_channel: defaultdict[int, set[int]] = defaultdict(set)
        self.by_unit: defaultdict[int | None, set[int]] = defaultdict(set)
        self.by_tag: defaultdict[str, set[int]] = defaultdict(set)
        self.rows = {row[0]: row for row in rows}
        for article, row in self.rows.items():
            self.by_channel[row[1]].add(article)
            self.by_unit[row[2]].add(article)
            for tag in row[3].split("\n"):
                self.by_tag[tag].add(article)

    def found_by(self, section: TopicSection) -> set[int]:
        found = set(self.rows)
        if section.channel_id:
            within = self.nodes.channels.ids_within(section.channel_id)
            found &= set().union(*(self.by_channel[each] for each in within))
        if section.unit_id:
            within = self.nodes.units.ids_within(section.unit_id)
            found &= set().union(*(self.by_unit[each] for each in within))
        if section.tag:
            found &= self.by_tag[section.tag]
        return {article for article in found if self._is_in_time(article, section)}

    def _is_in_time(self, article: int, section: TopicSection) -> bool:
        published_at, published_on = self.rows[article][4:6]
        day, ends_at = sums.day_of(published_on), section.topic.ends_at
        return (section.since or date.min) <= day <= (section.until or date.max) and (
            ends_at is None or sums.moment_of(published_at) < ends_at
        )
