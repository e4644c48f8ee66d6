"""The moves a story can make: who, from where, and why not."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from articles import workflow
from articles.models import Article, Stage

pytestmark = pytest.mark.django_db

CAST = ("anonymous", "outsider", "writer", "editor", "chief", "dismissed")

# action → status → who may. What stands nowhere here may nobody; a missing cell fails.
MAY: dict[str, dict[str, set[str]]] = {
    "edit": {
        "draft": {"writer", "editor", "chief"},
        "published": {"writer", "editor", "chief"},
        "withdrawn": {"writer", "editor", "chief"},
    },
    "delete": {
        "draft": {"writer", "editor", "chief"},
        "published": set(),
        "withdrawn": set(),
    },
    "publish": {
        "draft": {"editor", "chief"},
        "published": {"editor", "chief"},
        "withdrawn": {"editor", "chief"},
    },
    "withdraw": {
        "draft": set(),
        "published": {"editor", "chief"},
        "withdrawn": set(),
    },
    "end": {
        "draft": set(),
        "published": {"editor", "chief"},
        "withdrawn": set(),
    },
    "reschedule": {
        "draft": set(),
        "published": {"editor", "chief"},
        "withdrawn": set(),
    },
    "submit": {
        "draft": {"writer", "editor", "chief"},
        "published": {"writer", "editor", "chief"},
        "withdrawn": {"writer", "editor", "chief"},
    },
    # Nothing is under review; tests/permission_table.py has the other stages.
    **{
        name: {"draft": set(), "published": set(), "withdrawn": set()}
        for name in ("recall", "approve", "send back", "reject", "reserve", "reopen")
    },
}
# The same for what lies in the bin: action → whose it is → who may.
MAY_IN_BIN: dict[str, dict[str, set[str]]] = {
    "take back": {"own": {"writer", "editor", "chief"}, "others'": {"writer", "editor", "chief"}},
    "discard": {"own": {"writer", "editor", "chief"}, "others'": {"editor", "chief"}},
}
UNKNOWN = ("", "Publish", "view", "articles.publish_article", "__init__")
STATUSES = [value for value, _label in Article.Status.choices]


@pytest.fixture
def dismissed(chief):
    """Once the chief; the account is switched off."""
    chief.is_active = False
    return chief


@pytest.fixture
def who(request, role):
    return AnonymousUser() if role == "anonymous" else request.getfixturevalue(role)


def test_the_table_names_every_move_and_status():
    assert set(MAY) == set(workflow.MOVES) | {"edit", "delete"}
    for statuses in MAY.values():
        assert set(statuses) == set(STATUSES)


@pytest.mark.parametrize("role", CAST)
class TestCan:
    def test_follows_the_table(self, who, role):
        for action, statuses in MAY.items():
            for status, people in statuses.items():
                may = workflow.can(who, action, Article(status=status))
                assert may is (role in people), (action, status)

    def test_follows_the_table_of_the_bin(self, who, role, noon):
        for action in (*MAY, *MAY_IN_BIN):
            for whose in ("own", "others'"):
                owner = who.pk if whose == "own" else 4711
                binned = Article(status="draft", deleted_at=noon, created_by_id=owner)
                people = MAY_IN_BIN.get(action, {}).get(whose, set())
                assert workflow.can(who, action, binned) is (role in people), (action, whose)

    def test_denies_what_is_for_the_bin_alone_elsewhere(self, who, role):
        for action in MAY_IN_BIN:
            for status in STATUSES:
                article = Article(status=status, created_by_id=who.pk)
                assert workflow.can(who, action, article) is False

    def test_denies_unknown_actions(self, who, role):
        for action in UNKNOWN:
            for status in STATUSES:
                assert workflow.can(who, action, Article(status=status)) is False

    def test_denies_moves_from_unknown_statuses(self, who, role):
        for action in (*workflow.MOVES, "delete"):
            assert workflow.can(who, action, Article(status="limbo")) is False


@pytest.mark.parametrize("role", CAST)
class TestRequire:
    def test_agrees_with_can_and_says_why(self, who, role):
        for action in (*MAY, *UNKNOWN):
            for status in STATUSES:
                article = Article(status=status, title="同心")
                if workflow.can(who, action, article):
                    workflow.require(who, action, article)
                    continue
                with pytest.raises(workflow.MoveRefused) as caught:
                    workflow.require(who, action, article)
                assert all(reason.strip() for reason in caught.value.reasons)


class TestReasons:
    def test_name_the_status_rather_than_the_right(self, editor):
        with pytest.raises(workflow.MoveRefused) as caught:
            workflow.require(editor, "withdraw", Article(title="同心", status="draft"))
        assert "同心" in str(caught.value)

    def test_are_joined_in_the_message(self):
        refusal = workflow.MoveRefused("一。", "二。")
        assert (str(refusal), refusal.reasons) == ("一。 二。", ["一。", "二。"])


class TestMoves:
    def test_lead_to_stages_there_are(self):
        for move in workflow.MOVES.values():
            assert move.from_statuses <= set(STATUSES)
            assert move.from_stages <= set(Stage)
            assert move.to_stage is None or move.to_stage in set(Stage)

    def test_cost_permissions_there_are(self):
        from django.contrib.auth.models import Permission

        for move in workflow.MOVES.values():
            for stage in move.from_stages:
                name = workflow.permission_for(move, Article(stage=stage))
                rights = Permission.objects.filter(content_type__app_label="articles")
                assert rights.filter(codename=f"{name}_article").exists()
