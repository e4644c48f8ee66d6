"""What was submitted in a period and what of it was adopted, in tables and in the bulletin."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from articles import adopting, binning
from articles.models import Article, Role, Stage
from articles.statistics import bulletin, submissions, tables
from articles.statistics.periods import Against, compare, month_of
from articles.statistics.ranking import Measure
from articles.statistics.submissions import Submissions
from tests.editorial import make, make_chain, somebody
from tests.factories import make_article, make_channel, make_department

pytestmark = pytest.mark.django_db

JUNE = compare(month_of(202606), Against.BEFORE, date(2026, 6, 15))


@pytest.fixture
def mine(noon, editor):
    """Two correspondents of a mine beneath a company: five manuscripts, three of them adopted."""
    make_chain(Stage.FIRST)
    channel = make_channel()
    company = make_department(name="煤业公司")
    mine = make_department(name="一号煤矿", parent=company)
    wang, zhao = (somebody(Role.CORRESPONDENT, name, department=mine) for name in ("王芳", "赵敏"))
    sent = []
    for who in (wang, wang, wang, zhao, zhao):
        article = make_article(by=who, source_department=mine, channel=channel)
        make("submit", article, who)
        sent.append(article)
    moved_on, used, returned, published, _waiting = sent
    make("submit", moved_on, editor)
    round_up = make_article(by=editor, channel=channel)
    adopting.use(round_up, used.pk, by=editor)
    _reviewed(round_up, editor)
    make("send back", returned, editor, reason="太长。")
    # Submitted anew it is the same submission.
    make("submit", returned, wang)
    _reviewed(published, editor)
    return mine


def _reviewed(article: Article, editor) -> None:
    reviewer = somebody(Role.FIRST_REVIEWER)
    make("submit", article, editor)
    make("approve", article, reviewer)
    make("publish", article, editor)


class TestRead:
    def test_counts_first_submissions_and_what_became_of_them(self, mine):
        sent = submissions.read(JUNE.now)
        assert submissions.total(sent) == Submissions(5, 3)
        assert submissions.by_person(sent) == {"王芳": Submissions(3, 2), "赵敏": Submissions(2, 1)}
        assert submissions.by_unit(sent) == {mine.pk: Submissions(5, 3)}

    def test_counts_a_round_up_only_while_it_is_published(self, mine, editor):
        from articles import publishing

        round_up = Article.objects.get(made_from__isnull=False)
        publishing.withdraw(round_up, by=editor, reason="有误")
        assert submissions.total(submissions.read(JUNE.now)).adopted == 2

    def test_belongs_to_the_day_it_was_first_submitted(self, mine, noon, time_machine, editor):
        assert submissions.read(JUNE.before) == []
        time_machine.move_to(noon + timedelta(days=40))
        again = Article.objects.filter(stage=Stage.RECEIVED).latest("pk")
        make("send back", again, editor, reason="太长。")
        make("submit", again, again.created_by)
        july = compare(month_of(202607), Against.BEFORE, date(2026, 7, 25))
        assert submissions.read(july.now) == []

    def test_forgets_what_was_discarded(self, mine, chief):
        waiting = Article.objects.filter(stage=Stage.RECEIVED).latest("pk")
        before = submissions.total(submissions.read(JUNE.now)).submitted
        Article.objects.filter(pk=waiting.pk).update(stage=Stage.WRITING)
        binning.throw_away(Article.objects.get(pk=waiting.pk), by=chief)
        binning.discard(Article.objects.binned().get())
        assert submissions.total(submissions.read(JUNE.now)).submitted == before - 1

    def test_costs_one_statement(self, mine, django_assert_num_queries):
        with django_assert_num_queries(1):
            submissions.read(JUNE.now)

    def test_knows_no_rate_of_nothing(self):
        assert Submissions().rate is None
        assert Submissions(4, 3).rate == Fraction(3, 4)


class TestTables:
    def test_of_units_roll_up(self, mine):
        table = tables.by_unit(JUNE, Measure.VIEWS)
        lines = {line.label: line.sent for line in table.lines}
        assert lines["煤业公司"] == lines["一号煤矿"] == Submissions(5, 3)
        assert table.sent == Submissions(5, 3)

    def test_of_authors_name_those_nobody_published_yet(self, mine):
        lines = {line.label: line.sent for line in tables.by_author(JUNE, Measure.VIEWS).lines}
        assert lines["赵敏"] == Submissions(2, 1)

    def test_of_others_tell_nothing(self, mine):
        assert tables.by_channel(JUNE, Measure.VIEWS).sent is None


class TestBulletin:
    def test_tells_units_and_people(self, mine):
        found = bulletin.compose(JUNE)
        units = {entry.label: entry.now.sent for entry in found.units}
        people = {entry.label: entry for entry in found.people}
        assert units["煤业公司"] == Submissions(5, 3)
        assert people["赵敏"].now.sent == Submissions(2, 1)
        assert people["赵敏"].unit == "一号煤矿"
