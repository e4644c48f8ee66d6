"""Reading on from a place: complete, in order, unmoved by what is published meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles import publishing
from articles.listing import cursors, pages
from articles.listing.cursors import Place
from articles.models import Article, Edition, Shelf
from tests.factories import make_channel, make_edition


def everything() -> list[Shelf]:
    return pages.shelves([{"kind": Shelf.Kind.EVERYTHING, "name": ""}]) or []


class TestPlace:
    @given(
        st.timedeltas(timedelta(), timedelta(days=365_000)).map(lambda age: cursors.EPOCH + age),
        st.integers(1, 10**18 - 1),
    )
    def test_is_read_as_it_was_written(self, moment, number):
        place = Place(moment, number)
        assert cursors.read_place(str(place)) == place
        assert len(str(place)) <= cursors.LONGEST_CURSOR

    @given(st.text(max_size=80))
    def test_refuses_what_nobody_was_given(self, text):
        try:
            assert str(cursors.read_place(text)) == text
        except cursors.NoPlace:
            pass


@pytest.mark.django_db
class TestReading:
    def test_meets_every_story_once_even_those_of_one_moment(self, editor):
        at = timezone.now() - timedelta(days=1)
        made = [make_edition(by=editor, at=at).pk for _ in range(5)]
        made += [make_edition(by=editor, at=at - timedelta(hours=1)).pk]
        read, behind = [], None
        while True:
            stretch = cursors.read(everything(), 2, now=timezone.now(), behind=behind)
            read += [row.pk for row in stretch.editions]
            behind = stretch.next
            if behind is None:
                break
            # Newer, so above all that is still to be read.
            make_edition(by=editor)
        assert read == [*reversed(made[:5]), made[5]]

    def test_goes_on_where_a_story_was_withdrawn(self, editor):
        now = timezone.now()
        first, second, third = (
            make_edition(by=editor, at=now - timedelta(days=days)) for days in (1, 2, 3)
        )
        stretch = cursors.read(everything(), 2, now=now)
        assert [row.pk for row in stretch.editions] == [first.pk, second.pk]
        publishing.withdraw(Article.objects.get(pk=second.pk), by=editor, reason="有误")
        stretch = cursors.read(everything(), 2, now=now, behind=stretch.next)
        assert [row.pk for row in stretch.editions] == [third.pk]
        assert stretch.next is None

    def test_keeps_to_period_and_shelves(self, editor):
        channel, now = make_channel(), timezone.now()
        inside = make_edition(by=editor, channel=channel, tags=["安全"], at=now - timedelta(days=5))
        make_edition(by=editor, channel=channel, tags=["安全"], at=now - timedelta(days=9))
        make_edition(by=editor, channel=channel, at=now - timedelta(days=5))
        make_edition(by=editor, tags=["安全"], at=now - timedelta(days=5))
        shelves = pages.shelves([{"channel": channel.pk}, {"kind": Shelf.Kind.TAG, "name": "安全"}])
        stretch = cursors.read(
            shelves or [], 9, now=now, since=now - timedelta(days=6), until=now - timedelta(days=4)
        )
        assert [row.pk for row in stretch.editions] == [inside.pk]

    def test_leaves_out_what_is_not_live(self, editor):
        now = timezone.now()
        make_edition(by=editor)
        hidden = make_edition(by=editor)
        Edition.objects.filter(pk=hidden.pk).update(published_at=now + timedelta(days=1))
        stretch = cursors.read(everything(), 9, now=timezone.now())
        assert hidden.pk not in [row.pk for row in stretch.editions]
