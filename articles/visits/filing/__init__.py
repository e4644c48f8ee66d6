"""Files the beacons of one moment: each look once a visit, with a row in the inbox.

Whoever writes together shares statements as well as the commit (`at_once`, `steps`).
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from articles.models import Outcome
from articles.visits import figures
from articles.visits.filing import at_once, steps
from articles.visits.filing.cases import Case, Entry, Receipt, open_cases

__all__ = ["Entry", "Receipt", "write"]


def write(entries: list[Entry]) -> None:
    """Commits them and gives each its receipt.

    Whether the connection still stands is found out by using it: to ask before would take as long
    as all the rest. What was filed before it broke is a repeat the second time.
    """
    # Looked up once: `django.db.connection` asks at each use which process this is.
    database: Any = connections[DEFAULT_DB_ALIAS]
    database.health_check_done = True
    try:
        _write(database, entries)
    except (OperationalError, InterfaceError):
        if not _is_cut_off(database):
            raise
        database.close()
        _write(database, entries)


def _is_cut_off(database: BaseDatabaseWrapper) -> bool:
    """Whether PostgreSQL is gone, or was; a transaction that others began cannot go on."""
    link = database.connection
    is_open = link is not None and not getattr(link, "closed", False)
    return database.vendor == "postgresql" and not is_open and not database.in_atomic_block


def _write(database: BaseDatabaseWrapper, entries: list[Entry]) -> None:
    cases = open_cases(entries)
    asked = {case.key for case in cases if case.is_look}
    if database.vendor == "postgresql" and all(case.outcome != Outcome.HELD for case in cases):
        at_once.file(database, cases)
    else:
        steps.file(database, cases)
    views = _figures(database, cases, asked)
    for case in cases:
        if case.sight:
            number = views[case.entry.article_id]
            case.entry.receipt = Receipt(case.outcome, number, case.sight.waiting)


def _figures(
    database: BaseDatabaseWrapper, cases: list[Case], asked: set[tuple[int, str]]
) -> dict[int, int]:
    """The figures of their stories with all that was filed now."""
    cases = [case for case in cases if case.sight]
    views = {case.entry.article_id: case.sight.views for case in cases if case.sight}
    for case in cases:
        views[case.entry.article_id] += case.outcome == Outcome.COUNTED
    if database.vendor == "postgresql":
        # Another process may have been quicker with the same visit, after the figure was read.
        beaten = {
            case.entry.article_id
            for case in cases
            if case.outcome == Outcome.REPEAT and case.key in asked
        }
        if beaten:
            views |= figures.views_of(beaten)
    return views
