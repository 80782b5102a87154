"""
The template of a form: an explanation, a hidden row of keys, headings in one language, and one example to overwrite.

What it writes, ``open_file`` reads; the hidden keys keep a translated or re-ordered sheet readable.
"""

from __future__ import annotations

from io import BytesIO

from ledger.adapters.files.forms import form_of
from ledger.adapters.files.forms.form import Column
from ledger.errors import Locale
from ledger.records.errors import KindUnknown

_LIMITS = {
    "zh-CN": "带 * 的列必填。每个文件最大 10 MB；文字最多 200 字；数字用半角，不加千位分隔符。示例行请覆盖。",
    "en": "Columns with * are needed. At most 10 MB a file and 200 characters a text; plain digits without thousands "
    "separators. Overwrite the example row.",
}


def template_xlsx(kind: str, locale: Locale = "zh-CN") -> bytes:
    """The template of a record kind. Raises ``KindUnknown`` for kinds that are not tables."""
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    form = form_of(kind)
    if form is None:
        raise KindUnknown(kind=kind)
    book = Workbook()
    sheet = book.active
    sheet.title = form.zh if locale == "zh-CN" else form.en
    sheet["A1"], sheet["A2"] = sheet.title, _LIMITS[locale]
    sheet["A1"].font = Font(bold=True, size=14)
    for at, column in enumerate(form.columns, 1):
        sheet.cell(3, at, column.key)
        cell = sheet.cell(4, at, heading(column, locale))
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
        sheet.cell(5, at, column.example)
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = max(12, 2 * len(heading(column, locale)))
        sheet.column_dimensions[letter].number_format = "@"
    sheet.row_dimensions[3].hidden = True
    sheet.freeze_panes = "A5"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def heading(column: Column, locale: Locale) -> str:
    """A column's heading in one language, its unit in brackets, a star when it is needed."""
    said, bracket = (column.zh, column.bracket_zh) if locale == "zh-CN" else (column.en, column.bracket_en)
    brackets = f"（{bracket}）" if locale == "zh-CN" else f" ({bracket})"
    return ("*" if column.needed else "") + said + (brackets if bracket else "")
