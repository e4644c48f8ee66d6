"""Where manuscripts stand in their authors' words, three versions, and round-ups."""

from __future__ import annotations

from datetime import timedelta

import pytest

from articles import adopting, publishing, workflow, writing
from articles.adopting import State
from articles.models import Article, ManuscriptUse, Notice, Role, Stage
from articles.publishing import Period
from tests.editorial import make, make_chain, somebody
from tests.factories import make_article, make_channel, make_department

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(db):
    return make_department(name="煤业公司")


@pytest.fixture
def people(unit):
    make_chain(Stage.UNIT, Stage.FIRST)
    return {
        "correspondent": somebody(Role.CORRESPONDENT, "赵敏", department=unit),
        "unit": somebody(Role.UNIT_REVIEWER, department=unit),
        "editor": somebody(Role.EDITOR, "周敏"),
        "first": somebody(Role.FIRST_REVIEWER),
        "publisher": somebody(Role.PUBLISHER),
    }


@pytest.fixture
def manuscript(people, unit):
    return make_article(by=people["correspondent"], source_department=unit, title="来稿")


def state_of(article: Article) -> adopting.Manuscript:
    (line,) = adopting.manuscripts(Article.objects.filter(pk=article.pk))
    return line


class TestState:
    def test_follows_a_manuscript_to_readers(self, manuscript, people):
        seen = [state_of(manuscript).state]
        for name, who in (
            ("submit", "correspondent"),
            ("approve", "unit"),
            ("edit", "editor"),
            ("submit", "editor"),
            ("approve", "first"),
            ("publish", "publisher"),
            ("withdraw", "publisher"),
        ):
            if name == "edit":
                writing.keep(
                    manuscript,
                    body="<p>编辑过。</p>",
                    tags=[],
                    by=people[who],
                    based_on=manuscript.version,
                )
            else:
                reason = "有误" if name == "withdraw" else ""
                make(name, manuscript, people[who], reason=reason)
            seen.append(state_of(manuscript).state)
        assert seen == [
            State.DRAFT,
            State.UNIT,
            State.RECEIVED,
            State.EDITING,
            State.ADOPTED,
            State.ADOPTED,
            State.PUBLISHED,
            State.WITHDRAWN,
        ]

    @pytest.mark.parametrize(
        ("name", "state"),
        [
            ("send back", State.RETURNED),
            ("reject", State.REJECTED),
            ("reserve", State.RESERVE),
        ],
    )
    def test_gives_the_reason(self, manuscript, people, name, state):
        make("submit", manuscript, people["correspondent"])
        make("approve", manuscript, people["unit"], reason="同意。")
        make(name, manuscript, people["editor"], reason="太长了。")
        line = state_of(manuscript)
        assert (line.state, line.reason) == (state, "太长了。")
        assert line.state.label

    def test_costs_the_same_for_one_and_for_ten(
        self, manuscript, people, unit, django_assert_num_queries
    ):
        for _ in range(9):
            make_article(by=people["correspondent"], source_department=unit)
        rows = list(Article.objects.select_related("created_by"))
        for some in (rows[:1], rows):
            with django_assert_num_queries(3):
                adopting.manuscripts(some)


class TestWhose:
    def test_own_ones_with_drafts(self, manuscript, people, editor):
        assert list(adopting.own(people["correspondent"])) == [manuscript]
        assert not adopting.own(editor)

    def test_of_the_unit_once_they_were_submitted(self, manuscript, people):
        elsewhere = somebody(Role.UNIT_REVIEWER, department=make_department())
        assert not adopting.of_units(people["unit"])
        make("submit", manuscript, people["correspondent"])
        make("approve", manuscript, people["unit"])
        assert adopting.of_units(people["unit"]).get() == manuscript
        assert not adopting.of_units(elsewhere)
        for who in ("correspondent", "editor", "first"):
            assert adopting.of_units(people[who]) is None


