"""By which figures the views of one day look made: one small class a rule. Pure.

A rule compares with the day's other stories, so that what is usual here, such as a company whose
readers all come from one proxy, is no reason.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from statistics import fmean, pstdev
from typing import ClassVar

from django.utils.translation import gettext as _

# Of fewer views a share says nothing: of 50, chance moves a share by 7 percent points at most.
LEAST_FOR_SHARES = 50
LEAST_FOR_GAPS = 30
# Twenty views of other stories tell a network with most readers from one with few.
LEAST_TO_COMPARE = 20
# Most networks bring a few percent of a story; the company's own is usual for all stories.
NETWORK_SHARE = 0.6
# Most readers come for one story, but of fifty some read on; where few do, the share of those who
# read on must be less than half of what it is elsewhere.
ALONE_SHARE = 0.9
NIGHT_SHARE = 0.5
NIGHT = range(5)  # hours
# A share is unusual when other stories have half of it at most.
UNUSUAL = 2
# Deviation of the gaps between views, as a share of their mean. People come by chance, which makes
# it 1, and more where they come in waves; of 30 gaps chance alone leaves it above 0.5.
STEADY = 0.3

Figures = dict[str, int]


@dataclass
class Day:
    """The counted views of one day: of a story, or of several together."""

    views: int = 0
    networks: Counter[str] = field(default_factory=Counter)
    # Views of visits that read nothing else.
    alone: int = 0
    at_night: int = 0
    moments: list[datetime] = field(default_factory=list)

    def share(self, n: int) -> float:
        return n / self.views if self.views else 0


class Rule(ABC):
    """`figures` says by which figures a story meets it, or None; `words` says so to people.

    It is asked about stories with `least` views on days whose other stories had `least_others`.
    """

    name: ClassVar[str]
    least: ClassVar[int] = LEAST_FOR_SHARES
    least_others: ClassVar[int] = 0

    @abstractmethod
    def figures(self, story: Day, others: Day) -> Figures | None: ...

    @abstractmethod
    def words(self, figures: Figures) -> str: ...


class OneNetwork(Rule):
    name = "network"
    least_others = LEAST_TO_COMPARE

    def figures(self, story: Day, others: Day) -> Figures | None:
        network, n = story.networks.most_common(1)[0]
        share, usual = story.share(n), others.share(others.networks[network])
        return _percent(share, usual) if _is_unusual(share, usual, NETWORK_SHARE) else None

    def words(self, figures: Figures) -> str:
        return (
            _("%(share)d%% of the views came from one network (other stories: %(usual)d%%).")
            % figures
        )


class NothingElseRead(Rule):
    name = "alone"
    least_others = LEAST_TO_COMPARE

    def figures(self, story: Day, others: Day) -> Figures | None:
        share, usual = story.share(story.alone), others.share(others.alone)
        is_met = share >= ALONE_SHARE and 1 - share < (1 - usual) / UNUSUAL
        return _percent(share, usual) if is_met else None

    def words(self, figures: Figures) -> str:
        return (
            _("%(share)d%% of the visits read nothing else (other stories: %(usual)d%%).") % figures
        )


class AtNight(Rule):
    name = "night"

    def figures(self, story: Day, others: Day) -> Figures | None:
        share, usual = story.share(story.at_night), others.share(others.at_night)
        return _percent(share, usual) if _is_unusual(share, usual, NIGHT_SHARE) else None

    def words(self, figures: Figures) -> str:
        return (
            _("%(share)d%% of the views came between 0:00 and 5:00 (other stories: %(usual)d%%).")
            % figures
        )


class SteadyGaps(Rule):
    name = "gaps"
    least = LEAST_FOR_GAPS

    def figures(self, story: Day, others: Day) -> Figures | None:
        gaps = [(after - before).total_seconds() for before, after in pairwise(story.moments)]
        mean = fmean(gaps)
        if not mean or pstdev(gaps) / mean >= STEADY:
            return None
        return {"seconds": round(mean), "percent": round(100 * pstdev(gaps) / mean)}

    def words(self, figures: Figures) -> str:
        return (
            _(
                "The views came every %(seconds)d seconds, give or take %(percent)d%%; people come "
                "by chance."
            )
            % figures
        )


def _is_unusual(share: float, usual: float, least: float) -> bool:
    return share >= least and usual <= share / UNUSUAL


def _percent(share: float, usual: float) -> Figures:
    return {"share": round(100 * share), "usual": round(100 * usual)}


RULES: tuple[Rule, ...] = (OneNetwork(), NothingElseRead(), AtNight(), SteadyGaps())
