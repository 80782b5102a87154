"""Rows of a day's workbook that were left out: named with file, sheet and row, and given back as a workbook to mend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ledger.adapters.files.plan_columns import SHEETS
from ledger.adapters.files.plan_workbook import DayBook, key_of
from ledger.adapters.files.refused_file import REASONS
from ledger.adapters.files.workbook import sheets
from ledger.adapters.files.written_table import WrittenTable
from ledger.errors import FootprintError, LedgerError, Locale, Place
from ledger.planning.errors import NameTwice, NoVehicleThere, OrderTooLarge, PlaceUnknown, WindowClosed
from ledger.planning.refusal import Refusal

_COLUMNS: Mapping[type[LedgerError], str] = {
    NameTwice: "name",
    NoVehicleThere: "depot",
    OrderTooLarge: "mass_g",
    PlaceUnknown: "place",
    WindowClosed: "closes",
}
"""The column of an order's row that a reason is about."""


def located(refusal: Refusal, book: DayBook, faults: Mapping[str, FootprintError], file: str) -> Refusal:
    """With the file and the sheet; of a place that was not measured (``faults``), why."""
    named = (("订单 Orders", book.orders), ("车辆 Vehicles", book.fleets), ("仓库 Depots", book.depots))
    sheet = next((sheet for sheet, rows in named if any(row.name == refusal.name for row in rows)), None)
    error = refusal.error
    asked = _COLUMNS.get(type(error)) if sheet == "订单 Orders" else None
    column = None if asked is None else SHEETS["订单", "Orders"][asked]
    if isinstance(error, PlaceUnknown) and error.where in faults:
        fault, row = faults[error.where], error.place.row if error.place else None
        error = type(fault)(**fault.values()).at(Place(row=row))
    place = Place(file=file, sheet=sheet, column=None if column is None else f"{column.zh} {column.en}")
    return Refusal(refusal.name, error.at(place))


def refused_tables(data: bytes, refused: Iterable[Refusal], locale: Locale) -> list[WrittenTable]:
    """Of each sheet, by its own name, the rows that were left out, as they stood, with the reason and what to do."""
    found = {sheet.name: list(sheet.rows()) for sheet in sheets(data)}
    own = {key_of(name): name for name in found}
    told: dict[str, list[Refusal]] = {}
    for one in refused:
        sheet = (one.error.place.sheet if one.error.place else None) or "?"
        keys = (key_of(sheet), *map(key_of, sheet.split()))
        told.setdefault(next((own[key] for key in keys if key in own), sheet), []).append(one)
    tables = []
    for name, refusals in told.items():
        rows = found.get(name, [])
        headings = [*(rows[0] if rows else []), *(f"{zh} {en}" for zh, en in REASONS)]
        wide = len(headings) - len(REASONS)
        tables.append(WrittenTable(name, headings, [_row(one, rows, wide, locale) for one in refusals]))
    return tables


def _row(refusal: Refusal, rows: list[list[str]], wide: int, locale: Locale) -> list[str]:
    error = refusal.error
    place = error.place or Place()
    number = place.row or 0
    cells = rows[number - 1] if 0 < number <= len(rows) else [refusal.name]
    cells = [*map(str, cells), *[""] * wide][:wide]
    return [
        *cells,
        str(number or ""),
        place.column or "",
        refusal.stated,
        error.code,
        error.sentence(locale),
        error.fix(locale),
    ]
