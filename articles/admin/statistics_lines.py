"""Figures as a page shows them: numbers with separators, links to the stories behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from articles.admin.statistics_question import Question
from articles.statistics.days import Hours
from articles.statistics.ranking import Measure
from articles.statistics.submissions import Submissions
from articles.statistics.sums import Figures, Pair
from articles.statistics.tables import Line

# More levels than any group has are not indented further.
DEEPEST = 5
# Of a few views before, any number is a thousand per cent and says nothing.
MOST_PER_CENT = 1_000


@dataclass(frozen=True)
class Heading:
    """A column; `address` ranks by it, and `help` says how it was counted."""

    name: str
    help: str
    address: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class Cell:
    """`own`: the same without those beneath, where that differs."""

    text: str
    own: str = ""
    address: str = ""


@dataclass(frozen=True)
class Change:
    """`direction`: up, down or same; empty where there is nothing to compare."""

    text: str
    direction: str = ""


@dataclass(frozen=True)
class ShownLine:
    label: str
    address: str
    depth: int
    cells: list[Cell]
    change: Change
    rank: str
    climbed: Change


@dataclass(frozen=True)
class ShownTotal:
    """One figure of everything, and what it was in the period compared with."""

    heading: Heading
    now: str
    before: str
    change: Change


# The columns of every table, in order.
MEASURES = ("published", "withdrawn", "words", "pictures", "views", "per-article")


def names() -> dict[str, tuple[str, str]]:
    """Measure → its name, and the sentence that says how it was counted."""
    return {
        "published": (
            _("stories published"),
            _(
                "Stories whose publication lies in the period; printing one again does not count. "
                "What was withdrawn since is not among them."
            ),
        ),
        "withdrawn": (
            _("of them withdrawn"),
            _("Stories published in the period that are withdrawn now."),
        ),
        "words": (
            _("words"),
            _(
                "Characters of these stories as Word counts them, without headlines and captions, "
                "as last printed."
            ),
        ),
        "pictures": (_("pictures"), _("Pictures in the text of these stories, as last printed.")),
        "views": (
            _("views"),
            _(
                "Visits counted in the period, of all stories, older and withdrawn ones among "
                "them, with the corrections of these days. Views counted elsewhere before have no "
                "day and are left out; those of the last minute may be missing."
            ),
        ),
        "per-article": (
            _("views an article"),
            _("Views in the period of the stories published in it, divided by their number."),
        ),
    }


def headings(question: Question) -> list[Heading]:
    """The columns in order; ranks go by one of them."""
    found = []
    for name in MEASURES:
        title, sentence = names()[name]
        can_rank = name in list(Measure)
        found.append(
            Heading(
                title,
                sentence,
                question.query(measure=Measure(name)) if can_rank else "",
                is_chosen=can_rank and question.measure == Measure(name),
            )
        )
    return found


def totals(pair: Pair) -> list[ShownTotal]:
    return [
        ShownTotal(
            Heading(*names()[name]),
            spelled(value_of(pair.now, name)),
            spelled(value_of(pair.before, name)),
            change(value_of(pair.now, name), value_of(pair.before, name)),
        )
        for name in MEASURES
    ]


def sent_headings() -> list[Heading]:
    """The columns of what correspondents submitted."""
    return [
        Heading(
            _("manuscripts submitted"),
            _(
                "Manuscripts that correspondents submitted for the first time in the period, to "
                "their unit or to the editors."
            ),
        ),
        Heading(
            _("of them adopted"),
            _(
                "Those of them that an editor moved on since, that were published, or that a "
                "published story was made from."
            ),
        ),
        Heading(_("rate of adoption"), _("What was adopted, divided by what was submitted.")),
    ]


def sent_figures(sent: Submissions) -> list[str]:
    rate = "–" if sent.rate is None else f"{float(sent.rate):.0%}"
    return [spelled(sent.submitted), spelled(sent.adopted), rate]


def sent_totals(sent: Submissions) -> list[ShownTotal]:
    pairs = zip(sent_headings(), sent_figures(sent), strict=True)
    return [ShownTotal(heading, text, "", Change("")) for heading, text in pairs]


def shown(line: Line, question: Question, narrow: str) -> ShownLine:
    """A line whose figures lead to its stories; `narrow` is what its key narrows to."""
    value: Any = int(line.key) if narrow in {"unit", "channel", "topic"} else line.key
    everything = _stories(question, narrow, value, only_new=False)
    new = _stories(question, narrow, value, only_new=True)
    leads_to = {"views": everything, "per-article": new, "published": new, "withdrawn": new}
    cells = []
    for name in MEASURES:
        now = value_of(line.pair.now, name)
        own = spelled(value_of(line.own.now, name)) if line.is_rolled_up and now else ""
        cells.append(Cell(spelled(now), own, leads_to.get(name, "") if now else ""))
    if line.sent is not None:
        cells += [Cell(text) for text in sent_figures(line.sent)]
    return ShownLine(
        label=line.label,
        address=everything,
        depth=min(line.depth, DEEPEST),
        cells=cells,
        change=change_of(line, question),
        rank=str(line.rank or ""),
        climbed=climbed(line.climbed, is_new=line.rank is not None),
    )


def shown_story(line: Line, question: Question, address: str) -> ShownLine:
    """A line of one story, whose title leads to it."""
    return ShownLine(
        label=line.label,
        address=address,
        depth=0,
        cells=[Cell(spelled(value_of(line.pair.now, name))) for name in MEASURES],
        change=change_of(line, question),
        rank=str(line.rank or ""),
        climbed=climbed(line.climbed, is_new=line.rank is not None),
    )


def change_of(line: Line, question: Question) -> Change:
    """Of what the ranks go by."""
    measure = question.measure
    return change(measure.of(line.pair.now), measure.of(line.pair.before))


def change(now: Any, before: Any) -> Change:
    """How much more or less, and how many per cent of what it was."""
    difference = (now or 0) - (before or 0)
    if not difference:
        return Change("0", "same")
    direction = "up" if difference > 0 else "down"
    text = f"{difference:+,}" if isinstance(difference, int) else f"{float(difference):+,.1f}"
    if before and abs(share := float(difference * 100 / before)) < MOST_PER_CENT:
        text += f" ({share:+,.0f}%)"
    return Change(text.replace("-", "−"), direction)


def climbed(places: int | None, *, is_new: bool) -> Change:
    if places is None:
        return Change(_("new in the ranks"), "up") if is_new else Change("")
    if not places:
        return Change("–", "same")
    return Change(str(abs(places)), "up" if places > 0 else "down")


def heat(hours: Hours) -> list[tuple[str, list[tuple[str, int]]]]:
    """A row an hour: (mean, level of its colour) of each weekday."""
    return [
        (f"{row[0].hour}:00", [(spelled(cell.mean), cell.level) for cell in row])
        for row in zip(*hours.week, strict=True)
    ]


def spelled(value: Any) -> str:
    """1,234 or 12.5; – for what there is not."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{float(value):,.1f}"


def value_of(figures: Figures, name: str) -> Any:
    return figures.per_article if name == "per-article" else getattr(figures, name)


def _stories(question: Question, narrow: str, value: Any, *, only_new: bool) -> str:
    address = reverse("admin:statistics_table", args=["articles"])
    return address + question.query(**{narrow: value}, only_new=only_new)
