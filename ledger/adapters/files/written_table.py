"""
Tables as files that people open: a workbook with a sheet each, or UTF-8 delimited text of one.

Numbers are numbers, so that a spreadsheet adds them up; it keeps 15 digits of each. A table whose figures have more
gives them a second time, as text: that column is the one to compute from again. Text that a spreadsheet would run as a
formula is written as text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from io import BytesIO, StringIO
from typing import Any, Final, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from ledger.adapters.files.refused_file import guarded

Cell = str | int | Decimal | Fraction | None
_SPREADSHEET: Final = Context(prec=15)
"""Digits of a number that a spreadsheet keeps (IEEE 754 binary64)."""
_WIDEST: Final = 48
_NOT_IN_A_TITLE: Final = str.maketrans("", "", "[]:*?/\\'")


class WrittenTable(NamedTuple):
    """A table to write: its title, headings, and rows as long as the headings."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]


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


def delimited(table: WrittenTable) -> bytes:
    """A .csv file: UTF-8 with its mark, so that every spreadsheet program opens it as such."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(map(guarded, table.headings))
    for row in table.rows:
        writer.writerow([_plain(value) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _rounded(value: Decimal | Fraction) -> Decimal:
    if isinstance(value, Fraction):
        return _SPREADSHEET.divide(Decimal(value.numerator), Decimal(value.denominator))
    return _SPREADSHEET.plus(value)


def _plain(value: Cell) -> str:
    if isinstance(value, Decimal | Fraction):
        return format(_rounded(value), "f")
    return guarded(value) if isinstance(value, str) else "" if value is None else str(value)


def _cell(sheet: Any, value: Cell) -> Any:
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value)[:32_767])
        cell.data_type = "s"
        return cell
    if isinstance(value, Decimal | Fraction):
        cell = WriteOnlyCell(sheet, value=_rounded(value))
        cell.number_format = "#,##0.00####"
        return cell
    return WriteOnlyCell(sheet, value=value)


def _heading(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type, cell.font, cell.fill = "s", Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
    return cell
