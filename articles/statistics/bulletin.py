"""用稿月报: the month of every unit and every person, with points by rules that are data."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from operator import add
from typing import Any

from django.utils import timezone

from articles.models import Department, Placement, PointRule
from articles.models.tree import Tree
from articles.statistics import submissions, sums
from articles.statistics.periods import Comparison, Period
from articles.statistics.ranking import ranks
from articles.statistics.submissions import Sent, Submissions
from articles.statistics.sums import Figures

Counted = PointRule.Counted
THOUSANDS = {Counted.WORDS, Counted.VIEWS}
SLOTS = (Placement.Slot.LEAD, Placement.Slot.CAROUSEL)
KEYS = ("department_id", "authors", "photographers")
# Where something stands among the figures of both periods.
PLACES = [each.name for each in fields(Figures)]
PUBLISHED, PICTURES = PLACES.index("published"), PLACES.index("pictures")
PUBLISHED_BEFORE, PICTURES_BEFORE = len(PLACES) + PUBLISHED, len(PLACES) + PICTURES


# A row of `sums.tuples`, and the figures in it.
Story = tuple[Any, ...]
Sums = Sequence[int]


@dataclass
class Account:
    """What somebody has done in a month."""

    figures: Figures = field(default_factory=Figures)
    lead: int = 0
    carousel: int = 0
    sent: Submissions = field(default_factory=Submissions)

    def include(self, other: Account) -> None:
        self.figures.include(other.figures)
        self.lead += other.lead
        self.carousel += other.carousel
        self.sent.include(other.sent)

    def points(self, rules: Iterable[PointRule]) -> Decimal:
        """To one decimal, halves up; a part of a thousand earns its part."""
        earned = Decimal(0)
        for rule in rules:
            # Most people have none of most things.
            if amount := self._amount(rule):
                earned += rule.points * amount
        return earned.quantize(Decimal("0.1"), ROUND_HALF_UP)

    def _amount(self, rule: PointRule) -> Decimal | int:
        own: dict[str, int] = {Counted.LEAD: self.lead, Counted.CAROUSEL: self.carousel}
        amount = own.get(rule.counted)
        if amount is None:
            amount = getattr(self.figures, rule.counted)
        return Decimal(amount) / 1000 if rule.counted in THOUSANDS else amount

    @property
    def is_empty(self) -> bool:
        return self == Account()


# What somebody has done in the month, and in the one before.
Accounts = tuple[Account, Account]


@dataclass(frozen=True)
class Placed:
    """A story at the top of the front page; `which`: 0 in the month, 1 in the one before."""

    article_id: int
    which: int
    slot: str
    unit: int | None
    authors: str

    def count(self, accounts: Accounts) -> None:
        account = accounts[self.which]
        if self.slot == Placement.Slot.LEAD:
            account.lead += 1
        else:
            account.carousel += 1


@dataclass
class Entry:
    """A unit with those beneath it, or a person; `unit`: where a person publishes most."""

    key: str
    label: str
    now: Account
    before: Account
    depth: int = 0
    unit: str = ""
    points: Decimal = Decimal(0)
    points_before: Decimal = Decimal(0)
    rank: int | None = None
    rank_before: int | None = None

    @property
    def climbed(self) -> int | None:
        if self.rank is None or self.rank_before is None:
            return None
        return self.rank_before - self.rank


@dataclass(frozen=True)
class Bulletin:
    comparison: Comparison
    rules: list[PointRule]
    units: list[Entry]
    people: list[Entry]


def compose(comparison: Comparison) -> Bulletin:
    """Five statements, however many units and people there are."""
    rules = list(PointRule.objects.all())
    tree = Tree(Department.objects.all())
    rows = sums.tuples(comparison, *KEYS)
    placed = _placed(comparison)
    sent = submissions.read(comparison.now)
    units = _units(tree, rows, placed, sent)
    people = _people(tree, rows, placed, sent)
    for entries in (*_by_depth(units), people):
        _award(entries, rules)
    people.sort(key=lambda entry: (-entry.points, -entry.points_before, entry.label))
    return Bulletin(comparison, rules, units, people)


def _units(tree: Tree, rows: list[Story], placed: list[Placed], sent: list[Sent]) -> list[Entry]:
    added: dict[int | None, Sums] = {}
    for row in rows:
        _add(added, row[0], row[len(KEYS) :])
    own = defaultdict(_no_accounts, {unit: _accounts(found) for unit, found in added.items()})
    for story in placed:
        story.count(own[story.unit])
    for unit, submitted in submissions.by_unit(sent).items():
        own[unit][0].sent.include(submitted)
    entries = []
    for depth, unit in tree.walk():
        entry = Entry(str(unit.pk), unit.short_name, Account(), Account(), depth)
        for each in tree.ids_within(unit.pk):
            now, before = own[each]
            entry.now.include(now)
            entry.before.include(before)
        entries.append(entry)
    return entries


def _people(tree: Tree, rows: list[Story], placed: list[Placed], sent: list[Sent]) -> list[Entry]:
    """Everybody who signed a story, in full also with others, took a picture of one, or submitted
    one."""
    signed: dict[str, Sums] = {}
    taken: dict[str, Sums] = {}
    units: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for unit, authors, photographers, *figures in rows:
        # The pictures of a story are their photographers', who are named once for each.
        one_each = figures[PUBLISHED], figures[PUBLISHED_BEFORE]
        figures[PICTURES] = figures[PICTURES_BEFORE] = 0
        for name in filter(None, authors.split("\n")):
            units[name][unit] += 1
            _add(signed, name, figures)
        for name in filter(None, photographers.split("\n")):
            units[name][unit] += 1
            _add(taken, name, one_each)
    accounts = defaultdict(_no_accounts, {name: _accounts(found) for name, found in signed.items()})
    for name, pictures in taken.items():
        for account, n in zip(accounts[name], pictures, strict=True):
            account.figures.pictures += n
    for story in placed:
        for name in filter(None, story.authors.split("\n")):
            story.count(accounts[name])
    writes_for: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for each in sent:
        accounts[each.person][0].sent.count(is_adopted=each.is_adopted)
        writes_for[each.person][each.unit or 0] += 1
    return [
        Entry(name, name, now, before, unit=_usual(units[name] or writes_for[name], tree))
        for name, (now, before) in accounts.items()
        if not (now.is_empty and before.is_empty)
    ]


def _add(found: dict[Any, Sums], key: Any, values: Sums) -> None:
    """Adds one by one: thousands of rows make no thousands of objects."""
    known = found.get(key)
    found[key] = list(values) if known is None else list(map(add, known, values))


def _accounts(figures: Sums) -> Accounts:
    """From the figures of the month, and behind them those of the month before."""
    middle = len(PLACES)
    return Account(Figures(*figures[:middle])), Account(Figures(*figures[middle:]))


def _no_accounts() -> Accounts:
    return Account(), Account()


def _usual(units: Counter[int], tree: Tree) -> str:
    """Where most of somebody's stories are from; nothing for those of outside sources."""
    most = min(units, key=lambda unit: (-units[unit], unit or 0), default=None)
    return tree.rows[most].short_name if most in tree.rows else ""


