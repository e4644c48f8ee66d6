"""Arranging the front page: order, ends, pictures of a placement's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from articles import freshness, pictures, placing, renditions, sweeping
from articles.models import Placement, PlacementPicture
from tests.factories import make_edition, make_placement, photograph

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def order() -> list[str]:
    return [row.title for row in Placement.objects.filter(slot="lead").in_order()]


def public_names() -> list[str]:
    """Files readers could get."""

    def files(folder: str) -> list[str]:
        try:
            folders, names = default_storage.listdir(folder)
        except FileNotFoundError:
            return []
        return names + [name for each in folders for name in files(f"{folder}/{each}")]

    return files("public")


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


class TestKeeping:
    def test_puts_a_new_one_first_and_leaves_the_others_in_order(self):
        for title in ("甲", "乙", "丙"):
            make_placement(title=title)
        assert order() == ["丙", "乙", "甲"]

    def test_leaves_one_that_is_changed_where_it_is(self):
        first, _second = make_placement(title="甲"), make_placement(title="乙")
        first.title = "甲改"
        placing.keep(first)
        assert order() == ["乙", "甲改"]

    def test_makes_kept_pages_old(self, editor):
        generations = {freshness.generation()}
        row = make_placement()
        generations.add(freshness.generation())
        placing.reorder("lead", [row.pk])
        generations.add(freshness.generation())
        placing.take_down(row)
        generations.add(freshness.generation())
        assert len(generations) == 4

    def test_tells_when_time_changes_the_page(self, noon):
        make_placement(starts_at=noon + timedelta(hours=2), ends_at=noon + timedelta(hours=3))
        assert freshness.next_change(noon) == noon + timedelta(hours=2)
        assert freshness.next_change(noon + timedelta(hours=2)) == noon + timedelta(hours=3)


class TestOrder:
    def test_is_the_one_given(self):
        rows = [make_placement(title=title) for title in ("甲", "乙", "丙")]
        placing.reorder("lead", [rows[0].pk, rows[2].pk, rows[1].pk])
        assert order() == ["甲", "丙", "乙"]

    def test_of_rows_that_are_not_named_stays_behind(self):
        rows = [make_placement(title=title) for title in ("甲", "乙", "丙")]
        elsewhere = make_placement(slot="topics")
        placing.reorder("lead", [rows[0].pk, elsewhere.pk, 999_999])
        assert order() == ["甲", "丙", "乙"]


class TestTakingDown:
    def test_ends_now_and_goes_on_standing_in_the_past(self, noon):
        row = make_placement(starts_at=noon - DAY)
        placing.take_down(row)
        assert not Placement.objects.standing().exists()
        assert Placement.objects.standing(noon - timedelta(hours=1)).get() == row

    def test_of_one_that_never_stood_leaves_nothing(self, noon):
        placing.take_down(make_placement(starts_at=noon + DAY))
        assert not Placement.objects.exists()

    def test_again_changes_nothing(self, noon):
        row = make_placement(starts_at=noon - DAY, ends_at=noon - timedelta(hours=2))
        placing.take_down(row)
        assert Placement.objects.get().ends_at == noon - timedelta(hours=2)


class TestOwnPictures:
    def test_are_public_while_they_are_placed(self, committing):
        row = make_placement(picture=True)
        own = PlacementPicture.objects.get()
        names = public_names()
        assert names
        assert renditions.cover_photograph(own).source.rpartition("/")[2] in names
        with committing():
            placing.take_down(row)
        assert not public_names()
        assert default_storage.exists(own.file.name), "the page as of yesterday shows it"

    def test_go_with_all_their_files(self, committing):
        row = make_placement(picture=True)
        name = PlacementPicture.objects.get().file.name
        with committing():
            placing.remove(row)
        assert not public_names()
        assert not default_storage.exists(name)

    def test_give_way_to_another(self, committing):
        row = make_placement(picture=True)
        old = PlacementPicture.objects.get().file.name
        with committing():
            placing.keep(row, picture=placing.clean_picture(photograph(size=(900, 600))))
        assert PlacementPicture.objects.get().width == 900
        assert not default_storage.exists(old)

    def test_lose_their_public_names_by_the_sweep_when_time_is_up(self, noon, time_machine):
        make_placement(picture=True, starts_at=noon - DAY, ends_at=noon + DAY)
        sweeping.sweep(noon)
        assert public_names()
        time_machine.move_to(noon + 2 * DAY, tick=False)
        sweeping.sweep(noon + 2 * DAY)
        assert not public_names()

    def test_get_them_again_when_the_end_is_put_off(self, noon, committing):
        row = make_placement(picture=True, starts_at=noon - DAY)
        with committing():
            placing.take_down(row)
        row = Placement.objects.get()
        row.ends_at = noon + DAY
        with committing():
            placing.keep(row)
        assert public_names()

    def test_come_back_after_a_restored_backup(self, noon):
        make_placement(picture=True)
        make_placement(picture=True, starts_at=noon - 2 * DAY, ends_at=noon - DAY)
        for own in PlacementPicture.objects.all():
            renditions.conceal([own])
        assert placing.expose_all() == 1
        assert public_names()

    def test_are_refused_as_photographs_are(self):
        upload = photograph()
        upload.file.seek(0)
        upload.file.truncate(200)
        with pytest.raises(pictures.PictureRefused):
            placing.clean_picture(upload)


class TestFindingStories:
    def test_finds_titles_that_hold_all_words(self, editor):
        found = make_edition(by=editor, title="铁路装车 再破纪录")
        make_edition(by=editor, title="铁路检修")
        assert placing.stories_with("纪录 铁路") == [found]

    @pytest.mark.parametrize("words", ["%", "_", "'", '"', "\\", "词 " * 500, "𠮷", "\u202e"])
    def test_answers_whatever_is_typed(self, editor, words):
        make_edition(by=editor, title="铁路检修")
        assert placing.stories_with(words) == []
