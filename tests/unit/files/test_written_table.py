"""Tables written for people open as what they were: numbers as numbers, text as text."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from io import BytesIO, StringIO

from openpyxl import load_workbook

from ledger.adapters.files.written_table import WrittenTable, delimited
from ledger.adapters.files.written_workbook import workbook

FORMULA = '=HYPERLINK("http://127.0.0.1/","x")'
TABLE = WrittenTable(
    "线路/Routes [all]",
    ("名称", "kg CO2e", "exact", "legs"),
    [
        ("南京-上海 R01", Fraction(1, 3), "1/3", 8),
        (FORMULA, Decimal("12345678901234567890.5"), "12345678901234567890.5", 0),
        ("\x07bell", None, "", -1),
    ],
)


def test_a_workbook_holds_numbers_a_spreadsheet_can_add_and_formulas_as_text() -> None:
    """Read back by another library than wrote it would be better; openpyxl reads what the file says, cell by cell."""
    book = load_workbook(BytesIO(workbook([TABLE, TABLE._replace(title="second")])))
    sheet = book.worksheets[0]
    assert book.sheetnames == ["线路Routes all", "second"]
    assert [cell.value for cell in sheet[1]] == list(TABLE.headings)
    assert sheet["B2"].data_type == "n"
    assert abs(sheet["B2"].value * 3 - 1) < 1e-14
    assert (sheet["A3"].data_type, sheet["A3"].value) == ("s", FORMULA)
    assert sheet["C3"].value == "12345678901234567890.5"
    assert sheet["A4"].value == "bell"
    assert sheet.freeze_panes == "A2"


def test_delimited_text_is_marked_utf8_and_guards_formulas() -> None:
    """What a spreadsheet would run begins with an apostrophe; figures are plain digits, never exponents."""
    data = delimited(TABLE)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(data.decode("utf-8-sig"))))
    assert rows[1] == ["南京-上海 R01", "0.333333333333333", "1/3", "8"]
    assert rows[2][0] == "'" + FORMULA
    assert rows[2][1] == "12345678901234600000"
    assert rows[3][1:] == ["", "", "-1"]
