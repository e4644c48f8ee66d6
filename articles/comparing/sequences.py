"""Which items of two lists belong together. Bounded by size alone: the same lists, the same answer.

A merge is worked out twice, for the page and for the choice made there, so no clock decides here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diff_match_patch import diff_match_patch

# Between two anchors. 400 against 400 different items take a tenth of a second.
MOST_COMPARED = 400
# Blocks of a rewritten stretch whose likeness is weighed, each with each.
MOST_WEIGHED = 60
# Below this share of common pairs of characters two blocks are different blocks.
ALIKE = 0.34
# A character more or less leaves few of its pairs.
SHORT = 12
# The beginning of a block says enough about its likeness.
WEIGHED_LENGTH = 1_500
_FOREVER = 1e15
# Pairs of characters looked at for a whole comparison, whatever the number of its gaps: about a
# second. Telling two lists apart costs ten such steps for each pair of items.
MOST_STEPS = 8_000_000
STEPS_OF_A_PAIR = 10

Pair = tuple[int, int]


@dataclass
class Effort:
    """How many steps a whole comparison may still take. Steps are counted, never timed."""

    left: int = MOST_STEPS

    def affords(self, steps: int) -> bool:
        """Whether so many steps are left; they are taken."""
        if steps > self.left:
            return False
        self.left -= steps
        return True


def same_items(old: Sequence[str], new: Sequence[str], effort: Effort | None = None) -> list[Pair]:
    """Places (in old, in new) of items that stand in both, in the order of both.

    What the effort does not suffice for is taken as not common.
    """
    return list(_same(old, new, effort or Effort()))


def _same(old: Sequence[str], new: Sequence[str], effort: Effort) -> Iterator[Pair]:
    start = first = 0
    stop, last = len(old), len(new)
    while start < stop and first < last and old[start] == new[first]:
        yield start, first
        start, first = start + 1, first + 1
    tail: list[Pair] = []
    while start < stop and first < last and old[stop - 1] == new[last - 1]:
        stop, last = stop - 1, last - 1
        tail.append((stop, last))
    if start < stop and first < last:
        anchors = _anchors(old, new, range(start, stop), range(first, last))
        before = (start, first)
        for anchor in anchors:
            yield from _few(old, new, before, anchor, effort)
            yield anchor
            before = (anchor[0] + 1, anchor[1] + 1)
        yield from _few(old, new, before, (stop, last), effort)
    yield from reversed(tail)


def _anchors(old: Sequence[str], new: Sequence[str], left: range, right: range) -> list[Pair]:
    """Items that stand once on each side, as many as keep their order (patience sorting)."""
    once_old = Counter(old[place] for place in left)
    once_new = Counter(new[place] for place in right)
    places = {new[place]: place for place in right if once_new[new[place]] == 1}
    common = [
        (place, places[old[place]])
        for place in left
        if once_old[old[place]] == 1 and old[place] in places
    ]
    ends: list[int] = []
    tops: list[int] = []
    previous: list[int] = []
    for index, (_place, target) in enumerate(common):
        pile = bisect_left(ends, target)
        previous.append(tops[pile - 1] if pile else -1)
        ends[pile : pile + 1] = [target]
        tops[pile : pile + 1] = [index]
    chain: list[Pair] = []
    index = tops[-1] if tops else -1
    while index >= 0:
        chain.append(common[index])
        index = previous[index]
    return chain[::-1]


def _few(
    old: Sequence[str], new: Sequence[str], start: Pair, stop: Pair, effort: Effort
) -> Iterator[Pair]:
    """What is common between two anchors, unless that would take long."""
    (left, first), (right, last) = start, stop
    if left == right or first == last or max(right - left, last - first) > MOST_COMPARED:
        return
    if not effort.affords(STEPS_OF_A_PAIR * (right - left) * (last - first)):
        return
    letters: dict[str, str] = {}

    def spelled(items: Sequence[str]) -> str:
        # Private characters: one for each different item.
        return "".join(letters.setdefault(item, chr(0xF0000 + len(letters))) for item in items)

    one, other = spelled(old[left:right]), spelled(new[first:last])
    for kind, run in diff_match_patch().diff_main(one, other, False, _FOREVER):
        if kind == diff_match_patch.DIFF_EQUAL:
            yield from zip(
                range(left, left + len(run)), range(first, first + len(run)), strict=True
            )
        left += len(run) if kind != diff_match_patch.DIFF_INSERT else 0
        first += len(run) if kind != diff_match_patch.DIFF_DELETE else 0


def gaps(pairs: list[Pair], old: int, new: int) -> Iterator[tuple[range, range]]:
    """The stretches between pairs, of lists with so many items."""
    left = first = 0
    for pair in [*pairs, (old, new)]:
        if left < pair[0] or first < pair[1]:
            yield range(left, pair[0]), range(first, pair[1])
        left, first = pair[0] + 1, pair[1] + 1


def alike(old: Sequence[str], new: Sequence[str], effort: Effort | None = None) -> list[Pair]:
    """Which texts are the same one rewritten, keeping the order of both.

    Beyond the limits texts are weighed against the one in the same place only, and when the
    effort does not suffice for that either, not at all.
    """
    if not old or not new:
        return []
    effort = effort or Effort()
    one_each = _weighed(old) + _weighed(new)
    each_with_each = _weighed(old) * len(new) + _weighed(new) * len(old)
    if len(old) * len(new) > MOST_WEIGHED * MOST_WEIGHED or not effort.affords(each_with_each):
        if not effort.affords(one_each):
            return []
        return [
            (place, place)
            for place in range(min(len(old), len(new)))
            if likeness(grams(old[place]), grams(new[place])) >= ALIKE
        ]
    left, right = [grams(text) for text in old], [grams(text) for text in new]
    weights = [[likeness(one, other) for other in right] for one in left]
    return _heaviest(weights)


def _weighed(texts: Sequence[str]) -> int:
    """How many characters of them are looked at; an empty one takes a look as well."""
    return sum(min(len(text), WEIGHED_LENGTH) + STEPS_OF_A_PAIR for text in texts)


def _heaviest(weights: list[list[float]]) -> list[Pair]:
    """The pairs in order of both sides whose weights sum up to most; light ones do not count."""
    rows, columns = len(weights), len(weights[0])
    best = [[0.0] * (columns + 1) for _row in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            weight = weights[row][column]
            taken = best[row + 1][column + 1] + weight if weight >= ALIKE else 0.0
            best[row][column] = max(taken, best[row + 1][column], best[row][column + 1])
    pairs: list[Pair] = []
    row = column = 0
    while row < rows and column < columns:
        if best[row][column] == best[row + 1][column]:
            row += 1
        elif best[row][column] == best[row][column + 1]:
            column += 1
        else:
            pairs.append((row, column))
            row, column = row + 1, column + 1
    return pairs


def grams(text: str) -> Counter[str]:
    """The pairs of neighbouring characters; of a short text the characters too."""
    text = text[:WEIGHED_LENGTH]
    pairs = Counter(text[place : place + 2] for place in range(max(len(text) - 1, 1)))
    return pairs + Counter(text) if len(text) <= SHORT else pairs


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """Share of common pairs, from 0 to 1 (Dice)."""
    total = one.total() + other.total()
    common = sum(min(one[pair], other[pair]) for pair in one.keys() & other.keys())
    return 2 * common / total if total else 1.0
