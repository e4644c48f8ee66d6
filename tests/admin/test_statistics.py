"""The statistics pages: who sees them, what odd addresses get, how many queries they cost."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import Group, Permission

from articles.models import DailyViews, HourlyViews
from tests.factories import (
    make_department,
    make_edition,
    make_section,
    make_series,
    make_topic,
)

pytestmark = pytest.mark.django_db

HOME = "/admin/statistics/"
TABLES = ("units", "channels", "authors", "photographers", "topics", "tags", "articles")
PAGES = ("", *(f"{name}/" for name in TABLES), "unread/", "hours/", "bulletin/", "bulletin.xlsx")
ODD_QUERIES = (
    "period=nonsense",
    "period=custom",
    "period=custom&from=2026-02-30&to=x",
    "period=custom&from=0001-01-01&to=9999-12-31",
    "period=custom&from=2000-01-01&to=2099-12-31",
    "period=custom&from=2026-06-30&to=2026-06-01",
    "period=custom&from=2000-01-01&to=2000-01-01&against=year-ago",
    "period=custom&from=2099-12-31",
    "period=custom&from=20260601&to=2026-W22-1",
    "against=x",
    "by=__class__",
    "by=read",
    "page=0",
    "page=-1",
    "page=999999999999999",
    "page=9999999999999999999999",
    "page=x",
    "unit=0",
    "unit=999999999999999",
    "unit=%EF%BC%91",
    "channel=x",
    "topic=0",
    "topic=12345",
    "author=",
    "author=" + "x" * 5_000,
    "author=%0A",
    "author='%22%25_%5C",
    "tag=%00",
    "tag=%ff",
    "photographer=a&photographer=b&unit=0&channel=0&author=x&tag=y&new=1",
    "new=2",
    "month=2026-13",
    "month=2026",
    "month=x",
    "month=2026-6",
    "month=0000-01",
    "month=9999-12",
    "month=2099-12",
    "month=2000-01&against=year-ago",
)


@pytest.fixture
def as_analyst(client, outsider):
    """Staff who may see the statistics by a group, and nothing else."""
    group = Group.objects.create(name="统计")
    group.permissions.add(Permission.objects.get(codename="view_statistics"))
    outsider.groups.add(group)
    client.force_login(outsider, backend="newsroom.authentication.OneStatementBackend")
    return client


@pytest.fixture
def newsroom(editor, noon):
    group = make_department(name="集团")
    unit = make_department(name="=煤业", parent=group)
    editions = [
        make_edition(by=editor, source_department=unit, tags=["安全"], title=f"第{n}篇")
        for n in range(3)
    ]
    for edition in editions:
        DailyViews.objects.create(article_id=edition.pk, day=date(2026, 6, 10), views=5)
    HourlyViews.objects.create(day=date(2026, 6, 10), hour=9, views=15)
    topic = make_topic(title="一个专题")
    make_section(topic=topic, stories=editions[:1])
    make_section(topic=topic, tag="安全", unit=unit)
    make_series(topic=topic, stories=editions[2:])
    return editions


class TestPermission:
    @pytest.mark.parametrize("page", PAGES)
    def test_is_asked_on_every_page(self, as_editor, page):
        assert as_editor.get(HOME + page).status_code == 404
        assert "/admin/statistics/" not in as_editor.get("/admin/").content.decode()

    def test_opens_every_page_and_shows_the_way(self, as_analyst, newsroom):
        for page in PAGES:
            assert as_analyst.get(HOME + page).status_code == 200, page
        assert "/admin/statistics/" in as_analyst.get("/admin/").content.decode()

    def test_strangers_are_sent_to_the_log_in(self, client):
        assert client.get(HOME).status_code == 302

    @pytest.mark.parametrize("page", PAGES)
    def test_nothing_is_ever_posted(self, as_analyst, page):
        assert as_analyst.post(HOME + page).status_code == 405


class TestAddresses:
    def test_no_query_makes_a_page_fail(self, as_analyst, newsroom):
        for query in ODD_QUERIES:
            for page in ("", "units/", "articles/", "unread/", "hours/", "bulletin/"):
                status = as_analyst.get(f"{HOME}{page}?{query}").status_code
                assert status in {200, 400, 404}, (page, query)

    @pytest.mark.parametrize("name", ["nonsense", "units-", "0", "articles1"])
    def test_there_is_no_other_table(self, as_analyst, name):
        assert as_analyst.get(f"{HOME}{name}/").status_code == 404

    def test_days_that_are_no_period_are_answered_with_a_sentence(self, as_analyst):
        answer = as_analyst.get(f"{HOME}?period=custom&from=2010-01-01&to=2026-01-01")
        assert "五年" in answer.content.decode()

    def test_the_days_of_a_month_are_that_month(self, as_analyst, noon):
        answer = as_analyst.get(f"{HOME}?period=custom&from=2026-05-01&to=2026-05-31")
        assert answer.context["question"].kind == "last-month"

    def test_every_link_of_a_table_leads_to_stories(self, as_analyst, newsroom):
        for name in TABLES[:-1]:
            answer = as_analyst.get(f"{HOME}{name}/")
            for line in answer.context["lines"]:
                found = as_analyst.get(line.address)
                assert found.status_code == 200
                assert found.context["total"][4].now == line.cells[4].text, (name, line.label)

    def test_stories_lead_to_the_desk_or_to_the_portal(self, as_analyst, outsider, newsroom):
        page = as_analyst.get(f"{HOME}articles/").content.decode()
        assert f'href="/articles/{newsroom[0].pk}/"' in page
        outsider.user_permissions.add(Permission.objects.get(codename="view_article"))
        page = as_analyst.get(f"{HOME}articles/").content.decode()
        assert f'href="/admin/articles/article/{newsroom[0].pk}/change/"' in page


class TestCost:
    def test_is_under_ten_queries_whatever_is_asked(
        self, as_analyst, newsroom, django_assert_max_num_queries
    ):
        unit, channel = newsroom[0].department_id, newsroom[0].channel_id
        everything = f"unit={unit}&channel={channel}&topic=1&author=x&tag=y&photographer=z&new=1"
        from articles.models import Topic

        everything = everything.replace("topic=1", f"topic={Topic.objects.get().pk}")
        for page in (*PAGES, f"articles/?{everything}"):
            with django_assert_max_num_queries(9):
                assert as_analyst.get(HOME + page).status_code == 200, page


class TestSpreadsheet:
    def test_is_downloaded_under_its_name(self, as_analyst, newsroom):
        answer = as_analyst.get(f"{HOME}bulletin.xlsx?month=2026-06")
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''2026")
        assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
        assert answer.content.startswith(b"PK")


class TestRules:
    def test_are_changed_in_the_desk(self, as_chief):
        fields = {"name": "发稿", "counted": "published", "points": "2.5", "order": "9"}
        answer = as_chief.post("/admin/articles/pointrule/add/", fields)
        assert answer.status_code == 302
        for points in ("x", "1e9", "NaN"):
            answer = as_chief.post("/admin/articles/pointrule/add/", fields | {"points": points})
            assert answer.status_code == 200
