"""The page that arranges the front page, as of any moment."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from articles import publishing
from articles.models import Article, GreyPeriod, Placement, PlacementPicture
from tests.factories import make_edition, make_placement, photograph

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ARRANGE = "/admin/articles/placement/"
PAGE = f"{ARRANGE}page/"
ORDER = f"{ARRANGE}order/"
ADD = f"{ARRANGE}add/"


def down_url(row: Placement) -> str:
    return f"{ARRANGE}{row.pk}/take-down/"


def as_field(moment) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def slot(answer, name: str):
    return next(each for each in answer.context["slots"] if each.slot == name)


def _with_rights(client, user, *actions: str):
    names = [f"{action}_placement" for action in actions]
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    return client


@pytest.fixture
def as_arranger(as_editor, editor):
    """An editor who arranges the front page."""
    return _with_rights(as_editor, editor, "view", "add", "change", "delete")


@pytest.fixture
def typed(noon) -> dict[str, str]:
    """The form of a placement of an address, as it is sent."""
    return {
        "slot": "topics",
        "edition": "",
        "address": "/channels/news/",
        "title": "专题",
        "starts_at_0": "2026-06-15",
        "starts_at_1": "08:00",
        "ends_at_0": "",
        "ends_at_1": "",
    }


class TestPage:
    def test_is_one_click_from_the_desk_and_every_page(self, as_arranger):
        html = as_arranger.get("/admin/").content.decode()
        assert html.count(f'href="{ARRANGE}"') >= 2

    def test_tells_what_stands_what_will_come_and_what_is_over(self, as_arranger, noon):
        make_placement(title="正在", starts_at=noon - DAY)
        make_placement(title="将来", starts_at=noon + DAY)
        make_placement(title="过去", starts_at=noon - 3 * DAY, ends_at=noon - 2 * DAY)
        lead = slot(as_arranger.get(ARRANGE), "lead")
        kinds = (lead.standing, lead.coming, lead.over)
        shown = [[str(line.placement) for line in lines] for lines in kinds]
        assert shown == [["正在"], ["将来"], ["过去"]]

    def test_shows_any_moment(self, as_arranger, noon):
        make_placement(title="将来", starts_at=noon + DAY)
        answer = as_arranger.get(ARRANGE, {"at": as_field(noon + 2 * DAY)})
        assert [str(line.placement) for line in slot(answer, "lead").standing] == ["将来"]
        assert quote(as_field(noon + 2 * DAY)) in answer.context["page_address"]

    def test_offers_the_moments_staff_ask_for(self, as_arranger, noon):
        moments = [each["at"] for each in as_arranger.get(ARRANGE).context["suggestions"]]
        assert moments == ["2026-06-16T08:00", "2026-06-22T08:00", "2025-10-01T08:00"]

    def test_says_why_a_placement_is_not_seen(self, as_arranger, editor, noon):
        gone = make_edition(by=editor, title="已撤")
        make_placement(edition=gone)
        publishing.withdraw(Article.objects.get(pk=gone.pk), by=editor, reason="有误")
        make_placement(title="第二条")
        make_placement(title="第一条")
        make_placement(slot="carousel", edition=make_edition(by=editor, title="无图"))
        answer = as_arranger.get(ARRANGE)
        gaps = {
            str(line.placement): bool(line.gap)
            for name in ("lead", "carousel")
            for line in slot(answer, name).standing
        }
        assert gaps == {"第一条": False, "第二条": True, "已撤": True, "无图": True}

    def test_finds_stories_and_offers_each_slot(self, as_arranger, editor):
        edition = make_edition(by=editor, title="铁路装车再破纪录")
        html = as_arranger.get(ARRANGE, {"q": "装车 铁路"}).content.decode()
        for name in Placement.Slot.values:
            assert f"{ADD}?slot={name}&amp;edition={edition.pk}" in html

    @pytest.mark.parametrize(
        "query",
        [
            "at=",
            "at=x",
            "at=2026-02-31T08:00",
            "at=0001-01-01T00:00",
            "at=9999-12-31T23:59",
            "at=2026-06-15T08:00%2B99:99",
            "at=" + "9" * 4000,
            "q=" + "%E8%AF%8D+" * 900,
            "q=%25%27%22%5C",
            "q=%00",
            "p=99999999999999999999",
            "slot__regex=(a%2B)%2B",
        ],
    )
    def test_answers_whatever_is_asked(self, as_arranger, editor, query):
        make_edition(by=editor)
        for address in (ARRANGE, PAGE, ADD):
            assert as_arranger.get(f"{address}?{query}").status_code in (200, 400)

    def test_costs_the_same_with_many_placements(
        self, as_arranger, editor, noon, django_assert_max_num_queries
    ):
        story = make_edition(by=editor)
        for name in ("lead", "carousel", "topics", "pictures", "related"):
            for days in (-3, -1, 2):
                make_placement(slot=name, edition=story, starts_at=noon + days * DAY, picture=True)
        with django_assert_max_num_queries(16):
            as_arranger.get(ARRANGE, {"q": "实干"})


class TestFrame:
    def test_shows_the_page_of_that_moment_in_the_portals_template(self, as_arranger, editor, noon):
        make_edition(by=editor, at=noon - 9 * DAY)
        make_placement(title="国庆版面", starts_at=noon - 3 * DAY, ends_at=noon - 2 * DAY)
        then = as_arranger.get(PAGE, {"at": as_field(noon - 2 * DAY - timedelta(hours=1))})
        assert "国庆版面" in then.content.decode()
        assert "国庆版面" not in as_arranger.get(PAGE).content.decode()
        assert "data-visit" not in then.content.decode()
        assert then.headers["X-Frame-Options"] == "SAMEORIGIN"

    def test_is_grey_on_grey_days(self, as_arranger, noon):
        GreyPeriod.objects.create(starts_at=noon + DAY, ends_at=noon + 2 * DAY)
        then = as_arranger.get(PAGE, {"at": as_field(noon + DAY)}).content.decode()
        assert ' class="grey"' in then
        assert ' class="grey"' not in as_arranger.get(PAGE).content.decode()

    def test_shows_own_pictures_that_are_public_no_more(self, as_arranger, editor, noon):
        make_edition(by=editor, at=noon - 9 * DAY)
        row = make_placement(
            slot="topics", picture=True, starts_at=noon - 3 * DAY, ends_at=noon - 2 * DAY
        )
        then = as_arranger.get(PAGE, {"at": as_field(noon - 2 * DAY - timedelta(hours=1))})
        source = then.context["front"].topics[0].picture.source
        assert source.startswith(f"{ARRANGE}{row.pk}/picture/")
        answer = as_arranger.get(source)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert as_arranger.get(f"{ARRANGE}{row.pk}/picture/huge/").status_code == 404


class TestForm:
    def test_places_a_story_that_was_found(self, as_arranger, editor, typed):
        edition = make_edition(by=editor, title="找到的稿子")
        html = as_arranger.get(ADD, {"slot": "lead", "edition": edition.pk}).content.decode()
        assert "找到的稿子" in html
        typed |= {"slot": "lead", "edition": str(edition.pk), "address": "", "title": "短题"}
        assert as_arranger.post(ADD, typed).status_code == 302
        row = Placement.objects.get()
        assert (row.edition, row.title, row.slot) == (edition, "短题", "lead")

    def test_takes_an_own_picture_and_takes_it_away(self, as_arranger, typed):
        assert as_arranger.post(ADD, typed | {"upload": photograph()}).status_code == 302
        row = Placement.objects.get()
        assert PlacementPicture.objects.get().placement == row
        change = f"{ARRANGE}{row.pk}/change/"
        as_arranger.post(change, typed | {"without_picture": "on"})
        assert not PlacementPicture.objects.exists()

    @pytest.mark.parametrize(
        "change",
        [
            {"address": ""},
            {"address": "javascript:alert(1)"},
            {"title": ""},
            {"ends_at_0": "2026-06-14", "ends_at_1": "08:00"},
            {"edition": "999999"},
            {"edition": "x"},
            {"edition": "9" * 30},
            {"slot": "nowhere"},
            {"slot": "pinned"},
            {"starts_at_0": "31.2."},
        ],
    )
    def test_says_what_is_wrong(self, as_arranger, typed, change):
        answer = as_arranger.post(ADD, typed | change)
        assert answer.status_code == 200
        assert answer.context["errors"]
        assert not Placement.objects.exists()

    def test_refuses_a_file_that_is_no_picture(self, as_arranger, typed):
        upload = photograph()
        upload.file.seek(0)
        upload.file.truncate(100)
        upload.size = 100
        answer = as_arranger.post(ADD, typed | {"upload": upload})
        assert answer.context["errors"]
        assert not Placement.objects.exists()

    def test_deletes_with_the_picture(self, as_arranger):
        row = make_placement(picture=True)
        as_arranger.post(f"{ARRANGE}{row.pk}/delete/", {"post": "yes"})
        assert not Placement.objects.exists()
        assert not PlacementPicture.objects.exists()


class TestChanges:
    def test_order_by_numbers(self, as_arranger):
        rows = [make_placement(title=title) for title in ("甲", "乙", "丙")]
        numbers = {f"place-{row.pk}": number for row, number in zip(rows, (2, 3, 1), strict=True)}
        answer = as_arranger.post(ORDER, {"slot": "lead", "at": "2026-06-15T08:00", **numbers})
        assert answer.url == f"{ARRANGE}?at=2026-06-15T08%3A00"
        titles = Placement.objects.in_order().values_list("title", flat=True)
        assert list(titles) == ["丙", "甲", "乙"]

    def test_order_answers_a_script_in_short(self, as_arranger):
        row = make_placement()
        answer = as_arranger.post(
            ORDER, {"slot": "lead", f"place-{row.pk}": "1"}, headers={"Accept": "application/json"}
        )
        assert answer.status_code == 204

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({}, 404),
            ({"slot": "nowhere"}, 404),
            ({"slot": "lead", "place-x": "1"}, 302),
            ({"slot": "lead", "place-1": "x"}, 302),
            ({"slot": "lead", "place-" + "9" * 40: "1"}, 302),
            ({"slot": "lead", "place-1": "-1", "at": "x" * 3000}, 302),
        ],
    )
    def test_order_answers_nonsense(self, as_arranger, fields, status):
        assert as_arranger.post(ORDER, fields).status_code == status

    def test_takes_down_at_once(self, as_arranger, noon):
        row = make_placement(starts_at=noon - DAY)
        assert as_arranger.post(down_url(row)).status_code == 302
        assert not Placement.objects.standing().exists()

    @pytest.mark.parametrize("number", ["1", "9" * 30])
    def test_what_is_gone_is_taken_down_already(self, as_arranger, number):
        answer = as_arranger.post(f"{ARRANGE}{number}/take-down/", follow=True)
        assert answer.redirect_chain == [(ARRANGE, 302)]
        assert len(answer.context["messages"]) == 1

    def test_no_number_of_a_picture_makes_it_fail(self, as_arranger):
        assert as_arranger.get(f"{ARRANGE}{'9' * 30}/picture/cover/").status_code == 404


class TestRights:
    def test_of_others_end_at_the_door(self, as_editor):
        row = make_placement(picture=True)
        for address in (ARRANGE, PAGE, ADD, f"{ARRANGE}{row.pk}/picture/cover/"):
            assert as_editor.get(address).status_code == 403
        assert as_editor.post(ORDER, {"slot": "lead"}).status_code == 403
        assert as_editor.post(down_url(row)).status_code == 403
        assert f'href="{ARRANGE}"' not in as_editor.get("/admin/").content.decode()

    def test_to_look_change_nothing(self, as_editor, editor):
        client = _with_rights(as_editor, editor, "view")
        rows = [make_placement(title=title) for title in ("甲", "乙")]
        html = client.get(ARRANGE).content.decode()
        assert "甲" in html
        assert "take-down" not in html
        assert "data-find" not in html
        assert "data-place" not in html
        assert client.get(PAGE).status_code == 200
        assert "乙" in client.get(f"{ARRANGE}{rows[1].pk}/change/").content.decode()
        assert client.post(ORDER, {"slot": "lead"}).status_code == 403
        assert client.post(down_url(rows[0])).status_code == 403

    def test_changes_are_posts(self, as_arranger):
        row = make_placement()
        assert as_arranger.get(ORDER).status_code == 405
        assert as_arranger.get(down_url(row)).status_code == 405