class TestVersions:
    def test_are_those_of_the_moves(self, manuscript, people):
        make("submit", manuscript, people["correspondent"])
        make("approve", manuscript, people["unit"])
        assert [each.kind for each in adopting.versions(manuscript)] == ["submitted"]
        writing.keep(
            manuscript,
            body="<p>编辑过。</p>",
            tags=[],
            by=people["editor"],
            based_on=manuscript.version,
        )
        make("submit", manuscript, people["editor"])
        make("approve", manuscript, people["first"])
        make("publish", manuscript, people["publisher"])
        found = [(each.kind, each.revision.number) for each in adopting.versions(manuscript)]
        assert found == [("submitted", 1), ("edited", 2), ("published", 2)]


class TestRoundUp:
    @pytest.fixture
    def round_up(self, people):
        return make_article(by=people["editor"], title="综合稿", channel=make_channel())

    @pytest.fixture
    def sent(self, manuscript, people):
        make("submit", manuscript, people["correspondent"])
        make("approve", manuscript, people["unit"])
        return manuscript

    def test_adopts_once_it_is_published(self, round_up, sent, people):
        adopting.use(round_up, sent.pk, by=people["editor"])
        assert state_of(sent).state == State.RECEIVED
        for name, who in (("submit", "editor"), ("approve", "first"), ("publish", "publisher")):
            make(name, round_up, people[who])
        line = state_of(sent)
        assert (line.state, line.used_in) == (State.PUBLISHED, ["综合稿"])
        notice = Notice.objects.get(kind=Notice.Kind.ADOPTED, user=people["correspondent"])
        assert notice.article == sent
        assert "综合稿" in notice.words

    def test_tells_an_author_once(self, round_up, sent, people, chief):
        adopting.use(round_up, sent.pk, by=people["editor"])
        for name, who in (("submit", "editor"), ("approve", "first"), ("publish", "publisher")):
            make(name, round_up, people[who])
        publishing.withdraw(round_up, by=chief, reason="有误")
        make("submit", round_up, people["editor"])
        make("approve", round_up, people["first"])
        make("publish", round_up, people["publisher"])
        assert Notice.objects.filter(kind=Notice.Kind.ADOPTED).count() == 1

    def test_tells_no_title_before_readers_know_it(self, round_up, sent, people, noon):
        adopting.use(round_up, sent.pk, by=people["editor"])
        for name, who in (("submit", "editor"), ("approve", "first")):
            make(name, round_up, people[who])
        tomorrow = Period(noon + timedelta(days=1))
        publishing.publish(round_up, by=people["publisher"], period=tomorrow)
        assert state_of(sent).used_in == []
        notice = Notice.objects.get(kind=Notice.Kind.ADOPTED, user=people["correspondent"])
        assert "综合稿" not in notice.words
        assert "2026-06-16 12:00" in notice.words

    def test_takes_each_once_and_leaves_out_again(self, round_up, sent, people):
        for _ in range(2):
            adopting.use(round_up, sent.pk, by=people["editor"])
        assert ManuscriptUse.objects.count() == 1
        assert not adopting.usable(people["editor"], round_up).filter(pk=sent.pk)
        assert adopting.leave_out(round_up, sent.pk, by=people["editor"])
        assert not adopting.leave_out(round_up, sent.pk, by=people["editor"])

    def test_takes_no_draft_and_not_itself(self, round_up, manuscript, people, sent, unit):
        draft = make_article(by=people["correspondent"], source_department=unit)
        for number in (draft.pk, round_up.pk, 999):
            with pytest.raises(Article.DoesNotExist):
                adopting.use(round_up, number, by=people["editor"])

    def test_is_made_by_editors_while_it_is_written(self, round_up, sent, people):
        with pytest.raises(workflow.MoveRefused):
            adopting.use(round_up, sent.pk, by=people["correspondent"])
        make("submit", round_up, people["editor"])
        with pytest.raises(workflow.MoveRefused):
            adopting.use(round_up, sent.pk, by=people["editor"])
