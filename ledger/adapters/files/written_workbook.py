"""
Tables as a workbook, a sheet each; see ``written_table`` for what its cells are.

Apart from it because openpyxl is slow to load, and most that is started writes no workbook.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from ledger.adapters.files.written_table import Cell, WrittenTable, rounded

_WIDEST: Final = 48
_NOT_IN_A_TITLE: Final = str.maketrans("", "", "[]:*?/\\'")


def workbook(tables: Iterable[WrittenTable]) -> bytes:
    """An .xlsx file: a sheet a table, its headings bold and standing still."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.title.translate(_NOT_IN_A_TITLE)[:31])
        sheet.freeze_panes = "A2"
        rows = [list(row) for row in table.rows]
        for at, heading in enumerate(table.headings):
            longest = max((len(str(row[at])) for row in rows[:200] if isinstance(row[at], str | int)), default=0)
            sheet.column_dimensions[get_column_letter(at + 1)].width = min(max(12, 2 * len(heading), longest), _WIDEST)
        sheet.append([_heading(sheet, heading) for heading in table.headings])
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Cell) -> Any:
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value)[:32_767])
        cell.data_type = "s"
        return cell
    if isinstance(value, Decimal | Fraction):
        cell = WriteOnlyCell(sheet, value=rounded(value))
        cell.number_format = "#,##0.00####"
        return cell
    return WriteOnlyCell(sheet, value=value)


def _heading(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type, cell.font, cell.fill = "s", Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
    return cell
