"""The lists readers leaf through: what they hold, how they are narrowed down, where they lead."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles import publishing
from articles.listing import keeping
from articles.models import Edition
from articles.portal.kept_pages.store import PAGES
from articles.templatetags.newsroom import linked_names
from tests.conftest import SHANGHAI
from tests.factories import figure, make_channel, make_department, make_edition, make_image

pytestmark = pytest.mark.django_db


def titles(client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return [story.title for story in answer.context["page"].object_list]


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=SHANGHAI)


class TestWhatAListHolds:
    def test_a_unit_gathers_all_beneath_it(self, client, editor):
        group = make_department(name="集团")
        mine = make_department(name="一矿", parent=group)
        make_edition(by=editor, title="矿上的事", source_department=mine)
        make_edition(by=editor, title="别处的事")
        assert titles(client, f"/units/{group.pk}/") == ["矿上的事"]
        assert titles(client, f"/units/{mine.pk}/") == ["矿上的事"]

    def test_the_archive_has_years_and_months_with_their_numbers(self, client, editor, noon):
        for day in ((2026, 3, 1), (2026, 3, 31), (2026, 4, 1), (2025, 12, 31)):
            make_edition(by=editor, title=str(day), at=at(*day))
        assert titles(client, "/archive/2026/3/") == ["(2026, 3, 31)", "(2026, 3, 1)"]
        assert titles(client, "/archive/2025/") == ["(2025, 12, 31)"]
        asked = client.get("/archive/2026/").context["list"]
        assert [(way.address, way.stories) for way in asked.years()] == [
            ("/archive/2026/", 3),
            ("/archive/2025/", 1),
        ]
        assert [(way.address, way.stories) for way in asked.months()] == [
            ("/archive/2026/3/", 2),
            ("/archive/2026/4/", 1),
        ]

    def test_an_author_has_a_list_for_every_way_the_name_is_printed(self, client, editor):
        from articles import publishing
        from tests.factories import make_article

        for byline in ("王芳 李明", "记者　王　芳", "李明、王芳"):
            article = make_article(by=editor, title=byline)
            article.byline = byline
            article.save()
            publishing.publish(article, by=editor)
        assert len(titles(client, f"/authors/{quote('王芳')}/")) == 3
        assert len(titles(client, f"/authors/{quote('李明')}/")) == 2

    def test_a_tag_may_hold_any_character(self, client, editor):
        for name in ("安全生产", "5G/6G", "a?b#c&d", "100%", "“双碳”", "C++"):
            make_edition(by=editor, title=name, tags=[name])
            from django.urls import reverse

            assert titles(client, reverse("tag", args=[name])) == [name]

    def test_the_view_by_pictures_holds_stories_with_a_picture(self, client, editor):
        make_edition(by=editor, title="无图")
        make_edition(by=editor, title="有图", body=figure(make_image(by=editor)))
        assert titles(client, "/pictures/") == ["有图"]

    def test_a_story_is_new_for_three_days(self, client, editor, noon, time_machine):
        make_edition(by=editor, title="一条", at=noon - timedelta(days=3, seconds=-1))
        assert 'class="new"' in client.get("/archive/").content.decode()
        time_machine.move_to(noon + timedelta(seconds=1), tick=False)
        assert 'class="new"' not in client.get("/archive/").content.decode()

    @pytest.mark.parametrize("field", ["published_at", "expires_at"])
    def test_leaves_out_what_is_not_live_and_counts_it_not(self, client, editor, noon, field):
        channel = make_channel(slug="news")
        for number in range(21):
            make_edition(by=editor, channel=channel, at=noon - timedelta(days=1, minutes=number))
        hidden = Edition.objects.newest_first()[5]
        hidden.expires_at = noon if field == "expires_at" else None
        if field == "published_at":
            hidden.published_at = noon + timedelta(days=20)
        hidden.save()
        keeping.shelve(hidden)
        page = client.get("/channels/news/").context["page"]
        assert page.paginator.count == len(page.object_list) == 20
        assert hidden not in page.object_list

    def test_scheduled_stories_appear_by_themselves(self, client, editor, noon, time_machine):
        edition = make_edition(by=editor, title="定时的一篇")
        edition.published_at = noon + timedelta(hours=1)
        edition.save()
        keeping.shelve(edition)
        assert titles(client, "/archive/") == []
        time_machine.move_to(noon + timedelta(hours=1), tick=False)
        assert titles(client, "/archive/") == ["定时的一篇"]


class TestWaysIn:
    def test_a_month_names_the_archive_and_its_year(self, client, editor, noon):
        make_edition(by=editor, at=at(2026, 3, 1))
        html = client.get("/archive/2026/3/").content.decode()
        above = html[
            html.index('class="breadcrumb"') : html.index("</nav>", html.index("breadcrumb"))
        ]
        assert re.findall('href="([^"]+)"', above) == ["/", "/archive/", "/archive/2026/"]
        assert '<span aria-current="page">2026年3月</span>' in above

    @pytest.mark.parametrize(
        ("byline", "linked"),
        [
            ("记者 王芳 通讯员 李明", ["王芳", "李明"]),
            ("王　芳", ["王　芳"]),
            ("王芳、王芳芳", ["王芳", "王芳芳"]),
            ("John Smith", ["John Smith"]),
            ("<b>王芳</b>", None),
            ("", []),
        ],
    )
    def test_names_in_a_byline_lead_to_lists(self, byline, linked):
        html = linked_names(byline)
        assert "<b>" not in html
        if linked is not None:
            assert re.findall("<a[^>]*>([^<]+)</a>", html) == linked
            assert strip_tags(html) == byline


class TestPages:
    def test_follow_each_other_without_gap_across_months(self, client, editor):
        channel, now = make_channel(slug="news"), timezone.now()
        for number in range(65):
            make_edition(
                by=editor, title=str(number), channel=channel, at=now - timedelta(days=number * 3)
            )
        shown = []
        for number in range(1, 5):
            shown += titles(client, f"/channels/news/?page={number}")
        assert shown == [str(number) for number in range(65)]

    def test_beyond_the_end_are_the_last_one(self, client, editor):
        make_edition(by=editor, title="唯一")
        assert titles(client, "/archive/?page=5000") == ["唯一"]


class TestFilters:
    @pytest.fixture
    def stories(self, editor, noon):
        group = make_department(name="集团")
        mine = make_department(name="一矿", parent=group)
        news, notices = make_channel(slug="news"), make_channel(slug="notices")
        for number in range(24):
            make_edition(
                by=editor,
                title=str(number),
                channel=(news, notices)[number % 2],
                source_department=(group, mine)[number % 3 == 0],
                tags=[("安全", "先进")[number % 4 == 0]],
                at=noon - timedelta(days=20 * number),
            )
        return {"mine": mine.pk, "group": group.pk}

    @pytest.mark.parametrize(
        ("address", "numbers"),
        [
            ("/channels/news/?unit={mine}", [n for n in range(24) if n % 6 == 0]),
            ("/channels/news/?unit={group}", [n for n in range(24) if n % 2 == 0]),
            ("/units/{mine}/?channel=notices", [n for n in range(24) if n % 6 == 3]),
            ("/units/{mine}/?tag=先进", [n for n in range(24) if n % 12 == 0]),
            ("/tags/先进/?unit={mine}&channel=news", [n for n in range(24) if n % 12 == 0]),
            ("/archive/?unit={mine}&tag=先进", [n for n in range(24) if n % 12 == 0]),
            ("/archive/2026/?unit={mine}", [0, 3, 6]),
            ("/channels/news/?year=2026&month=6", [0]),
            ("/channels/news/?unit={mine}&year=2026&month=6", [0]),
            ("/channels/notices/?year=2026&month=6", []),
            ("/channels/news/?tag=无此标签", []),
        ],
    )
    def test_combine(self, client, stories, address, numbers):
        assert titles(client, address.format(**stories)) == [str(n) for n in numbers]

    def test_keep_their_address_in_the_pager_and_in_every_way_on(self, client, editor, stories):
        address = f"/channels/news/?unit={stories['group']}&year=2026"
        for _number in range(25):
            unit = Edition.objects.get(title="2").department
            channel = Edition.objects.get(title="2").channel
            make_edition(by=editor, channel=channel, source_department=unit)
        html = client.get(address).content.decode()
        escaped = address.replace("&", "&amp;")
        assert f'href="{escaped}&amp;page=2"' in html
        assert f'href="{escaped}&amp;month=6"' in html
        assert 'name="year" value="2026"' in html
        assert f'href="/channels/news/?unit={stories["group"]}"' in html

    def test_say_what_to_do_when_nothing_is_left(self, client, stories):
        html = client.get("/channels/notices/?year=2026&month=6").content.decode()
        assert "/channels/notices/" in html
        assert re.search(r"<h2>[^<]+</h2>\s*<p>[^<]+</p>", html)


NASTY = ["0", "-1", "1.5", "９", "abc", "'", '"', "%", "*", "\u202e", "😀", "x" * 10_000, "2026 "]


class TestOddAddresses:
    @pytest.mark.parametrize("value", NASTY)
    @pytest.mark.parametrize("name", ["page", "year", "month", "unit", "channel", "tag", "author"])
    def test_are_answered(self, client, editor, name, value):
        make_channel(slug="news")
        answer = client.get("/channels/news/", {"year": "2026", name: value})
        assert answer.status_code in (200, 404)

    @pytest.mark.parametrize(
        "address",
        [
            "/archive/0/",
            "/archive/2026/13/",
            "/archive/2026/03/",
            "/archive/3000/",
            "/archive/1000/",
            "/units/0/",
            "/units/99999999999999999/",
            "/tags/没有/",
            "/authors/没有/",
            "/tags/x" + "x" * 10_000 + "/",
            "/channels/news/?month=3",
        ],
    )
    def test_that_lead_nowhere_are_404(self, client, address):
        make_channel(slug="news")
        assert client.get(address).status_code == 404

    def test_names_only_of_stories_nobody_sees_are_404(self, client, editor):
        later = timezone.now() + timedelta(days=9)
        make_edition(by=editor, tags=["待发布"], at=later)
        gone = make_edition(by=editor, tags=["已撤回"])
        assert client.get("/tags/已撤回/").status_code == 200
        publishing.withdraw(gone.article, by=editor, reason="有误")
        for address in ("/tags/待发布/", "/tags/已撤回/", "/authors/王芳/"):
            assert client.get(address).status_code == 404

    def test_a_period_in_the_path_of_the_archive_is_no_filter(self, client, editor, noon):
        make_edition(by=editor)
        asked = client.get("/archive/2026/?year=2025&month=1&tag=").context["list"]
        assert asked.address == "/archive/2026/"


class TestAnyQuery(TestCase):
    @given(query=st.dictionaries(st.sampled_from(["page", "year", "unit", "tag"]), st.text()))
    @settings(max_examples=60, deadline=None)
    def test_is_answered(self, query):
        assert self.client.get("/archive/", query).status_code in (200, 400, 404)


class TestEveryList:
    def test_costs_as_many_queries_with_many_stories(self, client, editor, noon):
        group = make_department(name="集团")
        mine = make_department(name="一矿", parent=group)
        channel = make_channel(slug="news")

        def fill() -> None:
            for number in range(30):
                make_edition(
                    by=editor,
                    channel=channel,
                    source_department=mine,
                    tags=["安全"],
                    at=noon - timedelta(days=number),
                )

        def costs() -> list[int]:
            found = []
            PAGES.clear()
            for address in (
                "/channels/news/",
                f"/units/{group.pk}/",
                "/archive/2026/",
                "/tags/安全/",
                "/authors/王芳/",
                f"/channels/news/?unit={group.pk}&tag=安全&year=2026",
            ):
                with CaptureQueriesContext(connection) as queries:
                    assert client.get(address).status_code == 200
                found.append(len(queries))
            return found

        fill()
        few = costs()
        fill()
        assert costs() == few
        assert max(few) <= 16
