"""
Tables in which several rows make one record: a bill of materials with its lines.

Rows below each other with the same first column belong together. What a row leaves empty of the record's own columns is
what the row above says. A record with a bad row in it is not taken; its good rows come back as well, and say why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby, islice
from typing import Final, NamedTuple

import msgspec

from ledger.adapters.files.errors import RowHeldBack, TooManyRows
from ledger.adapters.files.folded import LOOKED_AT, folded
from ledger.adapters.files.forms.form import Layout
from ledger.errors import LedgerError
from ledger.records.errors import RecordUnreadable
from ledger.records.record import Record, check
from ledger.services.import_file import Fault, ReadRow

MOST: Final = 5_000
"""Rows of one record."""


class _Row(NamedTuple):
    number: int
    cells: list[str]


def read_joined(
    found: Iterator[tuple[int, list[str]]], columns: Layout, sheet: str | None, vehicles: Mapping[str, str]
) -> Iterator[ReadRow]:
    """Every record at its first row, or every row of a record that cannot be taken."""
    key = next(one.at for one in columns.found if one.column.key == columns.form.head[0])
    rows = (_Row(number, cells) for number, cells in found)
    for _, group in groupby(rows, lambda row: row.cells[key].strip() if key < len(row.cells) else ""):
        held = list(islice(group, MOST + 1))
        if len(held) <= MOST:
            yield from _record(held, columns, sheet, vehicles)
            continue
        for row in chain(held, group):
            yield ReadRow(sheet, row.number, None, row.cells, (Fault(None, "", TooManyRows(limit=MOST)),))


def _record(held: Sequence[_Row], columns: Layout, sheet: str | None, vehicles: Mapping[str, str]) -> Iterator[ReadRow]:
    own = [one.at for one in columns.found if one.column.key in columns.form.head]
    filled = list[list[str]]()
    for row in held:
        cells = list(row.cells)
        for at in own if filled else ():
            if at < len(cells) and at < len(filled[-1]) and not cells[at].strip():
                cells[at] = filled[-1][at]
        filled.append(cells)
    read = [columns.read(cells, vehicles) for cells in filled]
    records = [one for one in read if not isinstance(one, tuple)]
    if len(records) == len(read):
        outcome = _joined(records, columns)
        if not isinstance(outcome, tuple):
            near = (row for row in held if row.number <= LOOKED_AT)
            told = tuple(one for row in near for one in folded(columns, row.number, row.cells))
            yield ReadRow(sheet, held[0].number, None, held[0].cells, outcome, told)
            return
        read = [outcome, *read[1:]]
    bad = next(row.number for row, one in zip(held, read, strict=True) if isinstance(one, tuple))
    waiting = (Fault(None, "", RowHeldBack(row=bad)),)
    for row, one in zip(held, read, strict=True):
        yield ReadRow(sheet, row.number, None, row.cells, one if isinstance(one, tuple) else waiting)


def _joined(records: Sequence[Record], columns: Layout) -> Record | tuple[Fault, ...]:
    assert columns.form.join is not None
    try:
        record = columns.form.join(records)
        check(record)
    except msgspec.ValidationError as error:
        why, _, path = str(error).partition(" - at ")
        return columns.blamed(RecordUnreadable(why=why), path.strip("`$.").split(".")[0])
    except LedgerError as error:
        pointer = error.place.pointer if error.place and error.place.pointer else ""
        return columns.blamed(error, *pointer.strip("/").split("/"))
    return record