def _by_depth(entries: list[Entry]) -> list[list[Entry]]:
    """Units are ranked among those of their level."""
    depths = {entry.depth for entry in entries}
    return [[entry for entry in entries if entry.depth == depth] for depth in depths]


def _award(entries: list[Entry], rules: list[PointRule]) -> None:
    for entry in entries:
        entry.points = entry.now.points(rules)
        entry.points_before = entry.before.points(rules)
    by_key = {entry.key: entry for entry in entries}
    now = ranks({key: entry.points for key, entry in by_key.items()})
    before = ranks({key: entry.points_before for key, entry in by_key.items()})
    for key, entry in by_key.items():
        entry.rank, entry.rank_before = now.get(key), before.get(key)


def _placed(comparison: Comparison) -> list[Placed]:
    """The stories that stood at the top of the front page at some moment of either period."""
    bounds = [_moments(period) for period in (comparison.now, comparison.before)]
    rows = Placement.objects.filter(
        slot__in=SLOTS,
        edition__facts__isnull=False,
        starts_at__lt=max(end for _start, end in bounds),
    ).exclude(ends_at__lte=min(start for start, _end in bounds))
    found = set()
    for article, slot, starts, ends, unit, authors in rows.order_by().values_list(
        "edition_id",
        "slot",
        "starts_at",
        "ends_at",
        "edition__facts__department_id",
        "edition__facts__authors",
    ):
        for which, (start, end) in enumerate(bounds):
            if starts < end and (ends is None or ends > start):
                found.add(Placed(article, which, slot, unit, authors))
    return list(found)


def _moments(period: Period) -> tuple[datetime, datetime]:
    """From its first moment to the first one behind it, where readers are."""
    zone = timezone.get_default_timezone()
    end = period.last + timedelta(days=1)
    return datetime.combine(period.first, time.min, zone), datetime.combine(end, time.min, zone)
