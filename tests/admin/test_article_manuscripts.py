"""我的投稿, the three versions and the round-up page: who sees what."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles.models import ManuscriptUse, Role, Stage
from tests.editorial import make, make_chain, somebody
from tests.factories import make_article, make_department

pytestmark = pytest.mark.django_db

OWN = "/admin/articles/article/manuscripts/"


@pytest.fixture
def unit(db):
    return make_department(name="煤业公司")


@pytest.fixture
def people(unit):
    make_chain(Stage.UNIT, Stage.FIRST)
    return {
        "correspondent": somebody(Role.CORRESPONDENT, "赵敏", department=unit),
        "colleague": somebody(Role.CORRESPONDENT, department=unit),
        "unit": somebody(Role.UNIT_REVIEWER, department=unit),
        "editor": somebody(Role.EDITOR, "周敏"),
        "auditor": somebody(Role.AUDITOR),
    }


@pytest.fixture
def manuscript(people, unit):
    article = make_article(by=people["correspondent"], source_department=unit, title="井下来稿")
    make("submit", article, people["correspondent"])
    make("approve", article, people["unit"])
    return article


def log_in(client, user):
    client.force_login(user, backend="newsroom.authentication.OneStatementBackend")
    return client


class TestMine:
    def test_shows_each_with_its_state(self, client, people, manuscript):
        make("send back", manuscript, people["editor"], reason="请补充数字。")
        page = log_in(client, people["correspondent"]).get(OWN).content.decode()
        for word in ("井下来稿", "退改", "请补充数字。"):
            assert word in page, word

    def test_shows_nothing_of_others(self, client, people, manuscript):
        assert "井下来稿" not in log_in(client, people["colleague"]).get(OWN).content.decode()

    def test_of_the_unit_is_for_its_reviewer(self, client, people, manuscript):
        page = log_in(client, people["unit"]).get(f"{OWN}?of=unit").content.decode()
        assert "井下来稿" in page
        assert "赵敏" in page
        assert log_in(client, people["unit"]).get(OWN).status_code == 200
        for who in ("correspondent", "editor", "auditor"):
            assert log_in(client, people[who]).get(f"{OWN}?of=unit").status_code == 404

    def test_is_not_there_for_who_writes_nothing(self, client, people, outsider):
        for user in (people["auditor"], outsider):
            assert log_in(client, user).get(OWN).status_code == 404
        assert log_in(client, people["correspondent"]).get(f"{OWN}?of=x").status_code == 404

    def test_costs_the_same_for_one_and_for_many(
        self, client, people, manuscript, unit, django_assert_num_queries
    ):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        log_in(client, people["correspondent"])
        client.get(OWN)
        with CaptureQueriesContext(connection) as one:
            client.get(OWN)
        for _ in range(9):
            make_article(by=people["correspondent"], source_department=unit)
        with django_assert_num_queries(len(one)):
            client.get(OWN)


class TestThreeVersions:
    def test_are_for_who_may_look(self, client, people, manuscript):
        address = reverse("admin:articles_article_adoption", args=[manuscript.pk])
        for who in ("correspondent", "editor", "unit"):
            page = log_in(client, people[who]).get(address)
            assert "投稿版" in page.content.decode(), who
        assert log_in(client, people["colleague"]).get(address).status_code == 404

    def test_show_what_the_editor_changed(self, client, people, manuscript):
        from articles import writing

        writing.keep(
            manuscript,
            body="<p>正文第一段，编辑改过。</p>",
            tags=[],
            by=people["editor"],
            based_on=manuscript.version,
        )
        make("submit", manuscript, people["editor"])
        address = reverse("admin:articles_article_adoption", args=[manuscript.pk])
        page = log_in(client, people["correspondent"]).get(address).content.decode()
        assert "<ins>，编辑改过</ins>" in page
        assert page.index("投稿版") < page.index("编辑版")


class TestRoundUp:
    @pytest.fixture
    def round_up(self, people):
        return make_article(by=people["editor"], title="综合稿")

    def address(self, article) -> str:
        return reverse("admin:articles_article_made_from", args=[article.pk])

    def test_is_compiled_on_its_page(self, client, people, manuscript, round_up):
        log_in(client, people["editor"])
        assert "井下来稿" in client.get(self.address(round_up)).content.decode()
        assert "井下来稿" in client.get(f"{self.address(round_up)}?q=井下").content.decode()
        assert "井下来稿" not in client.get(f"{self.address(round_up)}?q=铁路").content.decode()
        client.post(self.address(round_up), {"use": manuscript.pk})
        assert ManuscriptUse.objects.get().manuscript == manuscript
        client.post(self.address(round_up), {"leave_out": manuscript.pk})
        assert not ManuscriptUse.objects.exists()

    @pytest.mark.parametrize("typed", [{}, {"use": "x"}, {"use": "999999"}, {"use": "-1"}])
    def test_refuses_what_there_is_not(self, client, people, round_up, typed):
        answer = log_in(client, people["editor"]).post(self.address(round_up), typed)
        assert answer.status_code == 404

    def test_is_not_there_for_others(self, client, people, manuscript, round_up):
        for who in ("correspondent", "colleague", "unit", "auditor"):
            log_in(client, people[who])
            for article in (round_up, manuscript):
                answers = (
                    client.get(self.address(article)),
                    client.post(self.address(article), {"use": manuscript.pk}),
                )
                assert {answer.status_code for answer in answers} <= {403, 404}, who
        assert not ManuscriptUse.objects.exists()
