"""What stands on which day of the editorial calendar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber, TruncDate
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import planning, workflow
from articles.admin.base import FIRST_YEAR, LAST_YEAR
from articles.admin.desk_process import WIDE, WIDE_EDITION
from articles.models import Article
from articles.models.article import ArticleQuerySet
from articles.recording import Actor
from articles.workflow import MoveRefused

# Of one kind on one day; the week shows more, and says how many there are besides.
MOST_IN_MONTH, MOST_IN_WEEK = 5, 50
ONE_DAY = timedelta(days=1)


class Kind(models.TextChoices):
    PLANNED = "planned", gettext_lazy("planned")
    SCHEDULED = "scheduled", gettext_lazy("scheduled")
    PUBLISHED = "published", gettext_lazy("published")
    EXPIRING = "expiring", gettext_lazy("expiring")


# Kind → the move that carries it to another day.
MOVES = {Kind.SCHEDULED: "reschedule", Kind.EXPIRING: "end"}


@dataclass(frozen=True)
class Span:
    """A month in whole weeks, Mondays first, or one week; `on` is a day of it."""

    on: date
    is_week: bool

    @classmethod
    def of(cls, typed: str, *, is_week: bool) -> Span:
        """Of a day as 2026-06-15; today for anything else."""
        try:
            day = parse_date(typed)
        except ValueError:
            day = None
        # A whole span away from the ends of what databases keep.
        is_known = day is not None and FIRST_YEAR < day.year < LAST_YEAR
        return cls(day if day and is_known else timezone.localdate(), is_week)

    @property
    def first(self) -> date:
        start = self.on if self.is_week else self.on.replace(day=1)
        return start - start.weekday() * ONE_DAY

    @property
    def last(self) -> date:
        end = self.on if self.is_week else self.after - ONE_DAY
        return end + (6 - end.weekday()) * ONE_DAY

    @property
    def before(self) -> date:
        """A day of the span before."""
        return self.on - 7 * ONE_DAY if self.is_week else self.on.replace(day=1) - ONE_DAY

    @property
    def after(self) -> date:
        if self.is_week:
            return self.on + 7 * ONE_DAY
        return (self.on.replace(day=1) + 31 * ONE_DAY).replace(day=1)

    @property
    def days(self) -> list[date]:
        count = (self.last - self.first).days + 1
        return [self.first + number * ONE_DAY for number in range(count)]

    @property
    def most(self) -> int:
        return MOST_IN_WEEK if self.is_week else MOST_IN_MONTH

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first midnight up to the one after the last day."""
        first = timezone.make_aware(datetime.combine(self.first, time()))
        return first, timezone.make_aware(datetime.combine(self.last + ONE_DAY, time()))

    def holds(self, day: date) -> bool:
        """Whether the day belongs to the month, not to the weeks around it."""
        return self.is_week or day.month == self.on.month


@dataclass(frozen=True)
class Entry:
    """`why_not`: why it cannot be moved, "" when it can."""

    article: Article
    kind: Kind
    at: datetime | None
    why_not: str

    @property
    def title(self) -> str:
        """As readers have it or are about to get it; of a plan as it is written now."""
        return self.article.title if self.kind == Kind.PLANNED else self.article.edition.title


@dataclass(frozen=True)
class Day:
    day: date
    is_inside: bool
    is_today: bool
    entries: list[Entry]
    more: int


def days_of(user: User, span: Span, now: datetime) -> list[Day]:
    """The days of the span with what this person may see on them; four statements."""
    entries: dict[date, list[Entry]] = defaultdict(list)
    totals: dict[tuple[date, Kind], int] = {}
    for kind, article, day, total in _rows(Article.objects.visible_to(user), span, now):
        entries[day].append(
            Entry(article, kind, _moment(article, kind), why_not(user, article, kind))
        )
        totals[day, kind] = total
    today = timezone.localdate(now)
    return [
        Day(
            day,
            span.holds(day),
            day == today,
            entries[day],
            sum(totals.get((day, kind), 0) for kind in Kind) - len(entries[day]),
        )
        for day in span.days
    ]


def why_not(user: User, article: Article, kind: str) -> str:
    """Why this person cannot move it to another day, as a sentence; "" when they can."""
    if kind == Kind.PUBLISHED:
        return _("Readers have this story already; its time stays as it is.")
    if kind == Kind.PLANNED:
        return planning.why_not(article, by=Actor(user))
    if kind == Kind.EXPIRING and article.is_published and article.edition.has_expired:
        return _("It has ended. To show it to readers again, choose its times on its own page.")
    try:
        workflow.require(user, MOVES[Kind(kind)], article)
    except MoveRefused as refusal:
        return " ".join(refusal.reasons)
    return ""


def _moment(article: Article, kind: Kind) -> datetime | None:
    if kind == Kind.PLANNED:
        return None
    return article.edition.expires_at if kind == Kind.EXPIRING else article.edition.published_at


def _rows(
    mine: ArticleQuerySet, span: Span, now: datetime
) -> Iterator[tuple[Kind, Article, date, int]]:
    """(kind, story, day, how many of the kind on that day)"""
    start, end = span.moments
    out = mine.published()
    planned = mine.filter(
        planned_on__gte=span.first,
        planned_on__lte=span.last,
        status__in=(Article.Status.DRAFT, Article.Status.WITHDRAWN),
    )
    yield from _of(Kind.PLANNED, planned.annotate(day=F("planned_on")), "pk", span.most)
    moments: list[tuple[Kind, str, dict[str, Any]]] = [
        (Kind.SCHEDULED, "published_at", {"gt": now, "gte": start, "lt": end}),
        (Kind.PUBLISHED, "published_at", {"lte": now, "gte": start, "lt": end}),
        (Kind.EXPIRING, "expires_at", {"gte": start, "lt": end}),
    ]
    for kind, field, bounds in moments:
        name = f"edition__{field}"
        rows = out.filter(**{f"{name}__{bound}": value for bound, value in bounds.items()})
        yield from _of(kind, rows.annotate(day=TruncDate(name)), name, span.most)


def _of(
    kind: Kind, rows: QuerySet[Any], order: str, most: int
) -> Iterator[tuple[Kind, Article, date, int]]:
    """The first of each day, in order."""
    first = rows.annotate(
        total=Window(Count("*"), partition_by=F("day")),
        place=Window(RowNumber(), partition_by=F("day"), order_by=[F(order).asc(), F("pk").asc()]),
    ).filter(place__lte=most)
    shown = first.select_related("edition").defer(*WIDE, *WIDE_EDITION)
    for article in shown.order_by("day", "place"):
        yield kind, article, article.day, article.total
