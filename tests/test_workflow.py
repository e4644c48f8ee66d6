"""The moves a story can make: who, from where, and why not."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import override

from articles import workflow
from articles.models import Article, Stage, StoryTemplate
from tests.factories import figure, make_article, make_image

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


class TestPublishingGaps:
    def test_are_none_for_a_complete_story(self, writer):
        image = make_image(by=writer)
        assert workflow.publishing_gaps(make_article(by=writer, body=figure(image))) == []
        reprint = make_article(by=writer, source_department=None, outside_source="矿业日报")
        assert workflow.publishing_gaps(reprint) == []

    def test_are_a_sentence_each(self, writer):
        first, second = make_image(by=writer), make_image(by=writer)
        body = figure(first, "有图注。") + figure(second, "")
        article = make_article(by=writer, body=body, source_department=None)
        gaps = workflow.publishing_gaps(article)
        assert len(gaps) == 2
        assert "2" in gaps[1]

    @pytest.mark.parametrize(
        "body", ["", " ", "<p></p>", "<p><strong> </strong></p>", "<ul><li></li></ul>", "<hr>"]
    )
    def test_include_a_text_that_shows_nothing(self, writer, body):
        assert len(workflow.publishing_gaps(make_article(by=writer, body=body))) == 1

    def test_ignore_pictures_that_are_not_placed(self, writer):
        image = make_image(by=writer)
        article = make_article(by=writer)
        image.article, image.order = article, 0
        image.save()
        assert workflow.publishing_gaps(article) == []


class TestBlanksInTheText:
    @pytest.fixture(autouse=True)
    def template(self, db):
        StoryTemplate.objects.create(name="会议", body="<p>【会议名称】在【地点】举行。</p>")

    def test_are_one_sentence_with_their_number(self, writer):
        body = "<p>【会议名称】举行。</p><p>【会议名称】在【<b>地点</b>】。</p>"
        with override("en"):
            (gap,) = workflow.publishing_gaps(make_article(by=writer, body=body))
        assert "3 blanks" in gap
        assert "【会议名称】" in gap

    def test_are_told_from_the_brackets_of_writers(self, writer):
        body = "<p>【记者手记】矿灯亮起。【副本】</p>"
        assert workflow.publishing_gaps(make_article(by=writer, body=body)) == []

    def test_cost_one_query_together_with_the_headline(self, writer, django_assert_num_queries):
        article = make_article(by=writer, title="【会议名称】", body="<p>【地点】</p>")
        with django_assert_num_queries(3):
            assert len(workflow.publishing_gaps(article)) == 2


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
