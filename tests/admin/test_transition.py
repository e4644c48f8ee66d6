"""The record desk, the record and the sheet of one article, the register."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from articles import correcting, publishing, sheets, writing
from articles.models import Article, Role, Stage, Transition
from articles.publishing import Period
from articles.recording import Actor
from tests.editorial import make, make_chain, somebody
from tests.factories import make_article, make_department

pytestmark = pytest.mark.django_db

DESK = "/admin/articles/transition/"


@pytest.fixture
def unit(db):
    return make_department(name="煤业公司")


@pytest.fixture
def people(unit):
    make_chain(Stage.FIRST, Stage.FINAL)
    return {
        "correspondent": somebody(Role.CORRESPONDENT, "赵敏", department=unit),
        "editor": somebody(Role.EDITOR, "周敏"),
        "first": somebody(Role.FIRST_REVIEWER, "吴刚"),
        "final": somebody(Role.FINAL_REVIEWER, "郑海"),
        "publisher": somebody(Role.PUBLISHER, "钱进"),
        "auditor": somebody(Role.AUDITOR),
        "auditor of the unit": somebody(Role.AUDITOR, department=unit),
    }


@pytest.fixture
def article(people, unit, noon):
    """Came back once, was published and withdrawn, and is written on."""
    article = make_article(by=people["editor"], source_department=unit, title="安全月动员")
    for name, who, reason in (
        ("submit", "editor", ""),
        ("send back", "first", "数字要核对。"),
        ("submit", "editor", ""),
        ("approve", "first", "同意。"),
        ("approve", "final", ""),
        ("publish", "publisher", ""),
        ("withdraw", "publisher", "有误"),
    ):
        make(name, article, people[who], reason=reason)
    return article


@pytest.fixture
def elsewhere(people, article):
    other = make_article(by=people["editor"], title="别的单位的稿件")
    make("submit", other, people["editor"])
    return other


def rewrite_at_the_desk(article: Article, by: User) -> None:
    body, version = "<p>新的一稿写得更长一些。</p>", article.version
    writing.keep(article, body=body, tags=[], by=by, based_on=version)


def log_in(client, user):
    client.force_login(user, backend="newsroom.authentication.OneStatementBackend")
    return client


def listed(answer) -> set[int]:
    return {row.pk for row in answer.context["cl"].result_list}


class TestDesk:
    def test_shows_every_row_to_auditors_within_their_reach(
        self, client, people, article, elsewhere
    ):
        everything = set(Transition.objects.values_list("pk", flat=True))
        own = set(Transition.objects.of(article.pk).values_list("pk", flat=True))
        assert listed(log_in(client, people["auditor"]).get(DESK)) == everything
        assert listed(log_in(client, people["auditor of the unit"]).get(DESK)) == own

    def test_is_not_there_without_the_right(self, client, people, article, outsider):
        addresses = [DESK, f"{DESK}{Transition.objects.first().pk}/change/", f"{DESK}register/"]
        for user in (people["editor"], people["publisher"], outsider):
            log_in(client, user)
            assert {client.get(each).status_code for each in addresses} == {404}, user

    @pytest.mark.parametrize("way", ["add/", "{}/delete/", "{}/change/", ""])
    def test_changes_nothing(self, client, chief, article, way):
        row = Transition.objects.latest("number")
        address = DESK + way.format(row.pk)
        typed = {"action": "delete_selected", "_selected_action": row.pk, "reason": "x"}
        before = Transition.objects.count()
        assert log_in(client, chief).post(address, typed).status_code in (302, 403, 404, 200)
        row.refresh_from_db()
        assert (Transition.objects.count(), row.reason) == (before, "有误")

    @pytest.mark.parametrize(
        ("query", "moves"),
        [
            ("move=withdraw", {"withdraw"}),
            ("since=2026-06-15&until=2026-06-15&move=publish", {"publish"}),
            ("since=2026-06-16", set()),
            ("until=2026-06-14", set()),
            ("article=999999", set()),
            ("person=0", set()),
        ],
    )
    def test_is_filtered_by_move_person_and_period(self, client, people, article, query, moves):
        answer = log_in(client, people["auditor"]).get(f"{DESK}?{query}")
        assert {row.move for row in answer.context["cl"].result_list} == moves

    def test_is_filtered_by_a_person(self, client, people, article):
        number = people["first"].pk
        answer = log_in(client, people["auditor"]).get(f"{DESK}?person={number}")
        assert {row.move for row in answer.context["cl"].result_list} == {"send back", "approve"}

    @pytest.mark.parametrize(
        "query",
        [
            "reason__regex=(a%2B)%2B$",
            "actor__password__startswith=p",
            "move__contains=x",
            "move=nothing",
            "person=x",
            "since=2026-02-31",
            "since=x",
            "until=0001-01-01",
            "article=x",
            "address=10.0.0.7",
        ],
    )
    def test_answers_no_other_question(self, client, people, article, query):
        answer = log_in(client, people["auditor"]).get(f"{DESK}?{query}")
        assert answer.status_code in (302, 400)

    def test_costs_no_more_with_more_rows(
        self, client, people, article, django_assert_max_num_queries
    ):
        log_in(client, people["auditor"])
        with django_assert_max_num_queries(14):
            assert client.get(DESK).status_code == 200

    def test_leads_to_the_record_of_the_article(self, client, people, article):
        row = Transition.objects.filter(move="send back").get()
        page = log_in(client, people["auditor"]).get(f"{DESK}{row.pk}/change/")
        assert f'id="row-{row.pk}" class="is-asked"' in page.content.decode()
        assert client.get(f"{DESK}99999/change/").status_code == 404


class TestRecordOfAnArticle:
    def address(self, article: Article) -> str:
        return reverse("admin:articles_article_record", args=[article.pk])

    def test_is_for_who_may_look_and_addresses_for_who_may_audit(
        self, client, people, article, elsewhere
    ):
        for who, with_addresses in (("editor", False), ("auditor", True), ("first", False)):
            page = log_in(client, people[who]).get(self.address(article)).content.decode()
            assert "数字要核对。" in page
            assert ("127.0.0.1" in page) is with_addresses, who
        for who in ("correspondent", "auditor of the unit"):
            assert log_in(client, people[who]).get(self.address(elsewhere)).status_code == 404

    def test_is_not_there_without_an_account(self, client, article):
        assert client.get(self.address(article)).status_code == 302


class TestSheet:
    def test_holds_the_round_as_it_was(self, article):
        sheet = sheets.compose(article)
        assert (sheet.number, sheet.rounds, sheet.title) == (1, 1, "安全月动员")
        signed = [(line.name, line.opinion) for line in sheet.lines if line.signs]
        assert signed == [("吴刚", "数字要核对。"), ("吴刚", "同意。"), ("郑海", "")]
        assert sheet.publication.name == "钱进"
        assert sheet.withdrawal.reason == "有误"
        assert sheet.sha256 == article.revisions.get().sha256
        assert sheet.last.digest == Transition.objects.latest("number").digest

    def test_says_what_the_revision_said_then(self, article, people):
        rewrite_at_the_desk(article, people["editor"])
        make("submit", article, people["editor"])
        first, second = sheets.compose(article, 1), sheets.compose(article)
        assert (first.revision, second.revision, second.rounds) == (1, 2, 2)
        assert first.words != second.words
        assert [line.decision for line in second.lines if line.signs] == ["", ""]
        assert second.publication is None
        assert sheets.compose(article, 3) is None

    def test_of_a_publication_that_was_moved_is_one_round(self, people, noon):
        article, by = self.scheduled(people, noon)
        publishing.start_at(article, noon + timedelta(days=3), by=by)
        sheet = sheets.compose(article)
        assert (sheet.number, sheet.rounds) == (1, 1)
        assert sheet.publication.appears_at == noon + timedelta(days=3)
        assert sheet.publication.expires_at == noon + timedelta(days=9)

    def test_says_no_end_that_was_taken_back(self, people, noon):
        article, by = self.scheduled(people, noon)
        publishing.end_at(article, None, by=by)
        publication = sheets.compose(article).publication
        assert publication.appears_at == noon + timedelta(days=2)
        assert publication.expires_at is None

    @pytest.mark.parametrize("name", ["withdraw", "end", "reschedule"])
    def test_keeps_what_is_about_a_publication_in_its_round(self, people, noon, name):
        """The next version may be under review by then."""
        article, _by = self.scheduled(people, noon)
        make_chain(Stage.FIRST, channel=article.channel)
        rewrite_at_the_desk(article, people["editor"])
        make("submit", article, people["editor"])
        make(name, article, people["publisher"], reason="有误")
        make("send back", article, people["first"], reason="再改。")
        first, second = sheets.rounds_of(article.pk)
        assert [row.move for row in first][-2:] == ["publish", name]
        assert [row.move for row in second] == ["submit", "send back"]
        sheet = sheets.compose(article, 1)
        assert sheet.revision == 1
        assert bool(sheet.withdrawal) is (name == "withdraw")
        assert sheets.compose(article, 2).withdrawal is None

    def scheduled(self, people, noon) -> tuple[Article, Actor]:
        """Appears in two days, for a week; and who publishes it."""
        article = make_article(by=people["editor"], title="定时发布的")
        for name, who in (("submit", "editor"), ("approve", "first"), ("approve", "final")):
            make(name, article, people[who])
        by = Actor(people["publisher"])
        period = Period(noon + timedelta(days=2), noon + timedelta(days=9))
        publishing.publish(article, by=by, period=period)
        article.refresh_from_db()
        return article, by

    def test_has_a_row_for_each_review_to_come(self, people):
        article = make_article(by=people["editor"])
        make("submit", article, people["editor"])
        waiting = [line.stage for line in sheets.compose(article).lines if not line.name]
        assert waiting == ["初审", "终审"]
        make("approve", article, people["first"])
        make("recall", article, people["editor"])
        article.refresh_from_db()
        waiting = [line.stage for line in sheets.compose(article).lines if not line.name]
        assert waiting == ["初审", "终审"]

    def test_of_an_article_without_moves_is_empty(self, writer):
        sheet = sheets.compose(make_article(by=writer))
        assert (sheet.lines, sheet.publication, sheet.last, sheet.rounds) == ([], None, None, 1)

    def test_is_a_page_for_who_may_look(self, client, people, article, elsewhere):
        address = reverse("admin:articles_article_sheet", args=[article.pk])
        page = log_in(client, people["auditor"]).get(address).content.decode()
        assert "信息发布审核表" in page
        assert Transition.objects.of(article.pk).last().digest in page
        for query, status in (("?round=1", 200), ("?round=2", 404), ("?round=x", 404)):
            assert client.get(address + query).status_code == status
        other = reverse("admin:articles_article_sheet", args=[elsewhere.pk])
        assert log_in(client, people["correspondent"]).get(other).status_code == 404

    def test_names_the_link_of_a_leader(self, people, unit):
        from articles import inviting

        article = make_article(by=people["editor"], source_department=unit)
        make("submit", article, people["editor"])
        link = inviting.invite(
            article, by=Actor(people["first"]), person="李建国", days=1, version=article.version
        )
        token = inviting.token_of(link)
        inviting.decide(token, "approve", name="李建国", reason="同意", address="")
        article.refresh_from_db()
        (line,) = [line for line in sheets.compose(article).lines if line.name == "李建国"]
        assert line.invited_by == "吴刚"


class TestRegister:
    def test_holds_withdrawals_and_corrections_of_the_period(
        self, client, people, article, chief, unit
    ):
        other = make_article(by=people["editor"], source_department=unit, title="更正过的")
        for name, who in (
            ("submit", "editor"),
            ("approve", "first"),
            ("approve", "final"),
            ("publish", "publisher"),
        ):
            make(name, other, people[who])
        correcting.correct(other, by=chief, words="第二段的数字应为 3。")
        log_in(client, people["auditor"])
        page = client.get(f"{DESK}register/").content.decode()
        rows = re.sub(r"<[^>]+>|\s+", " ", page)
        for word in ("安全月动员", "有误", "钱进", "更正过的", "第二段的数字应为 3。", "chief"):
            assert word in rows, word
        empty = client.get(f"{DESK}register/?since=2026-01-01&until=2026-06-14")
        assert "安全月动员" not in empty.content.decode()

    def test_holds_no_schedule_that_was_cancelled(self, client, people, noon):
        story, by = TestSheet().scheduled(people, noon)
        publishing.withdraw(story, by=by, reason="改期")
        log_in(client, people["auditor"])
        assert "定时发布的" not in client.get(f"{DESK}register/").content.decode()

    def test_holds_only_what_is_within_reach(self, client, people, article):
        somewhere = somebody(Role.AUDITOR, department=make_department())
        page = log_in(client, somewhere).get(f"{DESK}register/").content.decode()
        assert "安全月动员" not in page

    @pytest.mark.parametrize("query", ["since=x", "until=2026-02-31", "since=9999-01-01"])
    def test_refuses_days_that_are_none(self, client, people, article, query):
        log_in(client, people["auditor"])
        assert client.get(f"{DESK}register/?{query}").status_code == 404

    def test_is_for_who_may_see_the_record(self, client, article, outsider):
        outsider.user_permissions.add(Permission.objects.get(codename="view_article"))
        assert log_in(client, outsider).get(f"{DESK}register/").status_code == 404
