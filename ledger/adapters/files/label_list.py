"""A list of labels out of a file that people have: the first sheet of a workbook, or a delimited text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ledger.adapters.files.archive import MAX_PACKED
from ledger.adapters.files.errors import FileError, old_workbook
from ledger.adapters.files.lines import Content, read_through, rows
from ledger.adapters.files.workbook import sheets
from ledger.errors import Place
from ledger.ports.labels import MOST_LABELS
from ledger.services.label_list import ListRow

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def label_rows(data: bytes, name: str) -> list[ListRow]:
    """
    The rows of an .xlsx or .csv file, numbered as a person sees them; empty ones are passed over.

    At most one more than a job takes is read. Raises leaves of ``FileError`` with the file's name.
    """
    try:
        return list(islice(_rows(data, name), MOST_LABELS + 2))
    except FileError as error:
        raise error.at(Place(file=name)) from None


def _rows(data: bytes, name: str) -> Iterator[ListRow]:
    if data.startswith(_OLE):
        raise old_workbook(data)
    content = Content(name, data)
    sheet = None
    if data.startswith(_ZIP):
        first = sheets(content.whole(MAX_PACKED))[0]
        sheet, found = first.name, first.rows()
    else:
        found = rows(content, read_through(content))
    for number, cells in enumerate(found, 1):
        if any(cell.strip() for cell in cells):
            yield ListRow(Place(file=name, sheet=sheet, row=number), [cell.strip() for cell in cells])
