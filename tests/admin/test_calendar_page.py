"""The editorial calendar and moving in it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles import publishing
from articles.admin.calendar_days import Span
from articles.models import Article, Edition
from articles.publishing import Period
from tests.factories import (
    make_article,
    make_chain,
    make_colleague,
    make_department,
    make_edition,
    move,
)

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="newsroom.authentication.OneStatementBackend")
    return client


def entries(answer) -> dict[tuple[str, str], date]:
    return {
        (entry.kind, entry.title): day.day
        for day in answer.context["days"]
        for entry in day.entries
    }


def planned(by: User, day: date, **fields) -> Article:
    article = make_article(by=by, **fields)
    Article.objects.filter(pk=article.pk).update(planned_on=day)
    return Article.objects.get(pk=article.pk)


class TestSpan:
    @pytest.mark.parametrize("day", ["2026-02-15", "2026-06-01", "2026-11-30", "2024-02-29"])
    def test_of_a_month_is_whole_weeks_around_it(self, day):
        span = Span.of(day, is_week=False)
        assert (span.first.weekday(), span.last.weekday()) == (0, 6)
        month = [each for each in span.days if span.holds(each)]
        assert month[0].day == 1
        assert (month[-1] + timedelta(days=1)).day == 1
        assert len(span.days) % 7 == 0

    def test_of_a_week_is_seven_days(self):
        span = Span.of("2026-06-17", is_week=True)
        assert (span.first, span.last) == (date(2026, 6, 15), date(2026, 6, 21))

    @pytest.mark.parametrize("typed", ["", "x", "2026-13-40", "0001-01-01", "9999-12-31", "2026-2"])
    def test_of_nonsense_is_of_today(self, noon, typed):
        assert Span.of(typed, is_week=False).on == noon.date()

    @pytest.mark.parametrize("is_week", [True, False])
    def test_leads_to_its_neighbours(self, is_week):
        span = Span.of("2026-01-31", is_week=is_week)
        before = Span(span.before, is_week)
        after = Span(span.after, is_week)
        assert before.on < span.on < after.on or span.holds(after.on) is False
        assert before.last < span.on
        assert after.first > span.on - timedelta(days=31)


class TestPage:
    def test_shows_each_kind_on_its_day(self, editor, noon):
        planned(editor, noon.date() + timedelta(days=1), title="计划")
        coming = make_article(by=editor, title="定时")
        publishing.publish(coming, by=editor, period=Period(noon + timedelta(days=2)))
        ending = make_article(by=editor, title="限时")
        publishing.publish(ending, by=editor, period=Period(None, noon + timedelta(days=3)))
        found = entries(signed_in(editor).get("/admin/calendar/"))
        assert found == {
            ("planned", "计划"): date(2026, 6, 16),
            ("scheduled", "定时"): date(2026, 6, 17),
            ("published", "限时"): date(2026, 6, 15),
            ("expiring", "限时"): date(2026, 6, 18),
        }

    def test_gives_the_title_readers_have(self, editor, noon):
        edition = make_edition(by=editor, title="印出的题目", at=noon)
        Article.objects.filter(pk=edition.pk).update(title="改过的题目")
        assert set(entries(signed_in(editor).get("/admin/calendar/"))) == {
            ("published", "印出的题目")
        }

    def test_goes_by_days_of_the_newsroom(self, editor, noon):
        """Half past midnight in Beijing is the day before in UTC."""
        make_edition(by=editor, at=noon.replace(hour=0, minute=30))
        found = entries(signed_in(editor).get("/admin/calendar/"))
        assert set(found.values()) == {noon.date()}

    def test_forgets_the_plan_of_what_was_published(self, editor, noon):
        article = planned(editor, noon.date())
        publishing.publish(article, by=editor)
        assert {kind for kind, _title in entries(signed_in(editor).get("/admin/calendar/"))} == {
            "published"
        }

    def test_shows_five_a_day_in_a_month_and_says_how_many_more(self, editor, noon):
        for _ in range(7):
            planned(editor, noon.date())
        month = signed_in(editor).get("/admin/calendar/").context["days"]
        week = signed_in(editor).get("/admin/calendar/?by=week").context["days"]
        today = next(day for day in month if day.day == noon.date())
        assert (len(today.entries), today.more) == (5, 2)
        assert [len(day.entries) for day in week] == [7, 0, 0, 0, 0, 0, 0]

    def test_shows_nothing_of_others(self, editor, noon):
        planned(editor, noon.date(), title="暗号金丝猴")
        other = make_colleague("he", "editor", department=make_department())
        assert "暗号金丝猴" not in signed_in(other).get("/admin/calendar/").content.decode()

    def test_is_nobodys_who_may_not_look(self, outsider, client):
        assert signed_in(outsider).get("/admin/calendar/").status_code == 404
        assert client.get("/admin/calendar/").status_code == 302

    def test_costs_the_same_with_many(self, editor, noon, django_assert_max_num_queries):
        for _ in range(6):
            planned(editor, noon.date())
            make_edition(by=editor)
        client = signed_in(editor)
        with django_assert_max_num_queries(14):
            client.get("/admin/calendar/")


class TestMoving:
    def address(self, article: Article, kind: str) -> str:
        return f"/admin/calendar/{article.pk}/{kind}/"

    def test_a_plan_by_the_form(self, editor, noon):
        article = planned(editor, noon.date())
        client = signed_in(editor)
        page = client.get(self.address(article, "planned")).content.decode()
        assert 'value="2026-06-15"' in page
        answer = client.post(self.address(article, "planned"), {"day": "2026-06-20"})
        assert answer.headers["Location"] == "/admin/calendar/?on=2026-06-20"
        assert Article.objects.get().planned_on == date(2026, 6, 20)

    def test_a_scheduled_story_keeps_its_time_of_day(self, editor, noon):
        article = make_article(by=editor)
        publishing.publish(article, by=editor, period=Period(noon + timedelta(days=1)))
        answer = signed_in(editor).post(
            self.address(article, "scheduled"), {"day": "2026-06-20"}, headers=JSON
        )
        assert "2026-06-20" in answer.json()["sentence"]
        assert Edition.objects.get().published_at == noon + timedelta(days=5)

    def test_an_end(self, editor, noon):
        article = make_article(by=editor)
        publishing.publish(article, by=editor, period=Period(None, noon + timedelta(days=1)))
        sent = {"day": "2026-06-20", "at": "18:30"}
        signed_in(editor).post(self.address(article, "expiring"), sent)
        assert f"{Edition.objects.get().expires_at:%d %H:%M}" in {"20 10:30", "20 18:30"}

    def test_of_what_has_ended_is_no_drag(self, editor, noon, time_machine):
        article = make_article(by=editor)
        publishing.publish(article, by=editor, period=Period(None, noon + timedelta(hours=1)))
        time_machine.move_to(noon + timedelta(hours=2), tick=False)
        answer = signed_in(editor).post(
            self.address(article, "expiring"), {"day": "2026-06-20"}, headers=JSON
        )
        assert answer.status_code == 422
        assert Edition.objects.get().has_expired

    def test_is_refused_as_everywhere(self, editor, writer, noon):
        article = make_article(by=editor)
        publishing.publish(article, by=editor, period=Period(noon + timedelta(days=1)))
        for person, day in ((writer, "2026-06-20"), (editor, "2026-06-01"), (editor, "x")):
            answer = signed_in(person).post(
                self.address(article, "scheduled"), {"day": day}, headers=JSON
            )
            assert answer.status_code == 422, day
            assert answer.json()["problem"]
        assert Edition.objects.get().published_at == noon + timedelta(days=1)

    def test_of_what_readers_have_says_why_not(self, editor, noon):
        edition = make_edition(by=editor)
        answer = signed_in(editor).get(self.address(edition.article, "published"))
        assert answer.context["why_not"]
        assert "<button" not in answer.content.decode().partition('id="content"')[2]
        posted = signed_in(editor).post(
            self.address(edition.article, "published"), {"day": "2026-06-20"}, headers=JSON
        )
        assert posted.status_code == 422

    def test_needs_no_new_review(self, editor, noon):
        article = make_article(by=editor)
        publishing.publish(article, by=editor, period=Period(noon + timedelta(days=1)))
        make_chain(channel=article.channel, first=True)
        answer = signed_in(editor).post(
            self.address(article, "scheduled"), {"day": "2026-06-20"}, headers=JSON
        )
        assert answer.status_code == 200

    @pytest.mark.parametrize("kind", ["planned", "scheduled", "published", "expiring", "nonsense"])
    def test_of_others_is_not_there(self, editor, noon, kind):
        article = planned(editor, noon.date())
        other = make_colleague("he", "editor", department=make_department())
        for method in ("get", "post"):
            answer = getattr(signed_in(other), method)(self.address(article, kind))
            assert answer.status_code == 404

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "", "2026-02-30", "零\0"])
    def test_to_no_day_makes_it_fail(self, editor, noon, day):
        article = planned(editor, noon.date())
        answer = signed_in(editor).post(self.address(article, "planned"), {"day": day})
        assert answer.status_code in {400, 422}

    def test_where_nothing_stands_says_so(self, editor, noon):
        article = make_article(by=editor)
        answer = signed_in(editor).post(
            self.address(article, "scheduled"), {"day": "2026-06-20"}, headers=JSON
        )
        assert answer.status_code == 422


class TestPlanBesideTheForm:
    def test_is_kept_and_taken_back(self, editor, noon):
        article, client = make_article(by=editor), signed_in(editor)
        address = f"/admin/articles/article/{article.pk}/plan/"
        assert client.post(address, {"planned_on": "2026-06-20"}).status_code == 302
        assert Article.objects.get().planned_on == date(2026, 6, 20)
        page = client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
        assert 'value="2026-06-20"' in page
        client.post(address, {"planned_on": ""}, headers=JSON)
        assert Article.objects.get().planned_on is None

    def test_refuses_a_day_that_has_passed(self, editor, noon):
        article = make_article(by=editor)
        answer = signed_in(editor).post(
            f"/admin/articles/article/{article.pk}/plan/",
            {"planned_on": "2026-06-01"},
            headers=JSON,
        )
        assert answer.status_code == 422

    def test_is_there_for_a_locked_text(self, editor, noon):
        article = make_article(by=editor)
        make_chain(channel=article.channel, first=True)
        move("submit", article, by=editor)
        client, address = signed_in(editor), f"/admin/calendar/{article.pk}/planned/"
        page = client.get(f"/admin/articles/article/{article.pk}/review/")
        assert f'href="{address}"' in page.content.decode()
        client.post(address, {"day": "2026-06-20"})
        assert Article.objects.get().planned_on == date(2026, 6, 20)

    def test_is_not_a_correspondents(self, noon):
        unit = make_department()
        person = make_colleague("lu", "correspondent", department=unit)
        article = make_article(by=person, source_department=unit)
        client = signed_in(person)
        page = client.get(f"/admin/articles/article/{article.pk}/change/")
        assert 'name="planned_on"' not in page.content.decode()
        address = f"/admin/articles/article/{article.pk}/plan/"
        assert client.post(address, {"planned_on": "2026-06-20"}).status_code == 404
