"""What correspondents submitted in a period, and how much of it was adopted since.

A submission is the first time a manuscript was submitted to its unit or to the editors. It is
adopted when an editor moved it on, when it was published, or when a published story was made from
it; whenever that was, so that the figures of a month still rise after its end. A draft that was
deleted is counted nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fractions import Fraction

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from articles.models import Article, ManuscriptUse, Transition
from articles.models.stage import EDITED_TO, SENT_TO
from articles.models.tree import Tree
from articles.statistics.periods import Period


@dataclass(slots=True)
class Submissions:
    submitted: int = 0
    adopted: int = 0

    def count(self, *, is_adopted: bool) -> None:
        self.submitted += 1
        self.adopted += is_adopted

    def include(self, other: Submissions) -> None:
        self.submitted += other.submitted
        self.adopted += other.adopted

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.adopted, self.submitted) if self.submitted else None


@dataclass(frozen=True)
class Sent:
    """One submission: the unit of the manuscript, who submitted it."""

    unit: int | None
    person: str
    is_adopted: bool


def read(period: Period) -> list[Sent]:
    """The submissions of a period, in one statement."""
    here = OuterRef("article_number")
    sent = Transition.objects.filter(move="submit", to_stage__in=SENT_TO)
    earlier = sent.filter(article_number=here, number__lt=OuterRef("number"))
    moved_on = Transition.objects.filter(
        Q(move="submit", to_stage__in=EDITED_TO) | Q(move="publish"), article_number=here
    )
    used = ManuscriptUse.objects.filter(manuscript=here, article__status=Article.Status.PUBLISHED)
    articles = Article.objects.filter(pk=here)
    first, end = _moments(period)
    rows = (
        sent.filter(made_at__gte=first, made_at__lt=end)
        .filter(Exists(articles), ~Exists(earlier))
        .order_by()
        .values_list(
            Subquery(articles.values("source_department")),
            "actor_name",
            Exists(moved_on),
            Exists(used),
        )
    )
    return [Sent(unit, person, is_on or is_used) for unit, person, is_on, is_used in rows]


def by_unit(sent: Iterable[Sent]) -> defaultdict[int | None, Submissions]:
    """Those of each unit alone; None for those without one."""
    found: defaultdict[int | None, Submissions] = defaultdict(Submissions)
    for each in sent:
        found[each.unit].count(is_adopted=each.is_adopted)
    return found


def within(tree: Tree, own: defaultdict[int | None, Submissions], unit: int) -> Submissions:
    """Those of a unit with all beneath it."""
    total = Submissions()
    for each in tree.ids_within(unit):
        if each in own:
            total.include(own[each])
    return total


def by_person(sent: Iterable[Sent]) -> defaultdict[str, Submissions]:
    found: defaultdict[str, Submissions] = defaultdict(Submissions)
    for each in sent:
        found[each.person].count(is_adopted=each.is_adopted)
    return found


def total(sent: Iterable[Sent]) -> Submissions:
    found = Submissions()
    for each in sent:
        found.count(is_adopted=each.is_adopted)
    return found


def _moments(period: Period) -> tuple[datetime, datetime]:
    """From its first moment to the first one behind it, where readers are."""
    zone = timezone.get_default_timezone()
    end = period.last + timedelta(days=1)
    return datetime.combine(period.first, time.min, zone), datetime.combine(end, time.min, zone)
