"""The list of articles: what its filters find, and what that costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_article, make_channel, make_department

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


def titles(answer) -> set[str]:
    return {article.title for article in answer.context["cl"].result_list}


class TestFilters:
    def test_of_a_department_hold_those_beneath(self, as_writer, writer):
        above = make_department(name="能源公司")
        beneath = make_department(name="栎坪煤矿", parent=above)
        deep = make_department(name="采煤二队", parent=beneath)
        other = make_department(name="工会")
        for department in (above, beneath, deep, other):
            make_article(by=writer, title=department.name, source_department=department)
        answer = as_writer.get(LIST, {"source_department__id__exact": above.pk})
        assert titles(answer) == {"能源公司", "栎坪煤矿", "采煤二队"}
        answer = as_writer.get(LIST, {"source_department__id__exact": deep.pk})
        assert titles(answer) == {"采煤二队"}

    def test_of_channel_and_department_narrow_each_other(self, as_writer, writer):
        channel, department = make_channel(), make_department()
        make_article(by=writer, title="两样都对", channel=channel, source_department=department)
        make_article(by=writer, title="栏目对", channel=channel)
        make_article(by=writer, title="单位对", source_department=department)
        wanted = {
            "channel__id__exact": channel.pk,
            "source_department__id__exact": department.pk,
        }
        assert titles(as_writer.get(LIST, wanted)) == {"两样都对"}

    @pytest.mark.parametrize("name", ["channel", "source_department"])
    @pytest.mark.parametrize("value", ["x", "0", "-1", "9" * 12])
    def test_of_nothing_at_all_lead_back(self, as_writer, name, value):
        make_channel()
        make_department()
        answer = as_writer.get(LIST, {f"{name}__id__exact": value})
        assert answer.status_code == 302
        assert "e=1" in answer.url

    @pytest.mark.parametrize("name", ["channel", "source_department"])
    def test_cost_the_same_with_a_deep_tree(self, as_writer, writer, name):
        make = make_channel if name == "channel" else make_department

        def cost(row) -> int:
            with CaptureQueriesContext(connection) as queries:
                answer = as_writer.get(LIST, {f"{name}__id__exact": row.pk})
            assert answer.status_code == 200
            return len(queries)

        top = make(name="顶")
        facts: dict[str, Any] = {name: top}
        make_article(by=writer, **facts)
        alone = cost(top)
        row = top
        for depth in range(6):
            row = make(name=f"第{depth}层", parent=row)
            facts[name] = row
            make_article(by=writer, **facts)
        assert cost(top) == alone

    def test_of_departments_are_folded_until_one_is_chosen(self, as_writer, writer):
        department = make_department()
        make_article(by=writer, source_department=department)
        folded = '<details data-filter-title="来源单位">'
        assert folded in as_writer.get(LIST).content.decode()
        answer = as_writer.get(LIST, {"source_department__id__exact": department.pk})
        html = answer.content.decode()
        assert folded not in html
        assert html.count('aria-current="true"') == 1
