"""
The template of a form: an explanation, a hidden row of keys, headings in one language, and rows to overwrite.

The rows are one example, or one for each product that is known of its reader. What is written here, ``open_file``
reads; the hidden keys keep a translated or re-ordered sheet readable. A .csv has no hidden rows: its headings are
enough.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO

from ledger.adapters.files.forms import Form, form_of
from ledger.adapters.files.forms.form import Column
from ledger.adapters.files.refused_file import guarded
from ledger.errors import Locale
from ledger.records.errors import KindUnknown

_LIMITS = {
    "zh-CN": "带 * 的列必填。每个文件最大 10 MB（csv 64 MB）、最多 500,000 行；文字最多 200 字；"
    "数字用半角，不加千位分隔符，可写“1.2万”“3亿”“500度”。示例行请覆盖。",
    "en": "Columns with * are needed. At most 10 MB a file (csv 64 MB), 500,000 rows and 200 characters a text; plain "
    "digits without thousands separators. Overwrite the example rows.",
}
Row = Mapping[str, str]
"""What is known of a row, by the key of its column."""


def template_xlsx(kind: str, locale: Locale = "zh-CN", rows: Sequence[Row] = ()) -> bytes:
    """The template of a record kind. Raises ``KindUnknown`` for kinds that are not tables."""
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    form = _form(kind)
    book = Workbook()
    sheet = book.active
    sheet.title = form.title(locale)
    sheet["A1"], sheet["A2"] = sheet.title, _LIMITS[locale]
    sheet["A1"].font = Font(bold=True, size=14)
    for at, column in enumerate(form.columns, 1):
        sheet.cell(3, at, column.key)
        cell = sheet.cell(4, at, heading(column, locale))
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = max(12, 2 * len(heading(column, locale)))
        sheet.column_dimensions[letter].number_format = "@"
    for number, row in enumerate(_rows(form, rows), 5):
        for at, text in enumerate(row, 1):
            cell = sheet.cell(number, at, text)
            cell.data_type = "s"  # a product's name that begins with "=" is a name
    sheet.row_dimensions[3].hidden = True
    sheet.freeze_panes = "A5"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def template_csv(kind: str, locale: Locale = "zh-CN", rows: Sequence[Row] = ()) -> bytes:
    """The same as text: UTF-8 with its mark. Raises ``KindUnknown``."""
    form = _form(kind)
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([heading(column, locale) for column in form.columns])
    for row in _rows(form, rows):
        writer.writerow(map(guarded, row))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def heading(column: Column, locale: Locale) -> str:
    """A column's heading in one language, its unit in brackets, a star when it is needed."""
    said, bracket = (column.zh, column.bracket_zh) if locale == "zh-CN" else (column.en, column.bracket_en)
    brackets = f"（{bracket}）" if locale == "zh-CN" else f" ({bracket})"
    return ("*" if column.needed else "") + said + (brackets if bracket else "")


def _form(kind: str) -> Form:
    form = form_of(kind)
    if form is None:
        raise KindUnknown(kind=kind)
    return form


def _rows(form: Form, known: Sequence[Row]) -> list[list[str]]:
    """What is known, and nothing else of a row; without any, the example of every column."""
    if not known:
        return [[column.example for column in form.columns]]
    return [[row.get(column.key, "") for column in form.columns] for row in known]
