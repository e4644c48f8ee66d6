"""Looks over a day's ledger for stories whose views look made.

Each rule of `suspicion_rules` tells by which figures a story met it; a person looks into it and
decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F, Window
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import text
from articles.models import Suspicion
from articles.visits import audit, holds
from articles.visits.suspicion_rules import NIGHT, RULES, Day

LONGEST_FINDING = 200


class FindingRefused(Exception):
    """Why a finding cannot be kept; its sentence is for staff."""


class LookedIntoAlready(FindingRefused):
    """A second click, or a colleague was quicker."""


def write(day: date) -> list[Suspicion]:
    """Finds and keeps the suspicions of a day; what somebody looked into stays as it is."""
    found = find(day)
    with transaction.atomic():
        rows = Suspicion.objects.filter(day=day)
        rows.filter(looked_at=None).delete()
        decided = set(rows.values_list("article_id", flat=True))
        new = [row for row in found if row.article_id not in decided]
        Suspicion.objects.bulk_create(new, ignore_conflicts=True)
    return found


def find(day: date) -> list[Suspicion]:
    """One statement, whatever the number of stories. The most viewed first."""
    stories = dict(_stories(day))
    together = _together(stories.values())
    found = [
        Suspicion(article_id=article_id, day=day, views=story.views, reasons=reasons)
        for article_id, story in stories.items()
        if (reasons := _reasons(story, _without(together, story)))
    ]
    return sorted(found, key=lambda row: (-row.views, row.article_id))


def _reasons(story: Day, others: Day) -> list[dict[str, int | str]]:
    asked = [
        rule for rule in RULES if story.views >= rule.least and others.views >= rule.least_others
    ]
    return [
        {"rule": rule.name, **figures}
        for rule in asked
        if (figures := rule.figures(story, others)) is not None
    ]


def look_into(suspicion: Suspicion, *, by: User, finding: str) -> None:
    """Keeps what a person found; the first finding stands. Raises FindingRefused."""
    finding = text.tidy_line(finding.replace("\0", ""))
    if not finding:
        raise FindingRefused(_("Write what you found, so that everybody can see it later."))
    if len(finding) > LONGEST_FINDING:
        raise FindingRefused(_("The finding is longer than 200 characters. Shorten it."))
    undecided = Suspicion.objects.filter(pk=suspicion.pk, looked_at=None)
    if not undecided.update(looked_at=timezone.now(), looked_by=by, finding=finding):
        raise LookedIntoAlready(_("This was looked into already."))


def words_of(suspicion: Suspicion) -> list[str]:
    """Its reasons as sentences; a rule there is no more says nothing."""
    rules = {rule.name: rule for rule in RULES}
    return [
        rules[reason["rule"]].words(reason)
        for reason in suspicion.reasons
        if reason["rule"] in rules
    ]


def minutes_of(suspicion: Suspicion) -> list[tuple[datetime, int]]:
    """(minute, how many views came in it), as long as the ledger knows."""
    rows = audit.counted_on(suspicion.day).filter(article_id=suspicion.article_id)
    return holds.minutes_of(rows)


def _stories(day: date) -> Iterator[tuple[int, Day]]:
    rows = audit.counted_on(day).annotate(
        read=Window(Count("article_id"), partition_by=[F("visit_id")])
    )
    ordered = rows.order_by("article_id", "counted_at")
    named = ordered.values_list("article_id", "counted_at", "network", "read", named=True)
    for article_id, views in groupby(named.iterator(), key=attrgetter("article_id")):
        story = Day()
        for view in views:
            story.views += 1
            story.networks[view.network] += 1
            story.alone += view.read == 1
            story.at_night += timezone.localtime(view.counted_at).hour in NIGHT
            story.moments.append(view.counted_at)
        yield article_id, story


def _together(stories: Iterable[Day]) -> Day:
    together = Day()
    for story in stories:
        together.views += story.views
        together.networks.update(story.networks)
        together.alone += story.alone
        together.at_night += story.at_night
    return together


def _without(together: Day, story: Day) -> Day:
    """What the day's other stories had; a counter answers for what is missing."""
    return Day(
        together.views - story.views,
        Counter({name: together.networks[name] - n for name, n in story.networks.items()}),
        together.alone - story.alone,
        together.at_night - story.at_night,
    )
