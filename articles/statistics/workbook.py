"""The bulletin as a spreadsheet: numbers as numbers, days as days, and no text that calculates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from articles.statistics.bulletin import Bulletin, Entry

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What XML 1.0 cannot hold, and line ends, which belong into no cell here.
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
DAY, WHOLE, ONE_DECIMAL = "yyyy-mm-dd", "#,##0", "#,##0.0"
HEADING_ROWS = 4
# The number of the paper in the file format (ECMA-376, 18.3.1.63).
A4 = 9


@dataclass(frozen=True)
class Column:
    heading: str
    # In characters, a full-width one being two.
    width: int


def write(bulletin: Bulletin, title: str) -> bytes:
    """A sheet of the units and one of the people."""
    book = Workbook(write_only=True)
    for name, columns, entries in (
        (_("Units"), _columns(_("unit")), bulletin.units),
        (_("People"), [Column(_("name of a person"), 14), *_columns(_("unit"))], bulletin.people),
    ):
        has_names = entries is bulletin.people
        rows = (_cells(entry, has_name=has_names) for entry in entries)
        _add_sheet(book, name, title, bulletin, columns, rows)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _columns(first: str) -> list[Column]:
    headings = (
        _("stories published"),
        _("of them withdrawn"),
        _("words"),
        _("pictures"),
        _("views"),
        _("views an article"),
        _("lead stories"),
        _("stories in the carousel"),
        _("manuscripts submitted"),
        _("of them adopted"),
        _("rate of adoption in %"),
        _("points"),
        _("rank"),
        _("points before"),
        _("rank before"),
    )
    return [Column(first, 24), *(Column(heading, 11) for heading in headings)]


def _cells(entry: Entry, *, has_name: bool) -> list[Any]:
    account, figures = entry.now, entry.now.figures
    average = figures.per_article
    names = [entry.label, entry.unit] if has_name else ["　" * entry.depth + entry.label]
    return [
        *names,
        figures.published,
        figures.withdrawn,
        figures.words,
        figures.pictures,
        figures.views,
        None if average is None else round(float(average), 1),
        account.lead,
        account.carousel,
        account.sent.submitted,
        account.sent.adopted,
        None if account.sent.rate is None else round(float(account.sent.rate) * 100, 1),
        entry.points,
        entry.rank,
        entry.points_before,
        entry.rank_before,
    ]


def _add_sheet(
    book: Workbook,
    name: str,
    title: str,
    bulletin: Bulletin,
    columns: Sequence[Column],
    rows: Iterable[list[Any]],
) -> None:
    sheet = book.create_sheet(name)
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.freeze_panes = f"B{HEADING_ROWS + 1}"
    sheet.print_title_rows = f"1:{HEADING_ROWS}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    now, before = bulletin.comparison.now, bulletin.comparison.before
    heading = cell(sheet, f"{title} {name}")
    heading.font = Font(bold=True, size=14)
    sheet.append([heading])
    sheet.append([cell(sheet, each) for each in (_("Days"), now.first, now.last)])
    sheet.append([cell(sheet, each) for each in (_("Compared with"), before.first, before.last)])
    headings = [cell(sheet, column.heading) for column in columns]
    for each in headings:
        each.font = Font(bold=True)
        each.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.append(headings)
    for row in rows:
        sheet.append([cell(sheet, value) for value in row])


def cell(sheet: Any, value: Any) -> WriteOnlyCell:
    """A text is a text, also when it begins with = + - or @: also after somebody edits it."""
    if not isinstance(value, str):
        made = WriteOnlyCell(sheet, value)
        if isinstance(value, date):
            made.number_format = DAY
        elif value is not None:
            made.number_format = ONE_DECIMAL if isinstance(value, float | Decimal) else WHOLE
        return made
    made = WriteOnlyCell(sheet, CONTROLS.sub("", value))
    made.data_type = "s"
    made.quotePrefix = True
    return made
