"""What the editorial process has for somebody: waiting, come back, sent, scheduled, gone wrong.

Each list is one statement that knows its own length; whom stories wait for is asked once for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Window
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles import waiting
from articles.models import Article, Stage, Transition
from articles.models.article import ArticleQuerySet
from articles.models.people import display_name

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

# A desk is looked over, not leafed through: the oldest are named, and how many there are.
LINES = 20
FEW = 8
# Columns a list does not show.
WIDE = ("body", "summary")
WIDE_EDITION = ("edition__body", "edition__plain_text", "edition__summary")
# How long what is over stays in sight.
REJECTED_FOR = timedelta(days=14)
PUBLISHED_FOR = timedelta(days=7)
ENDING_WITHIN = timedelta(days=3)
SENT = (*waiting.EXPECTED, Stage.RESERVE)


@dataclass(frozen=True)
class Line:
    """A story; since when it stands where it stands, who has it, and what was said of it."""

    article: Article
    since: datetime | None = None
    is_overdue: bool = False
    people: list[str] = field(default_factory=list)
    said: str = ""
    by: str = ""


@dataclass(frozen=True)
class Section:
    """The first lines, and how many there are of all."""

    lines: list[Line]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.lines)


@dataclass(frozen=True)
class Trouble:
    """A story something is wrong with, and what."""

    article: Article
    what: str | Promise
    at: datetime | None = None


@dataclass(frozen=True)
class Process:
    waiting: Section
    returned: Section
    sent: Section
    scheduled: Section
    overdue: Section
    troubles: list[Trouble]

    @property
    def wrong(self) -> int:
        return self.overdue.total + len(self.troubles)


def of(user: User | AnonymousUser) -> Process:
    now = timezone.now()
    mine = Article.objects.visible_to(user)
    for_me = waiting.for_person(user)
    waits = _rows(for_me.order_by("stage_since", "id"), LINES)
    returned = _rows(_returned(mine, user, now), LINES)
    sent = _rows(_sent(mine, user, now), LINES)
    late = _rows(
        waiting.overdue(mine, now).exclude(pk__in=for_me.values("pk")).order_by("stage_since"), FEW
    )
    people = waiting.people_for([*sent, *late])
    before = waiting.overdue_before(now)

    def section(rows: Sequence[Article]) -> Section:
        lines = [_line(article, people.get(article.pk, []), before) for article in rows]
        return Section(lines, rows[0].total if rows else 0)  # type: ignore[attr-defined]

    return Process(
        waiting=section(waits),
        returned=section(returned),
        sent=section(sent),
        scheduled=section(_rows(_scheduled(mine, now), FEW)),
        overdue=section(late),
        troubles=_troubles(mine, now),
    )


def _rows(rows: QuerySet[Article], most: int) -> list[Article]:
    """The first of these, each with the number of all as `total`."""
    counted = rows.annotate(total=Window(Count("*")))
    narrow = counted.select_related("channel", "edition").defer(*WIDE, *WIDE_EDITION)
    return list(narrow[:most])


def _line(article: Article, people: Iterable[User], overdue_before: datetime) -> Line:
    is_overdue = article.stage in waiting.EXPECTED and bool(
        article.stage_since and article.stage_since <= overdue_before
    )
    return Line(
        article,
        article.stage_since,
        is_overdue,
        [display_name(person) for person in people],
        getattr(article, "said", "") or "",
        getattr(article, "said_by", "") or "",
    )


# What each list holds ------------------------------------------------------------------------


def _submitted_by(user: User | AnonymousUser) -> Q:
    rows = Transition.objects.filter(actor=user.pk, move="submit")
    return Q(pk__in=rows.values("article_number"))


def _returned(
    mine: ArticleQuerySet, user: User | AnonymousUser, now: datetime
) -> QuerySet[Article]:
    """What came back to whoever wrote or submitted it, with the reason that was given; nothing
    that a round-up has brought before readers after all."""
    back = Transition.objects.filter(
        article_number=OuterRef("pk"), to_stage=OuterRef("stage")
    ).order_by("-number")
    is_back = Q(stage=Stage.RETURNED) | Q(stage=Stage.REJECTED, stage_since__gt=now - REJECTED_FOR)
    return (
        mine.filter(is_back)
        .filter(Q(created_by=user.pk) | _submitted_by(user))
        .exclude(stage=Stage.REJECTED, used_in__article__status=Article.Status.PUBLISHED)
        .annotate(
            said=Subquery(back.values("reason")[:1]),
            said_by=Subquery(back.values("actor_name")[:1]),
        )
        .order_by("-stage_since", "-id")
    )


def _sent(mine: ArticleQuerySet, user: User | AnonymousUser, now: datetime) -> QuerySet[Article]:
    """What this person sent on its way: with others now, or published lately."""
    on_its_way = Q(stage__in=SENT)
    out = Q(
        stage=Stage.WRITING,
        status=Article.Status.PUBLISHED,
        edition__published_at__gt=now - PUBLISHED_FOR,
        edition__published_at__lte=now,
    )
    return mine.filter(on_its_way | out).filter(_submitted_by(user)).order_by("-stage_since", "-id")


def _scheduled(mine: ArticleQuerySet, now: datetime) -> QuerySet[Article]:
    rows = mine.published().filter(edition__published_at__gt=now, edition__withdrawn_at=None)
    return rows.order_by("edition__published_at", "id")


# What goes wrong -----------------------------------------------------------------------------


def _troubles(mine: ArticleQuerySet, now: datetime) -> list[Trouble]:
    narrow = mine.select_related("channel", "edition").defer(*WIDE, *WIDE_EDITION)
    to_come = Q(edition__published_at__gt=now)
    stopped = narrow.filter(to_come, status=Article.Status.WITHDRAWN)
    changed = narrow.changed_since_published().filter(to_come)
    late = narrow.filter(
        planned_on__lte=timezone.localdate(now),
        status__in=(Article.Status.DRAFT, Article.Status.WITHDRAWN),
    ).exclude(stage=Stage.REJECTED)
    ending = narrow.published().filter(
        edition__expires_at__gt=now, edition__expires_at__lte=now + ENDING_WITHIN
    )
    found = [
        *_named(
            stopped.order_by("edition__published_at"),
            _("was withdrawn before its time, and will not appear then"),
        ),
        *_named(
            changed.order_by("edition__published_at"),
            _("was changed after it was scheduled; readers will get the earlier text"),
        ),
    ]
    found += [
        Trouble(article, _("its planned day has come, and it is not published"), None)
        for article in late.order_by("planned_on", "id")[:FEW]
    ]
    found += [
        Trouble(article, _("is about to expire"), article.edition.expires_at)
        for article in ending.order_by(F("edition__expires_at").asc())[:FEW]
    ]
    return found


def _named(rows: QuerySet[Article], what: str | Promise) -> list[Trouble]:
    return [Trouble(article, what, article.edition.published_at) for article in rows[:FEW]]
