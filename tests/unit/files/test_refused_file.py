"""The file of refused rows: the original cells, the reasons, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from ledger.adapters.factor_tables import FactorTables
from ledger.adapters.files import open_file, refused_csv, refused_xlsx
from ledger.ports import Receipt
from ledger.services.import_file import ImportReport, read_file
from tests.unit.files.tables import HEADINGS, row, text

PAYLOADS = [
    f"{start}{rest}" for start in "=+-@\t\r＝＋－＠" for rest in ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("x")', "A1")
]


def report_of(data: str) -> ImportReport:
    """What an import of this table would refuse."""
    source = open_file(data.encode(), name="waybills.csv")
    return read_file(FactorTables(), source, lambda records: [Receipt(-1, 0, fresh=True)] * len(records))


def test_each_refused_row_keeps_its_cells_and_gains_place_rule_reason_and_fix() -> None:
    """In both languages, in both formats."""
    report = report_of(text([row(distance=""), row(gross_mass="１２，５")]))
    rows = list(csv.reader(StringIO(refused_csv(report).decode("utf-8-sig"))))
    assert rows[0][: len(HEADINGS)] == list(HEADINGS)
    assert [one[: len(HEADINGS)] for one in rows[1:]] == [row(distance=""), row(gross_mass="１２，５")]
    assert [one[len(HEADINGS)] for one in rows[1:]] == ["2", "3"]
    assert rows[1][-3] == "record.missing"
    assert "缺少" in rows[1][-2]
    assert "is missing" in rows[1][-2]
    sheet = load_workbook(BytesIO(refused_xlsx(report))).active
    assert [[str(value or "") for value in one] for one in sheet.iter_rows(values_only=True)] == rows


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_of_it_is_a_formula(payload: str) -> None:
    """Forty payloads: text in the workbook, marked as text in the table."""
    report = report_of(text([row(carrier=payload, quantity=payload)]))
    cells = [one for line in load_workbook(BytesIO(refused_xlsx(report))).active.iter_rows() for one in line]
    assert {one.data_type for one in cells} <= {"s", "n"}
    assert not [one for one in cells if one.data_type == "n" and one.value is not None]
    rows = list(csv.reader(StringIO(refused_csv(report).decode("utf-8-sig"), newline="")))
    assert not [one for line in rows for one in line if one.startswith(tuple("=+-@\t\r＝＋－＠"))]


def test_a_refused_file_can_be_corrected_and_imported_again() -> None:
    """The columns of reasons are passed over."""
    broken = refused_csv(report_of(text([row(distance="")]))).decode("utf-8-sig")
    fixed = list(csv.reader(StringIO(broken)))
    fixed[1][8] = "550"
    again = report_of(text(fixed[1:], fixed[0]))
    assert (again.fresh, again.refused_count) == (1, 0)
