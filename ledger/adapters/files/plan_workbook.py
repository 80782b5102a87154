"""
A day to plan out of a workbook: sheets of depots, vehicles, orders; distances where they are not to be computed;
positions of places for maps; boxes and holds for loads.

Headings are read in Chinese or English, in any order; every bad cell is named with its sheet, row and column, and the
other rows are read on. A pair of places stated once counts in both directions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from ledger.adapters.files.plan_columns import BOXES, DISTANCES, HOLD, SHEETS, Column, Sheets
from ledger.adapters.files.plan_rates import Rating, rates_stated
from ledger.adapters.files.workbook import Sheet, sheets
from ledger.errors import LedgerError, Place
from ledger.planning.errors import DistancesDoNotFit, OrderUnknown, PlanDayMissing, SheetMissing
from ledger.planning.loads.stowage import Axle, Box, Hold
from ledger.planning.refusal import Refusal
from ledger.planning.routes.problem import Depot, Distances, Fleet, Order

Made = TypeVar("Made", Fleet, Order)
_SPARE = ("距离", "地点", "箱件")
"""Sheets that a day may do without."""


@dataclass(frozen=True)
class DayBook:
    """What a workbook says; rows that cannot be read are in ``refused`` with their place."""

    depots: tuple[Depot, ...]
    fleets: tuple[Fleet, ...]
    orders: tuple[Order, ...]
    legs: Mapping[tuple[str, str], tuple[int, int]]
    """Distances [m] and times [s] by places; empty when the workbook has none."""
    today: Mapping[str, tuple[str, int]]
    """How orders are driven today: vehicle and place in its sequence; only those for which it is stated."""
    refused: tuple[Refusal, ...] = field(default=())
    positions: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    """Latitude and longitude [degrees] of places for which they are stated; maps need them, plans do not."""
    holds: Mapping[str, Hold] = field(default_factory=dict)
    """Of vehicles whose inside measures are stated."""
    boxes: Mapping[str, tuple[Box, ...]] = field(default_factory=dict)
    """What orders are packed in, where it is stated; loads need it, routes do not."""

    @property
    def places(self) -> tuple[str, ...]:
        """All that are named, depots first."""
        named = [depot.place for depot in self.depots] + [order.place for order in self.orders]
        return tuple(dict.fromkeys(named))

    def distances(self) -> Distances:
        """
        The table between places that distances are stated for. Raises ``DistancesDoNotFit`` for a pair left out.

        Places without any distance are no part of it, so that their orders are refused by name.
        """
        known = {place for pair in self.legs for place in pair}
        places = [place for place in self.places if place in known]
        missing = [(a, b) for a in places for b in places if a != b and self._leg(a, b) is None]
        if missing or not places:
            a, b = missing[0] if missing else ("?", "?")
            raise DistancesDoNotFit(problem=f"{a} → {b}: 0 km? ({len(missing)})")
        legs = [[(0, 0) if a == b else self._leg(a, b) or (0, 0) for b in places] for a in places]
        metres, seconds = ([[leg[part] for leg in row] for row in legs] for part in (0, 1))
        return Distances.of(places, metres, seconds)

    def _leg(self, start: str, end: str) -> tuple[int, int] | None:
        return self.legs.get((start, end)) or self.legs.get((end, start))


def read_day(data: bytes, file: str, rating: Rating | None = None) -> DayBook:
    """
    A day; vehicles that name a factor take their rates by ``rating``.

    Raises leaves of ``FileError``, ``SheetMissing`` for a sheet or a heading that is not there, and
    ``PlanDayMissing`` for a vehicle that names a factor where there is no ``rating``.
    """
    refused: list[Refusal] = []
    read = sheet_rows(data, file, SHEETS, refused, spare=_SPARE)
    depots, vehicles, orders, legs, spots, packed = read
    holds: dict[str, Hold] = {}
    today = {row["name"]: (row["vehicle"], row["sequence"]) for row in orders if row["vehicle"]}
    for row in orders:
        del row["vehicle"], row["sequence"]
    return DayBook(
        depots=tuple(Depot(**row) for row in depots),
        fleets=tuple(
            _made(vehicles, lambda row: _fleet(row, holds, rating), refused, Place(file=file, sheet="车辆 Vehicles"))
        ),
        orders=tuple(_made(orders, lambda row: Order(**row), refused, Place(file=file, sheet="订单 Orders"))),
        boxes=_boxes(packed, {row["name"] for row in orders}, refused, file),
        holds=holds,
        legs={(leg["start"], leg["end"]): (leg["metres"], leg["seconds"]) for leg in legs},
        today=today,
        positions={spot["name"]: (spot["latitude"], spot["longitude"]) for spot in spots},
        refused=tuple(refused),
    )


def sheet_rows(
    data: bytes, file: str, wanted: Sheets, refused: list[Refusal], *, spare: Collection[str] = ()
) -> list[list[dict[str, Any]]]:
    """
    The rows of each sheet that is wanted, in that order; those that cannot be read are added to ``refused``.

    Raises leaves of ``FileError``, and ``SheetMissing`` for a sheet that is not ``spare``, or a heading.
    """
    found = {key_of(sheet.name): sheet for sheet in sheets(data)}
    read = []
    for names, columns in wanted.items():
        sheet = next((found[key_of(name)] for name in names if key_of(name) in found), None)
        if sheet is None and names[0] not in spare:
            raise SheetMissing(sheet=" / ".join(names), heading="-").at(Place(file=file))
        read.append([] if sheet is None else list(_rows(sheet, columns, file, refused)))
    return read


def _rows(sheet: Sheet, columns: Mapping[str, Column], file: str, refused: list[Refusal]) -> Iterator[dict[str, Any]]:
    rows = sheet.rows()
    headings = [key_of(text) for text in next(rows, [])]
    where: dict[str, int] = {}
    for name, column in columns.items():
        at = next((headings.index(key_of(text)) for text in (column.zh, column.en) if key_of(text) in headings), None)
        if at is not None:
            where[name] = at
        elif column.empty is ...:
            raise SheetMissing(sheet=sheet.name, heading=f"{column.zh} / {column.en}").at(Place(file=file))
    for number, cells in enumerate(rows, 2):
        if any(text.strip() for text in cells):
            yield from _row(cells, columns, where, Place(file=file, sheet=sheet.name, row=number), refused)


def _row(
    cells: list[str],
    columns: Mapping[str, Column],
    where: Mapping[str, int],
    place: Place,
    refused: list[Refusal],
) -> Iterator[dict[str, Any]]:
    row: dict[str, Any] = {"row": place.row}
    for name, column in columns.items():
        at = where.get(name)
        text = cells[at].strip() if at is not None and at < len(cells) else ""
        here = replace(place, column=f"{column.zh} / {column.en}")
        try:
            row[name] = column.value(text)
        except LedgerError as error:
            refused.append(Refusal(str(row.get("name", place.row)), error.at(here)))
            return
    if columns is DISTANCES:
        del row["row"]
    yield row


def _made(
    rows: list[dict[str, Any]], make: Callable[[dict[str, Any]], Made], refused: list[Refusal], place: Place
) -> Iterator[Made]:
    for row in rows:
        try:
            yield make(row)
        except PlanDayMissing as error:
            raise error.at(replace(place, row=row["row"])) from None
        except LedgerError as error:
            refused.append(Refusal(row["name"], error.at(replace(place, row=row["row"]))))


def _fleet(row: dict[str, Any], holds: dict[str, Hold], rating: Rating | None) -> Fleet:
    rates, origin = rates_stated(row, rating)
    inside = {name: row.pop(name) for name in HOLD}
    made = Fleet(rates=rates, origin=origin, **row)
    axles = (Axle(inside.pop("front_at"), inside.pop("front_g")), Axle(inside.pop("rear_at"), inside.pop("rear_g")))
    if all(inside[name] is not None for name in ("length", "width", "height")):
        stated = all(axle.at is not None for axle in axles)
        hold = Hold(name=made.name, capacity_g=made.capacity_g, axles=axles if stated else None, **inside)
        holds[made.name] = hold
    return made


def _boxes(
    rows: list[dict[str, Any]], orders: set[str], refused: list[Refusal], file: str
) -> dict[str, tuple[Box, ...]]:
    found: dict[str, list[Box]] = {}
    for row in rows:
        order = row.pop("order")
        if order in orders:
            found.setdefault(order, []).append(Box(**row))
        else:
            column = f"{BOXES['order'].zh} / {BOXES['order'].en}"
            place = Place(file=file, sheet="箱件 Boxes", row=row["row"], column=column)
            refused.append(Refusal(row["name"], OrderUnknown(box=row["name"], order=order).at(place)))
    return {order: tuple(boxes) for order, boxes in found.items()}


def key_of(text: str) -> str:
    """By what a name of a sheet or a heading is found: without spaces and brackets, in small letters."""
    return re.sub(r"[\s()（）_]+", "", text).lower()
