"""The admin as a whole: its front page, and that no address makes it fail."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.models import Article
from tests.factories import make_article, make_edition

pytestmark = pytest.mark.django_db

LISTS = (
    "/admin/articles/article/",
    "/admin/articles/channel/",
    "/admin/articles/department/",
    "/admin/auth/user/",
    "/admin/auth/group/",
    "/admin/taggit/tag/",
)
ODD_QUERIES = (
    "title__regex=(a%2B)%2B$",
    "created_by__password__startswith=a",
    "status__exact=nonsense",
    "status__exact=draft&status__exact=x",
    "channel__id__exact=x",
    "channel__id__exact=99999999999999999999999",
    "channel__id__exact=-1",
    "p=0",
    "p=-1",
    "p=x",
    "p=999999",
    "p=99999999999999999999999",
    "o=99.-99.x",
    "o=-99999999999999999999999",
    "q=%00",
    "q=%ff",
    "q=" + "x" * 10_000,
    "q=" + "a+" * 1_000,
    "p=1&p=99999999999999999999999",
    "p=%2B99999999999999999999999",
    "q=%22%27%5C%25_",
    "all=",
    "_popup=1",
    "_to_field=password",
    "e=1",
    "id__in=1,2,x",
    "pk=99999999999999999999999",
    "is_staff__exact=x",
    "groups__id__exact=99999999999999999999999",
)
ODD_NUMBERS = (
    "0",
    "-1",
    "x",
    "9" * 18,
    "9" * 40,
    "1_2F",
    "_00",
    "%00",
    "1.5",
    "１",
    "null",
    "a" * 500,
)


class TestAddresses:
    @pytest.mark.parametrize("query", ODD_QUERIES)
    @pytest.mark.parametrize("address", LISTS)
    def test_no_query_makes_a_list_fail(self, as_chief, chief, address, query):
        make_article(by=chief)
        assert as_chief.get(f"{address}?{query}").status_code < 500

    @pytest.mark.parametrize("number", ODD_NUMBERS)
    @pytest.mark.parametrize("view", ["change", "delete", "history", "withdraw"])
    @pytest.mark.parametrize("address", LISTS)
    def test_no_number_makes_a_page_fail(self, as_chief, address, view, number):
        assert as_chief.get(f"{address}{number}/{view}/").status_code < 500

    @pytest.mark.parametrize("lookup", ["title__regex", "title__iregex", "body__contains"])
    def test_lookups_that_are_not_offered_are_refused(self, as_chief, lookup):
        assert as_chief.get(f"/admin/articles/article/?{lookup}=a").status_code == 400

    @pytest.mark.parametrize("address", LISTS)
    def test_every_list_and_empty_form_opens(self, as_chief, address):
        assert as_chief.get(address).status_code == 200
        assert as_chief.get(f"{address}add/").status_code == 200

    def test_every_page_is_private_and_under_the_strict_policy(self, as_chief):
        answer = as_chief.get("/admin/")
        assert "no-store" in answer.headers["Cache-Control"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "nonce" not in answer.headers["Content-Security-Policy"]

    def test_only_the_article_form_has_a_nonce(self, as_chief):
        answer = as_chief.get("/admin/articles/article/add/")
        policy = answer.headers["Content-Security-Policy"]
        nonce = policy.partition("'nonce-")[2].partition("'")[0]
        assert nonce
        html = answer.content.decode()
        assert f'nonce="{nonce}"' in html
        assert "unsafe" not in policy


class TestForms:
    @pytest.mark.parametrize(
        ("address", "field", "value"),
        [
            ("/admin/articles/channel/add/", "order", "9" * 30),
            ("/admin/articles/channel/add/", "order", "-1"),
            ("/admin/articles/channel/add/", "order", "32768"),
            ("/admin/articles/channel/add/", "parent", "9" * 30),
            ("/admin/articles/channel/add/", "slug", "中文"),
            ("/admin/articles/channel/add/", "name", "零\0"),
            ("/admin/articles/department/add/", "parent", "x"),
            ("/admin/articles/department/add/", "name", "长" * 101),
            ("/admin/auth/user/add/", "username", "零\0"),
            ("/admin/taggit/tag/add/", "name", "长" * 101),
            ("/admin/taggit/tag/add/", "name", "一行\n两行"),
            ("/admin/articles/greyperiod/add/", "starts_at_0", "0001-01-01"),
            ("/admin/articles/greyperiod/add/", "ends_at_0", "9999-12-31"),
            ("/admin/articles/topic/add/", "starts_at_0", "0001-01-01"),
            ("/admin/articles/placement/add/", "starts_at_0", "0001-01-01"),
        ],
    )
    def test_no_value_makes_a_form_fail(self, as_chief, address, field, value):
        valid = {
            "name": "新",
            "short_name": "新",
            "slug": "new",
            "order": "1",
            "username": "new",
            "usable_password": "false",
            "title": "新",
            "slot": "lead",
            "address": "/",
            "starts_at_1": "00:00",
            "ends_at_0": "2999-12-31",
            "ends_at_1": "00:00",
        }
        assert as_chief.post(address, valid | {field: value}).status_code < 500

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "99999-01-01"])
    def test_dates_of_people_are_not_typed(self, as_chief, chief, day):
        joined = chief.date_joined
        sent = {"username": "chief", "is_active": "1", "is_staff": "1", "is_superuser": "1"}
        moment = {"date_joined_0": day, "date_joined_1": "00:00:00", "last_login_0": day}
        answer = as_chief.post(f"/admin/auth/user/{chief.pk}/change/", sent | moment)
        assert answer.status_code == 302
        chief.refresh_from_db()
        assert chief.date_joined == joined


class TestRefusals:
    def test_are_told_in_the_dress_of_the_house(self, as_outsider):
        answer = as_outsider.get("/admin/articles/article/")
        assert answer.status_code == 403
        assert "您不能打开这个页面" in answer.content.decode()

    def test_of_a_token_from_before_a_new_log_in_say_how_to_go_on(self, editor):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(editor, backend="newsroom.authentication.OneStatementBackend")
        answer = strict.post("/admin/articles/article/add/", {"title": "写好的"})
        assert answer.status_code == 403
        assert "写好的内容还在" in answer.content.decode()
        assert (
            '<a href="/admin/login/" target="_blank">在新标签页中登录</a>'
            in answer.content.decode()
        )


class TestRefusedSettings:
    def test_no_list_edits_in_place_and_no_form_saves_as_new(self):
        from django.contrib import admin

        for model_admin in admin.site._registry.values():
            assert not model_admin.list_editable
            assert not model_admin.save_as

    def test_every_list_allows_lookups_by_name(self):
        from django.contrib import admin

        from articles.admin.base import SafeModelAdmin

        for model_admin in admin.site._registry.values():
            assert isinstance(model_admin, SafeModelAdmin), model_admin


class TestFrontPage:
    def test_shows_what_waits_and_what_was_published(self, as_editor, editor):
        make_article(by=editor, title="我的草稿")
        make_edition(by=editor, title="已见读者")
        changed = make_edition(by=editor, title="改过未发")
        Article.objects.filter(pk=changed.pk).update(version=2)
        desk = as_editor.get("/admin/").context["desk"]
        assert [article.title for article in desk.drafts] == ["我的草稿"]
        assert [article.title for article in desk.changed] == ["改过未发"]
        assert {line.article.title for line in desk.published} == {"已见读者", "改过未发"}

    def test_shows_nobody_elses_drafts(self, as_writer, editor):
        make_article(by=editor, title="别人的草稿")
        assert not as_writer.get("/admin/").context["desk"].drafts

    def test_shows_an_outsider_nothing(self, as_outsider, editor):
        make_edition(by=editor, title="暗号金丝猴")
        answer = as_outsider.get("/admin/")
        assert answer.status_code == 200
        assert "暗号金丝猴" not in answer.content.decode()

    def test_costs_as_many_queries_with_many_stories(
        self, as_editor, editor, django_assert_max_num_queries
    ):
        for _ in range(9):
            make_article(by=editor)
            make_edition(by=editor)
        with django_assert_max_num_queries(22):
            as_editor.get("/admin/")


class TestLogIn:
    def test_locks_after_five_failures_in_chinese(self, client, editor):
        for _ in range(5):
            answer = client.post("/admin/login/", {"username": "editor", "password": "wrong"})
        assert answer.status_code == 429
        assert "15 分钟" in answer.content.decode() or "15分钟" in answer.content.decode()
        right = {"username": "editor", "password": "editor-password"}
        assert client.post("/admin/login/", right).status_code == 429

    def test_does_not_lock_a_colleague(self, client, editor, writer):
        for _ in range(5):
            client.post("/admin/login/", {"username": "editor", "password": "wrong"})
        right = {"username": "writer", "password": "writer-password"}
        assert client.post("/admin/login/", right).status_code == 302


class TestNotFound:
    def test_is_a_page_of_the_desk_with_ways_on(self, as_writer):
        for address in ("/admin/no-such-desk/", "/admin/articles/article/4711/withdraw/"):
            answer = as_writer.get(address)
            html = answer.content.decode()
            assert answer.status_code == 404
            assert 'id="user-tools"' in html
            assert 'href="/admin/articles/article/"' in html
            assert 'href="/admin/articles/article/bin/"' in html

    def test_names_only_what_one_may_open(self, as_outsider):
        html = as_outsider.get("/admin/no-such-desk/").content.decode()
        assert 'id="user-tools"' in html
        assert "/admin/articles/article/" not in html

    def test_asks_strangers_to_log_in(self, client):
        assert client.get("/admin/no-such-desk/").status_code == 302

    def test_of_readers_stays_the_portals(self, as_writer):
        answer = as_writer.get("/no-such-page/")
        assert answer.status_code == 404
        assert 'id="user-tools"' not in answer.content.decode()


class TestTheDeskOfSomebodyWithoutRights:
    def test_says_one_sentence_and_offers_nothing(self, as_outsider):
        html = as_outsider.get("/admin/").content.decode()
        assert html.count('class="empty"') == 1
        assert 'id="desk-drafts"' not in html
        assert 'id="desk-all"' not in html

    def test_is_no_ones_who_may_write(self, as_writer):
        html = as_writer.get("/admin/").content.decode()
        assert 'id="desk-drafts"' in html
        assert 'id="desk-all"' in html
