"""
A day to plan out of a workbook: sheets of depots, vehicles, orders; distances where they are not to be computed;
positions of places for maps.

Headings are read in Chinese or English, in any order; every bad cell is named with its sheet, row and column, and the
other rows are read on. A pair of places stated once counts in both directions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any, Final, NamedTuple, TypeVar, cast

from ledger.adapters.files import cell
from ledger.adapters.files.workbook import Sheet, sheets
from ledger.errors import LedgerError, Place
from ledger.planning.errors import AmountImpossible, CellEmpty, DistancesDoNotFit, SheetMissing
from ledger.planning.refusal import Refusal
from ledger.planning.routes.problem import DAY, Depot, Direction, Distances, Fleet, Order, Rates, parse_clock
from ledger.units import AmountTooFine, Grams, parse_decimal, to_base

DIRECTION: Final = cell.Choice.of(("delivery", "送货", "配送", "deliver"), ("return", "回收", "取货", "pickup"))
Reader = Callable[[str], Any]
Made = TypeVar("Made", Fleet, Order)


class Column(NamedTuple):
    """A heading in both languages, how its cells are read, and what an empty one is; ``...`` when it must be filled."""

    zh: str
    en: str
    read: Reader
    empty: Any = ...

    def value(self, text: str) -> Any:
        """What a cell says. Raises ``CellEmpty`` and what its reader raises."""
        if not text and self.empty is ...:
            raise CellEmpty(rule=f"{self.zh} / {self.en}")
        return self.read(text) if text else self.empty


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


def read_day(data: bytes, file: str) -> DayBook:
    """Raises leaves of ``FileError``, and ``SheetMissing`` for a sheet or a heading that is not there."""
    refused: list[Refusal] = []
    found = {_key(sheet.name): sheet for sheet in sheets(data)}

    def read(names: tuple[str, str], columns: Mapping[str, Column], *, needed: bool = True) -> list[dict[str, Any]]:
        sheet = next((found[_key(name)] for name in names if _key(name) in found), None)
        if sheet is None:
            if needed:
                raise SheetMissing(sheet=" / ".join(names), heading="-").at(Place(file=file))
            return []
        return list(_rows(sheet, columns, file, refused))

    depots = read(("仓库", "Depots"), _DEPOTS)
    vehicles = read(("车辆", "Vehicles"), _VEHICLES)
    orders = read(("订单", "Orders"), _ORDERS)
    legs = read(("距离", "Distances"), _DISTANCES, needed=False)
    spots = read(("地点", "Places"), _PLACES, needed=False)
    today = {row["name"]: (row["vehicle"], row["sequence"]) for row in orders if row["vehicle"]}
    for row in orders:
        del row["vehicle"], row["sequence"]
    return DayBook(
        depots=tuple(Depot(**row) for row in depots),
        fleets=tuple(_made(vehicles, _fleet, refused, file)),
        orders=tuple(_made(orders, lambda row: Order(**row), refused, file)),
        legs={(leg["start"], leg["end"]): (leg["metres"], leg["seconds"]) for leg in legs},
        today=today,
        refused=tuple(refused),
        positions={spot["name"]: (spot["latitude"], spot["longitude"]) for spot in spots},
    )


def _rows(sheet: Sheet, columns: Mapping[str, Column], file: str, refused: list[Refusal]) -> Iterator[dict[str, Any]]:
    rows = sheet.rows()
    headings = [_key(text) for text in next(rows, [])]
    where: dict[str, int] = {}
    for name, column in columns.items():
        at = next((headings.index(_key(text)) for text in (column.zh, column.en) if _key(text) in headings), None)
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
    if columns is _DISTANCES:
        del row["row"]
    yield row


def _made(
    rows: list[dict[str, Any]], make: Callable[[dict[str, Any]], Made], refused: list[Refusal], file: str
) -> Iterator[Made]:
    for row in rows:
        try:
            yield make(row)
        except LedgerError as error:
            refused.append(Refusal(row["name"], error.at(Place(file=file, row=row["row"]))))


def _fleet(row: dict[str, Any]) -> Fleet:
    rates = Rates(row.pop("empty"), row.pop("loaded"))
    return Fleet(rates=rates, **row)


def _key(text: str) -> str:
    return re.sub(r"[\s()（）_]+", "", text).lower()


def _fraction(text: str) -> Fraction:
    return Fraction(parse_decimal(cell.decimal(text)))


def _kilograms(text: str) -> Grams:
    return Grams(to_base(cell.decimal(text), "kg", "mass"))


def _cubic_metres(text: str) -> int:
    litres = parse_decimal(cell.decimal(text)) * 1_000_000
    if litres != litres.to_integral_value():
        raise AmountTooFine(text=text, unit="m3")
    return int(litres)


def _metres(text: str) -> int:
    return to_base(cell.decimal(text), "km", "distance")


def _minutes(text: str) -> int:
    return ceil(parse_decimal(cell.decimal(text)) * 60)


def _degrees(text: str, most: int) -> Decimal:
    south = text.startswith("-")
    found = parse_decimal(cell.decimal(text.removeprefix("-")))
    if found > most:
        raise AmountImpossible(what="degrees", name="-", value=text, rule=f"-{most} .. {most}")
    return -found if south else found


def _direction(text: str) -> Direction:
    return cast(Direction, DIRECTION(text))


_DEPOTS: Final = {"name": Column("名称", "name", cell.name), "place": Column("地点", "place", cell.name)}
_VEHICLES: Final = {
    "name": Column("名称", "name", cell.name),
    "depot": Column("仓库", "depot", cell.name),
    "count": Column("数量", "count", cell.count),
    "capacity_g": Column("载重 kg", "capacity kg", _kilograms),
    "capacity_cm3": Column("容积 m3", "capacity m3", _cubic_metres),
    "empty": Column("空驶 gCO2e/km", "empty gCO2e/km", _fraction),
    "loaded": Column("载重 gCO2e/tkm", "loaded gCO2e/tkm", _fraction),
    "start": Column("出车", "start", parse_clock, 0),
    "end": Column("收车", "end", parse_clock, DAY),
    "fixed_cost": Column("固定成本", "fixed cost", _fraction, Fraction(0)),
    "cost_per_km": Column("每公里成本", "cost per km", _fraction, Fraction(0)),
}
_ORDERS: Final = {
    "name": Column("订单", "order", cell.name),
    "place": Column("地点", "place", cell.name),
    "mass_g": Column("质量 kg", "mass kg", _kilograms),
    "volume_cm3": Column("体积 m3", "volume m3", _cubic_metres, 0),
    "direction": Column("方向", "direction", _direction, "delivery"),
    "opens": Column("最早", "opens", parse_clock, 0),
    "closes": Column("最晚", "closes", parse_clock, DAY),
    "service": Column("服务 分钟", "service minutes", _minutes, 0),
    "depot": Column("仓库", "depot", cell.name, None),
    "vehicle": Column("现行车辆", "vehicle today", cell.name, None),
    "sequence": Column("现行顺序", "sequence today", cell.count, 0),
}
_DISTANCES: Final = {
    "start": Column("起点", "from", cell.name),
    "end": Column("终点", "to", cell.name),
    "metres": Column("公里", "km", _metres),
    "seconds": Column("分钟", "minutes", _minutes),
}
_PLACES: Final = {
    "name": Column("地点", "place", cell.name),
    "latitude": Column("纬度", "latitude", lambda text: _degrees(text, 90)),
    "longitude": Column("经度", "longitude", lambda text: _degrees(text, 180)),
}
SHEETS: Final = {
    ("仓库", "Depots"): _DEPOTS,
    ("车辆", "Vehicles"): _VEHICLES,
    ("订单", "Orders"): _ORDERS,
    ("距离", "Distances"): _DISTANCES,
    ("地点", "Places"): _PLACES,
}
"""For a template: sheets with their columns."""
