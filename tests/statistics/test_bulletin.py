"""The monthly bulletin: points by rules, ranks, and the spreadsheet read back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from articles.models import DailyViews, EditionFacts, Placement, PointRule
from articles.statistics import bulletin, workbook
from articles.statistics.periods import Against, compare, month_of
from tests.conftest import NOON
from tests.factories import make_department, make_edition, make_placement

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 15)
JUNE = compare(month_of(202606), Against.BEFORE, TODAY)


@pytest.fixture
def company(noon, editor):
    """A company with a mine. Two stories of June, one of May; one June story led the front page."""
    company = make_department(name="煤业公司")
    mine = make_department(name="一号煤矿", parent=company)
    for unit, byline, back, pictures, views in (
        (company, "王芳", 3, "", 1_500),
        (mine, "赵敏\n王芳", 1, "孙涛\n孙涛", 700),
        (mine, "赵敏", 40, "赵敏", 0),
    ):
        at = NOON - timedelta(days=back)
        edition = make_edition(by=editor, source_department=unit, at=at)
        facts = EditionFacts.objects.filter(pk=edition.pk)
        facts.update(
            authors=byline, photographers=pictures, pictures=len(pictures.split()), words=1_000
        )
        DailyViews.objects.create(article_id=edition.pk, day=at.date(), views=views)
        if back == 1:
            make_placement(slot=Placement.Slot.LEAD, edition=edition)
    return company


class TestCompose:
    def test_gives_points_by_the_rules(self, company):
        found = bulletin.compose(JUNE)
        units = {entry.label: entry for entry in found.units}
        # Two stories, two pictures, one lead, 2,200 views: 2×5 + 2×1 + 10 + 2.2.
        assert units["煤业公司"].points == Decimal("24.2")
        assert units["一号煤矿"].points == Decimal("17.7")
        people = {entry.label: entry for entry in found.people}
        assert people["王芳"].points == Decimal("22.2")
        assert people["赵敏"].points == Decimal("15.7")
        assert people["孙涛"].points == Decimal("2.0")
        assert [entry.label for entry in found.people] == ["王芳", "赵敏", "孙涛"]
        assert people["孙涛"].unit == "一号煤矿"

    def test_tells_how_ranks_changed(self, company):
        people = {entry.label: entry for entry in bulletin.compose(JUNE).people}
        # In the first fifteen days of May only Zhao had published.
        assert (people["赵敏"].rank, people["赵敏"].rank_before, people["赵敏"].climbed) == (
            2,
            1,
            -1,
        )
        assert people["赵敏"].points_before == Decimal("6.0")
        assert people["王芳"].climbed is None

    def test_follows_the_rules_as_they_are(self, company):
        PointRule.objects.all().delete()
        assert {entry.points for entry in bulletin.compose(JUNE).people} == {Decimal("0.0")}
        PointRule.objects.create(name="字数", counted="words", points=Decimal("0.25"))
        people = {entry.label: entry.points for entry in bulletin.compose(JUNE).people}
        assert people["王芳"] == Decimal("0.5")
        PointRule.objects.create(name="撤稿", counted="withdrawn", points=-20)
        EditionFacts.objects.update(is_withdrawn=True)
        people = {entry.label: entry.points for entry in bulletin.compose(JUNE).people}
        assert people["王芳"] == Decimal("-40.0")

    def test_costs_five_statements(self, company, django_assert_num_queries):
        with django_assert_num_queries(5):
            bulletin.compose(JUNE)


class TestWorkbook:
    def test_holds_what_the_page_holds(self, company):
        composed = bulletin.compose(JUNE)
        book = load_workbook(BytesIO(workbook.write(composed, "2026年06月用稿月报")))
        units, people = book.worksheets
        assert (units["B2"].value, units["C2"].value) == (
            datetime(2026, 6, 1),  # noqa: DTZ001 - a spreadsheet knows no zones
            datetime(2026, 6, 15),  # noqa: DTZ001
        )
        assert units["B2"].number_format == "yyyy-mm-dd"
        rows = list(people.iter_rows(min_row=5, values_only=True))
        assert len(rows) == len(composed.people)
        for entry, row in zip(composed.people, rows, strict=True):
            figures = entry.now.figures
            assert row[:7] == (
                entry.label,
                entry.unit,
                figures.published,
                figures.withdrawn,
                figures.words,
                figures.pictures,
                figures.views,
            )
            assert row[13:15] == (float(entry.points), entry.rank)
        assert units.print_title_rows == "$1:$4"
        assert units.freeze_panes == "B5"
        assert units.column_dimensions["A"].width == 24

    @pytest.mark.parametrize(
        "text",
        [
            "=1+1",
            "+86",
            "-5",
            "@SUM(A1)",
            "=cmd|' /C calc'!A0",
            "\t=1",
            "a\x00\x0bb\ud800",
            "=",
            "",
        ],
    )
    def test_never_calculates_with_a_name(self, text):
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        sheet.append([workbook.cell(sheet, text)])
        buffer = BytesIO()
        book.save(buffer)
        cell = load_workbook(buffer).worksheets[0]["A1"]
        assert cell.data_type != "f"
        assert (cell.value or "") == workbook.CONTROLS.sub("", text)
        assert not cell.value or cell.quotePrefix
