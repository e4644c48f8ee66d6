"""Two people arrange one topic, series or note at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from articles import correcting
from articles.models import Article, Correction, Installment, SectionStory, TopicSection
from articles.topics import arranging, installments
from articles.topics.installments import NumberRefused
from tests.factories import make_edition, make_section, make_series, make_topic
from tests.videos.test_showing import wait_until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)


def both_at_once(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """What the second gets, begun before the first has committed."""
    if connection.vendor != "postgresql":
        pytest.skip("one writer at a time")

    def in_a_connection_of_its_own() -> Any:
        try:
            return second()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            later = pool.submit(in_a_connection_of_its_own)
            wait_until_somebody_waits()
        return later.result(timeout=10)


def test_a_story_is_chosen_once(editor):
    section, row = make_section(topic=make_topic()), make_edition(by=editor)

    def choose() -> bool:
        return arranging.choose(section, row)

    assert both_at_once(choose, choose) is False
    assert SectionStory.objects.count() == 1


def test_sections_get_places_of_their_own(db):
    topic = make_topic()

    def append() -> None:
        arranging.append(TopicSection(topic=topic, title="板块"))

    both_at_once(append, append)
    assert sorted(topic.sections.values_list("order", flat=True)) == [0, 1]


def test_installments_get_numbers_of_their_own(editor):
    series = make_series()
    one, other = make_edition(by=editor), make_edition(by=editor)
    both_at_once(lambda: installments.add(series, one), lambda: installments.add(series, other))
    assert sorted(Installment.objects.values_list("number", flat=True)) == [1, 2]


def test_a_story_is_numbered_in_one_series(editor):
    row, one, other = make_edition(by=editor), make_series(), make_series()
    with pytest.raises(NumberRefused):
        both_at_once(lambda: installments.add(one, row), lambda: installments.add(other, row))
    assert Installment.objects.get().series == one


def test_a_note_is_written_once(editor):
    article = Article.objects.get(pk=make_edition(by=editor).pk)

    def correct() -> None:
        correcting.correct(article, by=editor, words="应为三人。")

    both_at_once(correct, correct)
    assert Correction.objects.count() == 1
