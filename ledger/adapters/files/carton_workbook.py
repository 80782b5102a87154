"""
A mix of orders out of a workbook: candidates for cartons, and what is packed; several rows of one order are one order.

Headings are read as in a day's workbook (``plan_workbook``); every bad cell is named, and the other rows are read on.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from ledger.adapters.files import cell
from ledger.adapters.files.plan_columns import Column, kilograms, millimetres, pieces
from ledger.adapters.files.plan_workbook import sheet_rows
from ledger.errors import LedgerError, Place
from ledger.planning.cartons.carton import Carton, Parcel, slotted_board
from ledger.planning.errors import AmountImpossible, NameTwice
from ledger.planning.loads.stowage import Box
from ledger.planning.refusal import Refusal
from ledger.units import Grams

BOARD: Final = 500
"""[g/m2] where a carton's own mass is not stated."""
MOST_CANDIDATES: Final = 60
MOST_ROWS: Final = 2_000
CARTONS: Final = {
    "name": Column("纸箱", "carton", cell.name),
    "length": Column("内长 mm", "length mm", millimetres),
    "width": Column("内宽 mm", "width mm", millimetres),
    "height": Column("内高 mm", "height mm", millimetres),
    "board_g": Column("纸板 g", "board g", cell.count, None),
    "most_g": Column("限重 kg", "most kg", kilograms, Grams(30_000)),
}
MIX: Final = {
    "order": Column("订单类型", "kind of order", cell.name),
    "orders": Column("订单数", "orders", cell.count),
    "length": Column("长 mm", "length mm", millimetres),
    "width": Column("宽 mm", "width mm", millimetres),
    "height": Column("高 mm", "height mm", millimetres),
    "mass_g": Column("单件 kg", "kg each", kilograms, Grams(0)),
    "count": Column("件数", "pieces", pieces, 1),
}
SHEETS: Final = {("纸箱", "Cartons"): CARTONS, ("订单", "Orders"): MIX}


class MixBook(NamedTuple):
    """What a workbook says; rows that cannot be read are in ``refused`` with their place."""

    candidates: tuple[Carton, ...]
    parcels: tuple[Parcel, ...]
    refused: tuple[Refusal, ...]


def read_mix(data: bytes, file: str) -> MixBook:
    """Raises leaves of ``FileError``, ``SheetMissing``, and ``AmountImpossible`` for more than can be chosen from."""
    refused: list[Refusal] = []
    cartons, mix = sheet_rows(data, file, SHEETS, refused)
    for what, rows, most in (("cartons / 纸箱", cartons, MOST_CANDIDATES), ("orders / 订单", mix, MOST_ROWS)):
        if len(rows) > most:
            raise AmountImpossible(what=what, name=file, value=str(len(rows)), rule=f"<= {most}").at(Place(file=file))
    candidates: dict[str, Carton] = {}
    for row in cartons:
        place = Place(file=file, sheet="纸箱 Cartons", row=row["row"])
        try:
            one = _carton(row)
            if one.name in candidates:
                raise NameTwice(what="cartons / 纸箱", name=one.name)
            candidates[one.name] = one
        except LedgerError as error:
            refused.append(Refusal(row["name"], error.at(place)))
    return MixBook(tuple(candidates.values()), tuple(_parcels(mix)), tuple(refused))


def _carton(row: dict[str, Any]) -> Carton:
    board = row["board_g"]
    if board is None:
        board = slotted_board(row["length"], row["width"], row["height"], BOARD)
    sides = {name: row[name] for name in ("length", "width", "height")}
    return Carton(name=row["name"], board_g=Grams(board), most_g=row["most_g"], **sides)


def _parcels(rows: list[dict[str, Any]]) -> list[Parcel]:
    """In the order of their first rows, which say how many orders there are."""
    things: dict[str, list[Box]] = {}
    first: dict[str, tuple[int, int]] = {}
    for row in rows:
        name = row["order"]
        first.setdefault(name, (row["orders"], row["row"]))
        sides = {side: row[side] for side in ("length", "width", "height")}
        box = Box(name=name, mass_g=row["mass_g"], count=row["count"], row=row["row"], **sides)
        things.setdefault(name, []).append(box)
    return [
        Parcel(name=name, things=tuple(boxes), count=first[name][0], row=first[name][1])
        for name, boxes in things.items()
    ]
