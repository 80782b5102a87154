"""
The sheets of an .xlsx workbook as rows of text.

Numbers come out as the shortest decimal that a spreadsheet shows for them, dates as ISO text. Formulas are never
computed: a cell has the value that was saved with it, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from ledger.adapters.files.archive import check_workbook
from ledger.adapters.files.cell import LostDigits
from ledger.adapters.files.errors import damaged

HEADING_ROWS = 30
"""Rows in which headings are looked for."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its first rows with merged cells filled in, and all rows."""

    name: str
    rows_in_all: int
    _sheet: CalamineSheet

    def head(self) -> list[list[str]]:
        """The first rows; a merged cell's text stands in every cell it covers."""
        rows = [list(map(text_of, row)) for row, _ in zip(self._sheet.iter_rows(), range(HEADING_ROWS), strict=False)]
        left = self._sheet.start[1] if self._sheet.start else 0
        for (top, first), (bottom, last) in self._sheet.merged_cell_ranges or ():
            if top >= len(rows):
                continue
            said = rows[top][first - left] if 0 <= first - left < len(rows[top]) else ""
            for row in rows[top : bottom + 1]:
                for at in range(max(first - left, 0), min(last - left + 1, len(row))):
                    row[at] = said
        return rows

    def rows(self) -> Iterator[list[str]]:
        """Every row from the first."""
        for row in self._sheet.iter_rows():
            yield [value if value.__class__ is str else text_of(value) for value in row]


def sheets(data: bytes) -> Sequence[Sheet]:
    """The sheets of a workbook. Raises leaves of ``FileError``."""
    check_workbook(data)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        found = [(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
    except (CalamineError, ValueError, OSError):
        raise damaged() from None
    return [Sheet(name, sheet.total_height, sheet) for name, sheet in found]


def text_of(value: Any) -> str:
    """What a cell says, as a person would type it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _number(value: float) -> str:
    if isinstance(value, float) and not value.is_integer():
        return format(Decimal(repr(value)), "f")
    whole = str(int(value))
    return LostDigits(whole) if abs(value) >= 10**15 else whole
