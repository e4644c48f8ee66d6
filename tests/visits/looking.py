"""Readers who look at stories, through the endpoint or straight into the ledger."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse

from articles.models import Article, ArticleViews, DailyViews, Edition, Outcome
from articles.visits import draining, ledger
from articles.visits.filing import Receipt
from articles.visits.ledger import Beacon
from articles.visits.recognition import Visit
from tests.conftest import NOON
from tests.factories import make_edition

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
THREADS = 8
# No sequence comes so far, nor so near from the other one (SQLite goes on from the highest).
ARTICLE, OTHER = 7_000_000, 8_000_000


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
    """What becomes of a beacon of a story that is live."""
    return told(article_id, by, at, address, **more).outcome


def told(
    article_id: int, by: Visit, at: datetime = NOON, address: str = "10.1.1.1", **more: bool
) -> Receipt:
    receipt = ledger.receive(Beacon(article_id, by, at, address, **more))
    assert receipt
    return receipt


def put_up(article_id: int) -> int:
    """A story of this number, published long before anybody looks at it: a copy of another one,
    which has no account."""
    by, _created = User.objects.get_or_create(username="publisher", is_superuser=True)
    edition = make_edition(by=by, at=NOON - timedelta(days=400))
    article = Article.objects.get(pk=edition.pk)
    ArticleViews.objects.filter(pk=edition.pk).delete()
    article.pk = edition.article_id = article_id
    Article.objects.bulk_create([article])
    Edition.objects.bulk_create([edition])
    ledger.open_account(article_id)
    return article_id


def at_once(work, arguments) -> list:
    """Runs the calls in threads of their own connection; gives back the results."""

    def call(argument):
        try:
            return work(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(call, arguments))
