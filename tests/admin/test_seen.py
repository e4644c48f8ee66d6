"""Forms of rows without versions: two people on one row, two clicks on one button."""

from __future__ import annotations

import re

import pytest

from articles.models import GreyPeriod, Placement, Series, SiteLink, Topic, TopicSection
from tests.factories import make_placement, make_section, make_series, make_topic

pytestmark = pytest.mark.django_db
HIDDEN = re.compile(r'name="seen" value="([0-9a-f]{64})"')


def mark_in(answer) -> str:
    found = HIDDEN.search(answer.content.decode())
    assert found
    return found[1]


def address_of(row) -> str:
    return f"/admin/articles/{row._meta.model_name}/{row.pk}/change/"


class TestTwoPeople:
    def test_neither_loses_what_was_written(self, as_chief):
        topic = make_topic(title="岳行致远", introduction="开头。", starts_at=None)
        address = address_of(topic)
        typed = {"title": "岳行致远", "slug": topic.slug, "introduction": "开头。"}
        opened = mark_in(as_chief.get(address))
        as_chief.post(address, typed | {"introduction": "别人写的。", "seen": opened})
        late = as_chief.post(address, typed | {"title": "改过的题目", "seen": opened})
        html = late.content.decode()
        assert late.status_code == 200
        assert "别人写的。" in html
        assert "改过的题目" in html
        topic.refresh_from_db()
        assert (topic.title, topic.introduction) == ("岳行致远", "别人写的。")
        decided = typed | {"title": "改过的题目", "introduction": "别人写的。"}
        assert as_chief.post(address, decided | {"seen": mark_in(late)}).status_code == 302
        topic.refresh_from_db()
        assert (topic.title, topic.introduction) == ("改过的题目", "别人写的。")

    def test_a_form_that_was_refused_goes_on_from_what_it_had_seen(self, as_chief):
        section = make_section(topic=make_topic())
        typed = {"title": "板块", "feed": "hand", "shown": "8"}
        opened = mark_in(as_chief.get(address_of(section)))
        refused = as_chief.post(address_of(section), typed | {"shown": "0", "seen": opened})
        assert mark_in(refused) == opened
        answer = as_chief.post(address_of(section), typed | {"seen": opened})
        assert answer.status_code == 302

    def test_another_order_of_the_slot_is_no_change_of_the_placement(self, as_chief):
        row = make_placement(slot="topics", title="甲")
        opened = mark_in(as_chief.get(address_of(row)))
        make_placement(slot="topics", title="乙")
        typed = {"slot": "topics", "address": "/channels/news/", "title": "丙"}
        moment = {"starts_at_0": "2026-06-15", "starts_at_1": "08:00"}
        answer = as_chief.post(address_of(row), typed | moment | {"seen": opened})
        assert answer.status_code == 302
        row.refresh_from_db()
        assert row.title == "丙"

    def test_says_what_is_there_in_words(self, as_chief):
        topic = make_topic()
        section = make_section(topic=topic)
        opened = mark_in(as_chief.get(address_of(section)))
        TopicSection.objects.update(feed="rule", tag="安全")
        typed = {"title": "一个板块", "feed": "hand", "shown": "8", "seen": opened}
        told = [str(each) for each in as_chief.post(address_of(section), typed).context["errors"]]
        feed = TopicSection.objects.get().get_feed_display()
        assert any(f"“保存内容”目前是：{feed}" in each or str(feed) in each for each in told)
        assert any("目前是：安全" in each for each in told)


NEW = {
    Placement: {
        "slot": "topics",
        "address": "/channels/news/",
        "title": "专题",
        "starts_at_0": "2026-06-15",
        "starts_at_1": "08:00",
    },
    Series: {"name": "七评"},
    SiteLink: {"name": "集团", "address": "https://www.example.com/", "order": "0"},
    GreyPeriod: {
        "starts_at_0": "2026-12-13",
        "starts_at_1": "00:00",
        "ends_at_0": "2026-12-14",
        "ends_at_1": "00:00",
    },
}


class TestTwoClicks:
    @pytest.mark.parametrize("model", NEW)
    def test_make_one_row(self, as_chief, model):
        address = f"/admin/articles/{model._meta.model_name}/add/"
        assert as_chief.post(address, NEW[model]).status_code == 302
        again = as_chief.post(address, NEW[model])
        assert again.status_code == 200
        assert again.context["errors"]
        assert model.objects.count() == 1

    def test_make_one_section_of_a_topic(self, as_chief):
        one, other = make_topic(), make_topic()
        typed = {"title": "安全课", "feed": "hand", "shown": "8"}
        address = "/admin/articles/topicsection/add/?topic="
        codes = [
            as_chief.post(f"{address}{row.pk}", typed).status_code for row in (one, one, other)
        ]
        assert codes == [302, 200, 302]

    def test_the_page_loads_what_stops_the_second_one(self, as_chief):
        topic, series = make_topic(), make_series()
        for address in (
            "/admin/articles/sitelink/add/",
            "/admin/articles/placement/",
            f"/admin/articles/topic/{topic.pk}/arrange/",
            f"/admin/articles/series/{series.pk}/installments/",
        ):
            assert "articles/desk/once.js" in as_chief.get(address).content.decode()
        assert Topic.objects.get() == topic
