"""A story and readers of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from articles.models import Edition
from articles.visits import ledger
from tests.factories import make_edition
from tests.visits.looking import browser

ARTICLE = 7


@pytest.fixture
def story(editor, noon: datetime) -> Edition:
    return make_edition(by=editor, at=noon - timedelta(days=2))


@pytest.fixture
def reader() -> Client:
    return browser()


@pytest.fixture
def account(db) -> int:
    """The number of an article that has sums and nothing else."""
    ledger.open_account(ARTICLE)
    return ARTICLE


@pytest.fixture
def shared_account(transactional_db) -> int:
    """The same, seen by threads with connections of their own."""
    ledger.open_account(ARTICLE)
    return ARTICLE
