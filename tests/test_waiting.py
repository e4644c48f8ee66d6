"""What waits for whom: the same for one story and for many."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from articles import publishing, waiting, workflow
from articles.models import Article, Stage
from tests.factories import (
    make_article,
    make_chain,
    make_channel,
    make_colleague,
    make_department,
    move,
    rewrite,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    """Two units, a reviewed channel, and somebody for each role; one person holds two."""
    coal, rail = make_department(name="煤业公司"), make_department(name="物流公司")
    news = make_channel()
    make_chain(channel=news, unit=True, first=True, second=True, final=True)
    people = {
        "writer": make_colleague("lu", "correspondent", department=coal),
        "unit": make_colleague("qin", "unit", department=coal),
        "other unit": make_colleague("he", "unit", department=rail),
        "editor": make_colleague("shen", "editor"),
        "first": make_colleague("gu", "first", channel=news),
        "second": make_colleague("bai", "second"),
        "final": make_colleague("yan", "final"),
        "publisher": make_colleague("ji", "publisher"),
        "chief": make_colleague("meng", "chief"),
        "auditor": make_colleague("fang", "auditor"),
    }
    return coal, news, people


def asked_one_by_one(article: Article) -> list[User]:
    """Whom the table of moves lets make the move that is expected."""
    expected = waiting.EXPECTED.get(Stage(article.stage))
    people = User.objects.filter(is_staff=True, is_superuser=False).order_by("pk")
    return [person for person in people if expected and workflow.can(person, expected, article)]


def stories(coal, news, people) -> list[Article]:
    """One at each stage, and a second round of a published one."""
    kept = [
        make_article(by=people["writer"], channel=news, source_department=coal) for _ in range(7)
    ]
    steps = [
        ("submit", "writer"),
        ("approve", "unit"),
        ("submit", "editor"),
        ("approve", "first"),
        ("approve", "second"),
        ("approve", "final"),
    ]
    for number, article in enumerate(kept):
        for name, who in steps[:number]:
            move(name, article, by=people[who])
    approved = Article.objects.get(pk=kept[-1].pk)
    edition = publishing.publish(approved, by=people["publisher"])
    again = rewrite(edition, by=people["chief"], title="新一轮")
    move("submit", again, by=people["chief"])
    # The chief may do every review, and wrote the last one.
    return list(Article.objects.order_by("pk"))


class TestForPeople:
    def test_is_what_the_table_of_moves_says(self, house):
        rows = stories(*house)
        found = waiting.people_for(rows)
        for article in rows:
            said = asked_one_by_one(article)
            assert found.get(article.pk, []) == said, article.stage
        assert {article.stage for article in rows} >= {"unit", "received", "first", "final"}
        assert any(found.values())

    def test_is_the_same_seen_from_each_person(self, house):
        rows = stories(*house)
        by_story = {article.pk: set(asked_one_by_one(article)) for article in rows}
        for person in User.objects.all():
            mine = {article for article, people in by_story.items() if person in people}
            assert set(waiting.for_person(person).values_list("pk", flat=True)) == mine, person

    def test_asks_no_superuser(self, house, chief):
        rows = stories(*house)
        assert not waiting.for_person(chief)
        assert all(chief not in people for people in waiting.people_for(rows).values())

    def test_holds_for_people_without_appointments(self, house, editor, writer):
        rows = stories(*house)
        assert "received" in set(waiting.for_person(editor).values_list("stage", flat=True))
        for article in rows:
            assert waiting.people_for([article]).get(article.pk, []) == asked_one_by_one(article)

    def test_costs_the_same_with_many(self, house, django_assert_max_num_queries):
        rows = stories(*house) + [
            move(
                "submit",
                make_article(by=house[2]["writer"], channel=house[1], source_department=house[0]),
                by=house[2]["writer"],
            )
            for _ in range(5)
        ]
        with django_assert_max_num_queries(12):
            waiting.people_for(rows)


class TestOverdue:
    @pytest.mark.parametrize(("hours", "is_late"), [(23, False), (24, True), (200, True)])
    def test_is_what_waits_longer_than_the_setting(self, house, noon, settings, hours, is_late):
        coal, news, people = house
        settings.REVIEW_OVERDUE_HOURS = 24
        article = make_article(by=people["writer"], channel=news, source_department=coal)
        move("submit", article, by=people["writer"])
        late = waiting.overdue(Article.objects.all(), noon + timedelta(hours=hours))
        assert late.exists() is is_late

    def test_is_nothing_that_is_written_on(self, house, noon):
        coal, news, people = house
        make_article(by=people["writer"], channel=news, source_department=coal)
        assert not waiting.overdue(Article.objects.all(), noon + timedelta(days=99))


class TestSight:
    def test_of_an_editor_of_the_whole_group_is_everything(self, editor):
        everywhere = make_colleague("shen", "editor")
        article = make_article(by=editor)
        assert list(Article.objects.visible_to(everywhere)) == [article]
