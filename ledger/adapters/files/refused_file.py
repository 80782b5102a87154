"""
The rows of a file that were refused, as a file: the original columns, then where, which rule, why, and what to do.

Text that a spreadsheet would run as a formula is written as text (OWASP: ``=``, ``+``, ``-``, ``@``, tab, carriage
return, and their full-width forms).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import Any

from ledger.services.import_file import ImportReport, Refused

REASONS = (
    ("行", "row"),
    ("列", "column"),
    ("值", "value"),
    ("规则", "rule"),
    ("原因", "reason"),
    ("处理办法", "what to do"),
)
_FORMULA = tuple("=+-@\t\r＝＋－＠")


def refused_csv(report: ImportReport) -> bytes:
    """UTF-8 with its mark, so that every spreadsheet program opens it as such."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    for row in _rows(report):
        writer.writerow([guarded(text) for text in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def refused_xlsx(report: ImportReport) -> bytes:
    """A workbook whose every cell is text."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("refused 未录入")
    for row in _rows(report):
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


def _rows(report: ImportReport) -> Iterator[list[str]]:
    headings = list(report.headings) or ["record"]
    yield headings + [f"{zh} {en}" for zh, en in REASONS]
    width = len(headings)
    for refused in report.refused:
        cells = [*refused.cells, *[""] * width][:width]
        yield cells + _reasons(refused)


def _reasons(refused: Refused) -> list[str]:
    faults = refused.faults
    place = refused.place
    at = str(place.row) if place.row else place.pointer or ""
    return [
        f"{place.sheet} {at}" if place.sheet else at,
        "; ".join(fault.column or "" for fault in faults),
        "; ".join(fault.value for fault in faults),
        "; ".join(fault.error.code for fault in faults),
        "; ".join(f"{_bare(fault.error, 'zh-CN')} / {_bare(fault.error, 'en')}" for fault in faults),
        "; ".join(f"{fault.error.fix('zh-CN')} / {fault.error.fix('en')}" for fault in faults),
    ]


def _bare(error: Any, locale: str) -> str:
    """The sentence without the place, which has columns of its own."""
    sentence: str = (error.zh if locale == "zh-CN" else error.en).format(**error.values())
    return sentence
