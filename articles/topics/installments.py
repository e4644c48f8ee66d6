"""The installments of a series: their numbers, what stands before and after, summed views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _

from articles import freshness
from articles.models import Edition, Installment, Series, Topic
from articles.models.series import MOST_INSTALLMENTS
from articles.visits import figures

# Longer lists are folded beneath each story.
MOST_UNFOLDED = 12


class NumberRefused(Exception):
    """Says why a story cannot have this number."""


@dataclass(frozen=True)
class SeriesOfStories:
    """A series as readers get it at a moment: installments that are live, in order."""

    series: Series
    installments: list[Installment]
    views: int
    at: datetime

    @property
    def is_short(self) -> bool:
        return len(self.installments) <= MOST_UNFOLDED


@dataclass(frozen=True)
class PlaceInSeries:
    """Where a story stands in its series."""

    shown: SeriesOfStories
    here: Installment
    previous: Installment | None
    next: Installment | None

    @property
    def numbers(self) -> list[int]:
        """Of all stories of the series."""
        return [row.edition_id for row in self.shown.installments]


def _live(at: datetime) -> QuerySet[Installment]:
    """Installments readers may see, in the order of their numbers, with what lists show."""
    live = Exists(Edition.objects.live(at).filter(pk=OuterRef("edition")))
    rows = Installment.objects.filter(live).select_related("edition").order_by("number")
    return rows.defer("edition__body", "edition__plain_text")


def of_story(article_id: int, at: datetime) -> PlaceInSeries | None:
    """The place of a story; None for one that belongs to no series. Two statements."""
    ours = Installment.objects.filter(edition=article_id).values("series")
    rows = list(_live(at).filter(series__in=ours).select_related("edition", "series__topic"))
    place = next((n for n, row in enumerate(rows) if row.edition_id == article_id), None)
    if place is None:
        return None
    return PlaceInSeries(
        _with_views(rows[place].series, rows, at),
        rows[place],
        rows[place - 1] if place else None,
        rows[place + 1] if place + 1 < len(rows) else None,
    )


def of_topic(topic: Topic, at: datetime) -> list[SeriesOfStories]:
    """The series of a topic that have begun, each with its own sum of views."""
    rows = list(topic.series.prefetch_related(Prefetch("installments", _live(at), to_attr="live")))
    views = figures.views_of([each.edition_id for row in rows for each in row.live])
    return [
        SeriesOfStories(row, row.live, sum(views.get(each.edition_id, 0) for each in row.live), at)
        for row in rows
        if row.live
    ]


def _with_views(series: Series, rows: list[Installment], at: datetime) -> SeriesOfStories:
    views = figures.views_together([row.edition_id for row in rows])
    return SeriesOfStories(series, rows, views, at)


# Staff -------------------------------------------------------------------------------------


@transaction.atomic
def add(series: Series, edition: Edition) -> Installment:
    """Makes a story the next installment. Raises NumberRefused."""
    # One after the other: two would take the same number, or number the same story.
    _lock(series)
    list(Edition.objects.select_for_update().filter(pk=edition.pk).values_list("pk"))
    known = Installment.objects.filter(edition=edition).select_related("series").first()
    if known:
        raise NumberRefused(
            _("This story is installment %(number)d of “%(series)s” already. Take it out there.")
            % {"number": known.number, "series": known.series}
        )
    last = series.installments.aggregate(last=Max("number"))["last"] or 0
    if last >= MOST_INSTALLMENTS:
        raise NumberRefused(_("A series holds 999 installments at most. Begin another one."))
    return Installment.objects.create(series=series, edition=edition, number=last + 1)


def _lock(series: Series) -> None:
    list(Series.objects.select_for_update().filter(pk=series.pk).values_list("pk"))


@transaction.atomic
def renumber(series: Series, numbers: dict[int, int]) -> None:
    """Gives installments (row → number) other numbers. Raises NumberRefused."""
    _lock(series)
    rows = list(series.installments.all())
    for row in rows:
        row.number = numbers.get(row.pk, row.number)
        if not 1 <= row.number <= MOST_INSTALLMENTS:
            raise NumberRefused(_("Numbers lie between 1 and 999. Correct the others."))
    if len({row.number for row in rows}) < len(rows):
        raise NumberRefused(_("Two installments have the same number. Give each its own."))
    # Two that change places would meet on the way.
    series.installments.update(number=F("number") + MOST_INSTALLMENTS)
    Installment.objects.bulk_update(rows, ["number"])
    freshness.changed()
