"""The page that says how views are counted and what is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles.visits import ledger, recognition, salts
from tests.factories import make_edition

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (
            "/privacy/",
            [
                "停顿不满{gap}分钟",
                "最长{longest}小时",
                "{gap}分钟后失效",
                "保留{days}天",
                "{salt}小时后销毁",
            ],
        ),
        (
            "/en/privacy/",
            [
                "a pause of {gap} minutes, at most {longest} hours",
                "expires {gap} minutes after",
                "kept for {days} days",
                "destroyed after {salt} hours",
            ],
        ),
    ],
)
def test_tells_the_numbers_the_code_keeps_to(client, address, words):
    body = client.get(address).content.decode()
    numbers = {
        "gap": recognition.GAP.seconds // 60,
        "longest": recognition.LONGEST // HOUR,
        "days": ledger.LIFE.days,
        "salt": salts.LIFE // HOUR,
    }
    for sentence in words:
        assert sentence.format(**numbers) in body


def test_says_whether_colleagues_count(client, settings):
    settings.COUNT_STAFF = False
    assert "登录了后台的同事；" in client.get("/privacy/").content.decode()


def test_is_kept_without_cookies_and_found_from_every_page(client, editor):
    story = make_edition(by=editor)
    answer = client.get("/privacy/")
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert 'href="/privacy/"' in client.get("/").content.decode()
    assert 'href="/privacy/#views"' in client.get(story.get_absolute_url()).content.decode()
    assert 'href="/en/privacy/"' in client.get("/en/").content.decode()
