"""Tables of a period against another: a line a unit, author, photographer, channel, topic, tag."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from articles.models import Channel, Department
from articles.models.tree import Tree
from articles.statistics import nodes, submissions, sums, topics
from articles.statistics.periods import Comparison
from articles.statistics.ranking import Measure, ranks
from articles.statistics.submissions import Submissions
from articles.statistics.sums import Figures, Pair, Row


@dataclass(slots=True)
class Line:
    """`key` names it in addresses, "" being what has none. `own` is without those beneath it.
    `sent`: what was submitted in the period, in tables that tell it."""

    key: str
    label: str
    pair: Pair
    own: Pair
    depth: int = 0
    rank: int | None = None
    rank_before: int | None = None
    sent: Submissions | None = None

    @property
    def climbed(self) -> int | None:
        """By how many places; None when it had or has no rank."""
        if self.rank is None or self.rank_before is None:
            return None
        return self.rank_before - self.rank

    @property
    def is_rolled_up(self) -> bool:
        """Whether it holds more than its own."""
        return self.own != self.pair


@dataclass(frozen=True)
class Table:
    """`total`: each story once, however many lines it is in."""

    lines: list[Line]
    total: Pair
    sent: Submissions | None = None


def by_unit(comparison: Comparison, measure: Measure) -> Table:
    rows = sums.rows(comparison, "department_id")
    tree = Tree(Department.objects.all())
    table = in_tree(tree, rows, measure, lambda unit: unit.short_name)
    sent = submissions.read(comparison.now)
    own = submissions.by_unit(sent)
    for line in table.lines:
        unit = int(line.key)
        line.sent = submissions.within(tree, own, unit) if unit else own[None]
    return Table(table.lines, table.total, submissions.total(sent))


def by_channel(comparison: Comparison, measure: Measure) -> Table:
    rows = sums.rows(comparison, "channel_id")
    return in_tree(Tree(Channel.objects.all()), rows, measure, lambda channel: channel.name)


def by_author(comparison: Comparison, measure: Measure) -> Table:
    table = by_name(sums.rows(comparison, "authors"), measure)
    sent = submissions.read(comparison.now)
    people = submissions.by_person(sent)
    for line in table.lines:
        line.sent = people.pop(line.key, Submissions())
    # Whoever submitted and is not read yet, before those without a name.
    waiting = [_line(name, name, sums.nothing()) for name in sorted(people)]
    for line in waiting:
        line.sent = people[line.key]
    named = [line for line in table.lines if line.key]
    nameless = table.lines[len(named) :]
    return Table([*named, *waiting, *nameless], table.total, submissions.total(sent))


def by_tag(comparison: Comparison, measure: Measure) -> Table:
    return by_name(sums.rows(comparison, "tags"), measure)


def by_photographer(comparison: Comparison, measure: Measure) -> Table:
    """Stories are those with a picture of theirs, pictures only their own."""
    rows = sums.rows(comparison, "photographers")
    return by_name(rows, measure, counts_pictures=True)


def by_topic(comparison: Comparison, measure: Measure) -> Table:
    rows, found = sums.tuples(comparison, *topics.KEYS), nodes.read()
    gathered = topics.gather(rows, found)

    def pair(stories: list[tuple[Any, ...]]) -> Pair:
        return sums.total(sums.as_row(row, len(topics.KEYS)).pair for row in stories)

    lines = [
        _line(str(topic), title, pair(gathered[topic])) for topic, title in found.topics.items()
    ]
    return Table(ranked(lines, measure), pair(rows))


def in_tree(tree: Tree, rows: list[Row], measure: Measure, name: Callable[[Any], str]) -> Table:
    """Each node with all beneath it, in reading order; ranked among those of its level."""
    own: defaultdict[int | None, Pair] = defaultdict(sums.nothing)
    for row in rows:
        own[row.keys[0] if row.keys[0] in tree.rows else None].include(row.pair)
    lines = [
        Line(
            str(node.pk),
            name(node),
            sums.total(own[each] for each in tree.ids_within(node.pk)),
            own[node.pk],
            depth,
        )
        for depth, node in tree.walk()
    ]
    for depth in {line.depth for line in lines}:
        _rank([line for line in lines if line.depth == depth], measure)
    if None in own:
        lines.append(_line("0", _("Without"), own[None]))
    return Table(lines, sums.total(row.pair for row in rows))


def by_name(rows: list[Row], measure: Measure, *, counts_pictures: bool = False) -> Table:
    """Each name with all stories that hold it: what two share counts for both."""
    found: defaultdict[str, Pair] = defaultdict(sums.nothing)
    for row in rows:
        for name, times in Counter(row.keys[0].split("\n")).items():
            own = counts_pictures and name
            found[name].include(_with_pictures(row.pair, times) if own else row.pair)
    without = found.pop("", None)
    lines = ranked([_line(name, name, pair) for name, pair in found.items()], measure)
    if without:
        lines.append(_line("", _("Without"), without))
    return Table(lines, sums.total(row.pair for row in rows))


def ranked(lines: list[Line], measure: Measure) -> list[Line]:
    """The largest first, those alike by name."""
    _rank(lines, measure)
    return sorted(lines, key=lambda line: (-measure.of(line.pair.now), line.label))


def _rank(lines: Iterable[Line], measure: Measure) -> None:
    by_key = {line.key: line for line in lines}
    now = ranks({key: measure.of(line.pair.now) for key, line in by_key.items()})
    before = ranks({key: measure.of(line.pair.before) for key, line in by_key.items()})
    for key, line in by_key.items():
        line.rank, line.rank_before = now.get(key), before.get(key)


def _line(key: str, label: str, pair: Pair) -> Line:
    return Line(key, label, pair, pair)


def _with_pictures(pair: Pair, each: int) -> Pair:
    """The same stories, holding so many pictures each."""

    def counted(figures: Figures) -> Figures:
        published, withdrawn, words, _pictures, views, read = figures.values()
        return Figures(published, withdrawn, words, published * each, views, read)

    return Pair(counted(pair.now), counted(pair.before))
