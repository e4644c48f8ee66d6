"""Every role, every move, every state, own and other departments: the policy and the desk."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles import workflow
from articles.models import Article, Stage
from tests.editorial import fresh
from tests.permission_table import ACTIONS, ROLES, STATES, WHOSE, World, cells

pytestmark = pytest.mark.django_db


def test_the_table_misses_no_cell():
    wanted = {(whose, state, role.value) for whose in WHOSE for state in STATES for role in ROLES}
    assert set(cells()) == wanted


def test_the_table_names_every_move_and_stage():
    assert set(workflow.MOVES) <= set(ACTIONS.values())
    assert {stage for stage, _status in STATES.values()} == set(Stage)


@pytest.mark.parametrize("whose", WHOSE)
def test_policy_and_desk_follow_the_table(whose):
    """What is denied is denied with a reason; what may not be looked at is not there."""
    world, table = World(), cells()
    differing = {}
    for role in ROLES:
        client = Client()
        client.force_login(fresh(world.people[role]))
        for state in STATES:
            wanted, article = table[whose, state, role.value], world.story(role, whose, state)
            allowed = world.may(role, whose, state)
            if allowed != wanted:
                differing[state, role.value] = ("may", allowed, "table", wanted)
            _assert_refused_with_reasons(fresh(world.people[role]), article, allowed)
            assert _is_there(client, article) is ("l" in wanted), (whose, state, role)
    assert not differing


def _assert_refused_with_reasons(person: User, article: Article, allowed: set[str]) -> None:
    for letter, action in ACTIONS.items():
        if letter not in allowed and action in workflow.MOVES:
            with pytest.raises(workflow.MoveRefused) as caught:
                workflow.require(person, action, article)
            assert all(reason.strip() for reason in caught.value.reasons)


def _is_there(client: Client, article: Article) -> bool:
    """Whether the desk shows it; from a number nobody has the stock admin leads away."""
    answer = client.get(f"/admin/articles/article/{article.pk}/change/")
    return answer.status_code == 200 or f"/{article.pk}/" in answer.headers.get("Location", "")


def test_nobody_without_rights_sees_a_list(outsider):
    World()
    assert not Article.objects.visible_to(outsider).exists()
