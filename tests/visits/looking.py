"""Readers who look at stories, through the endpoint or straight into the ledger."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

from django.db import connection
from django.test import Client
from django.urls import reverse

from articles.models import DailyViews, Edition, Outcome
from articles.visits import draining, ledger
from articles.visits.figures import Sight
from articles.visits.ledger import Beacon
from articles.visits.recognition import Visit
from tests.conftest import NOON

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
THREADS = 8
UNSEEN = Sight(views=0, waiting=0, is_counted=False)


def browser(**headers: str) -> Client:
    """One that keeps cookies; the clock of the test decides how old they are, not the browser."""
    return Client(headers={"sec-fetch-site": "same-origin", "user-agent": "Firefox", **headers})


def look(at: Edition, by: Client, key: str = "", **more):
    data = {"key": key} if key else {}
    return by.post(reverse("view", args=[at.pk]), data, **more)


def key(number: int = 0) -> str:
    return f"{number:032x}"


def days(edition: Edition) -> dict[date, int]:
    """The drained daily series of a story."""
    draining.drain()
    rows = DailyViews.objects.filter(article_id=edition.pk)
    return dict(rows.values_list("day", "views"))


def visit(
    number: int,
    *,
    start_known: bool = True,
    at: datetime = NOON,
    has_counted: bool = False,
    is_held: bool = False,
) -> Visit:
    return Visit(f"{number:032x}", at, at, start_known, has_counted, is_held)


def receive(
    article_id: int, by: Visit, at: datetime = NOON, address: str = "10.1.1.1", **more: bool
) -> Outcome:
    """A beacon that was not seen to be counted before."""
    return ledger.receive(Beacon(article_id, by, at, address, **more), UNSEEN)


def at_once(work, arguments) -> list:
    """Runs the calls in threads of their own connection; gives back the results."""

    def call(argument):
        try:
            return work(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(call, arguments))
