"""The front page over HTTP: its parts, grey days, the footer, the unit in the address."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles.models import DailyViews, GreyPeriod, SiteLink
from tests.factories import (
    figure,
    make_channel,
    make_department,
    make_edition,
    make_image,
    make_placement,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def html_of(client, address: str = "/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestParts:
    def test_are_all_there(self, client, editor, noon):
        unit = make_department(name="煤业公司")
        notices = make_channel(name="通知公告", block="notices", order=9)
        story = make_edition(
            by=editor,
            title="有图的头条",
            summary="两行摘要。",
            body=figure(make_image(by=editor)),
            source_department=unit,
        )
        make_edition(by=editor, title="一则通知", channel=notices, at=noon - HOUR)
        DailyViews.objects.create(article_id=story.pk, day=noon.date(), views=4)
        make_placement(slot="topics", title="温暖过冬", address="/channels/heating/", picture=True)
        make_placement(slot="related", title="相关解读", address="https://www.example.com/a")
        SiteLink.objects.create(name="国资委", address="https://www.example.com/")
        html = html_of(client)
        for shown in (
            "有图的头条",
            "两行摘要。",
            "data-carousel",
            "一则通知",
            'href="/channels/heating/"',
            'href="https://www.example.com/a"',
            "温暖过冬",
            "国资委",
            f'href="/?unit={unit.pk}#unit-news"',
            'id="hot"',
        ):
            assert shown in html

    def test_show_script_in_every_field_as_text(self, client, editor):
        evil = "<script>alert(1)</script>"
        make_edition(by=editor)
        for slot in ("lead", "related", "topics", "carousel"):
            make_placement(slot=slot, title=evil, address='/x/?"><script>', picture=True)
        SiteLink.objects.create(name=evil, address="https://www.example.com/")
        html = html_of(client)
        assert "<script>" not in html
        assert "&lt;script&gt;alert(1)" in html


class TestUnit:
    def test_is_chosen_in_the_address(self, client, editor):
        coal, rail = make_department(name="煤业公司"), make_department(name="铁路公司")
        make_edition(by=editor, title="煤业的稿子", source_department=coal)
        make_edition(by=editor, title="铁路的稿子", source_department=rail)
        news = html_of(client, f"/?unit={rail.pk}").partition('id="unit-news"')[2]
        news = news.partition("</section>")[0]
        assert "铁路的稿子" in news
        assert "煤业的稿子" not in news

    @pytest.mark.parametrize(
        "query",
        [
            "?unit=",
            "?unit=0",
            "?unit=999999999999999999",
            "?unit=" + "9" * 4000,
            "?unit=x&unit=2",
            "?unit=%F0%A0%AE%B7",
            "?unit='--",
            "?" + "词" * 3000,
        ],
    )
    def test_that_does_not_exist_is_no_error(self, client, editor, query):
        make_edition(by=editor, title="一条新闻")
        assert "一条新闻" in html_of(client, f"/{query}")


class TestGreyDays:
    def test_make_every_page_grey_from_until(self, client, editor, noon, time_machine):
        edition = make_edition(by=editor, channel=make_channel(slug="news"), at=noon - HOUR)
        GreyPeriod.objects.create(starts_at=noon, ends_at=noon + HOUR)
        for moment, is_grey in ((-HOUR / 2, False), (HOUR / 2, True), (HOUR * 2, False)):
            time_machine.move_to(noon + moment, tick=False)
            for address in ("/", "/channels/news/", edition.get_absolute_url()):
                assert (' class="grey"' in html_of(client, address)) is is_grey

    def test_begin_at_once_when_they_are_entered(self, client, editor, noon):
        make_edition(by=editor, at=noon - HOUR)
        assert ' class="grey"' not in html_of(client)
        GreyPeriod.objects.create(starts_at=noon - HOUR, ends_at=noon + HOUR)
        assert ' class="grey"' in html_of(client)


class TestFooter:
    def test_names_the_registrations_and_where_they_are_looked_up(self, client, settings):
        settings.ICP_NUMBER = "京ICP备00000000号"
        settings.POLICE_NUMBER = "京公网安备11000000000000号"
        html = html_of(client)
        assert '<a href="https://beian.miit.gov.cn/" rel="noopener">京ICP备00000000号</a>' in html
        assert "webSearch?code=11000000000000" in html

    def test_says_nothing_where_there_is_none(self, client):
        assert "registrations" not in html_of(client)
