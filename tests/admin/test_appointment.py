"""The desks for appointments, chains and classes, and what they do to the article form."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from articles.models import Appointment, Article, ContentClass, ReviewChain
from tests.factories import (
    appoint,
    make_article,
    make_chain,
    make_channel,
    make_colleague,
    make_department,
)

pytestmark = pytest.mark.django_db
ADD = "/admin/articles/appointment/add/"


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="newsroom.authentication.OneStatementBackend")
    return client


@pytest.fixture
def keeper():
    return make_colleague("ning", "administrator")


class TestAppointing:
    def test_puts_into_the_group_and_takes_out(self, keeper):
        person, client = make_colleague("gu"), signed_in(keeper)
        client.post(ADD, {"user": person.pk, "role": "first"})
        row = Appointment.objects.get(user=person)
        assert person.groups.get().name == "初审人"
        client.post(f"/admin/articles/appointment/{row.pk}/delete/", {"post": "yes"})
        assert not person.groups.exists()

    def test_works_at_the_next_click_of_whoever_is_logged_in(self, keeper, editor):
        """A demotion needs no new log-in."""
        make_article(by=editor)
        person = make_colleague("shen", "editor")
        living = signed_in(person)
        assert living.get("/admin/articles/article/").status_code == 200
        row = Appointment.objects.get(user=person)
        signed_in(keeper).post(f"/admin/articles/appointment/{row.pk}/delete/", {"post": "yes"})
        assert living.get("/admin/articles/article/").status_code == 403
        assert living.get("/admin/board/").status_code == 404

    def test_narrows_at_the_next_click(self, keeper, editor):
        unit = make_department()
        make_article(by=editor, title="暗号金丝猴")
        person = make_colleague("shen", "editor")
        living = signed_in(person)
        assert "暗号金丝猴" in living.get("/admin/articles/article/").content.decode()
        row = Appointment.objects.get(user=person)
        sent = {"user": person.pk, "role": "editor", "department": unit.pk}
        signed_in(keeper).post(f"/admin/articles/appointment/{row.pk}/change/", sent)
        assert "暗号金丝猴" not in living.get("/admin/articles/article/").content.decode()

    def test_of_oneself_is_refused(self, keeper):
        answer = signed_in(keeper).post(ADD, {"user": keeper.pk, "role": "chief"})
        assert answer.status_code == 200
        assert "不能给自己设置任职" in answer.content.decode()
        own = Appointment.objects.get()
        client = signed_in(keeper)
        for page in ("change", "delete"):
            sent = {"user": keeper.pk, "role": "chief", "post": "yes"}
            client.post(f"/admin/articles/appointment/{own.pk}/{page}/", sent)
        assert Appointment.objects.get().role == "administrator"

    def test_of_oneself_is_a_superusers(self, as_chief, chief):
        as_chief.post(ADD, {"user": chief.pk, "role": "editor"})
        assert Appointment.objects.get().user == chief

    def test_of_a_correspondent_needs_a_department(self, as_chief):
        person = make_colleague("lu")
        answer = as_chief.post(ADD, {"user": person.pk, "role": "correspondent"})
        assert "请选择" in answer.content.decode()
        assert not Appointment.objects.exists()

    @pytest.mark.parametrize(("held", "asked"), [("auditor", "final"), ("editor", "auditor")])
    def test_of_an_auditor_is_the_only_one(self, as_chief, held, asked):
        person = make_colleague("fang", held)
        answer = as_chief.post(ADD, {"user": person.pk, "role": asked})
        assert "审计员只查看" in answer.content.decode()
        assert Appointment.objects.get().role == held

    def test_is_offered_to_staff_only(self, as_chief):
        User.objects.create_user("guest")
        assert "guest" not in as_chief.get(ADD).content.decode()

    @pytest.mark.parametrize("role", ["auditor", "chief"])
    def test_is_only_looked_at_by_others(self, role):
        person = make_colleague("fang", role)
        client = signed_in(person)
        assert client.get("/admin/articles/appointment/").status_code == 200
        assert client.get(ADD).status_code == 403

    def test_is_nobodys_without_the_right(self):
        client = signed_in(make_colleague("shen", "editor"))
        assert client.get("/admin/articles/appointment/").status_code == 403


class TestNobodyGrantsWhatTheyLack:
    def test_not_by_ticking_superuser(self, keeper):
        person = make_colleague("lu")
        sent = {"username": "lu", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
        answer = signed_in(keeper).post(f"/admin/auth/user/{person.pk}/change/", sent)
        assert answer.status_code == 302
        person.refresh_from_db()
        assert not person.is_superuser

    def test_not_by_rights_or_groups_they_do_not_have(self, keeper):
        publish = Permission.objects.get(codename="publish_article")
        chiefs = Group.objects.get(name="宣传部负责人")
        sent = {"username": "ning", "is_active": "on", "is_staff": "on"}
        for extra in ({"user_permissions": [publish.pk]}, {"groups": [chiefs.pk]}):
            answer = signed_in(keeper).post(f"/admin/auth/user/{keeper.pk}/change/", sent | extra)
            assert answer.status_code == 200
        assert not User.objects.get(pk=keeper.pk).has_perm("articles.publish_article")

    def test_not_by_widening_their_own_group(self, keeper):
        publish = Permission.objects.get(codename="publish_article")
        own = Group.objects.get(name="系统管理员")
        before = set(own.permissions.all())
        sent = {"name": own.name, "permissions": [publish.pk]}
        signed_in(keeper).post(f"/admin/auth/group/{own.pk}/change/", sent)
        assert set(own.permissions.all()) == before

    def test_nor_by_the_password_of_a_superuser(self, keeper, chief):
        client = signed_in(keeper)
        sent = {"password1": "neu-123-passwort", "password2": "neu-123-passwort"}
        answer = client.post(f"/admin/auth/user/{chief.pk}/password/", sent)
        assert answer.status_code == 403
        chief.refresh_from_db()
        assert chief.check_password("chief-password")

    def test_and_takes_nothing_away_unseen(self, keeper):
        """What the form does not show stays as others gave it."""
        person = make_colleague("gu", "first")
        person.user_permissions.add(Permission.objects.get(codename="publish_article"))
        sent = {"username": "gu", "is_active": "on", "is_staff": "on", "last_name": "顾"}
        answer = signed_in(keeper).post(f"/admin/auth/user/{person.pk}/change/", sent)
        assert answer.status_code == 302
        person = User.objects.get(pk=person.pk)
        assert person.last_name == "顾"
        assert person.has_perm("articles.publish_article")
        assert person.groups.get().name == "初审人"

    def test_but_a_superuser_grants_all(self, as_chief):
        person = make_colleague("lu")
        sent = {"username": "lu", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
        as_chief.post(f"/admin/auth/user/{person.pk}/change/", sent)
        assert User.objects.get(pk=person.pk).is_superuser


class TestGroupsOfRoles:
    def test_keep_their_names(self, as_chief):
        group = Group.objects.get(name="初审人")
        address = f"/admin/auth/group/{group.pk}"
        as_chief.post(f"{address}/change/", {"name": "别的", "permissions": []})
        assert as_chief.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
        group.refresh_from_db()
        assert group.name == "初审人"


class TestBesideTheAccount:
    def test_stand_the_appointments(self, keeper):
        unit = make_department(name="澜岳煤业有限公司")
        person = make_colleague("lu", "correspondent", department=unit)
        html = signed_in(keeper).get(f"/admin/auth/user/{person.pk}/change/").content.decode()
        assert "通讯员 · 澜岳煤业有限公司" in html

    def test_stands_that_there_are_none(self, as_chief, writer):
        html = as_chief.get(f"/admin/auth/user/{writer.pk}/change/").content.decode()
        assert "没有任职" in html


class TestChains:
    def test_are_kept_by_who_may(self, keeper):
        channel = make_channel()
        sent = {"channel": channel.pk, "has_first": "on", "has_final": "on"}
        signed_in(keeper).post("/admin/articles/reviewchain/add/", sent)
        assert [stage.value for stage in ReviewChain.objects.get().stages] == ["first", "final"]

    def test_for_everything_have_a_review(self, keeper):
        answer = signed_in(keeper).post("/admin/articles/reviewchain/add/", {})
        assert "至少勾选一级审核" in answer.content.decode()
        assert not ReviewChain.objects.exists()

    def test_table_says_which_holds_for_each_channel_and_class(self, as_chief):
        news = make_channel(name="新闻")
        make_channel(name="集团新闻", parent=news)
        make_channel(name="公告")
        leaders = ContentClass.objects.create(name="领导活动")
        make_chain(channel=news, first=True)
        ReviewChain.objects.create(
            channel=news, content_class=leaders, has_first=True, has_final=True
        )
        rows = as_chief.get("/admin/articles/reviewchain/table/").context["rows"]
        said = {
            row.name.strip("　"): [
                (str(cell.chain) if cell.chain else "", cell.is_own) for cell in row.cells
            ]
            for row in rows
        }
        assert said == {
            "新闻": [("初审", True), ("初审 → 终审", True)],
            "集团新闻": [("初审", False), ("初审 → 终审", False)],
            "公告": [("", False), ("", False)],
        }

    def test_table_is_nobodys_without_the_right(self):
        client = signed_in(make_colleague("shen", "editor"))
        assert client.get("/admin/articles/reviewchain/table/").status_code == 404

    def test_costs_the_same_with_many(self, as_chief, django_assert_max_num_queries):
        for _ in range(9):
            make_chain(channel=make_channel(), first=True)
        with django_assert_max_num_queries(10):
            as_chief.get("/admin/articles/reviewchain/table/")


class TestContentClass:
    def test_is_asked_for_where_there_are_classes(self, as_editor, editor):
        address = "/admin/articles/article/add/"
        assert 'name="content_class"' not in as_editor.get(address).content.decode()
        ContentClass.objects.create(name="领导活动")
        assert 'name="content_class"' in as_editor.get(address).content.decode()

    def test_is_kept_with_the_version(self, as_editor, editor):
        leaders = ContentClass.objects.create(name="领导活动")
        article = make_article(by=editor)
        save(as_editor, article, content_class=leaders.pk)
        article.refresh_from_db()
        assert article.content_class == leaders
        newest = article.revisions.get(number=article.version)
        assert newest.content["content_class_id"] == leaders.pk

    def test_stays_when_the_form_does_not_show_it(self, as_editor, editor):
        assert save(as_editor, make_article(by=editor), byline="李明").status_code == 302


def save(client: Client, article: Article | None = None, **changes):
    """Sends the form as the page would."""
    sent = {
        "title": "同心同向 实干争先",
        "body": "<p>正文。</p>",
        "based_on": article.version if article else 0,
        "receipt": str(uuid4()),
        "channel": article.channel_id if article else "",
        "source_department": (article.source_department_id or "") if article else "",
        "_save": "1",
    } | changes
    number = article.pk if article else "add"
    page = f"{number}/change/" if article else "add/"
    return client.post(f"/admin/articles/article/{page}", sent)


class TestPlacesOfTheForm:
    @pytest.fixture
    def units(self):
        coal = make_department(name="煤业公司")
        return coal, make_department(name="栎坪煤矿", parent=coal), make_department(name="物流公司")

    def test_are_those_one_is_appointed_for(self, units):
        coal, mine, _rail = units
        client = signed_in(make_colleague("lu", "correspondent", department=coal))
        form = client.get("/admin/articles/article/add/").context["adminform"].form
        offered = {value for value, _label in form.fields["source_department"].choices if value}
        assert {getattr(value, "value", value) for value in offered} == {coal.pk, mine.pk}
        assert form["source_department"].value() == coal.pk

    def test_of_another_unit_are_refused_with_a_sentence(self, units):
        coal, _mine, rail = units
        client = signed_in(make_colleague("lu", "correspondent", department=coal))
        channel = make_channel()
        answer = save(client, channel=channel.pk, source_department=rail.pk)
        assert answer.status_code == 200
        assert "您的任职不包括" in answer.content.decode()
        assert not Article.objects.exists()
        assert save(client, channel=channel.pk, source_department=coal.pk).status_code == 302

    def test_hold_for_saves_by_script_too(self, units):
        coal, _mine, rail = units
        client = signed_in(make_colleague("lu", "correspondent", department=coal))
        sent = {
            "title": "标题",
            "body": "<p>一</p>",
            "based_on": 0,
            "receipt": "00000000-0000-4000-8000-000000000001",
            "channel": make_channel().pk,
            "source_department": rail.pk,
        }
        answer = client.post("/admin/articles/article/autosave/", sent)
        assert answer.status_code == 422
        assert not Article.objects.exists()

    def test_belong_together(self, units):
        coal, _mine, rail = units
        news, notices = make_channel(), make_channel()
        person = make_colleague("lu", "editor", department=coal, channel=news)
        appoint(person, "editor", department=rail, channel=notices)
        client = signed_in(person)
        answer = save(client, channel=notices.pk, source_department=coal.pk)
        assert "您的任职不包括为这个部门在这个栏目供稿" in answer.content.decode()

    def test_of_a_story_that_stands_elsewhere_stay(self, units, editor):
        """Somebody else filed it there; saving its text is no filing."""
        coal, _mine, rail = units
        person = make_colleague("lu", "correspondent", department=coal)
        article = make_article(by=person, source_department=rail)
        assert save(signed_in(person), article, body="<p>改了。</p>").status_code == 302
        article.refresh_from_db()
        assert (article.version, article.source_department) == (2, rail)

    def test_are_all_without_appointments(self, as_editor, units):
        assert save(as_editor, channel=make_channel().pk, source_department=units[2].pk)
        assert Article.objects.exists()
