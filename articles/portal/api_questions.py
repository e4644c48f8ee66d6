"""What programs ask the read API: each parameter read into a value, or told what it should be."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from articles.listing import cursors
from articles.listing.cursors import Place
from articles.portal.api_answers import Problem
from articles.visits.hot import Hot

USUAL, MOST = 20, 100
MOST_HOT = 30
LONGEST_WORDS = 100
# Nothing was published before, and no database minds these years.
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
LAST = datetime(2999, 1, 1, tzinfo=UTC)

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_FRACTION = re.compile(r"(\.\d{6})\d+")


class Wrong(ValueError):
    """A value that no parameter of this kind can have; says what it can."""


class Question:
    """The query string of a request; `check` raises a Problem that names all that is wrong."""

    def __init__(self, request: HttpRequest):
        self.given = request.GET
        self.errors: dict[str, str] = {}

    def read(self, name: str, kind: Callable[[str], Any], default: Any = None) -> Any:
        """The value of a parameter; the default where it is missing, or wrong."""
        if name not in self.given:
            return default
        try:
            return kind(self.given[name])
        except Wrong as wrong:
            self.errors[name] = str(wrong)
            return default

    def require(self, name: str, kind: Callable[[str], Any]) -> Any:
        if name not in self.given:
            self.errors[name] = _("This parameter is required.")
        return self.read(name, kind)

    def check(self) -> None:
        if self.errors:
            detail = _("Some parameters have values they cannot have: see “errors”.")
            raise Problem(400, detail, self.errors)


def limit(most: int) -> Callable[[str], int]:
    def kind(value: str) -> int:
        if not re.fullmatch("[1-9][0-9]{0,2}", value) or int(value) > most:
            raise Wrong(_("Write a whole number from 1 to %(most)d.") % {"most": most})
        return int(value)

    return kind


def number(value: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,17}", value):
        raise Wrong(_("Write the number of a row, such as 12."))
    return int(value)


def hot(value: str) -> Hot:
    try:
        return Hot(value)
    except ValueError as error:
        raise Wrong(_("Write day, week, month or lately.")) from error


def slug(value: str) -> str:
    if not re.fullmatch("[-a-zA-Z0-9_]{1,50}", value):
        raise Wrong(_("Write the address of a channel, such as group-news."))
    return value


def words(value: str) -> str:
    if not 1 <= len(value) <= LONGEST_WORDS:
        raise Wrong(_("Write 1 to %(most)d characters.") % {"most": LONGEST_WORDS})
    return value


def place(value: str) -> Place:
    try:
        return cursors.read_place(value)
    except cursors.NoPlace as error:
        raise Wrong(_("Take the cursor from “next” of a response.")) from error


def moment(value: str) -> datetime:
    """A day in Shanghai from its beginning, or a moment as RFC 3339 writes it."""
    # An unescaped + arrives as a blank.
    value = value.replace(" ", "+")
    found: datetime | None = None
    try:
        if _DATE.fullmatch(value) and (day := parse_date(value)):
            found = datetime.combine(day, time(), timezone.get_default_timezone())
        elif _MOMENT.fullmatch(value):
            found = parse_datetime(_FRACTION.sub(r"\1", value).upper())
    except ValueError:
        found = None
    if found is None:
        raise Wrong(_("Write a day such as 2026-03-01, or a moment such as 2026-03-01T08:00:00Z."))
    # In UTC: PostgreSQL refuses offsets of sixteen hours and more.
    return min(max(found, FIRST), LAST).astimezone(UTC)
