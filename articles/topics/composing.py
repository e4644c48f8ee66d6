"""The page of a topic at a moment: banner, sections, series, materials, statistics.

However many sections there are, the number of statements is the same. Statistics are those of
the stories the topic holds, of each rule the newest ones only, and they say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone

from articles import renditions
from articles.models import Edition, SectionStory, Topic, TopicMaterial, TopicSection
from articles.renditions import Photograph
from articles.topics import installments, rules
from articles.topics.installments import SeriesOfStories
from articles.topics.rules import Found
from articles.visits import figures


@dataclass(frozen=True)
class ShownSection:
    """`more`: the address of the list that holds the rest, where there are more."""

    section: TopicSection
    stories: list[Edition]
    more: str = ""


@dataclass(frozen=True)
class Material:
    """A link, or a file as the edition it belongs to names it."""

    title: str
    address: str = ""
    file: dict[str, Any] | None = None


@dataclass(frozen=True)
class Statistics:
    """Sums over the stories of a topic at a moment; `is_cut`: a rule found more than counted."""

    at: datetime
    stories: int = 0
    units: int = 0
    pictures: int = 0
    views: int = 0
    is_cut: bool = False


@dataclass(frozen=True)
class TopicPage:
    topic: Topic
    banner: Photograph | None
    sections: list[ShownSection]
    series: list[SeriesOfStories]
    materials: list[Material]
    statistics: Statistics
    most_counted: int = field(default=rules.MOST_FOUND)

    @property
    def is_over(self) -> bool:
        return self.topic.is_over(self.statistics.at)


def compose(topic: Topic, at: datetime | None = None) -> TopicPage:
    """What readers get of a topic at a moment (now)."""
    at = at or timezone.now()
    sections = list(topic.sections.select_related("channel", "unit"))
    found = stories_of(topic, sections, at)
    series = installments.of_topic(topic, at)
    shown = _shown(sections, found)
    editions = _editions({story for row in shown.values() for story in row})
    return TopicPage(
        topic=topic,
        banner=banner_of(topic),
        sections=[
            ShownSection(
                section,
                [editions[pk] for pk in shown[section.pk] if pk in editions],
                section.list_address if len(found[section.pk]) > section.shown else "",
            )
            for section in sections
            if shown[section.pk]
        ],
        series=series,
        materials=_materials(topic, at),
        statistics=_statistics(found, series, at),
    )


def banner_of(topic: Topic) -> Photograph | None:
    banner = getattr(topic, "banner", None)
    return renditions.whole_photograph(banner) if banner else None


def stories_of(
    topic: Topic, sections: list[TopicSection], at: datetime
) -> defaultdict[int, list[Found]]:
    """Section → its stories: in the order of the hand, or newest first."""
    stories: defaultdict[int, list[Found]] = defaultdict(list)
    by_rule = [section for section in sections if section.is_by_rule]
    found = rules.find(by_rule, at, until=topic.ends_at) if by_rule else []
    for story in [*_chosen(topic, at), *found]:
        stories[story.section_id].append(story)
    return stories


def _chosen(topic: Topic, at: datetime) -> list[Found]:
    by_hand = SectionStory.objects.filter(
        Exists(Edition.objects.live(at).filter(pk=OuterRef("edition"))),
        section__topic=topic,
        section__feed=TopicSection.Feed.HAND,
    )
    rows = by_hand.values_list("section_id", "edition_id", "edition__department_id")
    return [Found(*row) for row in rows]


def _shown(sections: list[TopicSection], found: dict[int, list[Found]]) -> dict[int, list[int]]:
    """Section → the numbers of the stories the page shows of it."""
    return {
        section.pk: [
            story.article_id
            for story in found[section.pk][: section.shown if section.is_by_rule else None]
        ]
        for section in sections
    }


def _editions(pks: set[int]) -> dict[int, Edition]:
    return {row.pk: row for row in Edition.objects.filter(pk__in=pks).for_lists()}


def _materials(topic: Topic, at: datetime) -> list[Material]:
    """Links, and the files that live stories name."""
    rows = list(topic.materials.select_related("attachment"))
    named = _named_files(rows, at)
    materials = []
    for row in rows:
        if row.attachment is None:
            materials.append(Material(row.title, row.address))
        elif row.attachment_id in named:
            file = named[row.attachment_id] | {"downloads": row.attachment.downloads}
            materials.append(Material(row.title, file=file | {"title": row.title}))
    return materials


def _named_files(rows: list[TopicMaterial], at: datetime) -> dict[int | None, dict[str, Any]]:
    stories = [row.attachment.article_id for row in rows if row.attachment]
    live = Edition.objects.live(at).filter(pk__in=stories)
    return {
        file["id"]: file for files in live.values_list("attachments", flat=True) for file in files
    }


def _statistics(
    found: dict[int, list[Found]], series: list[SeriesOfStories], at: datetime
) -> Statistics:
    """Each story once, wherever it stands."""
    units = {story.article_id: story.department_id for row in found.values() for story in row}
    for each in series:
        units |= {row.edition_id: row.edition.department_id for row in each.installments}
    counted = Edition.objects.filter(pk__in=list(units)).aggregate(sum=Sum("pictures"))
    return Statistics(
        at=at,
        stories=len(units),
        units=len({unit for unit in units.values() if unit}),
        pictures=counted["sum"] or 0,
        views=figures.views_together(list(units)),
        is_cut=any(len(row) >= rules.MOST_FOUND for row in found.values()),
    )


def with_banners(topics: Iterable[Topic]) -> list[tuple[Topic, Photograph | None]]:
    """Topics as lists of them show them."""
    return [(topic, banner_of(topic)) for topic in topics]
