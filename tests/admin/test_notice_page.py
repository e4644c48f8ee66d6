"""Notices in the admin: what is read, what is wished."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Notice, NoticeWish
from tests.factories import make_article, make_colleague, make_department

pytestmark = pytest.mark.django_db


def tell(person: User, article, **facts) -> Notice:
    return Notice.objects.create(user=person, article=article, **({"kind": "waiting"} | facts))


class TestPage:
    def test_shows_the_unread_and_all(self, as_editor, editor, noon):
        article = make_article(by=editor, title="井下照明改造完工")
        tell(editor, article, kind="returned", words="请补充完工日期。")
        tell(editor, article, kind="published", read_at=noon)
        unread = as_editor.get("/admin/notices/")
        assert [row.kind for row, _address in unread.context["lines"]] == ["returned"]
        assert "请补充完工日期。" in unread.content.decode()
        shown = as_editor.get("/admin/notices/?all=1")
        assert [row.kind for row, _address in shown.context["lines"]] == ["published", "returned"]

    def test_leads_to_the_story(self, as_editor, editor):
        article = make_article(by=editor)
        tell(editor, article)
        ((_row, address),) = as_editor.get("/admin/notices/").context["lines"]
        assert as_editor.get(address).status_code == 200

    def test_does_not_lead_where_one_may_not_go(self, editor):
        other = make_colleague("he", "editor", department=make_department())
        tell(other, make_article(by=editor))
        client = Client()
        client.force_login(other, backend="newsroom.authentication.OneStatementBackend")
        ((_row, address),) = client.get("/admin/notices/").context["lines"]
        assert address == ""

    def test_names_no_story_one_may_not_open(self, editor):
        other = make_colleague("he", "editor", department=make_department())
        tell(other, make_article(by=editor, title="金丝雀"))
        client = Client()
        client.force_login(other, backend="newsroom.authentication.OneStatementBackend")
        assert "金丝雀" not in client.get("/admin/notices/").content.decode()

    def test_is_nobody_elses(self, as_writer, editor):
        tell(editor, make_article(by=editor, title="暗号金丝猴"))
        assert "暗号金丝猴" not in as_writer.get("/admin/notices/?all=1").content.decode()

    def test_teaches_when_it_is_empty(self, as_editor):
        assert "提醒都已读过" in as_editor.get("/admin/notices/").content.decode()
        assert "还没有提醒" in as_editor.get("/admin/notices/?all=1").content.decode()

    @pytest.mark.parametrize("query", ["?p=x", "?p=0", "?p=" + "9" * 40, "?all=x", "?p=%00"])
    def test_fails_for_no_query(self, as_editor, query):
        assert as_editor.get(f"/admin/notices/{query}").status_code < 500

    def test_costs_the_same_with_many(self, as_editor, editor, django_assert_max_num_queries):
        for _ in range(9):
            tell(editor, make_article(by=editor))
        with django_assert_max_num_queries(12):
            as_editor.get("/admin/notices/")

    def test_asks_strangers_to_log_in(self, client):
        assert client.get("/admin/notices/").status_code == 302
        assert client.post("/admin/notices/read/", {"all": "1"}).status_code == 302


class TestCount:
    def test_stands_in_the_head_of_every_page(self, as_editor, editor):
        for _ in range(3):
            tell(editor, make_article(by=editor))
        for address in ("/admin/", "/admin/articles/article/", "/admin/notices/"):
            assert '<span class="unread">3' in as_editor.get(address).content.decode()

    def test_is_left_out_when_there_is_none(self, as_editor):
        assert 'class="unread"' not in as_editor.get("/admin/").content.decode()


class TestReading:
    def test_marks_one(self, as_editor, editor):
        first, second = (tell(editor, make_article(by=editor)) for _ in range(2))
        answer = as_editor.post("/admin/notices/read/", {"notice": first.pk})
        assert answer.headers["Location"] == "/admin/notices/"
        assert list(Notice.objects.unread()) == [second]

    def test_marks_all_of_ones_own(self, as_editor, editor, writer):
        article = make_article(by=editor)
        for person in (editor, editor, writer):
            tell(person, article)
        as_editor.post("/admin/notices/read/", {"all": "1"})
        assert [row.user for row in Notice.objects.unread()] == [writer]

    def test_marks_nothing_of_others(self, as_writer, editor):
        notice = tell(editor, make_article(by=editor))
        as_writer.post("/admin/notices/read/", {"notice": notice.pk})
        assert Notice.objects.unread().exists()

    def test_by_a_script_says_nothing(self, as_editor, editor):
        notice = tell(editor, make_article(by=editor))
        sent = {"notice": notice.pk, "quietly": "1"}
        assert as_editor.post("/admin/notices/read/", sent).status_code == 204

    @pytest.mark.parametrize("typed", ["", "x", "-1", "9" * 40])
    def test_of_nonsense_marks_nothing(self, as_editor, editor, typed):
        tell(editor, make_article(by=editor))
        assert as_editor.post("/admin/notices/read/", {"notice": typed}).status_code == 302
        assert Notice.objects.unread().exists()

    def test_is_no_get(self, as_editor):
        assert as_editor.get("/admin/notices/read/").status_code == 405


class TestWish:
    def test_is_kept(self, as_editor, editor, settings):
        settings.EMAIL_HOST = "mail.example.com"
        assert as_editor.get("/admin/notices/").context["wish"] == "never"
        for mail in ("daily", "at once", "never"):
            as_editor.post("/admin/notices/wish/", {"mail": mail})
            assert NoticeWish.objects.get(user=editor).mail == mail

    def test_of_nonsense_is_refused(self, as_editor):
        as_editor.post("/admin/notices/wish/", {"mail": "hourly"})
        assert not NoticeWish.objects.exists()

    def test_is_not_asked_without_a_mail_server(self, as_editor, settings):
        settings.EMAIL_HOST = ""
        html = as_editor.get("/admin/notices/").content.decode()
        assert "EMAIL_URL" in html
        assert 'name="mail"' not in html
