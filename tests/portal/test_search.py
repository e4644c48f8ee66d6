"""The search page: what it shows, how it is narrowed, what it never does."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from articles.models import SearchMiss
from articles.searching import misses
from tests.conftest import SHANGHAI
from tests.factories import (
    figure,
    make_article,
    make_channel,
    make_department,
    make_edition,
    make_image,
)

pytestmark = pytest.mark.django_db

OUR_PAGE = {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_USER_AGENT": "Mozilla/5.0 Firefox/140"}


def page(client, **asked) -> str:
    answer = client.get(reverse("search"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def titles(client, **asked) -> list[str]:
    context = client.get(reverse("search"), asked).context
    return [hit.story.title for hit in context["hits"]]


class TestSearchPage:
    def test_every_page_has_a_form_that_leads_to_it(self, client):
        for address in ("/", "/articles/999/", "/search/"):
            html = client.get(address).content.decode()
            assert 'role="search" action="/search/"' in html
            assert '<input type="search" name="q"' in html

    def test_shows_title_and_excerpt_with_the_words_marked(self, client, editor):
        make_edition(by=editor, title="安全第一", body="<p>开头。</p><p>职工谈安全生产。</p>")
        html = page(client, q="安全")
        assert "<mark>安全</mark>第一" in html
        assert "职工谈<mark>安全</mark>生产。" in html

    def test_shows_the_caption_when_the_words_stand_there(self, client, editor):
        make_edition(by=editor, body=figure(make_image(by=editor), "老站房前的“合影”&amp;花。"))
        assert "老站房前的“<mark>合影</mark>”&amp;花" in page(client, q="合影")

    def test_shows_script_as_text(self, client, editor):
        evil = "<script>alert(1)</script>安全"
        make_edition(by=editor, title=evil, body="<p>&lt;script&gt;alert(2)&lt;/script&gt;安全</p>")
        html = page(client, q="安全 <script>alert(3)</script>")
        assert "<script>alert" not in page(client, q="安全") + html

    def test_says_that_traditional_characters_were_understood(self, client, editor):
        make_edition(by=editor, title="繁体字的故事")
        html = page(client, q="繁體")
        assert "繁体" in html
        assert "<mark>繁体</mark>字的故事" in html

    def test_offers_no_year_in_which_all_is_scheduled(self, client, editor, noon):
        make_edition(by=editor)
        make_edition(by=editor, at=noon + timedelta(days=365))
        years = client.get(reverse("search"), {"q": "同心"}).context["search"].years()
        assert [way.address for way in years] == [f"/search/?{urlencode({'q': '同心'})}&year=2026"]

    def test_narrows_to_channels_with_those_below_units_and_years(self, client, editor):
        top = make_channel(name="新闻中心", slug="news")
        beneath = make_channel(name="集团新闻", slug="group-news", parent=top)
        elsewhere = make_channel(name="岳言", slug="opinion")
        group = make_department(name="集团")
        company = make_department(name="一公司", parent=group)
        then = datetime(2023, 12, 31, 23, 30, tzinfo=SHANGHAI)
        make_edition(by=editor, title="安全甲", channel=beneath, source_department=company, at=then)
        make_edition(by=editor, title="安全乙", channel=elsewhere, source_department=group)
        assert titles(client, q="安全", channel="news") == ["安全甲"]
        assert titles(client, q="安全", channel="opinion") == ["安全乙"]
        assert titles(client, q="安全", unit=group.pk) == ["安全乙", "安全甲"]
        assert titles(client, q="安全", unit=company.pk) == ["安全甲"]
        assert titles(client, q="安全", year=2023) == ["安全甲"]
        assert titles(client, q="安全", year=2023, channel="opinion") == []
        for typed in ("安全甲", "安"):
            assert titles(client, q=typed, year=2023, channel="news") == ["安全甲"]

    def test_filters_keep_the_address(self, client, editor):
        make_channel(name="新闻中心", slug="news")
        make_edition(by=editor, title="安全甲", at=datetime(2023, 5, 1, tzinfo=SHANGHAI))
        html = page(client, q="安全", year=2023)
        assert "/search/?q=%E5%AE%89%E5%85%A8&amp;channel=news&amp;year=2023" in html
        assert '<input type="hidden" name="year" value="2023">' in html

    def test_shows_twenty_a_page(self, client, editor):
        now = timezone.now()
        for number in range(23):
            make_edition(by=editor, title=f"安全{number}", at=now - timedelta(hours=number))
        assert titles(client, q="安全") == [f"安全{number}" for number in range(20)]
        assert titles(client, q="安全", page=2) == ["安全20", "安全21", "安全22"]
        assert titles(client, q="安全", page=99999) == ["安全20", "安全21", "安全22"]

    def test_teaches_when_nothing_is_found(self, client, editor):
        make_edition(by=editor, title="别的", tags=["先进典型"])
        html = page(client, q="巷道 支护")
        assert reverse("tag", args=["先进典型"]) in html
        assert 'href="/search/?q=%E5%B7%B7%E9%81%93"' in html

    def test_never_shows_a_draft(self, client, editor):
        make_article(by=editor, title="不可外传", body="<p>不可外传</p>", tags=["不可外传"])
        assert titles(client, q="不可外传") == []
        assert page(client, q="不可").count("不可外传") == 0

    @pytest.mark.parametrize(("typed", "most"), [("安全", 12), ("安全生产", 12)])
    def test_costs_as_many_queries_with_many_stories(self, client, editor, typed, most):
        """Beside them PostgreSQL is told, before and after, to use its index."""

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                client.get(reverse("search"), {"q": typed})
            said = [query["sql"] for query in captured]
            return sum("SET LOCAL" not in sql and "SAVEPOINT" not in sql for sql in said)

        titles = ("安全生产零", "别的")
        for title in titles:
            make_edition(by=editor, title=title, tags=["安全生产"])
        queries()
        few = queries()
        for number in range(12):
            make_edition(by=editor, title=titles[number % 2], tags=["安全生产"])
        # What is kept of the tree of channels is old by now.
        client.get(reverse("search"))
        assert queries() == few <= most


NASTY = [
    '"',
    "'",
    "\\",
    "*",
    "安*",
    "(",
    ")",
    "((((",
    "^安全",
    "- + : ! & | < > <-> <2> @@ ~ ; -- /* */ %",
    "a AND",
    "OR NOT NEAR(安 全, 5)",
    "title:安全",
    "'a' & 'b' | !'c'",
    "安:*",
    "{title}: 安",
    "grams MATCH '1'",
    "\u202e\u200f安全\u200b",
    "𠮷\U0010ffff",
    "\ue000安\ue001channel1",
    "ﷺ" * 100,
    "安" * 10_000,
    "安全生产" * 2_500,
    "a b " * 2_500,
    "“" * 5_000,
    "\ud7ff\ufffe\uffff",
    "e\u0301" * 50,
    "%00",
    "1e309",
    "؀٣",
]


class TestOddInput:
    @pytest.mark.parametrize("typed", NASTY)
    def test_every_phrase_is_answered(self, client, editor, typed):
        make_edition(by=editor, title="安全生产")
        assert client.get(reverse("search"), {"q": typed}).status_code == 200

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("", 200),
            ("q=", 200),
            ("q=%E5%AE%89&q=b", 200),
            ("q=%00", 400),
            ("q=%ff", 400),
            ("q=a&page=0", 404),
            ("q=a&page=x", 404),
            ("q=a&page=１", 404),
            ("q=a&page=99999999999999999999999", 404),
            ("q=a&page=999999999999999999", 200),
            ("page=7", 200),
            ("q=a&channel=none", 404),
            ("q=a&unit=999", 404),
            ("q=a&unit=x", 404),
            ("q=a&unit=99999999999999999999999", 404),
            ("q=a&year=0", 404),
            ("q=a&year=99999", 404),
            ("q=a&year=2999", 200),
            ("q=a&year=2023-01", 404),
            ("q=a&channel=&unit=&year=", 200),
        ],
    )
    def test_every_address_is_answered(self, client, query, status):
        assert client.get(f"{reverse('search')}?{query}").status_code == status

    def test_is_read_with_get_and_head_only_and_sets_no_cookie(self, as_editor):
        assert as_editor.head(reverse("search")).status_code == 200
        assert as_editor.post(reverse("search")).status_code == 405
        answer = as_editor.get(reverse("search"), {"q": "安"})
        assert not answer.cookies
        assert "cookie" not in answer.headers.get("Vary", "").lower()


class TestMissed:
    def tell(self, client, typed: str, **headers) -> int:
        return client.post(
            reverse("search_missed"), {"q": typed}, **(OUR_PAGE | headers)
        ).status_code

    def test_keeps_words_day_and_times(self, client):
        for typed in ("巷道支護", "巷道支护", "量子"):
            assert self.tell(client, typed) == 204
        rows = set(SearchMiss.objects.values_list("phrase", "day", "times"))
        today = timezone.localdate()
        assert rows == {("巷道支护", today, 2), ("量子", today, 1)}

    def test_a_search_by_itself_keeps_nothing(self, client):
        page(client, q="巷道支护")
        assert not SearchMiss.objects.exists()

    def test_does_not_believe_what_is_not_so(self, client, editor):
        make_edition(by=editor, title="巷道支护")
        self.tell(client, "巷道支护")
        self.tell(client, "。。。")
        assert not SearchMiss.objects.exists()

    def test_counts_no_robot_and_no_other_site(self, client):
        self.tell(client, "量子", HTTP_USER_AGENT="Baiduspider/2.0")
        assert self.tell(client, "量子", HTTP_SEC_FETCH_SITE="cross-site") == 403
        assert not SearchMiss.objects.exists()

    def test_a_page_without_result_says_where_to_tell(self, client):
        assert 'data-missed="/search/missed/"' in page(client, q="量子")
        assert "data-missed" not in page(client, q="量子", year=2023)

    def test_holds_so_many_a_day(self, client, monkeypatch):
        monkeypatch.setattr(misses, "MOST_A_DAY", 2)
        for typed in ("甲甲", "乙乙", "丙丙", "甲甲"):
            self.tell(client, typed)
        times = SearchMiss.objects.order_by("phrase").values_list("phrase", "times")
        assert dict(times) == {"甲甲": 2, "乙乙": 1}

    @pytest.mark.parametrize("typed", NASTY[:20])
    def test_every_phrase_is_answered(self, client, typed):
        assert self.tell(client, typed) == 204
