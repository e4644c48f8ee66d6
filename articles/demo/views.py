"""Views of the demo's stories over 60 days, so that figures, lists and charts look alive.

They take the road of real ones: inbox and drain make the sums, and as long as a ledger is kept
there is a row in it for each. Made up by chance, which is the same in every demo.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import blake2b
from random import Random
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from articles.demo.stories import DemoStory
from articles.models import ArticleViews, Outcome, ViewInbox
from articles.visits import draining, ledger

# What is older was counted elsewhere before, as it were.
PERIOD = timedelta(days=60)
SEED = 20
HOUR = timedelta(hours=1)
# How many read in each hour of a day: few at night, most when work begins, at noon and at nine.
HOURS = (2, 1, 1, 1, 1, 2, 5, 10, 18, 16, 14, 12, 15, 13, 12, 12, 13, 15, 12, 11, 13, 14, 9, 5)
WEEKEND = 0.6
SATURDAY = 5
# A story is read (1 + age in days) to this power as often as on its first day.
FADING = -1.4
FROM_HOT = 0.06
# Beacons that are not counted, for each that is.
UNCOUNTED = {Outcome.REPEAT: 0.28, Outcome.ROBOT: 0.19, Outcome.PREFETCH: 0.03}
# The office's exit, then the units', then everybody's at home.
NETWORKS = (30, 12, 10, 8, *[2] * 20)
READS_ON = 0.6
VISITS_AT_ONCE = 40
LONGEST_PAUSE = timedelta(minutes=20)

LEDGER = """
    INSERT INTO articles_viewledger
        (visit_day, article_id, visit_id, counted_on, counted_at, network, is_first, hold_id)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


class View(NamedTuple):
    """One look at a story; `at` is in the time zone readers live in."""

    at: datetime
    article_id: int


@dataclass(slots=True)
class _Visit:
    id: str
    day: date
    network: str
    last: datetime
    articles: set[int] = field(default_factory=set)


def write(stories: Iterable[DemoStory], published: Mapping[str, int], now: datetime) -> None:
    """`published`: the key of a story → its number. Each ends with the views its file says."""
    chance = Random(SEED)
    counted: list[View] = []
    for story in stories:
        views = _views_of(story, published[story.key], now, chance)
        lately = [view for view in views if view.at >= now - PERIOD]
        ArticleViews.objects.filter(pk=published[story.key]).update(base=len(views) - len(lately))
        counted += lately
    first_kept = timezone.localdate(now - ledger.LIFE)
    _count(counted, chance)
    _file([view for view in counted if view.at.date() >= first_kept], chance)


def network(name: str, day: date) -> str:
    """A name for a network of this day, as the ledger's are: tomorrow it has another one."""
    return blake2b(f"{day} {name}".encode(), digest_size=8).hexdigest()


def _views_of(story: DemoStory, article_id: int, now: datetime, chance: Random) -> list[View]:
    """All views of its life, as many as its file says, hour by hour less and less."""
    day = timezone.localdate(now) - timedelta(days=story.days_ago)
    at = timezone.make_aware(datetime.combine(day, story.time))
    hours = [at + number * HOUR for number in range((now - at) // HOUR)]
    weights = [_weight(hour, hour - at) for hour in hours]
    chosen = chance.choices(hours, weights, k=story.views)
    return [View(hour + chance.random() * HOUR, article_id) for hour in chosen]


def _weight(hour: datetime, age: timedelta) -> float:
    weekday = WEEKEND if hour.weekday() >= SATURDAY else 1
    return HOURS[hour.hour] * weekday * (1 + age / timedelta(days=1)) ** FADING


def _count(views: list[View], chance: Random) -> None:
    """Puts them into the inbox with what was not counted beside them, then drains it."""
    by_hour = Counter(
        (article_id, at.date(), at.hour, chance.random() < FROM_HOT) for at, article_id in views
    )
    by_day = Counter((article_id, at.date()) for at, article_id in views)
    counted = [
        ViewInbox(article_id=article_id, day=day, hour=hour, from_hot=from_hot, n=n)
        for (article_id, day, hour, from_hot), n in by_hour.items()
    ]
    uncounted = [
        ViewInbox(article_id=article_id, day=day, outcome=outcome, n=some)
        for (article_id, day), n in by_day.items()
        for outcome, share in UNCOUNTED.items()
        if (some := round(n * share * chance.uniform(0.6, 1.4)))
    ]
    ViewInbox.objects.bulk_create(counted + uncounted, batch_size=2000)
    draining.drain()


def _file(views: list[View], chance: Random) -> None:
    """Puts them into the ledger, as visits that read one story or a few."""
    lately: deque[_Visit] = deque(maxlen=VISITS_AT_ONCE)
    rows = []
    for view in sorted(views):
        visit = _going_on(lately, view, chance)
        is_first = visit is None
        if visit is None:
            visit = _new_visit(view, chance)
            lately.append(visit)
        visit.articles.add(view.article_id)
        visit.last = view.at
        rows.append(_row(view, visit, is_first=is_first))
    # Fifty thousand rows: by way of the model they take ten times as long.
    with connection.cursor() as cursor:
        cursor.executemany(LEDGER, rows)


def _row(view: View, visit: _Visit, *, is_first: bool) -> tuple[Any, ...]:
    return (
        connection.ops.adapt_datefield_value(visit.day),
        view.article_id,
        visit.id,
        connection.ops.adapt_datefield_value(view.at.date()),
        connection.ops.adapt_datetimefield_value(view.at),
        visit.network,
        is_first,
        None,
    )


def _going_on(lately: deque[_Visit], view: View, chance: Random) -> _Visit | None:
    """A visit that reads this story too; None when somebody new comes."""
    if not lately or chance.random() > READS_ON:
        return None
    visit = chance.choice(lately)
    is_over = view.at - visit.last > LONGEST_PAUSE or visit.day != view.at.date()
    return None if is_over or view.article_id in visit.articles else visit


def _new_visit(view: View, chance: Random) -> _Visit:
    day = view.at.date()
    (place,) = chance.choices(range(len(NETWORKS)), NETWORKS)
    return _Visit(f"{chance.getrandbits(128):032x}", day, network(str(place), day), view.at)
