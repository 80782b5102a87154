"""
The rows of a file that were refused, as a file: the original columns, then where, which rule, why, and what to do.

Text that a spreadsheet would run as a formula is written as text (OWASP: ``=``, ``+``, ``-``, ``@``, tab, carriage
return, and their full-width forms).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

from ledger.services.import_file import ImportReport

REASONS = (
    ("行", "row"),
    ("列", "column"),
    ("值", "value"),
    ("规则", "rule"),
    ("原因", "reason"),
    ("处理办法", "what to do"),
)
REASON_HEADINGS = frozenset(f"{zh} {en}" for zh, en in REASONS)
_FORMULA = tuple("=+-@\t\r＝＋－＠")
Told = Mapping[str, Any]
"""A refused row, as ``Refused.to_record`` gives it without its place in the sentences."""


def refused_csv(report: ImportReport) -> bytes:
    """What an import refused; see ``error_csv``."""
    return error_csv(report.headings, _told(report))


def refused_xlsx(report: ImportReport) -> bytes:
    """What an import refused; see ``error_xlsx``."""
    return error_xlsx(report.headings, _told(report))


def error_csv(headings: Sequence[str], rows: Iterable[Told]) -> bytes:
    """UTF-8 with its mark, so that every spreadsheet program opens it as such."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    for row in _rows(headings, rows):
        writer.writerow([guarded(text) for text in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def error_xlsx(headings: Sequence[str], rows: Iterable[Told]) -> bytes:
    """A workbook whose every cell is text."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("refused 未录入")
    for row in _rows(headings, rows):
        sheet.append([_text_cell(sheet, text) for text in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def guarded(text: str) -> str:
    """The text, with ``'`` in front when a spreadsheet would take it for a formula."""
    return "'" + text if text.startswith(_FORMULA) else text


def _text_cell(sheet: Any, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text)[:32_767])
    cell.data_type = "s"
    return cell


def _told(report: ImportReport) -> Iterator[Told]:
    return (refused.to_record(placed=False) for refused in report.refused)


def _rows(headings: Sequence[str], rows: Iterable[Told]) -> Iterator[list[str]]:
    original = list(headings) or ["record"]
    yield original + [f"{zh} {en}" for zh, en in REASONS]
    width = len(original)
    for row in rows:
        cells = [*row["cells"], *[""] * width][:width]
        yield cells + _reasons(row)


def _reasons(row: Told) -> list[str]:
    faults = row["faults"]
    at = str(row["row"]) if row["row"] else row["pointer"] or ""
    return [
        f"{row['sheet']} {at}" if row["sheet"] else at,
        "; ".join(fault["column"] or "" for fault in faults),
        "; ".join(fault["value"] for fault in faults),
        "; ".join(fault["rule"] for fault in faults),
        "; ".join(_both(fault["reason"]) for fault in faults),
        "; ".join(_both(fault["fix"]) for fault in faults),
    ]


def _both(said: Mapping[str, str]) -> str:
    return f"{said['zh-CN']} / {said['en']}"
