"""A running server is asked whatever the API's document allows, and much that it does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_schema_conformance,
    status_code_conformance,
)

from articles.portal import api_answers
from tests.factories import figure, make_channel, make_department, make_edition, make_image

pytestmark = pytest.mark.django_db(transaction=True)

ALWAYS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# What the document allows is answered, what it does not is refused.
MODES = {
    schemathesis.GenerationMode.POSITIVE: [*ALWAYS, positive_data_acceptance],
    schemathesis.GenerationMode.NEGATIVE: [*ALWAYS, negative_data_rejection],
}


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: Any) -> Any:
    """Made after the database: else Django takes SQLite for one in memory, which threads share."""
    return live_server


@pytest.fixture
def api(live_server, editor, monkeypatch):
    monkeypatch.setattr(api_answers, "MOST_A_MINUTE", 1_000_000)
    channel, unit = make_channel(slug="group-news"), make_department()
    for days in range(3):
        make_edition(
            by=editor,
            channel=channel,
            source_department=unit,
            tags=["安全"],
            body="<p>正文。</p>" + figure(make_image(by=editor)),
            at=timezone.now() - timedelta(days=days),
        )
    return schemathesis.openapi.from_url(f"{live_server.url}/api/openapi.json")


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
def test_every_answer_is_as_documented(api, mode):
    asked = 0
    for result in api.get_all_operations():
        asked += ask(result.ok(), mode)
    assert asked > 50


def ask(operation, mode) -> int:
    """Asks one operation forty different questions at most; returns how many it asked."""
    asked = 0
    if mode is schemathesis.GenerationMode.NEGATIVE and not operation.query:
        return 0

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def question(case) -> None:
        nonlocal asked
        asked += 1
        # No pattern says which cursors were handed out.
        is_made_up = "cursor" in (case.query or {})
        case.call_and_validate(checks=ALWAYS if is_made_up else MODES[mode])

    question()
    return asked
