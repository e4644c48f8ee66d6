"""What a statistics page is asked for: its query string as one object, and back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from articles.admin.numbers import number_in
from articles.statistics import periods
from articles.statistics.periods import Against, Comparison, Kind, Period
from articles.statistics.ranking import Measure
from articles.statistics.stories import Narrowing

Choice = TypeVar("Choice", bound=StrEnum)

LONGEST_NAME = 100
NUMBERS, NAMES = ("unit", "channel", "topic"), ("author", "photographer", "tag")


@dataclass(frozen=True)
class Question:
    """`problem`: a sentence about days that were typed and cannot be a period."""

    kind: Kind
    period: Period
    today: date
    against: Against = Against.BEFORE
    measure: Measure = Measure.VIEWS
    page: int = 1
    narrowing: Narrowing = field(default_factory=Narrowing)
    problem: str = ""

    @property
    def comparison(self) -> Comparison:
        return periods.compare(self.period, self.against, self.today)

    def query(self, **changes: Any) -> str:
        """The query string of this question, changed; `unit`, `author` and so on narrow it."""
        narrowing = asdict(self.narrowing) | {
            name: value for name, value in changes.items() if hasattr(self.narrowing, name)
        }
        own = {name: value for name, value in changes.items() if name not in narrowing}
        asked = replace(self, **({"page": 1} | own))
        values: dict[str, Any] = {"period": asked.kind}
        if asked.kind is Kind.CUSTOM:
            values |= {"from": asked.period.first, "to": asked.period.last}
        values |= {"against": asked.against, "by": asked.measure}
        values |= _named(Narrowing(**narrowing))
        values |= {"page": asked.page if asked.page > 1 else None}
        return "?" + urlencode({name: v for name, v in values.items() if v is not None})

    @property
    def hidden(self) -> list[tuple[str, Any]]:
        """What the form of the period hands on."""
        return [pair for pair in _named(self.narrowing).items() if pair[1] is not None]


def _named(narrowing: Narrowing) -> dict[str, Any]:
    """The narrowing as it stands in addresses."""
    found = {name: getattr(narrowing, name) for name in (*NUMBERS, *NAMES)}
    return found | {"new": "1" if narrowing.only_new else None}


def parse(data: QueryDict) -> Question:
    """Raises Http404 for what no form and no link of ours sends."""
    today = timezone.localdate()
    kind = _choice(Kind, data, "period", Kind.THIS_MONTH)
    if kind is Kind.CUSTOM:
        period, problem = _custom(data, today)
        kind = _calendar_kind(period, today)
    else:
        period, problem = periods.of_kind(kind, today), ""
    return Question(
        kind=kind,
        period=period,
        today=today,
        against=_choice(Against, data, "against", Against.BEFORE),
        measure=_choice(Measure, data, "by", Measure.VIEWS),
        page=_number(data, "page") or 1,
        narrowing=Narrowing(
            unit=_number(data, "unit"),
            channel=_number(data, "channel"),
            topic=_number(data, "topic"),
            author=_name(data, "author"),
            photographer=_name(data, "photographer"),
            tag=_name(data, "tag"),
            only_new=data.get("new") == "1",
        ),
        problem=problem,
    )


def month_asked(data: QueryDict) -> Period:
    """The month of `month`, such as 2026-05; the one before this by default."""
    typed = data.get("month", "")
    if not typed:
        return periods.of_kind(Kind.LAST_MONTH, timezone.localdate())
    year, _dash, month = typed.partition("-")
    first = _day(f"{year}-{month}-01")
    if first is None:
        raise Http404
    return periods.month_of(periods.month_number(first))


def against_asked(data: QueryDict) -> Against:
    return _choice(Against, data, "against", Against.BEFORE)


def _custom(data: QueryDict, today: date) -> tuple[Period, str]:
    """The days typed, in either order; one alone is that day."""
    typed = [data.get(name, "") for name in ("from", "to")]
    days = [_day(each or other) for each, other in zip(typed, reversed(typed), strict=True)]
    first, last = days
    if first is None or last is None:
        return Period(today, today), _("Write both days, for example 2026-05-01 and 2026-05-31.")
    first, last = min(first, last), max(first, last)
    if last - first > periods.LONGEST:
        return Period(today, today), _("This is longer than five years. Choose fewer days.")
    return Period(first, last), ""


def _calendar_kind(period: Period, today: date) -> Kind:
    """What these days are called today: the form sends the days of a month as days."""
    return next(
        (kind for kind in periods.CALENDAR if periods.of_kind(kind, today) == period), Kind.CUSTOM
    )


def _day(typed: str) -> date | None:
    """A day such as 2026-05-01, of a year in which there may be numbers."""
    try:
        day = date.fromisoformat(typed) if len(typed) == len("2026-05-01") else None
    except ValueError:
        return None
    return day if day and periods.FIRST_YEAR <= day.year <= periods.LAST_YEAR else None


def _choice(kind: type[Choice], data: QueryDict, name: str, usual: Choice) -> Choice:
    value = data.get(name, "")
    if not value:
        return usual
    try:
        return kind(value)
    except ValueError as error:
        raise Http404 from error


def _number(data: QueryDict, name: str) -> int | None:
    typed = data.get(name)
    if not typed:
        return None
    number = number_in(typed)
    if number is None:
        raise Http404
    return number


def _name(data: QueryDict, name: str) -> str | None:
    value = data.get(name)
    if value is not None and (len(value) > LONGEST_NAME or "\n" in value):
        raise Http404
    return value
