"""Every role, every move, every state, own and other departments: the policy and the desk."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.utils import timezone

from articles import workflow
from articles.admin.article_schedule import TYPED_MOMENT
from articles.models import Article, Edition, Stage, Transition
from tests.editorial import fresh
from tests.permission_table import ACTIONS, ROLES, STATES, WHOSE, World, cells

LETTERS = {action: letter for letter, action in ACTIONS.items()}

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


@pytest.mark.once
@pytest.mark.parametrize("whose", WHOSE)
def test_what_is_posted_follows_the_table(whose):
    """Moves sent by each role in each state, without any page that offers them: made as the
    table says, or nothing has changed; of what may not be looked at not even that it is there.

    All moves where the role can make one; elsewhere one after the other, each in many states.
    """
    world, table, made = World(), cells(), 0
    turns = cycle(sorted(workflow.MOVES))
    for role in ROLES:
        client = Client()
        client.force_login(fresh(world.people[role]))
        for state in STATES:
            wanted, article = table[whose, state, role.value], world.story(role, whose, state)
            can_move = any(letter.isupper() for letter in wanted)
            for name in workflow.MOVES if can_move else [next(turns)]:
                case = whose, state, role.value, name
                before = _state(article)
                with transaction.atomic():
                    answer = _post(client, name, article)
                    after = _state(article)
                    transaction.set_rollback(True)
                if LETTERS[name] in wanted:
                    rows = [*before[-1], (name, world.people[role].pk)]
                    assert (answer.status_code, after[-1]) == (302, rows), case
                    made += 1
                else:
                    assert after == before, case
                    assert answer.status_code in ({404, 409, 422} if "l" in wanted else {404}), case
    assert made == sum(
        letter.isupper()
        for (of, _state_name, _role), letters in table.items()
        for letter in letters
        if of == whose
    )


def _post(client: Client, name: str, article: Article) -> Any:
    """What the page of the move would send, in the article's present version."""
    edition = Edition.objects.filter(pk=article.pk).first()
    later = timezone.localtime() + timedelta(days=3)
    sent: dict[str, Any] = {"version": article.version, "reason": "请核对第三段的数字"}
    slug = f"move/{name.replace(' ', '-')}"
    if name == "withdraw":
        slug = "withdraw"
    elif name == "publish":
        slug = "schedule"
        sent |= {"what": "print", "at": "now"}
    elif name == "reschedule":
        slug = "schedule"
        sent |= {"what": "times", "at": "moment", "starts_at": later.strftime(TYPED_MOMENT)}
    elif name == "end":
        slug = "schedule"
        sent |= {"what": "times", "at": "now", "expires_at": later.strftime(TYPED_MOMENT)}
        if edition and edition.is_waiting:
            starts_at = timezone.localtime(edition.published_at).strftime(TYPED_MOMENT)
            sent |= {"at": "moment", "starts_at": starts_at}
    return client.post(f"/admin/articles/article/{article.pk}/{slug}/", sent)


def _state(article: Article) -> tuple[Any, ...]:
    """What a move would change; last, the moves of the record with their actors."""
    editions = Edition.objects.filter(pk=article.pk)
    return (
        list(Article.objects.filter(pk=article.pk).values("stage", "status", "version", "chain")),
        list(editions.values("title", "published_at", "expires_at", "withdrawn_at")),
        list(Transition.objects.of(article.pk).values_list("move", "actor_id")),
    )


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
