"""Who answers for a story, as printed from the record; the units of a round-up."""

from __future__ import annotations

import re

import pytest

from articles import adopting, crediting, inviting, writing
from articles.models import Article, Edition, Role, Stage
from articles.recording import Actor
from tests.editorial import make, make_chain, somebody
from tests.factories import make_article, make_channel, make_department

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    roles = {
        "editor": (Role.EDITOR, "周敏"),
        "first": (Role.FIRST_REVIEWER, "吴刚"),
        "final": (Role.FINAL_REVIEWER, "郑海"),
        "publisher": (Role.PUBLISHER, "钱进"),
    }
    return {key: somebody(role, name) for key, (role, name) in roles.items()}


def travel(article: Article, people, *, until: str = "publish") -> Article:
    for name, who in (
        ("submit", "editor"),
        ("approve", "first"),
        ("approve", "final"),
        ("publish", "publisher"),
    ):
        make(name, article, people[who])
        if name == until:
            break
    return article


class TestResponsible:
    def test_is_printed_from_the_record(self, people):
        make_chain(Stage.FIRST, Stage.FINAL)
        travel(make_article(by=people["editor"]), people)
        assert Edition.objects.get().staff == [
            ["editor", "周敏"],
            ["proofreader", "吴刚"],
            ["reviewer", "郑海"],
        ]

    def test_is_nobody_without_reviews(self, editor):
        from tests.factories import make_edition

        assert make_edition(by=editor).staff == []

    def test_holds_only_what_the_record_holds(self, people):
        make_chain(Stage.FINAL)
        article = make_article(by=people["editor"])
        for name, who in (("submit", "editor"), ("approve", "final"), ("publish", "publisher")):
            make(name, article, people[who])
        assert Edition.objects.get().staff == [["editor", "周敏"], ["reviewer", "郑海"]]

    def test_names_a_leader_without_an_account(self, people):
        make_chain(Stage.FIRST, Stage.FINAL)
        article = make_article(by=people["editor"])
        make("submit", article, people["editor"])
        make("approve", article, people["first"])
        link = inviting.invite(
            article, by=Actor(people["final"]), person="李建国", days=1, version=article.version
        )
        token = inviting.token_of(link)
        inviting.decide(token, "approve", name="李建国", reason="", address="")
        article.refresh_from_db()
        assert crediting.responsible(article)[-1] == ["reviewer", "李建国"]

    def test_of_a_changed_text_waits_for_its_own_reviews(self, people):
        make_chain(Stage.FIRST, Stage.FINAL)
        article = travel(make_article(by=people["editor"]), people)
        writing.keep(
            article, body="<p>改。</p>", tags=[], by=people["editor"], based_on=article.version
        )
        assert crediting.responsible(article) == []
        make("submit", article, people["editor"])
        assert crediting.responsible(article) == [["editor", "周敏"]]
        assert len(Edition.objects.get().staff) == 3

    def test_of_an_article_that_is_not_saved_is_nobody(self):
        assert crediting.responsible(Article()) == []
        assert crediting.units(Article()) == []


class TestThePage:
    def test_shows_it_at_the_foot_and_in_the_preview(self, client, people):
        from articles import previewing

        make_chain(Stage.FIRST, Stage.FINAL)
        article = travel(make_article(by=people["editor"]), people)
        link = previewing.make_link(article, by=people["editor"], note="", days=1)
        for address in (article.get_absolute_url(), f"/preview/{previewing.token_of(link)}/"):
            page = client.get(address).content.decode()
            said = re.sub(r"<[^>]+>|\s", "", page[page.index('class="credits"') :])
            assert "责任编辑：周敏校对：吴刚审核：郑海" in said, address

    def test_says_nothing_where_nobody_reviewed(self, client, editor):
        from tests.factories import make_edition

        page = client.get(make_edition(by=editor).get_absolute_url()).content.decode()
        assert 'class="credits"' not in page


class TestUnits:
    def test_of_a_round_up_are_printed_each_once(self, client, editor):
        channel = make_channel()
        coal, rail = make_department(name="煤业公司"), make_department(name="铁运公司")
        round_up = make_article(by=editor, channel=channel)
        for unit in (rail, coal, rail):
            correspondent = somebody(Role.CORRESPONDENT, department=unit)
            manuscript = make_article(by=correspondent, source_department=unit, channel=channel)
            make("submit", manuscript, correspondent)
            adopting.use(round_up, manuscript.pk, by=editor)
        make("publish", round_up, editor)
        assert Edition.objects.get(pk=round_up.pk).units == ["铁运公司", "煤业公司"]
        page = client.get(round_up.get_absolute_url()).content.decode()
        assert "铁运公司、煤业公司" in page
