"""The page on which links for leaders are made, listed and revoked."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles import inviting
from articles.models import Appointment, ReviewLink, Role, Stage
from articles.recording import Actor
from tests.editorial import make, make_chain, somebody
from tests.factories import make_article, make_department

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(db):
    return make_department(name="煤业公司")


@pytest.fixture
def reviewer(unit):
    return somebody(Role.FIRST_REVIEWER, "吴刚", department=unit)


@pytest.fixture
def article(writer, unit):
    make_chain(Stage.FIRST)
    article = make_article(by=writer, source_department=unit)
    make("submit", article, writer)
    return article


def log_in(client, user):
    client.force_login(user, backend="newsroom.authentication.OneStatementBackend")
    return client


def page_of(article) -> str:
    return reverse("admin:articles_article_review_links", args=[article.pk])


class TestPage:
    def test_makes_a_link_and_shows_it_to_its_maker_alone(self, client, article, reviewer, unit):
        log_in(client, reviewer)
        typed = {"person": "李总", "days": "1", "version": article.version}
        answer = client.post(page_of(article), typed, follow=True)
        link = ReviewLink.objects.get()
        token = inviting.token_of(link)
        assert token in answer.content.decode()
        log_in(client, somebody(Role.FIRST_REVIEWER, department=unit))
        other = client.get(page_of(article)).content.decode()
        assert "李总" in other
        assert token not in other

    @pytest.mark.parametrize(
        "typed", [{"person": ""}, {"days": "99"}, {"days": "x"}, {"version": "7"}, {"version": ""}]
    )
    def test_says_what_is_wrong(self, client, article, reviewer, typed):
        log_in(client, reviewer)
        sent = {"person": "李总", "days": "1", "version": article.version} | typed
        answer = client.post(page_of(article), sent)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
        assert not ReviewLink.objects.exists()

    def test_is_not_there_for_others(self, client, article, writer, outsider, unit):
        elsewhere = somebody(Role.FIRST_REVIEWER, department=make_department())
        link_of = page_of(article)
        auditor, publisher = somebody(Role.AUDITOR), somebody(Role.PUBLISHER)
        for user in (writer, outsider, elsewhere, auditor, publisher):
            log_in(client, user)
            for answer in (client.get(link_of), client.post(link_of, {"person": "李总"})):
                assert answer.status_code in (403, 404), user
        assert not ReviewLink.objects.exists()

    def test_is_not_there_without_an_account(self, client, article):
        assert client.get(page_of(article)).status_code == 302


class TestRevoking:
    @pytest.fixture
    def link(self, article, reviewer):
        return inviting.invite(
            article, by=Actor(reviewer), person="李总", days=3, version=article.version
        )

    def address(self, link) -> str:
        return reverse("admin:articles_article_revoke_review_link", args=[link.article_id, link.pk])

    def test_ends_the_link(self, client, link, reviewer):
        log_in(client, reviewer).post(self.address(link))
        link.refresh_from_db()
        assert link.revoked_at
        assert client.get(self.address(link)).status_code == 405

    def test_is_refused_to_others(self, client, link, writer, outsider):
        for user in (writer, outsider, somebody(Role.SECOND_REVIEWER)):
            answer = log_in(client, user).post(self.address(link))
            assert answer.status_code in (403, 404)
        link.refresh_from_db()
        assert link.revoked_at is None

    def test_of_another_article_is_unknown(self, client, link, reviewer, writer, unit):
        other = make_article(by=writer, source_department=unit)
        make("submit", other, writer)
        wrong = reverse("admin:articles_article_revoke_review_link", args=[other.pk, link.pk])
        assert log_in(client, reviewer).post(wrong).status_code == 404

    def test_is_still_possible_for_its_maker_at_the_next_stage(self, client, link, reviewer):
        assert Appointment.objects.filter(user=reviewer).exists()
        make("approve", link.article, reviewer)
        assert log_in(client, reviewer).get(page_of(link.article)).status_code == 200
