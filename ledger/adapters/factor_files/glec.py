"""
GLEC Framework default intensities from a file the operator supplies: their licence forbids shipping them.

The columns of ``table``, with a heading for the vehicle's and the load's characteristics and intensities in
g CO2e/t-km. Every factor says that it must not be passed on; load factor and empty running are inside already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ledger.adapters.factor_files import table as tables
from ledger.adapters.factor_files.reading import Importer, Sheet, Table, bracketed, folded
from ledger.services.factor_import import ReturnedRow, Stated, TakenRow

LICENCE: Final = "Smart Freight Centre, GLEC Framework: use by the licensee, not for redistribution"
_MARKS: Final = frozenset(map(folded, ("vehicle characteristics", "load characteristics")))
"""Headings of the published tables that no other table has."""


def _find(sheet: Sheet, columns: Mapping[str, str]) -> Table | None:
    table = tables.find(sheet, columns)
    if table is None:
        return None
    heads = sheet.rows[table.heading_row]
    intensities = [table.headings[field] for field in ("ttw", "wtt", "wtw") if field in table.headings]
    plain = all("km" in bracketed(text).casefold() for text in intensities)
    return table if plain and _MARKS & set(map(folded, heads)) else None


def _rows(table: Table, stated: Stated) -> Iterator[TakenRow | ReturnedRow]:
    return tables.read(table, stated, {"licence": LICENCE})


IMPORTER: Final = Importer("glec", "GLEC default intensities, your own copy", "GLEC 默认强度（自备文件）", _find, _rows)
