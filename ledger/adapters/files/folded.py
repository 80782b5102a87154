"""Cells whose full-width forms were read as what they show: what stood there, and what it was read as."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Layout
from ledger.errors import LedgerError
from ledger.ports.intake import FoldedCell

LOOKED_AT = 200
"""Rows at the top of a table of which this is told."""


def folded(columns: Layout, row: int, cells: Sequence[str]) -> Iterator[FoldedCell]:
    """The folded cells of a row. Names stay as they are written; what cannot be read at all is told elsewhere."""
    for found in columns.found:
        text = cells[found.at].strip() if found.at < len(cells) else ""
        if text.isascii():
            continue
        try:
            read = found.value(text, cells)
            plain = read if found.column.read is cell.code else cell.plain(text)
            same = plain != text and found.value(plain, cells) == read
        except LedgerError:
            continue
        if same:
            yield FoldedCell(row, found.heading, text[: cell.NAME], plain[: cell.NAME])
    for _, at, heading in columns.free:
        text = cells[at].strip() if at < len(cells) else ""
        if not text.isascii() and cell.plain(text) != text:
            yield FoldedCell(row, heading, text[: cell.NAME], cell.plain(text)[: cell.NAME])
