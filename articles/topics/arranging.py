"""Staff arrange a topic: its banner, the order of what it holds, stories chosen by hand.

A banner has public names from the moment it is chosen until another one takes its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max, Model, QuerySet
from django.utils import timezone

from articles import freshness, own_pictures
from articles.models import (
    Edition,
    SectionStory,
    Topic,
    TopicBanner,
    TopicMaterial,
    TopicSection,
)
from articles.topics import composing, installments

# A section holds no more by hand; a page with more would be a list.
MOST_CHOSEN = 100
# Files of its stories that are offered as materials.
FILES_OFFERED = 50


@transaction.atomic
def keep(topic: Topic, *, banner: ContentFile | None = None, without_banner: bool = False) -> Topic:
    """Saves a topic; `banner` is a clean copy of an upload."""
    topic.save()
    if banner or without_banner:
        _drop_banner(topic)
    if banner:
        own = TopicBanner(topic=topic)
        own_pictures.keep(own, banner)
        own_pictures.expose(own)
    return topic


@transaction.atomic
def remove(topic: Topic) -> None:
    """Its stories stay where they are; a series stays without a topic."""
    _drop_banner(topic)
    topic.delete()


def _drop_banner(topic: Topic) -> None:
    own = TopicBanner.objects.filter(topic=topic).first()
    if own is not None:
        own_pictures.drop(own)


def expose_all() -> int:
    """Gives the banners of all topics their public names again; returns how many."""
    banners = list(TopicBanner.objects.all())
    for banner in banners:
        own_pictures.expose(banner)
    return len(banners)


@transaction.atomic
def append(row: TopicSection | TopicMaterial) -> None:
    """Saves a new section or material behind those the topic has."""
    _lock(Topic, row.topic_id)
    neighbours = type(row).objects.filter(topic=row.topic_id)
    row.order = _next(neighbours)
    row.save()


@transaction.atomic
def choose(section: TopicSection, edition: Edition) -> bool:
    """Puts a story behind those of the section; False when it is full or has it already."""
    _lock(TopicSection, section.pk)
    rows = SectionStory.objects.filter(section=section)
    if rows.filter(edition=edition).exists() or rows.count() >= MOST_CHOSEN:
        return False
    SectionStory.objects.create(section=section, edition=edition, order=_next(rows))
    return True


def _lock(model: type[Model], pk: int | None) -> None:
    """Makes changes of what this row holds wait for each other."""
    list(model._default_manager.select_for_update().filter(pk=pk).values_list("pk"))


def _next(rows: QuerySet[Any]) -> int:
    last: int | None = rows.aggregate(last=Max("order"))["last"]
    return 0 if last is None else last + 1


@transaction.atomic
def reorder(rows: QuerySet[Any], ids: Sequence[int]) -> None:
    """Puts these of the sections, stories or materials first, in this order."""
    known = list(rows.select_for_update().order_by("order", "id"))
    wanted = {pk: place for place, pk in enumerate(ids)}
    known.sort(key=lambda row: wanted.get(row.pk, len(wanted)))
    for place, row in enumerate(known):
        row.order = place
    rows.model._default_manager.bulk_update(known, ["order"])
    freshness.changed(freshness.NO_MARK)


def files_offered(topic: Topic) -> list[dict[str, Any]]:
    """Files of its live stories that are no materials yet, as editions name them."""
    at = timezone.now()
    found = composing.stories_of(topic, list(topic.sections.all()), at)
    pks = {story.article_id for row in found.values() for story in row}
    for series in installments.of_topic(topic, at):
        pks |= {row.edition_id for row in series.installments}
    taken = set(topic.materials.values_list("attachment", flat=True))
    with_files = Edition.objects.live(at).filter(pk__in=pks).exclude(attachments=[])
    lists = with_files.newest_first().values_list("attachments", flat=True)
    files = [file for names in lists for file in names if file["id"] not in taken]
    return files[:FILES_OFFERED]
