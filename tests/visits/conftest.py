"""A story and readers of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from articles.models import Edition
from tests.factories import make_edition
from tests.visits.looking import ARTICLE, browser, put_up


@pytest.fixture
def story(editor, noon: datetime) -> Edition:
    return make_edition(by=editor, at=noon - timedelta(days=2))


@pytest.fixture
def reader() -> Client:
    return browser()


@pytest.fixture
def account(db) -> int:
    """The number of a live story nobody has read."""
    return put_up(ARTICLE)


@pytest.fixture
def shared_account(transactional_db) -> int:
    """The same, seen by threads with connections of their own."""
    return put_up(ARTICLE)
