"""Files that a page hands out: tables as workbooks or delimited text, under names that keep their characters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal
from urllib.parse import quote

from starlette.responses import Response

from ledger.adapters.files.written_table import WrittenTable, delimited

Form = Literal["csv", "json", "xlsx"]
"""What a reader may ask for by ``?as=``."""
MEDIA: Final = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def tables_file(tables: Sequence[WrittenTable], form: Form, name: str) -> Response:
    """All tables as a workbook, or the first as delimited text; JSON is the caller's own shape."""
    if form == "csv":
        return download(delimited(tables[0]), MEDIA[form], f"{name}.{form}")
    from ledger.adapters.files.written_workbook import workbook

    return download(workbook(tables), MEDIA[form], f"{name}.{form}")


def download(data: bytes, media_type: str, name: str) -> Response:
    """Bytes to be saved under a name (RFC 6266, with the extended form of RFC 8187 for other than ASCII)."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(data, media_type=media_type, headers={"Content-Disposition": disposition})
