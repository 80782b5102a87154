"""
Tables as files that people open: UTF-8 delimited text here, workbooks in ``written_workbook``.

Numbers are numbers, so that a spreadsheet adds them up; it keeps 15 digits of each. A table whose figures have more
gives them a second time, as text: that column is the one to compute from again. Text that a spreadsheet would run as a
formula is written as text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from io import StringIO
from typing import Final, NamedTuple

from ledger.adapters.files.refused_file import guarded

Cell = str | int | Decimal | Fraction | None
_SPREADSHEET: Final = Context(prec=15)
"""Digits of a number that a spreadsheet keeps (IEEE 754 binary64)."""


class WrittenTable(NamedTuple):
    """A table to write: its title, headings, and rows as long as the headings."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def delimited(table: WrittenTable) -> bytes:
    """A .csv file: UTF-8 with its mark, so that every spreadsheet program opens it as such."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(map(guarded, table.headings))
    for row in table.rows:
        writer.writerow([_plain(value) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def rounded(value: Decimal | Fraction) -> Decimal:
    """A figure in the digits that a spreadsheet keeps."""
    if isinstance(value, Fraction):
        return _SPREADSHEET.divide(Decimal(value.numerator), Decimal(value.denominator))
    return _SPREADSHEET.plus(value)


def _plain(value: Cell) -> str:
    if isinstance(value, Decimal | Fraction):
        return format(rounded(value), "f")
    return guarded(value) if isinstance(value, str) else "" if value is None else str(value)
