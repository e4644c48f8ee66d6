"""The desks for topics and series."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission

from articles.models import Installment, SectionStory, Topic, TopicBanner, TopicMaterial
from tests.factories import (
    make_attachment,
    make_edition,
    make_section,
    make_series,
    make_topic,
    photograph,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TOPIC = "/admin/articles/topic/"
SECTION = "/admin/articles/topicsection/"
SERIES = "/admin/articles/series/"


@pytest.fixture
def desk(as_editor, editor):
    """An editor who keeps topics and series."""
    rights = Permission.objects.filter(content_type__model__in=["topic", "series"])
    editor.user_permissions.add(*rights)
    return as_editor


@pytest.fixture
def topic(db) -> Topic:
    return make_topic()


def arrange(topic: Topic) -> str:
    return f"{TOPIC}{topic.pk}/arrange/"


class TestForm:
    def test_makes_a_topic_that_only_staff_see(self, desk):
        typed = {"title": "岳行致远", "slug": "yuexing", "introduction": "讲清来路。"}
        answer = desk.post(f"{TOPIC}add/", typed | {"upload": photograph()})
        topic = Topic.objects.get()
        assert answer.url == arrange(topic)
        assert topic.banner.width
        assert not topic.is_readable()
        assert desk.get("/topics/yuexing/").status_code == 404

    def test_changes_and_takes_the_banner_away(self, desk):
        topic = make_topic(banner=True)
        typed = {"title": "改名", "slug": topic.slug, "introduction": ""}
        desk.post(f"{TOPIC}{topic.pk}/change/", typed | {"without_banner": "on"})
        assert Topic.objects.get().title == "改名"
        assert not TopicBanner.objects.exists()

    def test_refuses_what_is_no_picture(self, desk):
        typed = {"title": "岳行致远", "slug": "yuexing", "introduction": ""}
        answer = desk.post(f"{TOPIC}add/", typed | {"upload": photograph("照片.txt", kind="PPM")})
        assert answer.status_code == 200
        assert not Topic.objects.exists()

    def test_deletes_a_topic_and_leaves_its_stories(self, desk, editor, topic):
        row = make_edition(by=editor)
        make_section(topic=topic, stories=[row])
        series = make_series(topic=topic, stories=[row])
        desk.post(f"{TOPIC}{topic.pk}/delete/", {"post": "yes"})
        assert not Topic.objects.exists()
        series.refresh_from_db()
        assert series.topic is None
        assert desk.get(row.get_absolute_url()).status_code == 200


class TestArranging:
    def test_finds_stories_and_puts_them_in(self, desk, editor, topic):
        row = make_edition(by=editor, title="井口的一课")
        section = make_section(topic=topic)
        answer = desk.get(arrange(topic), {"q": "井口"})
        assert [each.title for each in answer.context["found"]] == ["井口的一课"]
        sent = {"edition": row.pk, "section": section.pk}
        desk.post(f"{TOPIC}{topic.pk}/choose/", sent)
        desk.post(f"{TOPIC}{topic.pk}/choose/", sent)
        assert [each.edition_id for each in section.chosen.all()] == [row.pk]
        desk.post(f"{TOPIC}{topic.pk}/take-out/{SectionStory.objects.get().pk}/")
        assert not section.chosen.exists()

    def test_shows_what_a_rule_finds_now(self, desk, editor, topic):
        make_edition(by=editor, title="夜里的演练", tags=["安全"])
        make_section(topic=topic, tag="安全")
        assert "夜里的演练" in desk.get(arrange(topic)).content.decode()

    def test_keeps_an_order(self, desk, topic):
        first, second = make_section(topic=topic), make_section(topic=topic, title="第二")
        sent = {"rows": "sections", f"place-{first.pk}": 2, f"place-{second.pk}": 1}
        answer = desk.post(
            f"{TOPIC}{topic.pk}/order/", sent, headers={"Accept": "application/json"}
        )
        assert answer.status_code == 204
        assert list(topic.sections.all()) == [second, first]

    def test_makes_files_materials(self, desk, editor, topic):
        row = make_edition(by=editor, attachments=[make_attachment(by=editor, title="提纲")])
        make_section(topic=topic, stories=[row])
        file = row.attachments[0]["id"]
        desk.post(f"{TOPIC}{topic.pk}/add-file/", {"attachment": file})
        assert TopicMaterial.objects.get().attachment_id == file

    def test_shows_the_page_of_one_that_is_not_open(self, desk):
        topic = make_topic(title="还没开", starts_at=None)
        answer = desk.get(f"{TOPIC}{topic.pk}/page/")
        assert "还没开" in answer.content.decode()
        assert "noindex" in answer.headers["X-Robots-Tag"]

    @pytest.mark.parametrize(
        ("address", "sent"),
        [
            ("order/", {"rows": "nothing"}),
            ("order/", {"rows": "stories", "section": "x"}),
            ("choose/", {"section": "9" * 30, "edition": "-1"}),
            ("choose/", {}),
            ("add-file/", {"attachment": "１"}),
        ],
    )
    def test_answers_anything(self, desk, topic, address, sent):
        assert desk.post(f"{TOPIC}{topic.pk}/{address}", sent).status_code == 404

    def test_a_second_click_changes_nothing(self, desk, editor, topic):
        file = make_attachment(by=editor, title="案例")
        row = make_edition(by=editor, attachments=[file])
        section = make_section(topic=topic, stories=[row])
        taken_out = f"take-out/{section.chosen.get().pk}/"
        for address, sent in (("add-file/", {"attachment": file.pk}), (taken_out, {})):
            for _click in range(2):
                assert desk.post(f"{TOPIC}{topic.pk}/{address}", sent).url == arrange(topic)
        assert topic.materials.count() == 1
        assert not section.chosen.exists()

    def test_is_for_those_who_may(self, as_editor, topic):
        for address in ("arrange/", "page/"):
            assert as_editor.get(f"{TOPIC}{topic.pk}/{address}").status_code == 403
        for address in ("order/", "choose/", "add-file/", "take-out/1/"):
            assert as_editor.post(f"{TOPIC}{topic.pk}/{address}").status_code == 403
        for number in (topic.pk, 999):
            assert as_editor.get(f"{SECTION}add/?topic={number}").status_code == 403
        assert as_editor.get(f"{SECTION}finds/").status_code == 403


class TestSection:
    typed = {"title": "安全课", "feed": "rule", "tag": "安全", "shown": "5"}

    def test_is_added_behind_the_others(self, desk, topic):
        make_section(topic=topic)
        answer = desk.post(f"{SECTION}add/?topic={topic.pk}", self.typed)
        assert answer.url == arrange(topic)
        assert [row.title for row in topic.sections.all()] == ["一个板块", "安全课"]

    def test_by_rule_has_to_say_which(self, desk, topic):
        answer = desk.post(f"{SECTION}add/?topic={topic.pk}", self.typed | {"tag": ""})
        assert answer.status_code == 200
        assert not topic.sections.exists()

    def test_is_changed_and_deleted(self, desk, topic):
        section = make_section(topic=topic)
        desk.post(f"{SECTION}{section.pk}/change/", self.typed)
        section.refresh_from_db()
        assert (section.title, section.tag, section.shown) == ("安全课", "安全", 5)
        answer = desk.post(f"{SECTION}{section.pk}/delete/", {"post": "yes"})
        assert answer.url == arrange(topic)
        assert not topic.sections.exists()

    @pytest.mark.parametrize("topic_id", ["", "0", "x", "9" * 30])
    def test_needs_a_topic(self, desk, topic_id):
        assert desk.get(f"{SECTION}add/?topic={topic_id}").status_code == 404

    def test_tells_what_its_rule_finds_before_it_is_kept(self, desk, editor):
        make_edition(by=editor, title="夜里的演练", tags=["安全"])
        html = desk.get(f"{SECTION}finds/", {"tag": "安全"}).content.decode()
        assert "夜里的演练" in html

    @pytest.mark.parametrize(
        "typed",
        [
            {},
            {"channel": "x", "unit": "9" * 30},
            {"since": "9999-99-99", "until": "x"},
            {"tag": "长" * 500},
            {"since": "2026-06-02", "until": "2026-06-01", "tag": "安全"},
            {"until": "9999-12-31"},
            {"since": "0001-01-01"},
        ],
    )
    def test_answers_any_rule(self, desk, editor, typed):
        make_edition(by=editor)
        assert desk.get(f"{SECTION}finds/", typed).status_code == 200


class TestSeries:
    def test_is_begun_and_numbered(self, desk, editor):
        answer = desk.post(f"{SERIES}add/", {"name": "七评", "planned": "7"})
        address = answer.url.removesuffix("installments/")
        row = make_edition(by=editor, title="把安全当成手艺")
        found = desk.get(f"{address}installments/", {"q": "手艺"}).context["found"]
        assert found == [row]
        desk.post(f"{address}add-story/", {"edition": row.pk})
        installment = Installment.objects.get()
        desk.post(f"{address}numbers/", {f"place-{installment.pk}": "3"})
        installment.refresh_from_db()
        assert installment.number == 3
        desk.post(f"{address}take-out/{installment.pk}/")
        assert not Installment.objects.exists()

    def test_tells_why_a_number_is_refused(self, desk, editor):
        series = make_series(stories=[make_edition(by=editor) for _n in range(2)])
        second = series.installments.get(number=2)
        answer = desk.post(f"{SERIES}{series.pk}/numbers/", {f"place-{second.pk}": "1"})
        assert answer.status_code == 422
        assert [each.level_tag for each in answer.context["messages"]] == ["error"]
        assert [number for _row, number, _is_live in answer.context["lines"]] == [1, 1]
        assert series.installments.filter(number=2).exists()

    def test_a_second_click_takes_nothing_else_out(self, desk, editor):
        series = make_series(stories=[make_edition(by=editor) for _n in range(2)])
        address = f"{SERIES}{series.pk}/take-out/{series.installments.get(number=2).pk}/"
        for _click in range(2):
            assert desk.post(address).url == f"{SERIES}{series.pk}/installments/"
        assert series.installments.count() == 1

    def test_tells_which_series_has_a_story_already(self, desk, editor):
        row = make_edition(by=editor)
        make_series(name="第一个系列", stories=[row])
        other = make_series()
        answer = desk.post(f"{SERIES}{other.pk}/add-story/", {"edition": row.pk}, follow=True)
        assert "第一个系列" in str(next(iter(answer.context["messages"])))

    def test_is_for_those_who_may(self, as_editor):
        series = make_series()
        assert as_editor.get(f"{SERIES}{series.pk}/installments/").status_code == 403
        for address in ("add-story/", "numbers/", "take-out/1/"):
            assert as_editor.post(f"{SERIES}{series.pk}/{address}").status_code == 403
